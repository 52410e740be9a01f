"""Rollout: how many of the planned platforms are live, which are overdue, who is trained and how many use them."""

from __future__ import annotations

from analytics.indicators.model import DAY, Formula, Indicator, Polarity, Term, formulas, of

ROLLOUT_SOURCE = "Sở Thông tin và Truyền thông, theo dõi triển khai"
# The list is sent every day; one that stayed out for a week no longer says what is live.
LIST_DAYS = 7
LIVE_VI = "Đã bắt đầu dùng, chưa nói dùng nhiều hay ít."
LIVE_EN = "In use, which does not say how much."


def _standing(name: str) -> Term:
    return of(f"rollout.{name}", carry_days=LIST_DAYS)


def _indicator(
    id: str,
    names: tuple[str, str],
    definitions: tuple[str, str],
    found: tuple[Formula, ...],
    measured_in: tuple[str, str],
    caveats: tuple[str, str],
    *,
    polarity: Polarity = "higher_is_better",
) -> Indicator:
    percent = measured_in[0] == "%"
    return Indicator(
        id=id,
        theme="rollout",
        vi=names[0],
        en=names[1],
        definition_vi=definitions[0],
        definition_en=definitions[1],
        formulas=found,
        window=DAY,
        polarity=polarity,
        measured_in_vi=measured_in[0],
        measured_in_en=measured_in[1],
        change_in="points" if percent else "percent",
        decimals=0,
        reporting_delay_days=1,
        caveat_vi=caveats[0],
        caveat_en=caveats[1],
        source=ROLLOUT_SOURCE,
    )


ROLLOUT = (
    _indicator(
        "rollout_share",
        ("Nền tảng đã triển khai", "Platforms live"),
        (
            "Số nền tảng đã chạy trên số nền tảng trong kế hoạch của đơn vị.",
            "Platforms in use over those in the unit's plan.",
        ),
        (Formula(_standing("started"), _standing("planned"), 100),),
        ("%", "%"),
        (LIVE_VI, LIVE_EN),
    ),
    _indicator(
        "rollout_overdue",
        ("Nền tảng quá hạn triển khai", "Platforms overdue"),
        (
            "Số nền tảng qua ngày dự kiến mà chưa chạy.",
            "Platforms past their planned day and not in use.",
        ),
        formulas((_standing("overdue"),)),
        ("nền tảng", "platforms"),
        ("Ngày dự kiến có thể đã được lùi trong kế hoạch.", "The plan itself may have been moved."),
        polarity="higher_is_worse",
    ),
    _indicator(
        "rollout_trained_staff",
        ("Cán bộ đã tập huấn", "Staff trained"),
        (
            "Số cán bộ đã tập huấn, cộng các nền tảng.",
            "Staff trained, added up over platforms.",
        ),
        formulas((_standing("trained_staff"),)),
        ("lượt người", "people by platform"),
        ("Một người học hai nền tảng được đếm hai lần.", "Who learned two platforms counts twice."),
    ),
    _indicator(
        "rollout_active_accounts",
        ("Tài khoản đang hoạt động", "Accounts in use"),
        ("Số tài khoản đang hoạt động, cộng các nền tảng.", "Accounts in use, added up over platforms."),
        formulas((_standing("active_accounts"),)),
        ("tài khoản", "accounts"),
        ("Mỗi nền tảng định nghĩa hoạt động một cách.", "Each platform has its own notion of use."),
    ),
)
