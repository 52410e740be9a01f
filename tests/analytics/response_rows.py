"""Observations of the hotline, the channel, broadcasts, misinformation, aid, devices and rollout, from a seed."""

from __future__ import annotations

from datetime import date

import numpy as np

from tests.analytics.release_fixture import SmallRelease, at

LINE_LISTS = ("aid", "channel_posts", "broadcasts", "misinformation")


def of_unit(made: SmallRelease, code: str, residents: int, first: date, days: int, random: np.random.Generator) -> None:
    """What one unit reports."""
    calls = random.poisson(residents / 4000, days).astype(float) + 3
    made.observe("hotline.calls", code, first, calls)
    made.observe("hotline.calls", code, first, np.floor(calls / 3), stratum="topic=aid")
    made.observe("hotline.answered", code, first, calls - 1)
    for quantile, seconds in (("p50", 30.0), ("p90", 110.0)):
        made.observe(f"hotline.waiting_{quantile}_seconds_by_answered", code, first, (calls - 1) * seconds)
        made.observe(f"hotline.answered_with_waiting_{quantile}", code, first, calls - 1)
    made.observe("hotline.passed_on_for_aid", code, first, np.floor(calls / 5))
    for kind, mean in (("request", 6.0), ("offer", 4.0)):
        opened = random.poisson(mean, days).astype(float) + 1
        for measure, counts in (("opened", opened), ("met", np.floor(opened * 0.7)), ("cancelled", opened * 0 + 0.0)):
            for stratum in ("", f"kind={kind}"):
                if stratum or kind == "request":
                    made.observe(f"aid.{measure}", code, first, counts, stratum=stratum)
    made.observe("aid.open_age_p50_hours", code, first, random.uniform(5, 90, days), stratum="kind=request")
    pupils = round(residents * 0.17)
    made.observe("devices.pupils_online", code, first, np.full(days, float(pupils)))
    made.observe("devices.pupils_without_device", code, first, np.linspace(pupils / 5, pupils / 6, days).round())
    made.observe("devices.devices_pledged", code, first, np.full(days, 9.0))
    made.observe("devices.devices_delivered", code, first, random.poisson(4, days).astype(float) + 1)
    for measure, value in (
        ("planned", 6.0), ("started", 4.0), ("overdue", 1.0), ("trained_staff", 80.0), ("active_accounts", 60.0),
    ):  # fmt: skip
        made.observe(f"rollout.{measure}", code, first, np.full(days, value))


def of_province(made: SmallRelease, code: str, first: date, days: int, random: np.random.Generator) -> None:
    """What is about the province as a whole."""
    posts = random.integers(1, 3, days).astype(float)
    for stratum in ("", "kind=bulletin"):
        made.observe("channel_posts.posts", code, first, posts, stratum=stratum)
    made.observe("channel_posts.views", code, first, posts * 40_000)
    made.observe("channel_posts.followers_by_post", code, first, posts * 180_000)
    made.observe("channel_posts.posts_with_followers", code, first, posts)
    made.observe("channel_posts.bulletin_age_hours", code, first, random.uniform(5, 40, days))
    sent = np.array([900_000.0 if day % 10 == 0 else np.nan for day in range(days)])
    for kind in ("", "kind=sms", "kind=ringback", "kind=sms|audience=all_subscribers"):
        for measure, values in (("campaigns", sent * 0 + 1), ("sent", sent), ("delivered", sent * 0.95)):
            counts = [None if np.isnan(value) else float(value) for value in values]
            made.observe(f"broadcasts.{measure}", code, first, counts, stratum=kind)
    made.observe("broadcasts.sms_age_hours", code, first, random.uniform(10, 300, days))
    found = random.poisson(3, days).astype(float) + 1
    for measure, values in (
        ("found", found), ("reach", found * 2_000), ("acted", found), ("acted_in_time", found - 1),
        ("hours_to_action", found * 7.5), ("closed", np.floor(found * 0.8)),
    ):  # fmt: skip
        made.observe(f"misinformation.{measure}", code, first, values)
    made.observe("misinformation.open_age_p50_hours", code, first, random.uniform(10, 60, days))
    # A median of all its requests, not of its units' medians.
    made.observe("aid.open_age_p50_hours", code, first, random.uniform(10, 60, days), stratum="kind=request")


def covered(made: SmallRelease, first: date, last: date) -> None:
    """The line lists among them are told up to the last day."""
    made.insert("coverage", *((name, first, last, at("2021-08-29 17:00")) for name in LINE_LISTS))
