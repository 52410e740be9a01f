"""A table of the page as a file: CSV or XLSX, made when it is asked for, formulas neutralised, the source noted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from analytics.export import to_csv, to_xlsx
from pages.components import as_of, text

if TYPE_CHECKING:
    from pages.components.frame import View

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def notes(view: View) -> tuple[str, ...]:
    """What every file says above its table: as of when, which release, and that a demonstration is one."""
    told = [
        *([as_of.stamp(view, view.asked)] if view.asked else []),
        view.say("frame.as_of", time=text.moment(view.release.as_of, view.language)),
        view.say("frame.release", id=view.release.id),
    ]
    return (*told, view.say("common.demonstration")) if view.release.demonstration else tuple(told)


def buttons(view: View, name: str, title: str, table: Callable[[], pd.DataFrame]) -> None:
    """Two buttons; the file is `<name>_<day>.csv` or `.xlsx`, and `table` is called when one is pressed.

    What was known at an earlier moment has it in its name and title.
    """
    file = f"{name}_{view.selection.day:%Y%m%d}"
    if view.asked:
        file += f"_as_of_{view.asked.moment:%Y%m%dT%H%M}"
        title = f"{title} · {as_of.stamp(view, view.asked)}"
    with st.container(key=f"tc_downloads_{name}", horizontal=True):
        st.download_button(
            view.say("frame.download_csv"),
            lambda: to_csv(table()),
            f"{file}.csv",
            "text/csv",
            key=f"csv_{name}",
            on_click="ignore",
        )
        st.download_button(
            view.say("frame.download_xlsx"),
            lambda: to_xlsx(table(), title, notes(view)),
            f"{file}.xlsx",
            XLSX,
            key=f"xlsx_{name}",
            on_click="ignore",
        )
