"""Positivity by target group and the three questions, against figures worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from analytics.release import Release, open_release
from analytics.sampling import answers, positivity_by_group
from data_sources.settings import parse
from tests.deliveries import Installation, at

DAY = date(2021, 8, 29)


def sampled_csv() -> str:
    """Two weeks: each day 100 PCR samples of F1 in 747, in the second week 80 of them returned and 4 positive."""
    lines = ["unit,day,method,target_group,people_sampled,samples,results_returned,positives"]
    for back in range(14):
        day = DAY - timedelta(days=back)
        returned, positives = (80, 4) if back < 7 else (100, 1)
        lines.append(f"747,{day},pcr,F1,100,100,{returned},{positives}")
        lines.append(f"747,{day},rapid,arrival,2,2,2,0")
    return "\n".join(lines) + "\n"


def cases_csv(last_week: int) -> str:
    rows = [f"747,{DAY - timedelta(days=back)},{last_week if back < 7 else 10}" for back in range(21)]
    return "unit,day,cases\n" + "\n".join(rows) + "\n"


def write(folder: Path, cases_last_week: int) -> Path:
    sources = [
        {"name": name, "dataset": name, "kind": "files", "path": f"drop/{name}*.csv"}
        for name in ("tests", "case_counts")
    ]
    settings = parse({"province": {"code": "77", "name": "Bà Rịa - Vũng Tàu"}, "source": sources}, folder)
    installed = Installation(folder / "var", settings)
    installed.deliver(("tests", sampled_csv(), at("2021-08-30T08:00")), name="tests.csv")
    installed.deliver(("case_counts", cases_csv(cases_last_week), at("2021-08-30T08:00")), name="cases.csv")
    installed.build()
    return folder / "var"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("sampling"), 30)


@pytest.fixture(scope="module")
def release(data: Path) -> Iterator[Release]:
    opened = open_release(data, "leader")
    yield opened
    opened.close()


def test_groups_are_told_with_their_interval_and_limit_and_few_results_have_no_share(release: Release) -> None:
    found = {(row.group, row.method): row for row in positivity_by_group(release, "747", DAY)}
    row = found["F1", "pcr"]
    assert (row.positives, row.results) == (28, 560)
    assert row.share == pytest.approx(5.0)
    assert row.threshold is not None
    assert row.threshold.at == 5.0
    assert row.low is not None
    assert row.high is not None
    assert row.low < 5.0 < row.high
    few = found["arrival", "rapid"]
    assert (few.results, few.share, few.threshold) == (14, None, None)
    assert len(found) == 2


def test_sampling_that_stood_still_while_cases_tripled_does_not_keep_up(release: Release) -> None:
    sampling, results, positivity = answers(release, "747", DAY)
    assert (sampling.verdict, sampling.sentence) == ("no", "behind")
    assert sampling.values["samples"] == 714
    assert sampling.values["change"] == pytest.approx(0.0)
    assert sampling.values["cases_change"] == pytest.approx(200.0)
    assert (results.verdict, results.sentence) == ("no", "slow")
    assert results.values["share"] == pytest.approx(100 * 574 / 714)
    assert positivity.verdict == "no"
    assert positivity.threshold is not None
    assert positivity.threshold.at == 4.0
    assert positivity.values["share"] == pytest.approx(100 * 28 / 574)


def test_what_is_not_reported_is_not_known(release: Release) -> None:
    assert [answer.verdict for answer in answers(release, "755", DAY)] == ["unknown"] * 3
    assert positivity_by_group(release, "755", DAY) == []
