"""Every contract's own example goes through the checks whole, under the headers and words people write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from data_sources.contracts import CONTRACTS, Contract
from data_sources.mapping import plain
from tests.deliveries import Installation, at, settings_of

SOME = list(CONTRACTS.values())


def delivered(folder: Path, contract: Contract, header: list[str], *rows: list[str]) -> tuple[int, dict[str, int]]:
    """Rows kept and the reasons of the others, of one file with these headers and rows."""
    level = {"unit_level": "province"} if contract.example.get("unit") == "77" else {}
    source: dict[str, Any] = {
        "name": "one",
        "dataset": contract.dataset,
        "kind": "files",
        "path": "drop/*.csv",
        **level,
    }
    source["read"] = {"decimal": "."}
    place = Installation(folder, settings_of(folder, source))
    text = "\n".join(";".join(cells) for cells in (header, *rows)) + "\n"
    (report,) = place.deliver(("one", text, at("2021-12-31T12:00")), name="one.csv")
    assert report.held is None, report.held
    return report.rows_kept, report.reasons


@pytest.mark.parametrize("contract", SOME, ids=lambda contract: contract.dataset)
def test_the_example_is_kept_under_vietnamese_headers_and_words(tmp_path: Path, contract: Contract) -> None:
    header, row = [], []
    for name, value in contract.example.items():
        column = contract.column(name)
        header.append(column.vi)
        words = {choice.value: choice.vi for choice in column.choices}
        row.append(words.get(value, value))
    assert delivered(tmp_path, contract, header, row) == (1, {})


@pytest.mark.parametrize("contract", SOME, ids=lambda contract: contract.dataset)
def test_no_word_means_two_things(contract: Contract) -> None:
    for column in contract.columns:
        meant: dict[str, set[str]] = {}
        for choice in column.choices:
            for word in (choice.value, choice.vi, choice.en, *choice.written_as):
                meant.setdefault(plain(word), set()).add(choice.value)
        assert not {word: values for word, values in meant.items() if len(values) > 1}, column.name


@pytest.mark.parametrize("contract", SOME, ids=lambda contract: contract.dataset)
def test_no_header_means_two_columns(contract: Contract) -> None:
    """A header that two columns know goes to the first; only names that are also another's headers would be lost."""
    names: dict[str, str] = {}
    for column in contract.columns:
        for header in (column.name, column.vi, column.en):
            assert names.setdefault(plain(header), column.name) == column.name


ROLLOUT_HEADER = ["Đơn vị", "Ngày", "Nền tảng", "Ngày dự kiến", "Ngày bắt đầu"]


@pytest.mark.parametrize(
    ("planned", "started", "reason"),
    [
        ("2022-06-30", "", None),
        ("2023-12-31", "", None),
        ("2024-01-01", "", "day_out_of_range"),
        ("2021-12-01", "2021-12-31", None),
        ("2021-12-01", "2022-01-01", "day_out_of_range"),
        ("1999-12-31", "", "day_out_of_range"),
    ],
)
def test_a_plan_may_lie_ahead_and_a_start_may_not(
    tmp_path: Path, planned: str, started: str, reason: str | None
) -> None:
    row = ["747", "2021-12-30", "Hỗ trợ truy vết", planned, started]
    kept, reasons = delivered(tmp_path, CONTRACTS["rollout"], ROLLOUT_HEADER, row)
    assert (kept, reasons) == ((1, {}) if reason is None else (0, {reason: 1}))


def test_a_wait_is_not_longer_for_half_than_for_nine_tenths(tmp_path: Path) -> None:
    header = ["Đơn vị", "Ngày", "Chủ đề", "Cuộc gọi đến", "Cuộc đã nghe", "Giây chờ (trung vị)", "Giây chờ (p90)"]
    rows = [
        ["747", "2021-12-30", "An sinh", "120", "100", "30", "95"],
        ["748", "2021-12-30", "Giấy đi đường", "120", "100", "95", "30"],
        ["750", "2021-12-30", "Tiêm vắc xin", "100", "120", "30", "95"],
        ["751", "2021-12-30", "Lấy mẫu", "12", "10", "30000", "95000"],
    ]
    kept, reasons = delivered(tmp_path, CONTRACTS["hotline"], header, *rows)
    assert (kept, reasons) == (1, {"part_above_whole": 2, "out_of_range": 1})
