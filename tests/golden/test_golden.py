"""Every messy shape of a form has its exact report: what is taken, what is wrong where, what is said of the file."""

from __future__ import annotations

import json

import pytest

from data_sources.units import Register
from tests.golden import shapes

LEAST_SHAPES = 40


@pytest.fixture(scope="module")
def register() -> Register:
    return shapes.register()


@pytest.mark.parametrize("name", shapes.SHAPES)
def test_the_report_is_exactly_the_kept_one(name: str, register: Register) -> None:
    kept = json.loads((shapes.REPORTS / f"{name}.json").read_text(encoding="utf-8"))
    assert json.loads(shapes.written(shapes.report(name, register))) == kept


def test_there_are_enough_shapes_and_none_is_left_over() -> None:
    assert len(shapes.SHAPES) >= LEAST_SHAPES
    assert {path.name for path in shapes.FILES.iterdir()} == set(shapes.SHAPES)
    assert {path.name for path in shapes.REPORTS.iterdir()} == {f"{name}.json" for name in shapes.SHAPES}
