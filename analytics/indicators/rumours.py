"""Misinformation: what was found, how soon it was acted on, and what is still open and for how long."""

from __future__ import annotations

from analytics.indicators.model import (
    DAY,
    SINCE_START,
    WEEK,
    Formula,
    Indicator,
    Part,
    Polarity,
    Term,
    Window,
    formulas,
    of,
)

WATCH_SOURCE = "Sổ theo dõi tin sai sự thật của tỉnh"
LEAST_ITEMS = 5
OPEN = Term((Part("misinformation.found"), Part("misinformation.closed", sign=-1, optional=True)))
UNTIMED_VI = "Tin ghi đã đóng mà thiếu giờ đóng vẫn tính là chưa đóng."
UNTIMED_EN = "An item marked closed without a time still counts as open."


def _indicator(
    id: str,
    names: tuple[str, str],
    definitions: tuple[str, str],
    found: tuple[Formula, ...],
    measured_in: tuple[str, str],
    caveats: tuple[str, str],
    *,
    window: Window = WEEK,
    polarity: Polarity = "higher_is_worse",
    decimals: int = 0,
    least_denominator: float = 0.0,
    counted: bool = False,
) -> Indicator:
    return Indicator(
        id=id,
        theme="communication",
        vi=names[0],
        en=names[1],
        definition_vi=definitions[0],
        definition_en=definitions[1],
        formulas=found,
        window=window,
        polarity=polarity,
        measured_in_vi=measured_in[0],
        measured_in_en=measured_in[1],
        change_in="points" if measured_in[0] == "%" else "percent",
        decimals=decimals,
        interval="poisson" if counted else "none",
        least_denominator=least_denominator,
        reporting_delay_days=2,
        comparable=False,
        province_wide=True,
        caveat_vi=caveats[0],
        caveat_en=caveats[1],
        source=WATCH_SOURCE,
    )


RUMOURS = (
    _indicator(
        "misinformation_found_7d",
        ("Tin sai phát hiện, 7 ngày", "Misinformation found, 7 days"),
        ("Số tin sai sự thật phát hiện trong 7 ngày.", "Items of misinformation found in 7 days."),
        formulas((of("misinformation.found"),)),
        ("tin", "items"),
        ("Tùy mức rà soát: tìm kỹ hơn thì thấy nhiều hơn.", "Depends on how closely the networks are watched."),
        counted=True,
    ),
    _indicator(
        "misinformation_open",
        ("Tin sai chưa đóng", "Misinformation still open"),
        (
            "Số tin đã phát hiện và chưa đóng, cuối ngày.",
            "Items found and not closed, at the end of the day.",
        ),
        formulas((OPEN,)),
        ("tin", "items"),
        (UNTIMED_VI, UNTIMED_EN),
        window=SINCE_START,
    ),
    _indicator(
        "misinformation_open_age_p50_hours",
        ("Tuổi trung vị của tin chưa đóng", "Median age of open items"),
        (
            "Một nửa số tin chưa đóng đã phát hiện lâu hơn chừng này giờ, tính đến hết ngày.",
            "Half of the open items were found longer ago than this, at the end of the day.",
        ),
        formulas((of("misinformation.open_age_p50_hours"),)),
        ("giờ", "hours"),
        (f"{UNTIMED_VI} Tính đến 24 giờ của ngày.", f"{UNTIMED_EN} Taken at midnight."),
        window=DAY,
    ),
    _indicator(
        "misinformation_hours_to_action",
        ("Giờ từ phát hiện đến xử lý", "Hours from finding to action"),
        (
            "Số giờ bình quân từ lúc phát hiện đến lần xử lý đầu, các tin xử lý trong 7 ngày.",
            "Mean hours from finding to the first action, of items acted on in 7 days.",
        ),
        (Formula(of("misinformation.hours_to_action"), of("misinformation.acted")),),
        ("giờ", "hours"),
        (
            "Bình quân bị kéo lên bởi vài tin rất lâu; tin chưa xử lý không tính.",
            "A few very late items raise the mean; items not yet acted on are left out.",
        ),
        decimals=1,
        least_denominator=LEAST_ITEMS,
    ),
    _indicator(
        "misinformation_acted_24h_share",
        ("Tin sai xử lý trong 24 giờ", "Acted on within 24 hours"),
        (
            "Tin xử lý trong 24 giờ từ lúc phát hiện, trên các tin xử lý trong 7 ngày.",
            "Items acted on within 24 hours of being found, over items acted on in 7 days.",
        ),
        (Formula(of("misinformation.acted_in_time"), of("misinformation.acted"), 100),),
        ("%", "%"),
        ("Tin chưa xử lý không tính.", "Items not yet acted on are left out."),
        polarity="higher_is_better",
        least_denominator=LEAST_ITEMS,
    ),
    _indicator(
        "misinformation_reach_7d",
        ("Lượt tiếp cận tin sai, 7 ngày", "Reach of misinformation, 7 days"),
        (
            "Lượt tiếp cận các tin sai phát hiện trong 7 ngày.",
            "Times that items found in 7 days were seen.",
        ),
        formulas((of("misinformation.reach"),)),
        ("lượt", "times"),
        ("Ước theo số hiển thị của mạng xã hội.", "Estimated from what the networks show."),
    ),
)
