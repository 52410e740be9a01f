"""`python -m analytics briefing`: which file for which ending, what it says, and what happens when it cannot."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from analytics.__main__ import main
from analytics.briefing import command
from analytics.briefing.declared import OWN_FILE
from analytics.briefing.files import Made, Wanted, make
from analytics.release import Release, current_id
from tests.analytics.small_province import LAST, small_province

Captured = pytest.CaptureFixture[str]


def run(captured: Captured, *arguments: str) -> tuple[int, str, str]:
    code = main(["briefing", *arguments])
    said = captured.readouterr()
    return code, said.out, said.err


@pytest.mark.parametrize(
    ("name", "report", "begins"),
    [
        ("a.pdf", None, b"%PDF-"),
        ("a.pptx", None, b"PK"),
        ("a.XLSX", None, b"PK"),
        ("a.pdf", "daily", b"%PDF-"),
        ("a.xlsx", "ministry", b"PK"),
        ("a.csv", "ministry", b"\xef\xbb\xbf"),
    ],
)
def test_each_ending_gives_its_file(
    province_data: Path, tmp_path: Path, capsys: Captured, name: str, report: str | None, begins: bytes
) -> None:
    out = tmp_path / name
    asked = ["--report", report] if report else []
    code, told, _ = run(capsys, "--data", str(province_data), "--out", str(out), "--json", "--language", "en", *asked)

    assert code == 0
    assert out.read_bytes().startswith(begins)
    said = json.loads(told)
    assert (said["file"], said["day"], said["bytes"]) == (str(out), LAST.isoformat(), out.stat().st_size)
    assert said["release"] == current_id(province_data)
    assert said["faults"] == said["missing"] == []
    assert list(tmp_path.iterdir()) == [out]


def test_faults_are_said_with_their_line_and_the_rest_is_made(
    province_data: Path, tmp_path: Path, capsys: Captured
) -> None:
    slides = tmp_path / "slides.toml"
    slides.write_text(
        '[[slide]]\nid = "one"\nvi = "Một"\nen = "One"\nform = "figures"\nindicators = ["cases_new", "no_such"]\n'
        '[[slide]]\nid = "two"\nvi = "Hai"\nen = "Two"\nform = "curve"\nindicators = ["movement_change_published"]\n',
        encoding="utf-8",
    )
    out = tmp_path / "a.pdf"
    code, _, said = run(capsys, "--data", str(province_data), "--out", str(out), "--slides", str(slides))

    assert code == 0
    assert "no_such" in said
    assert "Dòng 6" in said
    assert "Hai: " in said, "the slide without data"
    assert out.read_bytes().startswith(b"%PDF-")


def test_the_provinces_own_slides_beside_its_data_are_taken(tmp_path: Path, capsys: Captured) -> None:
    small_province().write(tmp_path)
    own = '[[slide]]\nid = "own"\nvi = "Riêng"\nform = "map"\nindicators = ["incidence_7d", "no_such"]\n'
    (tmp_path / OWN_FILE).write_text(own, encoding="utf-8")
    out = tmp_path / "a.xlsx"
    code, _, said = run(capsys, "--data", str(tmp_path), "--out", str(out))
    assert code == 0
    assert "briefing.toml: Dòng 5" in said and "no_such" in said
    assert any("Riêng" in name for name in openpyxl.load_workbook(out).sheetnames)


def test_an_ending_that_is_not_known_names_those_that_are(province_data: Path, capsys: Captured) -> None:
    code, _, said = run(capsys, "--data", str(province_data), "--out", "a.doc", "--report", "ministry")
    assert code == 2
    assert ".csv, .xlsx" in said


def test_what_cannot_be_written_or_read_is_said(province_data: Path, tmp_path: Path, capsys: Captured) -> None:
    kept = tmp_path / "kept.pdf"
    kept.write_text("older")
    code, _, said = run(capsys, "--data", str(province_data), "--out", str(kept / "a.pdf"))
    assert code == 1
    assert str(kept / "a.pdf") in said
    code, _, said = run(capsys, "--data", str(province_data), "--out", str(kept), "--slides", str(tmp_path / "none"))
    assert code == 2
    assert "none" in said
    assert kept.read_text() == "older"
    code, _, said = run(capsys, "--data", str(tmp_path), "--out", str(kept))
    assert code == 1


def test_one_release_from_first_to_last_slide_though_another_appears(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = small_province(1).write(tmp_path)
    plain = tmp_path / "plain.xlsx"
    assert run(capsys, "--data", str(tmp_path), "--out", str(plain))[0] == 0

    def publish_then_make(release: Release, kind: command.Kind, wanted: Wanted) -> Made:
        small_province(2).write(tmp_path, "20210830T180000-later")
        return make(release, kind, wanted)

    monkeypatch.setattr(command, "make", publish_then_make)
    out = tmp_path / "a.xlsx"
    code, told, _ = run(capsys, "--data", str(tmp_path), "--out", str(out), "--json")

    assert code == 0
    assert current_id(tmp_path) == "20210830T180000-later"
    assert json.loads(told)["release"] == first
    assert _sheets(out) == _sheets(plain)


def test_since_a_release_that_is_kept_one_that_is_gone_and_one_that_came_later(
    tmp_path: Path, capsys: Captured
) -> None:
    first = small_province(1).write(tmp_path)
    second = "20210829T190000-fedcba987654"
    later = small_province(2)
    later.as_of += timedelta(hours=1)
    later.write(tmp_path, second)
    out = tmp_path / "a.xlsx"
    asked = ["--data", str(tmp_path), "--out", str(out), "--json"]

    def what(*more: str) -> str:
        code, _, said = run(capsys, *asked, *more)
        assert code == 0, said
        return "".join(part.decode() for name, part in _sheets(out).items() if name.endswith(".xml"))

    assert "từ bản số liệu" in what("--since", first)
    assert re.search(r"từ bản số liệu \d\d:\d\d ngày (19|20)/8/2021", what("--since", "20210820T120000-000000000000"))
    assert "22/8/2021" in what("--since", "2021-08-22")
    code, _, said = run(capsys, *asked, "--as-of", first, "--since", second)
    assert code == 2 and "needed a release before" in said


def test_as_of_a_past_release_a_day_and_a_release_that_is_gone(tmp_path: Path, capsys: Captured) -> None:
    first = small_province(1).write(tmp_path)
    small_province(2).write(tmp_path, "20210829T190000-fedcba987654")
    out = tmp_path / "a.xlsx"
    asked = ["--data", str(tmp_path), "--out", str(out), "--report", "ministry", "--json", "--as-of"]

    code, told, _ = run(capsys, *asked, first)
    assert (code, json.loads(told)["release"]) == (0, first)
    assert _stamp(out).startswith("Như đã biết lúc 18:00 ngày 29/8/2021")
    code, told, _ = run(capsys, *asked, "2021-08-20")
    assert (code, json.loads(told)["release"]) == (0, "20210829T190000-fedcba987654")
    assert json.loads(told)["day"] <= "2021-08-20"
    assert _stamp(out).startswith("Như đã biết lúc 23:59 ngày 20/8/2021")
    code, told, said = run(capsys, *asked, "20210820T120000-000000000000")
    assert code == 0
    assert "no longer kept" in said
    assert _stamp(out).startswith("Như đã biết lúc 12:00 ngày 20/8/2021")


def _stamp(path: Path) -> str:
    return str(openpyxl.load_workbook(path).worksheets[0].cell(2, 1).value)


def _sheets(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}
