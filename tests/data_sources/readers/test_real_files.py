"""Published files as they came: what the reader says of them, and the same rows as an independent reading."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from data_sources.readers import load
from data_sources.readers.formats import AmbiguousDates, find_day_format, find_number_format
from data_sources.readers.names import quoted
from data_sources.settings import ReadSettings
from tests.data_sources.readers.samples import connect

# file, delimiter, rows, its column of days (None: none) and how they are written
FILES = [
    ("vn_vncdc_timeseries/vncdc_covid19_timeseries_vn_raw.csv", ",", 39_406, "date", "yyyy-mm-dd"),
    ("vn_antoancovid/cases_huyen_dongnai.csv", ",", 44, "date_dmy", "dd/mm/yyyy"),
    ("vn_antoancovid/cases_tinh.csv", ",", 817, "date_dmy", "dd/mm/yyyy"),
    ("google_mobility/2021_VN_Region_Mobility_Report.csv", ",", 10_880, "date", "yyyy-mm-dd"),
    ("vn_tuankhoin/vaccination.csv", ",", 63, None, ""),
    ("vn_tuankhoin/MOH_PatientTable_24_05.csv", ",", 5_308, None, ""),
    ("korea_ds4c/PatientInfo.csv", ",", 3_388, "confirmed_date", "yyyy-mm-dd"),
    ("korea_ds4c/PatientRoute.csv", ",", 6_714, "date", "yyyy-mm-dd"),
    ("malaysia_moh/epidemic/cases_state.csv", ",", 17_552, "date", "yyyy-mm-dd"),
    ("malaysia_moh/epidemic/pkrc.csv", ",", 10_000, "date", "yyyy-mm-dd"),
    ("malaysia_moh/vaccination/vax_state.csv", ",", 11_216, "date", "yyyy-mm-dd"),
]


@pytest.mark.parametrize(("name", "delimiter", "rows", "day", "written"), FILES, ids=[row[0] for row in FILES])
def test_every_row_of_a_published_file_is_read_as_an_independent_reader_reads_it(
    shared_data: Path, name: str, delimiter: str, rows: int, day: str | None, written: str
) -> None:
    con = connect()
    loaded = load(con, shared_data / name, "staging", ReadSettings())
    assert (loaded.encoding, loaded.delimiter, loaded.header_row, loaded.rows) == ("utf-8", delimiter, 1, rows)
    assert con.execute("SELECT count(*) FROM staging_rejects").fetchone() == (0,)
    with (shared_data / name).open(encoding="utf-8", newline="") as stream:
        header, *expected = list(csv.reader(stream))
    assert [name or f"cột {place}" for place, name in enumerate(header, start=1)] == list(loaded.columns)
    found = con.execute("SELECT * EXCLUDE (_sheet, _row, _role) FROM staging ORDER BY _row").fetchall()
    assert found == [tuple(text.strip() or None for text in row) for row in expected]
    if day is not None:
        assert find_day_format(con, "staging", day, None).description.text("en") == written


def test_headerless_tab_separated_movement(shared_data: Path) -> None:
    con = connect()
    name = "zaf_facebook_movement/facebook_mobility_movement-range-zaf-2021.txt"
    loaded = load(con, shared_data / name, "staging", ReadSettings(header=False))
    assert (loaded.delimiter, loaded.header_row, loaded.rows) == ("\t", 0, 14_768)
    assert loaded.columns == tuple("123456789")
    ratio = find_number_format(con, "staging", "7", None).number_sql(quoted("7"))
    con.execute("SET TimeZone = 'Asia/Ho_Chi_Minh'")
    day = find_day_format(con, "staging", "1", None).sql(quoted("1"))
    row = con.execute(
        f"SELECT min({day}), max({day}), min({ratio}), max({ratio}), count({ratio}) FROM staging"
    ).fetchone()
    assert row is not None
    assert row[:2] == (date(2021, 1, 1), date(2021, 10, 11))
    assert 0 <= row[2] < row[3] <= 1
    assert row[4] == 14_768


def test_a_bulletin_of_one_day_is_refused_until_its_order_is_declared(shared_data: Path) -> None:
    con = connect()
    loaded = load(con, shared_data / "vn_tuankhoin/1205.csv", "staging", ReadSettings())
    assert loaded.rows == 87
    with pytest.raises(AmbiguousDates):
        find_day_format(con, "staging", "Ngày thông báo", None)
    sql = find_day_format(con, "staging", "Ngày thông báo", "%d/%m/%Y").sql(quoted("Ngày thông báo"))
    assert con.execute(f"SELECT DISTINCT {sql} FROM staging").fetchall() == [(date(2021, 5, 12),)]


def test_an_envelope_of_patients(shared_data: Path) -> None:
    path = shared_data / "vn_trongthanh_linelist/patients.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    con = connect()
    loaded = load(con, path, "staging", ReadSettings())
    assert (loaded.format, loaded.rows) == ("json", document["total"])
