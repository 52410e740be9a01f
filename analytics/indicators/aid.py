"""Aid: requests and offers, how long requests have waited, how many were met, and offers over requests."""

from __future__ import annotations

from analytics.indicators.model import (
    DAY,
    RESIDENTS,
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

AID_SOURCE = "Zalo Connect"
REQUEST, OFFER = "kind=request", "kind=offer"
# A ratio over fewer requests says more about the last one than about the district.
LEAST_REQUESTS = 5
TOLD_LATE_VI = "Nhiều người báo xong chậm vài ngày, có người không báo."
TOLD_LATE_EN = "Many tell days later that they were helped; some never do."


def open_at_day_s_end(stratum: str) -> Term:
    """Entries of a stratum opened so far and neither met nor cancelled; read since the start of the data."""
    ended = (Part(f"aid.{name}", stratum, -1, optional=True) for name in ("met", "cancelled"))
    return Term((Part("aid.opened", stratum), *ended))


def _indicator(
    id: str,
    names: tuple[str, str],
    definitions: tuple[str, str],
    found: tuple[Formula, ...],
    measured_in: tuple[str, str],
    *,
    window: Window = SINCE_START,
    polarity: Polarity = "higher_is_worse",
    decimals: int = 0,
    least_denominator: float = 0.0,
    counted: bool = False,
    share: bool = False,
    caveats: tuple[str, str] = (TOLD_LATE_VI, TOLD_LATE_EN),
) -> Indicator:
    return Indicator(
        id=id,
        theme="aid",
        vi=names[0],
        en=names[1],
        definition_vi=definitions[0],
        definition_en=definitions[1],
        formulas=found,
        window=window,
        polarity=polarity,
        measured_in_vi=measured_in[0],
        measured_in_en=measured_in[1],
        change_in="points" if share else "percent",
        decimals=decimals,
        interval="wilson" if share else "poisson" if counted else "none",
        least_denominator=least_denominator,
        reporting_delay_days=2,
        caveat_vi=caveats[0],
        caveat_en=caveats[1],
        source=AID_SOURCE,
    )


AID = (
    _indicator(
        "aid_requests_7d",
        ("Yêu cầu trợ giúp mới, 7 ngày", "New requests for help, 7 days"),
        ("Số yêu cầu trợ giúp mở trong 7 ngày.", "Requests for help opened in 7 days."),
        formulas((of("aid.opened", REQUEST),)),
        ("yêu cầu", "requests"),
        window=WEEK,
        counted=True,
        caveats=("Chỉ người dùng ứng dụng.", "Users of the application only."),
    ),
    _indicator(
        "aid_offers_7d",
        ("Lời đề nghị giúp mới, 7 ngày", "New offers of help, 7 days"),
        ("Số lời đề nghị giúp mở trong 7 ngày.", "Offers of help opened in 7 days."),
        formulas((of("aid.opened", OFFER),)),
        ("đề nghị", "offers"),
        window=WEEK,
        polarity="higher_is_better",
        counted=True,
        caveats=("Chỉ người dùng ứng dụng.", "Users of the application only."),
    ),
    _indicator(
        "aid_open",
        ("Yêu cầu trợ giúp đang mở", "Requests for help still open"),
        (
            "Số yêu cầu đã mở, chưa giúp xong và chưa hủy, cuối ngày.",
            "Requests opened and neither met nor cancelled, at the end of the day.",
        ),
        formulas((open_at_day_s_end(REQUEST),)),
        ("yêu cầu", "requests"),
    ),
    _indicator(
        "aid_open_per_100k",
        ("Yêu cầu đang mở trên 100.000 dân", "Open requests per 100,000"),
        (
            "Số yêu cầu đang mở cuối ngày trên 100.000 dân.",
            "Open requests at the end of the day per 100,000 residents.",
        ),
        formulas((open_at_day_s_end(REQUEST),), RESIDENTS, 100_000),
        ("yêu cầu/100.000 dân", "requests per 100,000"),
        decimals=1,
    ),
    _indicator(
        "aid_age_p50_hours",
        ("Tuổi trung vị của yêu cầu đang mở", "Median age of open requests"),
        (
            "Một nửa số yêu cầu đang mở đã chờ lâu hơn chừng này giờ, tính đến hết ngày.",
            "Half of the open requests have waited longer than this, at the end of the day.",
        ),
        formulas((of("aid.open_age_p50_hours", REQUEST),)),
        ("giờ", "hours"),
        window=DAY,
        caveats=(
            f"{TOLD_LATE_VI} Tính đến 24 giờ của ngày; vùng lớn hơn tính lại từ mọi yêu cầu, không cộng trung vị.",
            f"{TOLD_LATE_EN} Taken at midnight; a larger area has its own median of all its requests.",
        ),
    ),
    _indicator(
        "aid_met_share",
        ("Yêu cầu đã giúp xong", "Requests met"),
        (
            "Số yêu cầu đã giúp xong trên mọi yêu cầu đã mở, từ đầu.",
            "Requests met over all requests opened, since the start.",
        ),
        (Formula(of("aid.met", REQUEST), of("aid.opened", REQUEST), 100),),
        ("%", "%"),
        polarity="higher_is_better",
        decimals=1,
        least_denominator=LEAST_REQUESTS,
        share=True,
    ),
    _indicator(
        "aid_offers_open",
        ("Lời đề nghị giúp đang mở", "Offers of help still open"),
        (
            "Số lời đề nghị đã mở, chưa dùng xong và chưa rút, cuối ngày.",
            "Offers opened and neither used nor withdrawn, at the end of the day.",
        ),
        formulas((open_at_day_s_end(OFFER),)),
        ("đề nghị", "offers"),
        polarity="higher_is_better",
    ),
    _indicator(
        "aid_supply_over_demand",
        ("Cung trên cầu cứu trợ", "Aid supply over demand"),
        (
            "Số lời đề nghị đang mở trên số yêu cầu đang mở, cuối ngày.",
            "Open offers over open requests, at the end of the day.",
        ),
        (Formula(open_at_day_s_end(OFFER), open_at_day_s_end(REQUEST)),),
        ("lần", "offers per request"),
        polarity="higher_is_better",
        decimals=2,
        least_denominator=LEAST_REQUESTS,
        caveats=(
            "Đếm tin, không đếm phần quà: một lời đề nghị có thể giúp nhiều nhà.",
            "Counts entries, not gifts: one offer may help many households.",
        ),
    ),
)
