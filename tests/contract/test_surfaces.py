"""Every dataset on every surface: its example arrives, stands in the picture, on its pages and in exports."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from analytics.export import to_csv, to_xlsx
from analytics.indicators import INDICATORS
from analytics.ranking import rank
from analytics.release import Release, Role, open_release
from data_sources.contracts import CONTRACTS
from data_sources.settings import parse
from pages.components.frame import View
from pages.components.navigation import PAGES
from pages.components.selection import Address, read
from pages.components.tables import ranking_frame
from tests.deliveries import ZONE, Installation
from tests.pages.conftest import Open, _nothing_cached, open_page, shown, steady_data  # noqa: F401 (fixtures)

ISSUED = datetime(2022, 2, 1, 8, tzinfo=ZONE)
"""After the day of every example."""
REFERENCE = ("population",)
"""Datasets that others are divided by; they have no page of their own."""
WHOLE = ("channel_posts", "broadcasts", "misinformation")
"""Datasets about the whole province."""


def example_csv(dataset: str) -> str:
    target = io.StringIO()
    example = CONTRACTS[dataset].example
    writer = csv.DictWriter(target, list(example))
    writer.writeheader()
    writer.writerow(example)
    return target.getvalue()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("surfaces")
    sources = [
        {"name": name, "dataset": name, "kind": "files", "path": f"{name}/*.csv"}
        | ({"unit_level": "province"} if name in WHOLE else {})
        for name in CONTRACTS
    ]
    settings = parse({"province": {"code": "77", "name": "Bà Rịa - Vũng Tàu"}, "source": sources}, folder)
    installed = Installation(folder / "var", settings)
    for name in CONTRACTS:
        (report,) = installed.deliver((name, example_csv(name), ISSUED), name=f"{name}.csv")
        assert (report.rows_kept, report.held) == (1, None), f"{name}: {report.reasons}"
    installed.build()
    return folder / "var"


@pytest.fixture(scope="module")
def release(data: Path) -> Release:
    return open_release(data, "analyst")


@pytest.mark.parametrize("dataset", [name for name, contract in CONTRACTS.items() if contract.measures])
def test_the_example_stands_in_the_picture(release: Release, dataset: str) -> None:
    found = release.cursor().execute(
        "SELECT count(*) FROM picture.observation WHERE starts_with(measure, ?)", [f"{dataset}."]
    )
    row = found.fetchone()
    assert row is not None
    assert row[0] > 0


@pytest.mark.parametrize("dataset", [name for name in CONTRACTS if name not in REFERENCE])
def test_a_page_is_about_it(dataset: str) -> None:
    assert any(dataset in (entry.datasets or ()) for entry in PAGES), "name it with its page in navigation.py"


@pytest.mark.parametrize("page", [entry.name for entry in PAGES])
@pytest.mark.parametrize("role", ["leader", "analyst"])
def test_every_page_opens_on_the_examples(
    open_page: Open,  # noqa: F811
    data: Path,
    page: str,
    role: Role,
) -> None:
    entry = next(item for item in PAGES if item.name == page)
    if role not in entry.roles:
        return
    html = shown(open_page(page, data=data, role=role, day="2021-08-21"))
    assert "Trang này gặp lỗi" not in html
    assert "tc-footer" in html


def test_every_figure_of_the_examples_is_exported_as_it_is_shown(release: Release) -> None:
    days = sorted({date.fromisoformat(c.example["day"]) for c in CONTRACTS.values() if "day" in c.example})
    address = Address({})
    roles: tuple[Role, ...] = ("analyst",)
    view = View(release, read("rankings", release, roles, address), address)
    exported = 0
    for indicator in INDICATORS.values():
        for day in days:
            ranked = rank(release, indicator.id, day)
            if not ranked.rows:
                continue
            frame = ranking_frame(view, ranked)
            column = f"{indicator.name('vi')} ({indicator.measured_in('vi')})"
            values = [row.value for row in ranked.rows]
            lines = list(csv.reader(io.StringIO(to_csv(frame).decode("utf-8-sig"))))
            place = lines[0].index(column)
            assert [float(line[place]) for line in lines[1 : 1 + len(values)]] == pytest.approx(values)
            book = openpyxl.load_workbook(io.BytesIO(to_xlsx(frame, indicator.name("vi"), ())))
            cells = [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
            assert all(
                any(isinstance(cell, (int, float)) and cell == pytest.approx(v) for cell in cells) for v in values
            )
            exported += 1
            break
    assert exported >= 40
