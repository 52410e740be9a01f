"""Everything a run sends to the browser, as one text: what a reader without a right to a row must never receive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from streamlit.testing.v1 import AppTest


def sent(app: AppTest) -> str:
    """Every element of the page with all its fields, shown or not."""
    assert not app.exception, [item.message for item in app.exception]
    return "\n".join(str(proto) for proto in _protos(app._tree))


def _protos(node: Any) -> Iterator[Any]:
    proto = getattr(node, "proto", None)
    if proto is not None:
        yield proto
    for child in getattr(node, "children", {}).values():
        yield from _protos(child)
