"""A small outbreak in the eight districts of 2021, written as a release: every table of a picture and an analysis.

The rows are computed by plain arithmetic, so that a test can count them again without the product's own queries.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from data_sources.messages import Message
from data_sources.refusal import Unreachable
from data_sources.structure import AGE_GROUPS, protect
from tests.analytics.release_fixture import VIETNAM, SmallRelease, at

ROOT = Path(__file__).parents[2]
LAST = date(2021, 8, 29)
FIRST = LAST - timedelta(days=119)
NAMES = {
    "747": ("Thành phố Vũng Tàu", "TP Vũng Tàu", 357_124, 0.30),
    "748": ("Thành phố Bà Rịa", "TP Bà Rịa", 108_701, 0.08),
    "750": ("Huyện Châu Đức", "Châu Đức", 143_859, 0.05),
    "751": ("Huyện Xuyên Mộc", "Xuyên Mộc", 140_723, 0.03),
    "752": ("Huyện Long Điền", "Long Điền", 135_763, 0.34),
    "753": ("Huyện Đất Đỏ", "Đất Đỏ", 73_530, 0.04),
    "754": ("Thị xã Phú Mỹ", "TX Phú Mỹ", 179_786, 0.16),
    "755": ("Huyện Côn Đảo", "Côn Đảo", 8_827, 0.0),
}
DETECTED = ("community", "quarantine", "locked_down_area", "hospital_screening")
PARTS = (0.12, 0.43, 0.33)
"""Of a day's cases: found in the community, in quarantine, in a locked-down area; the rest by screening."""
SILENT = ("753", date(2021, 8, 12))
"""One district that sent no case counts on one day."""
DIRECTIVE_16 = (date(2021, 7, 19), date(2021, 9, 22))
ARRIVALS = ("747", date(2021, 8, 20), 4)
EXPOSURES = ("household", "workplace", "market", "unknown")
OCCUPATIONS = ("worker", "fisher", "trader", "student", "unknown")


def days() -> list[date]:
    """Every day of the outbreak."""
    return [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]


@cache
def cases_by_detection(unit: str, day: date) -> dict[str, int] | None:
    """New cases of a district's day by place of detection, arrivals apart; None where it sent nothing."""
    if (unit, day) == SILENT:
        return None
    number = (day - FIRST).days
    wave = max(0.0, (number - 55) * 1.1) * (0.8 if day.isoweekday() > 5 else 1.0)
    total = round(wave * NAMES[unit][3])
    parts = [round(total * share) for share in PARTS]
    return dict(zip(DETECTED, (*parts, max(0, total - sum(parts))), strict=True))


@cache
def people() -> tuple[dict[str, Any], ...]:
    """The line list: an F0 for each counted case of the last four weeks, and an F1 for every third of them."""
    rows: list[dict[str, Any]] = []
    for day in days()[-28:]:
        for unit in NAMES:
            for detection, count in (cases_by_detection(unit, day) or {}).items():
                for _ in range(count):
                    number = len(rows)
                    rows.append(_person(number, "F0", unit, day, detection))
                    if number % 3 == 0:
                        rows.append(_person(len(rows), "F1", unit, day, "unknown", source=rows[number]["person"]))
    return tuple(rows)


def pseudonym(number: int) -> str:
    """Twelve hex digits, as the warehouse writes them."""
    return hashlib.sha256(str(number).encode()).hexdigest()[:12]


def _person(
    number: int, f_class: str, unit: str, day: date, detection: str, source: str | None = None
) -> dict[str, Any]:
    at_noon = datetime.combine(day, datetime.min.time(), tzinfo=VIETNAM) + timedelta(hours=12)
    onset = day - timedelta(days=number % 4) if number % 5 else None
    return {
        "person": pseudonym(number),
        "source_person": source,
        "f_class": f_class,
        "unit": unit,
        "commune": f"Phường {number % 7 + 1}",
        "day": day,
        "detection": detection,
        "onset": onset,
        "sampled_at": at_noon - timedelta(hours=20),
        "result_at": at_noon,
        "isolated_at": at_noon + timedelta(hours=6),
        "outcome": "in_treatment",
        "outcome_day": None,
        "severity": "mild" if onset else "asymptomatic",
        "symptoms": "sốt, ho" if onset and number % 2 else None,
        "age": 5 + number * 7 % 80,
        "sex": "female" if number % 2 else "male",
        "occupation": OCCUPATIONS[number % 5],
        "exposure": EXPOSURES[0] if number % 8 < 4 else EXPOSURES[number % 4],
        "issued": at_noon + timedelta(hours=5),
    }


def category(person: dict[str, Any], dimension: str) -> str:
    """The category of a person in a dimension of the structure."""
    if dimension == "symptoms":
        if person["symptoms"] or person["onset"]:
            return "symptomatic"
        return "asymptomatic" if person["severity"] == "asymptomatic" else "unknown"
    if dimension == "age_group":
        first, last = next(group for group in AGE_GROUPS if group[0] <= person["age"] <= group[1])
        return f"{first}+" if last == AGE_GROUPS[-1][1] else f"{first}-{last}"
    return str(person[dimension])


DIMENSIONS = ("exposure", "occupation", "sex", "severity", "symptoms", "age_group")


def trail_rows() -> list[tuple[int, int, datetime, float, float, str]]:
    """Twelve trails of eight points over three days; 1 and 2 meet at a market, 1 and 3 share only the day."""
    rows = []
    kinds = ("home", "market", "work", "food", "home", "store", "health", "home")
    for number in range(1, 13):
        home = (107.08 + 0.02 * number, 10.36 + 0.013 * number)
        start = at("2021-08-24 06:00") + timedelta(hours=number)
        for seq, kind in enumerate(kinds, start=1):
            place = home if kind == "home" else (107.085 + 0.011 * ((number * seq) % 9), 10.345 + 0.012 * (seq % 5))
            if kind == "market" and number in (1, 2, 3):
                place = (107.1725, 10.4805)
            hour = start + timedelta(hours=9 * (seq - 1) + (0 if number < 3 else 5 * (seq == 2)))
            rows.append((number, seq, hour, round(place[0], 5), round(place[1], 5), kind))
    return rows


MEETING = (107.1725, 10.4805)


def release(*, coarse_days_only: bool = False) -> SmallRelease:
    """The whole outbreak, ready to be written; with `coarse_days_only` the trails tell days and no hours."""
    made = SmallRelease(as_of=at("2021-08-29 18:00"))
    shapes = json.loads((ROOT / "assets" / "boundaries" / "brvt_2021.geojson").read_text(encoding="utf-8"))
    labels = {item["properties"]["code"]: item["properties"]["label"] for item in shapes["features"]}
    whole = {"level": "province", "kind": "tỉnh", "parent": None, "reporting": False, "population": 1_148_313}
    made.unit("77", "Tỉnh Bà Rịa - Vũng Tàu", **whole)
    made.units[-1]["short_name"] = "Bà Rịa - Vũng Tàu"
    for code, (name, short, population, _) in NAMES.items():
        where = {"label_longitude": labels[code][0], "label_latitude": labels[code][1], "island": code == "755"}
        made.unit(code, name, population=population, population_18_plus=round(population * 0.717), **where)
        made.units[-1]["short_name"] = short
    outlines = [(item["properties"]["code"], json.dumps(item["geometry"])) for item in shapes["features"]]
    made.insert("boundary", *outlines)
    _counts(made)
    _telecom(made)
    _line_list(made)
    _trails(made, coarse_days_only)
    _status(made)
    strict = ("directive_16", *DIRECTIVE_16, "Chỉ thị 16", "Directive 16", "x")
    made.insert("calendar", *((code, *strict) for code in NAMES if code != "755"))
    made.insert("calendar", ("755", "directive_15", date(2021, 8, 16), None, "Chỉ thị 15", "Directive 15", "x"))
    return made


def _counts(made: SmallRelease) -> None:
    for unit in NAMES:
        counted = [cases_by_detection(unit, day) for day in days()]
        totals = [
            None if part is None else sum(part.values()) + (ARRIVALS[2] if (unit, day) == ARRIVALS[:2] else 0)
            for part, day in zip(counted, days(), strict=True)
        ]
        made.observe("case_counts.cases", unit, FIRST, totals)
        for detection in DETECTED:
            values = [None if part is None else part[detection] for part in counted]
            made.observe("case_counts.cases", unit, FIRST, values, stratum=f"detection={detection}")
        if unit == ARRIVALS[0]:
            made.observe("case_counts.cases", unit, ARRIVALS[1], [ARRIVALS[2]], stratum="detection=arrival")


def stationary(unit: str, day: date) -> tuple[int, int]:
    """Active and stationary subscribers of a district's day."""
    active = round(NAMES[unit][2] * 0.8)
    share = 0.40 + (0.05 if day.isoweekday() > 5 else 0.0) + (0.10 if day >= date(2021, 7, 19) else 0.0)
    if day >= date(2021, 8, 23):
        share += -0.09 if unit == "752" else int(unit) % 10 * 0.002
    return active, round(active * share)


def _telecom(made: SmallRelease) -> None:
    for unit in NAMES:
        if unit == "755":
            continue  # fewer than 15 subscribers: such a unit never reaches a picture
        counts = [stationary(unit, day) for day in days()]
        made.observe("mobility.active_subscribers", unit, FIRST, [active for active, _ in counts])
        made.observe("mobility.stationary_subscribers", unit, FIRST, [still for _, still in counts])
        made.observe("mobility.known_home_subscribers", unit, FIRST, [round(active * 0.9) for active, _ in counts])
        made.observe(
            "mobility.out_of_home_subscribers", unit, FIRST, [round((active - still) * 0.7) for active, still in counts]
        )


def _line_list(made: SmallRelease) -> None:
    rows = people()
    made.insert("analysis.cases", *(tuple(row.values()) for row in rows))
    made.insert("coverage", ("cases", days()[-28], LAST, at("2021-08-29 17:00")))
    listed = Counter((row["unit"], row["day"]) for row in rows if row["f_class"] == "F0")
    for (unit, day), count in listed.items():
        made.observe("cases.f0", unit, day, [count])
    exact: Counter[tuple[str, str, str, date]] = Counter()
    weekly: dict[tuple[str, date], Counter[str]] = {}
    for row in rows:
        for dimension in DIMENSIONS if row["f_class"] == "F0" else ():
            named = category(row, dimension)
            exact[dimension, named, row["unit"], row["day"]] += 1
            week = row["day"] - timedelta(days=row["day"].weekday())
            weekly.setdefault((dimension, week), Counter())[named] += 1
    made.insert(
        "analysis.structure_exact",
        *(("cases", dimension, named, unit, day, count) for (dimension, named, unit, day), count in exact.items()),
    )
    for (dimension, week), counts in weekly.items():
        for cell in protect(dict(counts)) or []:
            made.insert(
                "structure",
                ("cases", dimension, cell.category, week, cell.shown, float(cell.low), float(cell.high)),
            )


def _trails(made: SmallRelease, days_only: bool) -> None:
    f0 = [row for row in people() if row["f_class"] == "F0"][-12:]
    by_trail: dict[int, list[datetime]] = {}
    for number, seq, hour, longitude, latitude, kind in trail_rows():
        shown = hour.replace(hour=0) if days_only else hour
        by_trail.setdefault(number, []).append(shown)
        made.insert("trail_point", (number, seq, shown, longitude, latitude, kind))
        exact = shown if days_only else hour + timedelta(minutes=10)
        person = f0[number - 1]["person"]
        made.insert("analysis.trail_point", (person, exact, longitude + 0.0001, latitude, kind, "interview"))
    for number, hours in by_trail.items():
        home = f0[number - 1]
        made.insert("trail", (number, home["unit"], home["commune"], min(hours), max(hours), len(hours)))


HELD = Message("held.shrank", rows=280, before=840).stored()
DOWN = Unreachable(
    "no_answer", url="https://tests.example/rows", attempts=4, trouble=Message("trouble.refused")
).message.stored()


def _status(made: SmallRelease) -> None:
    fresh, old = at("2021-08-29 17:00"), at("2021-08-26 09:30")
    listed = len(people())
    made.insert(
        "source_status",
        ("case_reports", "Báo cáo ca bệnh", "case_counts", "http", fresh, LAST, 4000, 3988, 12, None, None, 900),
        ("line_list", "Phần mềm F0, F1, F2", "cases", "http", fresh, LAST, listed, listed, 0, None, None, 900),
        ("telecom", "Viễn thông", "mobility", "files", old, date(2021, 8, 25), 840, 840, 0, HELD, None, 86400),
        ("tests", "Nền tảng xét nghiệm", "tests", "http", None, None, 0, 0, 0, None, DOWN, 900),
    )
    made.insert(
        "set_aside_reason",
        ("case_reports", "unit_doubtful", 7),
        ("case_reports", "day_out_of_range", 5),
        ("case_reports", "flag:negative_correction", 2),
    )
    made.insert("held_batch", ("telecom", "mobility 2021-08-29.csv", at("2021-08-29 09:30"), 280, HELD))
    made.insert(
        "completeness",
        ("case_counts", "detection", 3988, 3988),
        ("cases", "onset", 700, 1000),
        ("cases", "occupation", 120, 1000),
        ("cases", "case_code", 1000, 1000),
        ("cases", "outcome_day", 0, 1000),
    )
    form = Message("note.form", field="case_counts.day", form=Message("form_of.listed", forms="dd/mm/yyyy"))
    file = Message("note.delimited_file", format="CSV", encoding="cp1258", delimiter=Message("form_of.sign", sign=";"))
    made.insert("format_note", ("case_reports", file.stored()), ("case_reports", form.stored()))
    sheet = ("case_reports", "bao-cao.xlsx", "Tuần 34")
    near = Message("unit.nearest", written="“Long Dien3”", units=["Huyện Long Điền (752)"]).stored()
    days = Message("needed.day_until_sent", first="2000-01-01", last="2021-08-29").stored()
    for number in range(7):
        made.insert(
            "analysis.set_aside",
            (*sheet, 12 + number, "unit", f"Long Dien{number}", near, "unit_doubtful"),
        )
    for number in range(5):
        made.insert(
            "analysis.set_aside",
            (*sheet, 40 + number, "day", "=2201+1", days, "day_out_of_range"),
        )
