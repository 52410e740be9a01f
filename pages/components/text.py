"""Words and numbers on the screen, in the reader's language: what pages need of `analytics.wording`, and two more.

Texts stand in `assets/text/<area>.toml` as `key = { vi = "...", en = "..." }`; a page asks `view.say("map.title")`.
"""

from __future__ import annotations

from datetime import date

from analytics.indicators.model import Indicator
from analytics.phrases import level_said
from analytics.wording import Language, age, clock, day, days, duration, listing, measured, moment, number, percent
from analytics.wording import text as say


def figure(value: float | None, indicator: Indicator, language: Language) -> str:
    """A value with the indicator's decimals; a reported 0 is 0 and not 0,0."""
    return number(value, language, 0 if value == 0 else indicator.decimals)


def figure_with_unit(value: float | None, indicator: Indicator, language: Language) -> str:
    """A value with its unit of measurement: 12,3% but 12,3 ca/ngày; a level with its word."""
    if indicator.levels:
        return level_said(value, indicator, language)
    return measured(value, language, 0 if value == 0 else indicator.decimals, indicator.measured_in(language))


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
