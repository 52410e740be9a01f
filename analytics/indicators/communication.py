"""Communication: the hotline, the official channel, text messages and ring-back tones."""

from __future__ import annotations

from analytics.indicators.model import (
    DAY,
    RESIDENTS,
    SINCE_START,
    WEEK,
    Formula,
    Indicator,
    Polarity,
    Window,
    formulas,
    of,
)

HOTLINE_SOURCE = "Tổng đài đường dây nóng của tỉnh"
CHANNEL_SOURCE = "Kênh Zalo chính thức của tỉnh"
BROADCAST_SOURCE = "Nhà mạng, báo cáo gửi tin theo đợt"
# A share of fewer calls or results swings by five points with each of them.
LEAST_CALLS = 20
PERCENT_VI = PERCENT_EN = "%"
TOPICS_VI = "Nguồn tự phân loại chủ đề; cuộc gọi lại được đếm mỗi lần."
TOPICS_EN = "Topics are the exchange's own; who calls again is counted again."
POOLED_VI = "Bình quân theo số lượt của các trung vị đã báo cáo; một huyện, một ngày, một chủ đề là đúng trung vị đó."
POOLED_EN = "Mean of the reported medians weighted by calls; one unit, day and topic is that median itself."
VIEWS_VI = "Lượt xem còn tăng trong ba ngày sau khi đăng; một người có thể xem nhiều lần."
VIEWS_EN = "Views grow for three days after a post; one person may view it several times."
DELIVERED_VI = "Nhà mạng báo đã tới máy, không có nghĩa là đã đọc."
DELIVERED_EN = "The operator reports that it reached the phone, not that it was read."
CALLS, ANSWERED = of("hotline.calls"), of("hotline.answered")
SMS, TONE, BULLETIN = "kind=sms", "kind=ringback", "kind=bulletin"


def _indicator(
    id: str,
    names: tuple[str, str],
    definitions: tuple[str, str],
    found: tuple[Formula, ...],
    measured_in: tuple[str, str],
    caveats: tuple[str, str],
    source: str,
    *,
    window: Window = WEEK,
    polarity: Polarity = "neither",
    decimals: int = 0,
    least_denominator: float = 0.0,
    interval: str = "none",
) -> Indicator:
    """A record of this theme; what the channel and the broadcasts say is about the province as a whole."""
    percent = measured_in[0] == PERCENT_VI
    whole = source != HOTLINE_SOURCE
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
        change_in="points" if percent else "percent",
        decimals=decimals,
        interval="wilson" if interval == "wilson" else "poisson" if interval == "poisson" else "none",
        least_denominator=least_denominator,
        reporting_delay_days=3 if source == CHANNEL_SOURCE else 1,
        comparable=not whole,
        province_wide=whole,
        caveat_vi=caveats[0],
        caveat_en=caveats[1],
        source=source,
    )


def _waiting(quantile: str, names: tuple[str, str], definitions: tuple[str, str]) -> Indicator:
    return _indicator(
        "hotline_waiting" if quantile == "p50" else f"hotline_waiting_{quantile}",
        names,
        definitions,
        (
            Formula(
                of(f"hotline.waiting_{quantile}_seconds_by_answered"), of(f"hotline.answered_with_waiting_{quantile}")
            ),
        ),
        ("giây", "seconds"),
        (POOLED_VI, POOLED_EN),
        HOTLINE_SOURCE,
        polarity="higher_is_worse",
    )


COMMUNICATION = (
    _indicator(
        "hotline_calls",
        ("Cuộc gọi đường dây nóng", "Hotline calls"),
        ("Số cuộc gọi đến trong ngày, mọi chủ đề.", "Calls of the day, on every topic."),
        formulas((CALLS,)),
        ("cuộc", "calls"),
        (TOPICS_VI, TOPICS_EN),
        HOTLINE_SOURCE,
        window=DAY,
        interval="poisson",
    ),
    _indicator(
        "hotline_calls_per_100k_7d",
        ("Cuộc gọi trên 100.000 dân, 7 ngày", "Hotline calls per 100,000, 7 days"),
        ("Số cuộc gọi đến trong 7 ngày trên 100.000 dân.", "Calls of 7 days per 100,000 residents."),
        formulas((CALLS,), RESIDENTS, 100_000),
        ("cuộc/100.000 dân", "calls per 100,000"),
        (TOPICS_VI, TOPICS_EN),
        HOTLINE_SOURCE,
        decimals=1,
        interval="poisson",
    ),
    _indicator(
        "hotline_answered_share",
        ("Cuộc gọi được nghe", "Calls answered"),
        ("Số cuộc được nghe trên số cuộc gọi đến, 7 ngày.", "Calls answered over calls, 7 days."),
        (Formula(ANSWERED, CALLS, 100),),
        (PERCENT_VI, PERCENT_EN),
        ("Cuộc gọi dở dang vì chờ lâu tính là không được nghe.", "Calls given up while waiting count as not answered."),
        HOTLINE_SOURCE,
        polarity="higher_is_better",
        decimals=1,
        least_denominator=LEAST_CALLS,
        interval="wilson",
    ),
    _waiting(
        "p50",
        ("Chờ đường dây nóng (trung vị)", "Hotline wait (median)"),
        (
            "Số giây một nửa số người gọi phải chờ lâu hơn, 7 ngày.",
            "Seconds that half of the callers wait longer than, 7 days.",
        ),
    ),
    _waiting(
        "p90",
        ("Chờ đường dây nóng (p90)", "Hotline wait (p90)"),
        (
            "Số giây một phần mười số người gọi phải chờ lâu hơn, 7 ngày.",
            "Seconds that one caller in ten waits longer than, 7 days.",
        ),
    ),
    _indicator(
        "hotline_aid_share",
        ("Cuộc gọi xin hỗ trợ", "Calls about aid"),
        ("Số cuộc gọi xin hỗ trợ, an sinh trên mọi cuộc gọi, 7 ngày.", "Calls about aid over all calls, 7 days."),
        (Formula(of("hotline.calls", "topic=aid"), CALLS, 100),),
        (PERCENT_VI, PERCENT_EN),
        (TOPICS_VI, TOPICS_EN),
        HOTLINE_SOURCE,
        polarity="higher_is_worse",
        decimals=1,
        least_denominator=LEAST_CALLS,
        interval="wilson",
    ),
    _indicator(
        "hotline_passed_on_7d",
        ("Cuộc gọi chuyển cứu trợ, 7 ngày", "Calls passed on for aid, 7 days"),
        ("Số cuộc gọi chuyển sang cứu trợ trong 7 ngày.", "Calls passed on for aid in 7 days."),
        formulas((of("hotline.passed_on_for_aid"),)),
        ("cuộc", "calls"),
        ("Đã chuyển, chưa chắc đã được giúp.", "Passed on, not yet helped."),
        HOTLINE_SOURCE,
        polarity="higher_is_worse",
        interval="poisson",
    ),
    _indicator(
        "bulletin_age_hours",
        ("Giờ từ bản tin gần nhất", "Hours since the last bulletin"),
        (
            "Số giờ từ bản tin gần nhất của kênh chính thức đến hết ngày.",
            "Hours from the official channel's newest bulletin to the end of the day.",
        ),
        formulas((of("channel_posts.bulletin_age_hours"),)),
        ("giờ", "hours"),
        (
            "Tính đến 24 giờ của ngày, kể cả khi ngày chưa hết; tin nhanh không tính.",
            "Taken at midnight, also while the day is not over; flashes do not count.",
        ),
        CHANNEL_SOURCE,
        window=DAY,
        polarity="higher_is_worse",
    ),
    _indicator(
        "bulletins_7d",
        ("Bản tin đã đăng, 7 ngày", "Bulletins, 7 days"),
        ("Số bản tin đăng trên kênh chính thức trong 7 ngày.", "Bulletins on the official channel in 7 days."),
        formulas((of("channel_posts.posts", BULLETIN),)),
        ("bản tin", "bulletins"),
        ("Không tính tin nhanh và bài khác.", "Flashes and other posts apart."),
        CHANNEL_SOURCE,
    ),
    _indicator(
        "channel_followers",
        ("Người quan tâm kênh chính thức", "Followers of the channel"),
        (
            "Số người quan tâm kênh, bình quân theo các bài của 7 ngày.",
            "Followers of the channel, mean over the posts of 7 days.",
        ),
        (Formula(of("channel_posts.followers_by_post"), of("channel_posts.posts_with_followers")),),
        ("người", "people"),
        ("Có cả người ngoài tỉnh.", "People outside the province among them."),
        CHANNEL_SOURCE,
        polarity="higher_is_better",
    ),
    _indicator(
        "channel_reach",
        ("Lượt xem trên người quan tâm", "Views per follower"),
        (
            "Lượt xem các bài của 7 ngày trên số người quan tâm, cộng theo bài.",
            "Views of the posts of 7 days over followers, added up over posts.",
        ),
        (Formula(of("channel_posts.views"), of("channel_posts.followers_by_post"), 100),),
        (PERCENT_VI, PERCENT_EN),
        (VIEWS_VI, VIEWS_EN),
        CHANNEL_SOURCE,
        polarity="higher_is_better",
        decimals=1,
    ),
    _indicator(
        "channel_views_7d",
        ("Lượt xem kênh chính thức, 7 ngày", "Views of the channel, 7 days"),
        ("Lượt xem các bài đăng trong 7 ngày.", "Views of the posts of 7 days."),
        formulas((of("channel_posts.views"),)),
        ("lượt", "views"),
        (VIEWS_VI, VIEWS_EN),
        CHANNEL_SOURCE,
        polarity="higher_is_better",
    ),
    _indicator(
        "sms_sends",
        ("Đợt nhắn tin toàn tỉnh", "SMS sends to all"),
        (
            "Số đợt nhắn tin tới mọi thuê bao của tỉnh, từ đầu.",
            "Sends of messages to every subscriber of the province, since the start.",
        ),
        formulas((of("broadcasts.campaigns", "kind=sms|audience=all_subscribers"),)),
        ("đợt", "sends"),
        ("Đợt gửi riêng một số huyện không tính.", "Sends to some districts only are left out."),
        BROADCAST_SOURCE,
        window=SINCE_START,
    ),
    _indicator(
        "sms_age_days",
        ("Ngày từ lần nhắn tin toàn tỉnh", "Days since the last SMS to all"),
        (
            "Số ngày từ lần nhắn tin toàn tỉnh gần nhất đến hết ngày.",
            "Days from the newest SMS to all subscribers to the end of the day.",
        ),
        (Formula(of("broadcasts.sms_age_hours"), scale=1 / 24),),
        ("ngày", "days"),
        ("Đợt gửi riêng một số huyện không tính.", "Sends to some districts only are left out."),
        BROADCAST_SOURCE,
        window=DAY,
        decimals=1,
    ),
    _indicator(
        "sms_reach",
        ("Tin nhắn tới máy", "Messages delivered"),
        (
            "Số tin nhắn tới máy trên số tin đã gửi, từ đầu.",
            "Messages delivered over messages sent, since the start.",
        ),
        (Formula(of("broadcasts.delivered", SMS), of("broadcasts.sent", SMS), 100),),
        (PERCENT_VI, PERCENT_EN),
        (DELIVERED_VI, DELIVERED_EN),
        BROADCAST_SOURCE,
        window=SINCE_START,
        polarity="higher_is_better",
        decimals=1,
    ),
    _indicator(
        "sms_delivered",
        ("Tin nhắn tới máy, lũy kế", "Messages delivered so far"),
        ("Số tin nhắn tới máy, từ đầu.", "Messages that reached a phone, since the start."),
        formulas((of("broadcasts.delivered", SMS),)),
        ("tin", "messages"),
        (DELIVERED_VI, DELIVERED_EN),
        BROADCAST_SOURCE,
        window=SINCE_START,
        polarity="higher_is_better",
    ),
    _indicator(
        "ringback_reach",
        ("Thuê bao cài được nhạc chờ", "Ring-back tones set"),
        (
            "Số thuê bao cài được nhạc chờ trên số thuê bao của các đợt, từ đầu.",
            "Subscribers whose ring-back tone was set over those aimed at, since the start.",
        ),
        (Formula(of("broadcasts.delivered", TONE), of("broadcasts.sent", TONE), 100),),
        (PERCENT_VI, PERCENT_EN),
        ("Không biết ai đã nghe.", "Who heard it is not known."),
        BROADCAST_SOURCE,
        window=SINCE_START,
        polarity="higher_is_better",
        decimals=1,
    ),
)
