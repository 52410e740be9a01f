"""Words and numbers on the screen, in the reader's language: what pages need of `analytics.wording`, and two more.

Texts stand in `assets/text/<area>.toml` as `key = { vi = "...", en = "..." }`; a page asks `view.say("map.title")`.
"""

from __future__ import annotations

from datetime import date

from analytics.figure_words import figure, figure_with_unit
from analytics.wording import Language, age, clock, day, days, duration, listing, measured, moment, number, percent
from analytics.wording import text as say


def long_day(when: date, language: Language) -> str:
    """The day with its weekday: Chủ Nhật, 29/8/2021; Sunday, 29 Aug 2021."""
    return f"{say(f'frame.weekday.{when.isoweekday()}', language)}, {day(when, language)}"


__all__ = [
    "Language",
    "age",
    "clock",
    "day",
    "days",
    "duration",
    "figure",
    "figure_with_unit",
    "listing",
    "long_day",
    "measured",
    "moment",
    "number",
    "percent",
    "say",
]
