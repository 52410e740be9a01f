"""The words around one figure: value, change, threshold, quality; the same on tiles, slides and sheets."""

from __future__ import annotations

from typing import Literal

from analytics.indicators import INDICATORS
from analytics.indicators.model import Indicator
from analytics.phrases import level_said, threshold_name
from analytics.readings import Reading
from analytics.wording import Language, age, measured, number, text

Judgement = Literal["worse", "better", "none"]


def figure(value: float | None, indicator: Indicator, language: Language) -> str:
    """A value with the indicator's decimals; a reported 0 is 0 and not 0,0."""
    return number(value, language, 0 if value == 0 else indicator.decimals)


def figure_with_unit(value: float | None, indicator: Indicator, language: Language) -> str:
    """A value with its unit of measurement: 12,3% but 12,3 ca/ngày; a level with its word."""
    if indicator.levels:
        return level_said(value, indicator, language)
    return measured(value, language, 0 if value == 0 else indicator.decimals, indicator.measured_in(language))


def judgement(reading: Reading) -> Judgement:
    """Whether the change is worse or better by polarity; none where no judgement holds."""
    if reading.trend not in ("up", "down") or reading.polarity == "neither":
        return "none"
    return "worse" if (reading.trend == "up") == (reading.polarity == "higher_is_worse") else "better"


def change(reading: Reading, language: Language) -> str:
    """The change in words: points for percentages, percent for the rest; why there is none where there is none."""
    if reading.trend == "unknown" or reading.change is None:
        return text("indicators.trend.unknown", language)
    indicator = INDICATORS[reading.indicator]
    if reading.trend == "flat":
        return text("indicators.trend.flat", language)
    if indicator.change_in == "points" or reading.change_percent is None:
        size = number(abs(reading.change), language, 0 if indicator.levels else max(indicator.decimals, 1))
        return text("frame.points", language, size=size) if indicator.measured_in_en == "%" else size
    return f"{number(abs(reading.change_percent), language, 0)}%"


def quality(reading: Reading, language: Language) -> str:
    """How many units reported, how old the newest report is, and whether the figure is provisional."""
    told = reading.quality
    parts = []
    if told.expected_units > 1:
        counts = {"reported": told.reported_units, "expected": told.expected_units}
        parts.append(text("common.reported_units", language, **counts))
    if told.newest_report_age_hours is not None:
        parts.append(age(told.newest_report_age_hours, language))
    if told.provisional and reading.value is not None:
        parts.append(text("common.provisional", language))
    return " · ".join(parts)


def limit(reading: Reading, language: Language) -> str:
    """The threshold that was passed or is next, by its name; "" where the indicator has none."""
    return "" if reading.threshold is None else threshold_name(reading.threshold, language)


def value_and_unit(reading: Reading, language: Language) -> tuple[str, str]:
    """The value as it is written, and its unit of measurement or the word of its level; why there is none."""
    indicator = INDICATORS[reading.indicator]
    if reading.value is None:
        return "–", text(f"indicators.absence.{reading.absence or 'no_data'}", language)
    unit = indicator.measured_in(language)
    if indicator.levels:
        return figure(reading.value, indicator, language), indicator.levels[int(reading.value) - 1].name(language)
    if reading.low is not None and reading.high is not None and indicator.interval == "none":
        low, high = (number(edge, language, indicator.decimals) for edge in (reading.low, reading.high))
        unit = f"{unit}, {low}–{high}".strip(", ")
    return figure(reading.value, indicator, language), unit
