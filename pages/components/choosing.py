"""Widgets whose value lives in the address: what is picked is written there, what stands there is shown.

Streamlit's own `bind="query-params"` puts the label of an option into the address (so another language breaks the
link) and drops a wrong value without a word; these put the code, and `selection.Address` says what it dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import streamlit as st

from pages.components.selection import LONGEST_VALUE, write


def _picked(name: str, key: str, default: str) -> None:
    value = str(st.session_state[key])
    write(name, None if value == default else value)


def _picked_day(name: str, key: str, newest: date) -> None:
    day = st.session_state[key]
    write(name, None if day in (None, newest) else day.isoformat())


def pick(
    name: str,
    options: Mapping[str, str],
    current: str,
    default: str,
    label: str,
    *,
    width: int | None = None,
    key: str | None = None,
) -> None:
    """A list to pick one of `options` (value: label) from; the pick is the parameter `name` of the address.

    `key` keeps two widgets of one parameter apart.
    """
    key = key or f"pick_{name}"
    st.session_state[key] = current
    st.selectbox(
        label,
        list(options),
        format_func=lambda value: options.get(value, value),
        key=key,
        on_change=_picked,
        args=(name, key, default),
        label_visibility="collapsed",
        width=width or "stretch",
    )


def pick_day(name: str, current: date, first: date, last: date, label: str, *, width: int | None = None) -> None:
    """A calendar; the newest day stands for "follow the newest" and leaves the address."""
    key = f"pick_{name}"
    st.session_state[key] = current
    st.date_input(
        label,
        min_value=first,
        max_value=last,
        key=key,
        format="DD/MM/YYYY",
        on_change=_picked_day,
        args=(name, key, last),
        label_visibility="collapsed",
        width=width or "stretch",
    )


def slide_day(name: str, current: date, first: date, last: date, label: str) -> None:
    """A slider over the days; the same parameter as `pick_day`. Nothing where there is only one day to choose."""
    if first >= last:
        return
    key = f"slide_{name}"
    st.session_state[key] = current
    st.slider(
        label,
        min_value=first,
        max_value=last,
        key=key,
        format="D/M/YYYY",
        on_change=_picked_day,
        args=(name, key, last),
    )


def search(name: str, current: str, label: str, *, width: int | None = None) -> None:
    """A field for words to look for; the same parameter `name` of the address."""
    key = f"search_{name}"
    st.session_state[key] = current
    st.text_input(
        label,
        key=key,
        max_chars=LONGEST_VALUE,
        placeholder=label,
        on_change=_picked,
        args=(name, key, ""),
        label_visibility="collapsed",
        width=width or "stretch",
    )
