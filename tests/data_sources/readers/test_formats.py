"""Days, times and numbers of a column: found out from all its values, refused where they do not decide."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_sources.readers.formats import (
    AmbiguousDates,
    AmbiguousNumbers,
    find_day_format,
    find_number_format,
    find_time_format,
    time_sql,
)
from data_sources.refusal import Refused
from tests.data_sources.readers.samples import connect

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
COLUMN = '"Cột ""a"""'


@cache
def _connection() -> Any:
    return connect()


def column_of(values: list[str | None]) -> Any:
    """A connection with a table `t` whose column `Cột "a"` holds these texts in order."""
    con = _connection().cursor()
    con.execute("SET TimeZone = 'Asia/Ho_Chi_Minh'")
    con.execute(f"CREATE TEMP TABLE t AS SELECT unnest(?::VARCHAR[]) AS {COLUMN}", [values])
    return con


def days(values: list[str | None], declared: str | None = None) -> tuple[str, list[date | None]]:
    """How a column's days are written, and what they are."""
    con = column_of(values)
    found = find_day_format(con, "t", 'Cột "a"', declared)
    sql = found.sql(COLUMN)
    assert con.execute(f"SELECT typeof({sql}) FROM t").fetchone() == ("DATE",)
    return found.description.text("en"), [row[0] for row in con.execute(f"SELECT {sql} FROM t").fetchall()]


def times(values: list[str | None], declared: str | None = None) -> tuple[str, list[datetime | None]]:
    """How a column's times are written, and what they are."""
    con = column_of(values)
    found = find_time_format(con, "t", 'Cột "a"', declared)
    assert found.sql(COLUMN) == time_sql(con, "t", 'Cột "a"', COLUMN, declared)
    return found.description.text("en"), [
        row[0] for row in con.execute(f"SELECT {found.sql(COLUMN)} FROM t").fetchall()
    ]


def integers(values: list[str | None], declared: Any = None) -> list[int | None]:
    """What a column's whole numbers are."""
    con = column_of(values)
    sql = find_number_format(con, "t", 'Cột "a"', declared, whole=True).integer_sql(COLUMN)
    return [row[0] for row in con.execute(f"SELECT {sql} FROM t").fetchall()]


def numbers(values: list[str | None], declared: Any = None) -> list[float | None]:
    """What a column's numbers are."""
    con = column_of(values)
    sql = find_number_format(con, "t", 'Cột "a"', declared).number_sql(COLUMN)
    return [row[0] for row in con.execute(f"SELECT {sql} FROM t").fetchall()]


AUG_1, AUG_13 = date(2021, 8, 1), date(2021, 8, 13)


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        ("2021-08-01", "2021-08-13", "yyyy-mm-dd"),
        ("2021-8-1", "2021/08/13", "yyyy-mm-dd"),
        ("2021-08-01 10:20:30", "2021-08-13T23:59", "yyyy-mm-dd"),
        ("01/08/2021", "13/08/2021", "dd/mm/yyyy"),
        ("1/8/2021", "13/8/2021", "dd/mm/yyyy"),
        ("01-08-2021", "13-08-2021", "dd/mm/yyyy"),
        ("01.08.2021", "13.08.2021", "dd/mm/yyyy"),
        ("1/8/21", "13/8/21", "dd/mm/yy"),
        ("08/01/2021", "08/13/2021", "mm/dd/yyyy"),
        ("20210801", "20210813", "yyyymmdd"),
        ("44409", "44421", "Excel serial"),
        ("44409.75", "44421.0", "Excel serial"),
        ("ngày 1 tháng 8 năm 2021", "13 tháng 08 năm 2021", "ngày d tháng m năm yyyy"),
        ("1 Aug 2021", "13-August-2021", "d Mon yyyy"),
        ("14:05 01/08/2021", "7h30 ngày 13/08/2021", "dd/mm/yyyy"),
        ("01/08/2021 14:05", "13/08/2021, 7:30:05 PM", "dd/mm/yyyy"),
        ("０１/０８/２０２１", "13/08/2021", "dd/mm/yyyy"),
        ("2021-07-31T20:00:00Z", "2021-08-13T06:59:00+07:00", "yyyy-mm-ddThh:mm±hh:mm"),
        ("1627776000000", "1628812800000", "ms since 1970"),
    ],
)
def test_days_are_read_in_each_form(first: str, second: str, shown: str) -> None:
    assert days([first, second, None]) == (shown, [AUG_1, AUG_13, None])


def test_one_column_may_mix_forms_that_each_say_what_they_are() -> None:
    found = days(["01/08/2021", "13/08/2021", "44409", "2021-08-13"])
    assert found == ("yyyy-mm-dd, dd/mm/yyyy, Excel serial", [AUG_1, AUG_13, AUG_1, AUG_13])


@pytest.mark.parametrize("sign", ["/", "-", "."])
def test_days_that_nothing_decides_are_refused(sign: str) -> None:
    with pytest.raises(AmbiguousDates, match="date_format"):
        days([f"0{day}{sign}08{sign}2021" for day in range(1, 8)])


def test_the_refusal_of_a_column_quotes_none_of_its_values() -> None:
    with pytest.raises(AmbiguousDates) as refusal:
        days(["03/04/1981"])
    assert "1981" not in str(refusal.value)


def test_a_declared_form_decides() -> None:
    assert days(["01/08/2021", "13/08/2021", "2021-08-13"], "%d/%m/%Y")[1] == [AUG_1, AUG_13, AUG_13]
    assert days(["08/01/2021", "08/13/2021"], "%m/%d/%Y")[1] == [AUG_1, AUG_13]
    assert days(["01/08/2021", "hôm nay"], "%d/%m/%Y") == ("dd/mm/yyyy", [AUG_1, None])
    assert days(["x'y"], "%d'%m")[1] == [None]


def test_days_of_equal_day_and_month_depend_on_nothing() -> None:
    assert days(["08/08/2021", "7/7/2021"])[1] == [date(2021, 8, 8), date(2021, 7, 7)]


def test_values_that_decide_for_both_orders_are_refused() -> None:
    with pytest.raises(AmbiguousDates, match="one order"):
        days(["13/08/2021", "08/13/2021", "01/02/2021"])


def test_a_single_slip_among_many_is_no_day_but_spoils_nothing() -> None:
    found = days([f"{day}/08/2021" for day in range(13, 32)] + ["08/13/2021"] * 1)[1]
    assert found[0] == AUG_13
    assert found[-1] is None


def test_dates_that_a_spreadsheet_read_month_first_beside_texts_it_could_not_are_refused() -> None:
    swapped = ["2021-01-08", "2021-02-08", "2021-12-08"]
    with pytest.raises(AmbiguousDates, match="mm/dd"):
        days([*swapped, "13/08/2021", "14/08/2021", "31/08/2021"])
    assert days([*swapped, "2021-08-30", "13/08/2021", "14/08/2021", "31/08/2021"])[1][-1] == date(2021, 8, 31)


@pytest.mark.parametrize(
    "text", ["31/02/2021", "infinity", "epoch", "01/08", "8/2021", "2021", "99999", "20211301", "-5", "0"]
)
def test_what_is_no_day_is_null_not_another_day(text: str) -> None:
    assert days(["13/08/2021", text])[1] == [AUG_13, None]


def test_far_years_are_read_and_left_to_the_checks() -> None:
    assert days(["13/08/2201", "13/08/1900"])[1] == [date(2201, 8, 13), date(1900, 8, 13)]


def test_totals_rows_do_not_decide() -> None:
    con = connect()
    con.execute(
        "CREATE TEMP TABLE t AS SELECT * FROM (VALUES ('01/02/2021', 'data'), ('13/02/2021', 'total')) AS v(d, _role)"
    )
    with pytest.raises(AmbiguousDates):
        find_day_format(con, "t", "d", None)


@settings(max_examples=40, deadline=None)
@given(
    values=st.lists(st.dates(date(1950, 1, 1), date(2068, 12, 31)), min_size=1, max_size=30),
    pattern=st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%Y-%m-%d", "%Y%m%d"]),
)
def test_a_column_of_days_is_read_rightly_or_refused(values: list[date], pattern: str) -> None:
    try:
        found = days([value.strftime(pattern) for value in values])[1]
    except AmbiguousDates:
        assert all(value.day <= 12 for value in values)
        return
    expected = values if "%y" not in pattern else [_pivot(value) for value in values]
    assert found == expected


def _pivot(value: date) -> date:
    year = value.year % 100
    return value.replace(year=1900 + year if year >= 69 else 2000 + year)


def test_times_without_a_zone_are_times_in_vietnam() -> None:
    shown, found = times(["2021-08-21T10:00:00+07:00", "2021-08-21 10:00", "2021-08-21", "2021-08-21T03:00:00.5Z"])
    assert found == [
        datetime(2021, 8, 21, 10, tzinfo=ZONE),
        datetime(2021, 8, 21, 10, tzinfo=ZONE),
        datetime(2021, 8, 21, tzinfo=ZONE),
        datetime(2021, 8, 21, 10, 0, 0, 500_000, tzinfo=ZONE),
    ]
    assert shown == "yyyy-mm-dd, yyyy-mm-ddThh:mm±hh:mm"


@pytest.mark.parametrize("zone", ["Z", "+00:00", "+0000", "+00", " +00:00", " Z"])
@pytest.mark.parametrize("clock", ["03:00", "03:00:00", "03:00:00.000"])
@pytest.mark.parametrize("sign", [" ", "T"])
def test_times_with_a_zone_in_each_way(zone: str, clock: str, sign: str) -> None:
    expected = datetime(2021, 8, 21, 10, tzinfo=ZONE)
    assert times([f"2021-08-21{sign}{clock}{zone}"])[1] == [expected]
    assert times([f"2021-08-21{sign}{clock}{zone}", "21/8/2021 10:00"])[1] == [expected, expected]
    assert days([f"2021-08-21{sign}{clock}{zone}"])[1] == [date(2021, 8, 21)]


def test_times_of_computers_are_read_in_one_look_and_a_stray_one_is_not_lost() -> None:
    clear = ["2021-08-21T03:00:00Z", "2021-08-21 03:00:01.5+00:00"]
    assert times([*clear, None])[1][-1] is None
    assert times([*clear, "13/08/2021"])[1] == [*times(clear)[1], datetime(2021, 8, 13, tzinfo=ZONE)]
    assert times(["2021-08-21T03:00", "2021-08-21 03:00:01"])[1][0] == datetime(2021, 8, 21, 3, tzinfo=ZONE)


def test_times_as_vietnamese_people_write_them() -> None:
    found = times(["21/8/2021 14:05", "14h05 22/8/2021", "14:05 ngày 23/8/2021", "24/8/2021 2:05 PM", "44409.5"])[1]
    assert found[:4] == [datetime(2021, 8, day, 14, 5, tzinfo=ZONE) for day in (21, 22, 23, 24)]
    assert found[4] == datetime(2021, 8, 1, 12, tzinfo=ZONE)


def test_times_counted_since_1970() -> None:
    moment = datetime(2021, 4, 27, 12, 39, 22, tzinfo=ZONE)
    assert times(["1619501962000", "1619501962"])[1] == [moment, moment]


def test_a_declared_day_form_reads_days_and_days_with_a_time() -> None:
    found = times(["05/06/2021", "05/06/2021 10:30", "2021-06-05T10:30:00+07:00"], "%d/%m/%Y")[1]
    assert found == [datetime(2021, 6, 5, tzinfo=ZONE)] + [datetime(2021, 6, 5, 10, 30, tzinfo=ZONE)] * 2


def test_ambiguous_times_are_refused_like_days() -> None:
    with pytest.raises(AmbiguousDates):
        times(["05/06/2021 10:30"])


def test_the_day_of_a_zoned_time_is_the_day_in_vietnam_whatever_the_connections_zone() -> None:
    con = column_of(["2021-08-21T17:30:00Z"])
    for zone in ("UTC", "America/New_York"):
        con.execute(f"SET TimeZone = '{zone}'")
        sql = find_day_format(con, "t", 'Cột "a"', None).sql(COLUMN)
        assert con.execute(f"SELECT {sql} FROM t").fetchone() == (date(2021, 8, 22),)


@pytest.mark.parametrize(
    ("values", "whole", "fractions"),
    [
        (["12", "-3", "+5", None], [12, -3, 5, None], [12, -3, 5, None]),
        (["1.234,5", "12"], [None, 12], [1234.5, 12]),
        (["1,234.5", "1,234"], [None, 1234], [1234.5, 1234]),
        (["1.234.567", "1.234"], [1234567, 1234], [1234567, 1234]),
        (["0.5", "1.234"], [None, None], [0.5, 1.234]),
        (["5.0", "16472.0", "2.5"], [5, 16472, None], [5, 16472, 2.5]),
        (["12,3%", "5%"], [None, 5], [12.3, 5]),
        (["1 234", "12\u00a0345", "1\u202f234\u202f567"], [1234, 12345, 1234567], [1234, 12345, 1234567]),
        (["１２", "٣٤", "5"], [12, 34, 5], [12, 34, 5]),
        (["−5", "- 3", "0"], [-5, -3, 0], [-5, -3, 0]),
        (["1.5e-3", "2"], [None, 2], [0.0015, 2]),
    ],
)
def test_numbers_are_read_in_each_form(values: list[str | None], whole: list[Any], fractions: list[Any]) -> None:
    assert integers(values) == whole
    assert numbers(values) == pytest.approx(fractions)


@pytest.mark.parametrize(
    "text", ["1O5", "l2", "12a", "1,2,3", "12 34", "--5", "nan", "inf", "1_000", "0x10", "(5)", ".", "%"]
)
def test_what_is_no_number_is_null_not_another_number(text: str) -> None:
    assert integers(["7", text]) == [7, None]
    assert numbers(["7.5", text]) == [7.5, None]


def test_a_dot_before_three_digits_groups_thousands_in_whole_numbers_and_says_so() -> None:
    con = column_of(["1.234", "56", "12.000"])
    found = find_number_format(con, "t", 'Cột "a"', None)
    assert found.description.text("vi") == "1.234 = 1234"
    assert integers(["1.234", "56", "12.000"]) == [1234, 56, 12000]
    assert integers(["1,234", "56"]) == [1234, 56]


def test_fractions_that_nothing_decides_are_refused() -> None:
    with pytest.raises(AmbiguousNumbers, match="decimal"):
        numbers(["1.234", "2.345"])
    assert numbers(["1.234"], ".") == [1.234]
    assert numbers(["1.234"], ",") == [1234]


@pytest.mark.parametrize("values", [["1,5", "2.5"], ["1.234", "1,234"], ["1.234,5", "1,234.5"]])
def test_columns_that_decide_for_both_signs_are_refused(values: list[str | None]) -> None:
    with pytest.raises(Refused, match="one way"):
        integers(values)


def test_one_value_in_the_other_way_among_many_is_null() -> None:
    assert numbers([f"{value},5" for value in range(40)] + ["1.5"])[-1] is None


@pytest.mark.parametrize(
    ("values", "whole"),
    [
        (["1,234", "5,678", "2,000", "12,0"], [1234, 5678, 2000, None]),
        (["12,0", "7,00", "5,", "1,234"], [12, 7, 5, None]),
        (["1,234", "5,678", "12.0"], [1234, 5678, 12]),
        (["0.512", "5.123", "6.234"], [None, None, None]),
        (["1.234", "5.678", "9.123", "1,234"], [1234, 5678, 9123, None]),
        (["12,5", *["8,912"] * 40], [None, *[8912] * 40]),
    ],
)
def test_in_whole_numbers_most_values_decide_and_one_that_contradicts_is_alone(
    values: list[str | None], whole: list[int | None]
) -> None:
    assert integers(values) == whole


def test_whole_numbers_written_in_two_ways_by_halves_are_refused() -> None:
    for values in (["1,234", "12,0"], ["1.000", "2,000"], ["1,234", "5,678", "9,0", "8,0"]):
        with pytest.raises(Refused, match="one way"):
            integers(list(values))


@settings(max_examples=80, deadline=None)
@given(
    usual=st.lists(st.integers(1, 999), min_size=4, max_size=20),
    slips=st.lists(st.integers(1, 999), min_size=1, max_size=2),
    mark=st.sampled_from([",", "."]),
    grouped=st.booleans(),
    place=st.randoms(use_true_random=False),
)
def test_slips_of_the_other_way_cost_only_their_own_cells(
    usual: list[int], slips: list[int], mark: str, grouped: bool, place: Any
) -> None:
    """Mostly `1,234` with some `12,0`, mostly `12,0` with some `1,234`, and the same with dots."""
    cells: list[tuple[str | None, int | None]] = []
    thousands = [(f"{number}{mark}{number % 999 + 1:03d}", number * 1000 + number % 999 + 1) for number in usual]
    zeros = [(f"{number}{mark}0", number) for number in usual]
    cells += thousands if grouped else zeros
    cells += [(f"{number}{mark}0" if grouped else f"{number}{mark}{number % 999 + 1:03d}", None) for number in slips]
    place.shuffle(cells)
    assert integers([text for text, _ in cells]) == [value for _, value in cells]


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(st.integers(-9_999_999, 9_999_999), min_size=1, max_size=20),
    style=st.sampled_from(["plain", "dot", "comma", "space", "full"]),
)
def test_whole_numbers_come_back_from_each_way_of_grouping(values: list[int], style: str) -> None:
    signs = {"dot": ".", "comma": ",", "space": "\u00a0"}
    texts = [f"{value:,}".replace(",", signs[style]) if style in signs else str(value) for value in values]
    if style == "full":
        texts = [text.translate(str.maketrans("0123456789", "０１２３４５６７８９")) for text in texts]
    assert integers(list(texts)) == values


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(st.decimals(-99_999, 99_999, places=2), min_size=1, max_size=20),
    vietnamese=st.booleans(),
)
def test_fractions_come_back_from_both_ways_of_writing(values: list[Any], vietnamese: bool) -> None:
    texts: list[str | None] = [f"{value:,}" for value in values]
    if vietnamese:
        texts = [text.translate(str.maketrans(".,", ",.")) for text in texts if text]
    assert numbers(texts) == pytest.approx([float(value) for value in values])


def test_a_long_column_is_classified_without_rows_in_python() -> None:
    con = connect()
    con.execute(
        "CREATE TEMP TABLE t AS SELECT strftime(DATE '2021-01-01' + (i % 365)::INTEGER, '%d/%m/%Y') AS d,"
        " (i % 3000)::VARCHAR AS n"
        " FROM range(1000000) AS r(i)"
    )
    began = datetime.now(ZONE)
    assert find_day_format(con, "t", "d", None).description.text("vi") == "dd/mm/yyyy"
    assert find_number_format(con, "t", "n", None).description.text("vi") == "1234"
    assert datetime.now(ZONE) - began < timedelta(seconds=10)
