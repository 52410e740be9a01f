"""Between which days a day or time of a row may lie: what happened did so before it was told, a plan may lie ahead."""

from __future__ import annotations

from datetime import date

from data_sources.contracts import Contract
from data_sources.contracts.model import Column
from data_sources.messages import Message
from data_sources.rules import said

EARLIEST_DAY = date(2000, 1, 1)
"""No outbreak this product follows, and no denominator it uses, began before; 1900 and 201 are slips."""


def is_bounded(contract: Contract, column: Column) -> bool:
    """True where a slip in the column would move a figure to a day that is not its own.

    Every day does; of the times only those that say on which day a measure counts.
    """
    if column.personal:
        return False
    return column.type == "day" or any(measure.dated_by == column.name for measure in contract.measures)


def day_bounds(column: Column, value: str) -> tuple[str, str]:
    """SQL of the condition that breaks the rule, and of the message of what is needed; `t` is the row."""
    last = f"t._issued_day + {int(column.ahead_days)}" if column.ahead_days else "t._issued_day"
    day = f"CAST({value} AS DATE)" if column.type == "time" else value
    broken = f"({day} < DATE '{EARLIEST_DAY.isoformat()}' OR {day} > {last})"
    needed = Message("needed.day_until_sent", first=EARLIEST_DAY.isoformat(), last="@last")
    if column.ahead_days:
        needed = Message("needed.day_between", first=EARLIEST_DAY.isoformat(), last="@last")
    return broken, f"replace({said(needed)}, '@last', strftime({last}, '%Y-%m-%d'))"
