"""Every benchmark runs, at sizes that take seconds, and reports figures; how fast they are is for `make bench`."""

from __future__ import annotations

import importlib
import math
import shutil
import sys
from dataclasses import fields, replace
from itertools import islice
from pathlib import Path

import duckdb
import pytest

from analytics.briefing.files import KINDS
from benchmarks import __main__ as command
from benchmarks import aid_queries, briefing_files, page_queries
from benchmarks.measured import Figure, p95, spread
from benchmarks.page_questions import QUESTIONS, TILES, Question
from benchmarks.sizes import Sizes

TINY = Sizes(
    rows=3_000, cases=5_000, doses=8_000, days=30, asked=2, asked_of_rows=1, viewers=1, viewer_seconds=1, visits=1,
    unit_names=200, aid=1_500, calls=1_000, form_rows=400, large_form_rows=600, repeats=1,
)  # fmt: skip
NEED_A_SERVER = {"viewers", "first_view"}
"""They serve the whole demonstration, one of them to a browser: minutes, not seconds."""


def assert_says_something(figures: list[Figure]) -> None:
    assert figures
    for figure in figures:
        numbers = [figure.value, figure.p95, figure.reference, figure.ratio]
        assert all(math.isfinite(number) and number > 0 for number in numbers if number is not None), figure
        assert figure.met is None or figure.at_most is not None
        assert figure.line().count("|") == 8


@pytest.mark.parametrize(("name", "enough"), [("ingest", None), ("forms", 4), ("unit_names", None)])
def test_a_benchmark_reports_figures(
    name: str, enough: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the forms the small ones are enough: the large ones are the same again."""
    module = importlib.import_module(f"benchmarks.{name}")
    monkeypatch.setattr(module, "TIMES", 1, raising=False)
    monkeypatch.setattr(module, "TIMES_LARGE", 1, raising=False)
    assert_says_something(list(islice(module.run(TINY, tmp_path), enough)))


def test_every_benchmark_is_there_and_tried() -> None:
    modules = [importlib.import_module(f"benchmarks.{name}") for name in command.BENCHMARKS if name != "first_view"]
    assert all(callable(module.run) for module in modules)
    assert set(command.BENCHMARKS) == {"ingest", "forms", "unit_names", "page_queries", "aid_queries"} | NEED_A_SERVER


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Figure]]:
    """A small province with its release and its rows beside it, and what the benchmark said as it built them."""
    place = tmp_path_factory.mktemp("province")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(briefing_files, "TIMES", 1)
        return place, list(page_queries.run(TINY, place))


@pytest.mark.xdist_group("province")
def test_the_pages_questions_are_asked_and_checked_against_the_rows(province: tuple[Path, list[Figure]]) -> None:
    _, figures = province
    assert_says_something(figures)
    asked = {figure.what for figure in figures}
    assert {question.name for question in QUESTIONS} <= asked
    assert [kind for kind in KINDS if not any(what.startswith(f"a briefing's {kind} of") for what in asked)] == []
    assert sum(question.among_ten for question in QUESTIONS) == 11, "changes and decisions are one of the ten"
    assert "cases_new_7d_mean" in TILES


def test_the_pages_are_asked_beside_aid_and_calls_and_without_them(tmp_path: Path) -> None:
    figures = list(aid_queries.run(TINY, tmp_path))
    assert_says_something(figures)
    asked = {figure.what: figure for figure in figures}
    assert {question.name for question in QUESTIONS} | set(aid_queries.OWN) <= asked.keys()
    assert all(asked[question.name].reference for question in QUESTIONS), "each is asked without them too"
    pulled = next(figure.what for figure in figures)
    assert "1,000 of the hotline pulled from files" in pulled
    assert int(pulled.split()[0].replace(",", "")) == pytest.approx(TINY.aid, rel=0.01)


@pytest.mark.xdist_group("province")
def test_rows_that_say_something_else_are_noticed(province: tuple[Path, list[Figure]], tmp_path: Path) -> None:
    place, _ = province
    shutil.copytree(place / "data", tmp_path / "data")
    shutil.copy(place / "raw.duckdb", tmp_path)
    with duckdb.connect(str(tmp_path / "raw.duckdb")) as con:
        con.execute("DELETE FROM cases WHERE outcome <> 'died'")
    with pytest.raises(ValueError, match="the rows say"):
        list(page_queries.ask(TINY, tmp_path))


def test_figures_of_an_answer_are_compared_within_rounding() -> None:
    question = Question("", lambda *_: None, figures=lambda _, answer: answer)
    assert question.is_same(None, {("a",): 0.1 + 0.2}, [("a", 0.3)])  # type: ignore[arg-type]
    assert not question.is_same(None, {("a",): 0.3}, [("a", 0.3001)])  # type: ignore[arg-type]
    assert not question.is_same(None, {("a",): 0.3}, [("b", 1.0)])  # type: ignore[arg-type]
    assert not question.is_same(None, {("a",): 0.3}, []), "nothing to compare with is not agreement"  # type: ignore[arg-type]


def test_percentiles_ratios_and_targets() -> None:
    assert [p95(list(range(1, count + 1))) for count in (1, 19, 20, 100)] == [1, 19, 19, 95]
    figure = spread("x", [3.0, 1.0, 2.0], "s", against="y", reference=4.0, at_most=0.5)
    assert (figure.value, figure.p95, figure.ratio, figure.met) == (2.0, 3.0, 0.5, True)
    assert replace(figure, judged="p95").met is False
    assert replace(figure, reference=None).met is None
    assert figure.line() == "| x | 2 s | 3 | y 4 s | 0.5 | ratio ≤ 0.5 | met |"


def test_the_command_takes_every_size_and_no_other_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = [f"--{field.name.replace('_', '-')}={getattr(TINY, field.name)}" for field in fields(Sizes)]
    monkeypatch.setattr(sys, "argv", ["benchmarks", "unit_names", *flags])
    command.main()
    printed = capsys.readouterr().out
    assert "## unit_names" in printed and "200 distinct ways to write" in printed
    monkeypatch.setattr(sys, "argv", ["benchmarks", "nonsense"])
    with pytest.raises(SystemExit):
        command.main()
    assert "nonsense: unknown" in capsys.readouterr().err
