"""How days, times and numbers are written in a column: found out from its values and stated, never guessed."""

from __future__ import annotations

from data_sources.readers.days import (
    AmbiguousDates,
    DayFormat,
    TimeFormat,
    find_day_format,
    find_time_format,
    time_sql,
)
from data_sources.readers.numbers import AmbiguousNumbers, NumberFormat, find_number_format

__all__ = [
    "AmbiguousDates",
    "AmbiguousNumbers",
    "DayFormat",
    "NumberFormat",
    "TimeFormat",
    "find_day_format",
    "find_number_format",
    "find_time_format",
    "time_sql",
]
