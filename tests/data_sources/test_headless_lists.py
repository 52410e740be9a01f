"""A list of persons that came without its header: the first person stands where the names of columns should."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deliveries import Installation, at, counts_source, settings_of

NAME, PLACE = "Trần Yến Hoàng Oanh", "ngõ Chim Hoàng Yến"
ROWS = "".join(f"BN{n},x,752,2021-08-2{n},3{n}\n" for n in range(1, 9))
LATE = at("2021-08-29T18:00")


def installed(folder: Path) -> Installation:
    people = {"name": "list", "dataset": "cases", "kind": "files", "path": "list/*.csv"}
    place = Installation(folder / "var", settings_of(folder, people, counts_source()))
    place.data.mkdir(parents=True)
    return place


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        (f"x,{NAME},{PLACE},x,x\n{ROWS}", 0),
        (f"Mã ca,{NAME},Đơn vị,Ngày báo cáo,Tuổi\n{ROWS}", 8),
        (f"Mã ca,Họ tên,Đơn vị,Ngày báo cáo,{NAME}\n{ROWS}", 8),
    ],
)
def test_no_name_is_said_and_the_columns_are_told_by_their_place(tmp_path: Path, content: str, kept: int) -> None:
    place = installed(tmp_path)
    [report] = place.deliver(("list", content, LATE))
    place.deliver(("counts", "unit,day,cases\n752,2021-08-20,3\n", LATE))
    place.build()
    assert report.rows_kept == kept
    told = [*report.notes, *([report.held] if report.held else [])]
    said = [one.text(language) for one in told for language in ("vi", "en")]
    stored = str(place.query("SELECT * FROM held_batch")) + str(place.query("SELECT * FROM format_note"))
    for word in (*NAME.split(), "Chim"):
        assert all(word not in one for one in (*said, stored, str(place.query("SELECT * FROM source_status"))))
    assert any("cột " in one for one in said) and any("column " in one for one in said)


def test_a_count_of_no_person_names_its_unknown_columns_as_they_are_written(tmp_path: Path) -> None:
    place = installed(tmp_path)
    [report] = place.deliver(("counts", "unit,day,cases,Ghi chú riêng\n752,2021-08-20,3,a\n", LATE))
    assert any("Ghi chú riêng" in note.text("vi") for note in report.notes)
