"""A province whose figures can be worked out by hand: each district has the same count on every day of a week.

Long Điền has most cases, Côn Đảo reports 0, Đất Đỏ has sent no case counts for ten days, Phú Mỹ no tests today.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

from tests.analytics.release_fixture import SmallRelease, at

ROOT = Path(__file__).parents[2]
FIRST, LAST = date(2021, 7, 1), date(2021, 8, 29)
DAYS = (LAST - FIRST).days + 1
SHORT = {
    "747": "TP Vũng Tàu",
    "748": "TP Bà Rịa",
    "750": "Châu Đức",
    "751": "Xuyên Mộc",
    "752": "Long Điền",
    "753": "Đất Đỏ",
    "754": "TX Phú Mỹ",
    "755": "Côn Đảo",
}
PEOPLE = {
    "747": 357_124,
    "748": 108_701,
    "750": 143_859,
    "751": 140_723,
    "752": 135_763,
    "753": 73_530,
    "754": 179_786,
    "755": 8_827,
}
THIS_WEEK = {"747": 12, "748": 4, "750": 1, "751": 1, "752": 19, "753": 2, "754": 11, "755": 0}
EARLIER = {"747": 12, "748": 4, "750": 1, "751": 1, "752": 9, "753": 2, "754": 5, "755": 0}
SILENT_DAYS = 10
"""Days at the end on which Đất Đỏ (753) sent no case counts."""
RESULTS_A_DAY, POSITIVE_A_DAY, POSITIVE_752 = 400, 4, 24
DOSES, ENTERED, ENTERED_747 = 500, 485, 440


def cases(unit: str) -> list[float | None]:
    """New cases of each day from FIRST; None where nothing was sent."""
    counts: list[float | None] = [float(EARLIER[unit])] * (DAYS - 7) + [float(THIS_WEEK[unit])] * 7
    if unit == "753":
        counts[-SILENT_DAYS:] = [None] * SILENT_DAYS
    return counts


def steady_province(**changes: object) -> SmallRelease:
    """The release before it is written."""
    made = SmallRelease(as_of=at("2021-08-29 18:00"), **changes)  # type: ignore[arg-type]
    made.unit("77", "Tỉnh Bà Rịa - Vũng Tàu", level="province", parent=None, reporting=False, population=1_148_313)
    made.units[-1]["short_name"] = "Bà Rịa - Vũng Tàu"
    drawn = json.loads((ROOT / "assets" / "boundaries" / "brvt_2021.geojson").read_text(encoding="utf-8"))
    shapes = {item["properties"]["code"]: item["geometry"] for item in drawn["features"]}
    for unit, short in SHORT.items():
        made.unit(unit, short, population=PEOPLE[unit], population_18_plus=PEOPLE[unit] // 2, island=unit == "755")
        made.insert("boundary", (unit, json.dumps(shapes[unit])))
        counts = cases(unit)
        made.observe("case_counts.cases", unit, FIRST, counts)
        made.observe("case_counts.cases", unit, FIRST, counts, stratum="detection=quarantine")
        tested = DAYS - 1 if unit == "754" else DAYS
        positive = POSITIVE_752 if unit == "752" else POSITIVE_A_DAY
        made.observe("tests.results_returned", unit, FIRST, [RESULTS_A_DAY] * tested)
        made.observe("tests.positives", unit, FIRST, [positive] * tested)
        made.observe("vaccination.doses_given", unit, FIRST, [DOSES] * DAYS)
        made.observe("vaccination.doses_entered", unit, FIRST, [ENTERED_747 if unit == "747" else ENTERED] * DAYS)
    made.insert("calendar", ("77", "directive_16", date(2021, 7, 19), None, "Chỉ thị 16", "Directive 16", "x"))
    noon = at("2021-08-29 17:00")
    made.insert(
        "source_status",
        ("forms", "Phần mềm báo cáo", "case_counts", "http", noon, LAST, 480, 470, 10, None, None, 900),
        ("tests", "Nền tảng xét nghiệm", "tests", "http", noon, LAST, 480, 479, 1, None, None, 900),
    )
    return made


def incidence(unit: str) -> float:
    """Cases of the last week per 100,000 people, worked out here and not by the product."""
    return THIS_WEEK[unit] * 7 / PEOPLE[unit] * 100_000


def write_steady(data: Path, **changes: object) -> str:
    """Write the release as the current one; its id."""
    return steady_province(**changes).write(data)


def newer(data: Path, extra: int) -> str:
    """Another release after it, in which Long Điền has `extra` more cases a day this week; its id."""
    made = steady_province()
    made.as_of = at("2021-08-29 18:00") + timedelta(minutes=extra)
    made.observe(
        "case_counts.cases", "752", LAST - timedelta(days=6), [THIS_WEEK["752"] + extra] * 7, issued=made.as_of
    )
    return made.write(data)
