"""The reporting duty: the register of the province's desk, made of when each district's forms really came.

A form that is not in when it is due is written down as missing then, and as late when it comes; rows that the desk
sends back for correction are those that a careful reader of the form sets aside.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from data_sources.contracts import CONTRACTS
from data_sources.demo import places
from data_sources.demo.clock import DAY_COUNT, at, days, number_of_day
from data_sources.demo.draws import BoolArray, IntArray
from data_sources.demo.feeds import BY_NAME, ISSUED_AT
from data_sources.demo.forms import rejected
from data_sources.demo.line_list import NEVER
from data_sources.demo.reporting import issued

# The forms districts send every evening, and the hour at which each is due.
DUE_HOURS = {
    "bao_cao_ngay": 20.75,
    "xet_nghiem": 22.25,
    "tiem_chung": 21.75,
    "so_suc_khoe": 21.75,
    "khu_cach_ly": 21.0,
    "dieu_tri": 20.75,
    "khai_bao_y_te": 20.5,
}
LAST_MINUTE_HOURS = 24.0 - 1 / 60


def submissions(seed: int, frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Rows of `submissions`, all versions, of the forms in DUE_HOURS."""
    parts = [_of_form(seed, name, frames[name], hour) for name, hour in DUE_HOURS.items()]
    return issued(pd.concat(parts, ignore_index=True))


def _numbers(frame: pd.DataFrame) -> IntArray:
    """The number of each row's unit and day together."""
    unit = frame["unit"].map(places.NUMBER_OF).to_numpy(dtype=np.int64)
    return unit * DAY_COUNT + number_of_day(frame["day"].to_numpy().astype("datetime64[s]"))


def _of_form(seed: int, name: str, frame: pd.DataFrame, due_hour: float) -> pd.DataFrame:
    """Every unit's forms of one kind, from the day on which it sent the first one to the last day of all."""
    feed = BY_NAME[name]
    contract = CONTRACTS[feed.dataset]
    key = [column for column in contract.key if column in frame]
    first = frame[~frame.duplicated(key)]
    number = _numbers(first)
    size = places.UNIT_COUNT * DAY_COUNT
    received = np.full(size, np.datetime64("1970-01-01", "s"))
    np.maximum.at(received, number, first[ISSUED_AT].to_numpy().astype("datetime64[s]"))
    rows = np.bincount(number, minlength=size)
    asked = [column.name for column in contract.columns if column.type == "integer" and column.name in frame]
    asked = [column for column in asked if column not in NOT_IN_EVERY_ROW]
    stated = first[asked].notna()
    # A row of stocks or registrations says nothing of doses and need not.
    due_fields = np.bincount(number, weights=stated.any(axis=1) * len(asked), minlength=size).astype(np.int64)
    filled = np.bincount(number, weights=stated.sum(axis=1), minlength=size).astype(np.int64)
    wrong = rejected(seed, feed, frame)
    place, back_at = _numbers(wrong), wrong[ISSUED_AT].to_numpy().astype("datetime64[s]")
    at_once = back_at <= received[place]
    sent_back = np.bincount(place[at_once], minlength=size)
    later = np.bincount(place[~at_once], minlength=size)
    came = rows > 0
    begun = np.maximum.accumulate(came.reshape(places.UNIT_COUNT, DAY_COUNT), axis=1).ravel()
    form = np.flatnonzero(begun)
    due = at(form % DAY_COUNT, np.full(len(form), due_hour))
    arrived = np.where(came[form], received[form], NEVER)
    late: BoolArray = ~came[form] | (received[form] > due)
    whole = pd.DataFrame(
        {
            "form": feed.dataset,
            "unit": np.array(places.CODES, dtype=object)[form // DAY_COUNT],
            "day": days(form % DAY_COUNT),
            "due_at": due,
            "received_at": arrived,
            "rows": rows[form],
            "required_fields": due_fields[form],
            "required_filled": filled[form],
            "rows_rejected": sent_back[form],
            ISSUED_AT: arrived,
        }
    )
    nothing: dict[str, Any] = {
        "received_at": NEVER,
        "rows": 0,
        "required_fields": 0,
        "required_filled": 0,
        "rows_rejected": 0,
    }
    missing = whole[late].assign(**nothing, **{ISSUED_AT: due[late]})
    newest = np.zeros(size, dtype="datetime64[s]")
    np.maximum.at(newest, place[~at_once], back_at[~at_once])
    looked_at_again = came[form] & (later[form] > 0)
    again = whole[looked_at_again].assign(
        rows_rejected=(sent_back + later)[form][looked_at_again], **{ISSUED_AT: newest[form][looked_at_again]}
    )
    return pd.concat([missing, whole[came[form]], again], ignore_index=True)


NOT_IN_EVERY_ROW = ("stock_received", "stock_left", "registered_cumulative", "capacity")
"""Columns that only some rows of a form are about."""
