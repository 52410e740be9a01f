"""Annotations: nothing is changed or lost, every moment can be read again, and what goes wrong is said."""

from __future__ import annotations

import os
import sqlite3
import stat
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import data_sources.annotations as store
from data_sources.annotations import FILE, Draft, every_annotation, held_annotations, last_change, withdraw, write
from data_sources.refusal import Refused

NOBODY = 65_534
START = datetime(2021, 8, 29, 11, tzinfo=UTC)
MEASURE = Draft(
    kind="measure",
    first_day=date(2021, 7, 18),
    last_day=None,
    units=("77",),
    vi="Chỉ thị 16 toàn tỉnh",
    source="Công văn 8999/UBND",
    author="leader",
)
COMMENT = Draft(
    kind="comment",
    first_day=date(2021, 8, 20),
    last_day=None,
    units=("752",),
    indicator="incidence_7d",
    vi="Ổ dịch chợ, đã khoanh",
    author="analyst",
)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def test_every_record_and_withdrawal_is_noticed_and_no_reading_is(tmp_path: Path) -> None:
    marks = [last_change(tmp_path)]
    one = write(tmp_path, MEASURE, at(0))
    marks.append(last_change(tmp_path))
    assert held_annotations(tmp_path, at(1)) and every_annotation(tmp_path)
    assert last_change(tmp_path) == marks[-1]
    withdraw(tmp_path, one.id, "analyst", at(10))
    marks.append(last_change(tmp_path))
    assert marks[0] == 0 and len(set(marks)) == 3


def test_what_was_written_is_read_and_a_withdrawal_hides_it_from_then_on(tmp_path: Path) -> None:
    assert held_annotations(tmp_path) == []
    one = write(tmp_path, MEASURE, at(0))
    two = write(tmp_path, COMMENT, at(5))
    assert held_annotations(tmp_path) == [one, two]
    assert (two.last_day, two.written) == (date(2021, 8, 20), at(5))
    withdraw(tmp_path, one.id, "analyst", at(10))
    assert held_annotations(tmp_path) == [two]
    assert held_annotations(tmp_path, at(7)) == [one, two]
    assert held_annotations(tmp_path, at(4)) == [one]
    assert held_annotations(tmp_path, at(10)) == [two]
    assert held_annotations(tmp_path, at(-1)) == []
    assert every_annotation(tmp_path) == [replace(one, withdrawn=at(10)), two]


def test_an_edit_is_a_withdrawal_and_a_new_record_or_nothing(tmp_path: Path) -> None:
    one = write(tmp_path, MEASURE, at(0))
    two = write(tmp_path, replace(MEASURE, last_day=date(2021, 9, 1)), at(5), replaces=one.id)
    assert held_annotations(tmp_path) == [two]
    assert held_annotations(tmp_path, at(1)) == [one]
    with pytest.raises(Refused, match="withdrawn, or none"):
        write(tmp_path, MEASURE, at(6), replaces=one.id)
    assert len(every_annotation(tmp_path)) == 2


def test_nothing_can_be_changed_or_deleted_behind_the_product(tmp_path: Path) -> None:
    write(tmp_path, MEASURE, at(0))
    with sqlite3.connect(tmp_path / FILE) as connection:
        for order in ("DELETE FROM annotation", "UPDATE annotation SET vi = 'x'"):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(order)
    connection.close()
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE]  # one file is the whole backup


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        (replace(MEASURE, vi=" \n "), "nội dung tiếng Việt; thực tế: để trống"),
        (replace(MEASURE, source=""), "nguồn (số văn bản, nơi công bố); thực tế: để trống"),
        (replace(MEASURE, units=()), "ít nhất một đơn vị"),
        (replace(COMMENT, indicator=""), "đơn vị và chỉ tiêu"),
        (replace(COMMENT, units=("752", "748")), "đơn vị và chỉ tiêu"),
        (replace(MEASURE, last_day=date(2021, 7, 1)), "không trước ngày bắt đầu 18/7/2021; thực tế: 1/7/2021"),
        (replace(MEASURE, vi="x" * 121), "không quá 120 chữ; thực tế: 121 chữ"),
        (replace(COMMENT, vi="Gọi chị 0912 345 678"), "một số điện thoại, bắt đầu bằng “091…”"),
        (replace(MEASURE, source="theo 077199001234"), "số giấy tờ tùy thân"),
        (replace(MEASURE, en="write to a.b@example.org"), "một địa chỉ thư điện tử"),
    ],
)
def test_what_is_wrong_is_said_and_not_written(tmp_path: Path, draft: Draft, said: str) -> None:
    with pytest.raises(Refused) as refused:
        write(tmp_path, draft, at(0))
    assert said in refused.value.text("vi")
    assert "345" not in refused.value.text("vi")
    assert not (tmp_path / FILE).exists()


def test_two_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    def many(number: int) -> list[int]:
        return [write(tmp_path, replace(MEASURE, vi=f"{number}-{count}"), at(count)).id for count in range(15)]

    with ThreadPoolExecutor(2) as pool:
        numbers = [number for found in pool.map(many, (1, 2)) for number in found]
    held = held_annotations(tmp_path)
    assert sorted(numbers) == [one.id for one in held]
    assert {one.vi for one in held} == {f"{number}-{count}" for number in (1, 2) for count in range(15)}


def test_only_one_of_two_withdrawals_holds(tmp_path: Path) -> None:
    one = write(tmp_path, MEASURE, at(0))

    def gone(_: int) -> bool:
        try:
            withdraw(tmp_path, one.id, "leader", at(1))
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(gone, range(2))) == [False, True]


def test_a_full_file_is_said_and_what_was_there_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = [write(tmp_path, replace(COMMENT, vi="x" * 400), at(count)) for count in range(3)]
    monkeypatch.setattr(store, "MOST_PAGES", 1)  # SQLite then takes the pages there are for the most
    with pytest.raises(Refused, match="full"):
        for count in range(50):
            before.append(write(tmp_path, replace(COMMENT, vi="y" * 400), at(count)))
    assert held_annotations(tmp_path) == before


def test_a_damaged_file_is_said_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database" * 500)
    for ask in (lambda: held_annotations(tmp_path), lambda: write(tmp_path, MEASURE, at(0))):
        with pytest.raises(Refused) as refused:
            ask()
        assert refused.value.text("vi").startswith("Tệp annotations.sqlite: cần tệp ghi chú nguyên vẹn")
    assert (tmp_path / FILE).read_bytes() == b"no database" * 500


def test_a_folder_that_cannot_be_written_is_said_and_still_read() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        one = write(data, MEASURE, at(0))
        (data / FILE).chmod(0o444)
        data.chmod(0o555)
        own = os.geteuid()
        if own == 0:
            os.seteuid(NOBODY)  # root writes everywhere
        try:
            assert held_annotations(data) == [one]
            with pytest.raises(Refused, match="cannot be opened or written"):
                write(data, MEASURE, at(1))
        finally:
            if own == 0:
                os.seteuid(own)
            data.chmod(0o700)


Act = tuple[str, int]
ACTS = st.lists(st.tuples(st.sampled_from(["write", "withdraw", "edit"]), st.integers(0, 9)), max_size=14)


@given(acts=ACTS)
@settings(max_examples=40, deadline=None)
def test_any_course_of_writing_and_withdrawing_reads_back_as_of_every_moment(acts: list[Act]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data, held, kept = Path(folder), set[str](), [frozenset[str]()]
        for minute, (act, which) in enumerate(acts, start=1):
            records = every_annotation(data)
            open_ones = [one for one in records if one.withdrawn is None]
            aim = open_ones[which % len(open_ones)] if open_ones else None
            if act == "withdraw" and aim:
                withdraw(data, aim.id, "leader", at(minute))
                held.discard(aim.vi)
            elif act == "edit" and aim:
                write(data, replace(MEASURE, vi=f"n{minute}"), at(minute), replaces=aim.id)
                held = (held - {aim.vi}) | {f"n{minute}"}
            elif act == "write":
                write(data, replace(MEASURE, vi=f"n{minute}"), at(minute))
                held.add(f"n{minute}")
            kept.append(frozenset(held))
        for minute, expected in enumerate(kept):
            assert {one.vi for one in held_annotations(data, at(minute))} == expected
        assert {one.vi for one in held_annotations(data)} == kept[-1]
