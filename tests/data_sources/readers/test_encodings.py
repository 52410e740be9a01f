"""Old Vietnamese codes and Unicode in its forms: every letter comes back, and what cannot be told is refused."""

from __future__ import annotations

import codecs
import json
import unicodedata
from pathlib import Path

import pytest
import vietnam_provinces

from data_sources.readers import legacy_letters as letters
from data_sources.readers.encodings import (
    OLD_CODES,
    SAMPLE_BYTES,
    decoded_blocks,
    find_encoding,
    find_font_code,
    sample_of,
)
from data_sources.readers.syllables import is_syllable, likeness
from data_sources.refusal import Refused
from tests.data_sources.readers.samples import read_text

SMALL = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ"


def district_names() -> list[str]:
    """The names of all districts of 2021."""
    divisions = json.loads(Path(vietnam_provinces.NESTED_DIVISIONS_JSON_PATH).read_text(encoding="utf-8"))
    return [district["name"] for province in divisions for district in province["districts"]]


@pytest.mark.parametrize("code", sorted(OLD_CODES))
@pytest.mark.parametrize("letter", SMALL + SMALL.upper())
def test_every_vietnamese_letter_comes_back_from_every_old_code(code: str, letter: str) -> None:
    written = letters.to_legacy(letter, code)
    assert OLD_CODES[code](written.decode("latin-1")) == letter


@pytest.mark.parametrize("code", sorted(OLD_CODES))
def test_all_names_of_districts_come_back_and_the_code_is_found(code: str) -> None:
    names = district_names()
    assert len(names) > 700
    encoded = letters.to_legacy("\n".join(names), code)
    found = find_encoding(encoded, None, "names")
    assert found.name == code
    assert found.decode(encoded).split("\n") == names


@pytest.mark.parametrize("code", sorted(OLD_CODES))
def test_few_names_are_read_rightly_or_refused_but_never_wrongly(code: str) -> None:
    names = district_names()
    refused = 0
    for start in range(0, len(names) - 3, 3):
        text = "\n".join(names[start : start + 3])
        encoded = letters.to_legacy(text, code)
        try:
            found = find_encoding(encoded, None, "names")
        except Refused:
            refused += 1
            continue
        assert found.decode(encoded) == text
    assert refused <= 10


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_told_by_its_own_rules(encoding: str) -> None:
    text = "Đơn vị,Ngày\nThành phố Vũng Tàu,21/8/2021\n" * 20
    found = find_encoding(text.encode(encoding), None, "file")
    assert found.decode(text.encode(encoding)).lstrip("\ufeff") == text


@pytest.mark.parametrize("code", ["tcvn3", "vni", "cp1258", "viscii"])
def test_a_csv_in_an_old_code_arrives_in_unicode_and_the_code_is_stated(tmp_path: Path, code: str) -> None:
    text = "Đơn vị;Số ca;Ghi chú\nThành phố Vũng Tàu;11;không\nHuyện Long Điền;39;khu phong tỏa\n"
    read = read_text(tmp_path, letters.to_legacy(text, code))
    assert read.loaded.encoding == code
    assert read.loaded.columns == ("Đơn vị", "Số ca", "Ghi chú")
    assert read.data == [("Thành phố Vũng Tàu", "11", "không"), ("Huyện Long Điền", "39", "khu phong tỏa")]


def test_declared_old_code_is_taken_where_little_text_decides(tmp_path: Path) -> None:
    content = letters.to_legacy("ma;ten\n1;Rịa\n", "vni")
    read = read_text(tmp_path, content, encoding="VNI")
    assert read.data == [("1", "Rịa")]


def test_capital_font_of_tcvn3_gives_capitals() -> None:
    typed = "Bµ RÞa - VòNG TµU, THµNH PHè Hå CHÝ MINH".replace("Bµ RÞa", "Bµ RÞA")
    assert letters.from_tcvn3(typed) == "BÀ RỊA - VŨNG TÀU, THÀNH PHỐ HỒ CHÍ MINH"
    assert letters.from_tcvn3("Bµ RÞa - Vòng Tµu") == "Bà Rịa - Vũng Tàu"


def test_bytes_that_are_vietnamese_in_no_code_are_refused_not_stored() -> None:
    with pytest.raises(Refused, match="not UTF-8"):
        find_encoding("Größe;Straße;Müller;Maßstab".encode("latin-1"), None, "file")


def test_an_unknown_declared_encoding_is_refused_by_name() -> None:
    with pytest.raises(Refused, match="tcvn5"):
        find_encoding(b"abc", "tcvn5", "file")


def test_a_declared_encoding_that_does_not_fit_is_refused() -> None:
    with pytest.raises(Refused, match="not utf-8"):
        find_encoding(b"a\xff\xfe", "utf-8", "file")


def test_bytes_that_stop_being_utf8_far_down_are_refused_with_their_row(tmp_path: Path) -> None:
    rows = "".join(f"{number},x\n" for number in range(2, 300_000))
    with pytest.raises(Refused, match="row 300000"):
        read_text(tmp_path, b"a,b\n" + rows.encode() + b"1,\xff\xfe\n" + b"2,y\n" * 400_000)


@pytest.mark.parametrize("code", ["tcvn3", "vni"])
def test_a_column_typed_in_an_old_font_becomes_unicode_beside_columns_that_are(tmp_path: Path, code: str) -> None:
    typed = [letters.to_legacy(name, code).decode("cp1252") for name in ("Bà Rịa", "Vũng Tàu", "Đất Đỏ")]
    text = "Mã,Tên,Ghi chú\n" + "".join(f"{place},{name},Phú Mỹ\n" for place, name in enumerate(typed))
    read = read_text(tmp_path, text)
    assert [cells[1] for cells in read.data] == ["Bà Rịa", "Vũng Tàu", "Đất Đỏ"]
    assert {cells[2] for cells in read.data} == {"Phú Mỹ"}
    assert any(f"typed in {code}" in note for note in read.notes)


def test_utf8_that_was_saved_as_windows_1252_and_again_as_utf8_is_mended(tmp_path: Path) -> None:
    twice = "Tỉnh,Số ca\nBà Rịa - Vũng Tàu,1\nĐồng Nai,2\n".encode().decode("latin-1").encode()
    read = read_text(tmp_path, twice)
    assert read.loaded.columns == ("Tỉnh", "Số ca")
    assert [cells[0] for cells in read.data] == ["Bà Rịa - Vũng Tàu", "Đồng Nai"]


@pytest.mark.parametrize("name", ["Zürich", "São Paulo", "Málaga – “Costa”", "Đắk Lắk", "Côn Đảo"])
def test_foreign_names_and_unicode_vietnamese_are_no_old_font(name: str) -> None:
    assert find_font_code([name, "Huyện Côn Đảo"]) is None


def test_rows_whose_letters_were_lost_before_are_set_aside(tmp_path: Path) -> None:
    read = read_text(tmp_path, "Tên,Số\nV\ufffdng T\ufffdu,1\nĐất Đỏ,2\n")
    assert read.data == [("Đất Đỏ", "2")]
    assert [(row, reason) for row, _, reason in read.rejects] == [(2, "lost_letters")]


def test_decomposed_text_is_composed_in_headers_and_cells(tmp_path: Path) -> None:
    text = unicodedata.normalize("NFD", "Đơn vị,Số\nHuyện Đất Đỏ,1\n")
    read = read_text(tmp_path, text)
    assert read.loaded.columns == ("Đơn vị", "Số")
    assert read.data == [("Huyện Đất Đỏ", "1")]


@pytest.mark.parametrize("letter", ["ô", "ớ", "😷"])
def test_a_letter_cut_at_the_end_of_the_sample_is_still_utf8(tmp_path: Path, letter: str) -> None:
    width = len(letter.encode())
    for inside in range(width + 1):
        line = b"T\xe1\xbb\x95ng,1\n"
        before = line * (SAMPLE_BYTES // len(line) - 1)
        before += b"a" * (SAMPLE_BYTES - len(before) - inside)
        path = tmp_path / f"{inside}.csv"
        path.write_bytes(before + letter.encode() + b",1\n" + line * 50_000)
        sample = sample_of(path)
        assert find_encoding(sample, None, "t").is_utf8
        assert sample[: SAMPLE_BYTES - 3] == path.read_bytes()[: SAMPLE_BYTES - 3]


def test_blocks_end_at_lines_and_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data_sources.readers.encodings.BLOCK_BYTES", 7)
    text = "".join(f"Huyện {number}, Đất Đỏ\r\n" for number in range(50)) + "cuối"
    path = tmp_path / "text"
    path.write_bytes(codecs.BOM_UTF16_LE + text.encode("utf-16-le"))
    blocks = list(decoded_blocks(path, find_encoding(path.read_bytes(), None, "file"), "file"))
    assert "".join(blocks) == text
    assert all(block.endswith("\n") for block in blocks[:-1])


@pytest.mark.parametrize("word", ["nghiêng", "Quốc", "giếng", "Đắk", "khuỷu", "hoà", "hòa", "ƯỚC"])
def test_syllables_that_vietnamese_has(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["phá»‘", "Größe", "các̀", "bàc", "Ñaát", "hµ"])
def test_syllables_that_vietnamese_has_not(word: str) -> None:
    assert not is_syllable(word)


def test_likeness_counts_each_accented_word_once() -> None:
    assert likeness(["Bà Rịa, Bà Rịa", "Straße x"]).words == 3
