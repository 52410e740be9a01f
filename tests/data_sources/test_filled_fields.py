"""How complete each field is by unit and day, against counts made apart; nothing personal, nothing small of persons."""

from __future__ import annotations

import csv
import io
import random
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

from data_sources.filled_fields import LEAST_ROWS
from tests.deliveries import Installation, at, counts_source, settings_of

UNITS = ("747", "748", "750")
FIELDS = ("cases", "deaths", "recovered")
PEOPLE = {"name": "people", "dataset": "cases", "kind": "files", "path": "people/*.csv"}
DAY = date(2021, 8, 23)
"""A Monday."""


def written(rows: list[dict[str, object]]) -> str:
    target = io.StringIO()
    writer = csv.DictWriter(target, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return target.getvalue()


def test_each_fields_share_by_unit_and_day_is_counted_from_the_newest_rows(tmp_path: Path) -> None:
    rng = random.Random(5)
    rows: list[dict[str, object]] = [
        {
            "unit": unit,
            "day": DAY + timedelta(days=number),
            "detection": detection,
            "cases": rng.randrange(9),
            **{field: rng.choice(("", rng.randrange(9))) for field in FIELDS[1:]},
        }
        for unit in UNITS
        for number in range(6)
        for detection in ("community", "quarantine", "arrival")
    ]
    corrected = [dict(row, deaths="1") if row["unit"] == "748" else row for row in rows]
    made = Installation(tmp_path / "var", settings_of(tmp_path, counts_source()))
    made.deliver(
        ("counts", written(rows), at("2021-08-30 08:00")), ("counts", written(corrected), at("2021-08-30 09:00"))
    )
    made.build()
    expected: dict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0])
    for row in corrected:
        for field in FIELDS:
            counted = expected[field, row["unit"], row["day"]]
            counted[0] += row[field] != ""
            counted[1] += 1
    found = made.query(
        "SELECT field, unit, day, filled, rows FROM field_filled WHERE dataset = 'case_counts' AND field IN ('cases',"
        " 'deaths', 'recovered')"
    )
    assert {row[:3]: list(row[3:]) for row in found} == expected
    totals = made.query("SELECT field, filled, total FROM completeness WHERE dataset = 'case_counts'")
    summed = made.query("SELECT field, sum(filled), sum(rows) FROM field_filled GROUP BY field")
    assert sorted(totals) == sorted((name, int(filled), int(rows)) for name, filled, rows in summed)
    assert made.query("SELECT DISTINCT filled = rows FROM field_filled WHERE unit = '748' AND field = 'deaths'") == [
        (True,)
    ]


def test_of_persons_weeks_are_told_in_fives_where_there_are_enough_rows(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = []
    for unit, size in (("747", 40), ("748", LEAST_ROWS - 1), ("750", 21)):
        for number in range(size):
            symptoms = "Ho" if number < {"747": 13, "748": 2, "750": 20}[unit] else ""
            rows.append(
                {
                    "case_code": f"BRVT-{unit}{number:03d}",
                    "unit": unit,
                    "day": DAY + timedelta(days=number % 7),
                    "symptoms": symptoms,
                    "name": f"Người {number}" if number % 4 else "",
                    "phone": "",
                }
            )
    made = Installation(tmp_path / "var", settings_of(tmp_path, PEOPLE))
    made.deliver(("people", written(rows), at("2021-08-30 08:00")), name="people.csv")
    made.build()
    found = made.query(
        "SELECT field, unit, day, filled, rows FROM field_filled WHERE dataset = 'cases' AND field IN ('symptoms',"
        " 'name', 'phone') ORDER BY ALL"
    )
    # 13 of 40 become 15; 20 of 21 cannot be told from all; the unit of 19 is not told at all.
    assert found == [
        ("name", "747", DAY, 30, 40),
        ("name", "750", DAY, 15, 21),
        ("phone", "747", DAY, 0, 40),
        ("phone", "750", DAY, 0, 21),
        ("symptoms", "747", DAY, 15, 40),
        ("symptoms", "750", DAY, 21, 21),
    ]
    assert made.query("SELECT filled, total FROM completeness WHERE field = 'name'") == [(59, 80)]
    for table in ("field_filled", "completeness"):
        assert made.query(f"SELECT count(*) FROM {table} AS t WHERE t::VARCHAR LIKE '%Người%'") == [(0,)]


def test_a_row_split_into_parts_owes_what_stands_beside_them_once(tmp_path: Path) -> None:
    source = counts_source(
        unpivot={"into": "detection", "value": "cases", "columns": {"community": "cd"}, "total": "all",
                 "remainder": "unknown"},
    )  # fmt: skip
    made = Installation(tmp_path / "var", settings_of(tmp_path, source))
    made.deliver(
        ("counts", "unit,day,cd,all,deaths\n747,2021-08-23,3,5,1\n748,2021-08-23,2,2,\n", at("2021-08-30 08:00"))
    )
    made.build()
    found = made.query(
        "SELECT field, unit, filled, rows FROM field_filled WHERE field IN ('cases', 'deaths') ORDER BY ALL"
    )
    assert found == [("cases", "747", 2, 2), ("cases", "748", 2, 2), ("deaths", "747", 1, 1), ("deaths", "748", 0, 1)]
