"""A large province's rows at any size: as its own systems hold them (raw.duckdb), and as a warehouse keeps them.

Hà Nội has the most districts of any province, 30; the days begin with the wave of April 2021. Everything follows from
the number of a row, so the same sizes give the same rows. One case in fifty is corrected in the two weeks after it was
told; the other datasets are one report a day and unit. All figures are invented.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from benchmarks.sizes import Sizes
from data_sources.contracts import CONTRACTS
from data_sources.mapping import quoted
from data_sources.settings import Settings, SourceSettings, parse
from data_sources.warehouse import Warehouse, settings_digest, table_of

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST_DAY = date(2021, 4, 27)
PROVINCE, NAME = "01", "Hà Nội"
UNITS = tuple(f"{number:03}" for number in (*range(1, 10), *range(16, 22), 250, 268, 269, *range(271, 283)))
CORRECTED_EVERY = 50
TRAILS = 2000
POINTS_A_TRAIL = 30
DATASETS = (
    "cases", "vaccination", "tests", "mobility", "health_book", "quarantine_sites", "traces", "trail_points",
    "population",
)  # fmt: skip
MEMORY = "600MB"

RAW = """
CREATE OR REPLACE MACRO pick(list, number) AS list[1 + number % len(list)];
-- Some units have several times the rows of others.
CREATE OR REPLACE MACRO unit_of(number) AS pick($units, greatest(number % 31, number % 7));
-- Rows come day by day, as they are written down, and more of them late than early.
CREATE OR REPLACE MACRO day_of(number, rows) AS $first + least((sqrt(number / rows) * $days)::INTEGER, $days - 1);
CREATE OR REPLACE MACRO code_of(number) AS printf('%012x', (number * 11400714819) & 281474976710655);

-- By arithmetic on microseconds; a cast of a day in a time zone takes ten times as long.
CREATE OR REPLACE MACRO hour_of(day, hours) AS
    make_timestamptz(((day - DATE '1970-01-01') * 24 + hours - 7) * 3600000000);
CREATE OR REPLACE MACRO told(step) AS TABLE
WITH first AS (
    SELECT
        i, code_of(i) AS person, CASE WHEN h % 3 = 0 THEN code_of(i // 2) END AS source_person,
        pick(['F0', 'F0', 'F0', 'F0', 'F0', 'F0', 'F1', 'F1', 'F1', 'F2'], h // 7) AS f_class, unit_of(h // 11) AS unit,
        'Xã ' || h // 13 % 40 AS commune, day_of(i, $cases) AS day,
        pick(['community', 'quarantine', 'quarantine', 'locked_down_area', 'hospital_screening', 'arrival', 'unknown'],
            h // 19) AS detection,
        pick(['in_treatment', 'recovered', 'recovered', 'died', 'unknown'], h // 23) AS outcome,
        pick(['asymptomatic', 'mild', 'moderate', 'severe', 'critical', 'unknown'], h // 29) AS severity,
        pick([NULL, 'sốt', 'ho', 'sốt, ho', 'mất vị giác'], h // 31) AS symptoms, (h // 37 % 95)::BIGINT AS age,
        pick(['female', 'male'], h // 41) AS sex,
        pick(['worker', 'fisher', 'trader', 'driver', 'student', 'farmer', 'office', 'other', 'unknown'], h // 43)
            AS occupation,
        pick(['household', 'workplace', 'market', 'health_facility', 'travel', 'other', 'unknown'], h // 47)
            AS exposure,
        h
    FROM (SELECT i, (hash(i) >> 8)::BIGINT AS h FROM range(0, $cases, step) AS r(i))
)
SELECT
    * EXCLUDE (i, h), CASE WHEN h % 5 > 0 THEN day - (h // 53 % 4)::INTEGER END AS onset,
    hour_of(day, -20) AS sampled_at, hour_of(day, 9) AS result_at, hour_of(day, h // 59 % 60) AS isolated_at,
    CASE WHEN outcome IN ('recovered', 'died') THEN day + 14 END AS outcome_day, hour_of(day, 32) AS issued,
    CASE WHEN i % $every = 0 THEN hour_of(day, 56 + h // 61 % 14 * 24) END AS until
FROM first;

CREATE TABLE cases AS FROM told(1);
INSERT INTO cases
SELECT * REPLACE ('quarantine' AS detection, until AS issued, CAST(NULL AS TIMESTAMPTZ) AS until) FROM told($every);

CREATE TABLE doses AS
SELECT
    unit_of(h // 7) AS unit, day_of(i, $doses) AS day, pick(['1', '1', '2', '3'], h // 13) AS dose_number,
    pick(['12-17', '18-49', '18-49', '50-64', '65+'], h // 17) AS age_group,
    pick(['AstraZeneca', 'Pfizer', 'Moderna', 'Vero Cell', 'Abdala'], h // 19) AS vaccine, h // 23 % 10 > 0 AS entered
FROM (SELECT i, (hash(i + 1000000007) >> 8)::BIGINT AS h FROM range($doses) AS r(i));

CREATE TABLE visits AS
SELECT
    code_of(i // $points * $step) AS person,
    hour_of($first + $days // 3 + (i // $points % ($days // 2))::INTEGER, i % $points * 5 + h % 3) AS visited_at,
    round(105.6 + (h // 7 % 400) * 0.001, 3) AS longitude, round(20.8 + (h // 11 % 300) * 0.001, 3) AS latitude,
    pick(['home', 'work', 'market', 'store', 'health', 'food'], h // 13) AS place_kind
FROM (SELECT i, (hash(i + 7) >> 8)::BIGINT AS h FROM range($trails * $points) AS r(i));

CREATE TABLE calendar AS
SELECT unit, $first + i::INTEGER AS day, (hash(unit, i) >> 8)::BIGINT AS h
FROM range($days) AS r(i), (SELECT unnest($units) AS unit);

CREATE TABLE tests AS
SELECT unit, day, method, target_group, 400 + h % 97 AS samples, 380 + h % 20 AS results, h % 31 AS positives
FROM calendar, (SELECT unnest(['rapid', 'pcr']) AS method),
    (SELECT unnest(['F1', 'F2', 'community_screening', 'locked_down_area']) AS target_group);

CREATE TABLE population AS
SELECT unit, 150000 + (hash(unit) >> 8)::BIGINT % 300000 AS residents FROM (SELECT unnest($units) AS unit);
"""
"""The rows as they are told; the script names the settings it needs with a dollar sign."""

KEPT = {
    "cases": """
        SELECT person AS case_code, source_person AS source_case, * EXCLUDE (person, source_person, until, issued),
            issued AS issued_at FROM raw.cases
    """,
    "vaccination": """
        SELECT unit, day, dose_number, age_group, vaccine, count(*) AS doses_given,
            count(*) FILTER (entered) AS doses_entered, count(*) FILTER (dose_number = '1') AS people_first,
            count(*) FILTER (dose_number = '2') AS people_full, count(*) FILTER (dose_number = '3') AS people_booster,
            CAST(day + 1 AS TIMESTAMPTZ) + INTERVAL 8 HOUR AS issued_at
        FROM raw.doses GROUP BY ALL
    """,
    "tests": """
        SELECT unit, day, method, target_group, samples, results AS results_returned, positives,
            CAST(day + 1 AS TIMESTAMPTZ) + INTERVAL 8 HOUR AS issued_at FROM raw.tests
    """,
    "mobility": """
        SELECT unit, day, 90000 + h % 5000 AS active_subscribers, 40000 + h % 9000 AS stationary_subscribers,
            80000 AS known_home_subscribers, 20000 + h % 7000 AS out_of_home_subscribers,
            CAST(day + 1 AS TIMESTAMPTZ) + INTERVAL 8 HOUR AS issued_at FROM raw.calendar
    """,
    "health_book": """
        SELECT unit, day, 30000 + h % 1000 AS installs, CAST(day + 1 AS TIMESTAMPTZ) + INTERVAL 8 HOUR AS issued_at
        FROM raw.calendar
    """,
    "quarantine_sites": """
        SELECT unit, day, 'Khu 1' AS site, 'site' AS site_kind, 900 AS capacity, 300 + h % 500 AS present,
            CAST(day + 1 AS TIMESTAMPTZ) + INTERVAL 8 HOUR AS issued_at FROM raw.calendar
    """,
    "traces": """
        SELECT person AS case_code, unit, day, CAST(day AS TIMESTAMPTZ) + INTERVAL 20 HOUR AS traced_at,
            age % 9 AS contacts_found, CAST(day + 1 AS TIMESTAMPTZ) + INTERVAL 8 HOUR AS issued_at
        FROM raw.cases WHERE f_class = 'F0' AND until IS NULL AND age % 10 = 0
    """,
    "trail_points": """
        SELECT person AS case_code, visited_at, longitude, latitude, place_kind,
            CAST($first + $days AS TIMESTAMPTZ) AS issued_at FROM raw.visits
    """,
    "population": """
        SELECT unit, DATE '2019-04-01' AS day, residents, residents * 3 // 4 AS residents_18_plus,
            residents // 10 AS residents_65_plus, CAST($first AS TIMESTAMPTZ) AS issued_at FROM raw.population
    """,
}
"""What the warehouse keeps of them: the columns of the contracts and the time of issue."""


def settings_for(directory: Path) -> Settings:
    """The settings of the generated province: one source a dataset, each row with its own time of issue."""
    sources = [
        {
            "name": name,
            "dataset": name,
            "kind": "files",
            "path": "drop/*.csv",
            "complete": False,
            "issued_column": "issued",
        }
        for name in DATASETS
    ]
    return parse({"province": {"code": PROVINCE, "name": NAME}, "source": sources}, directory)


def write_raw(file: Path, sizes: Sizes) -> None:
    """The rows as the province's own systems hold them: cases, doses, visits, calendar, tests and population."""
    con = duckdb.connect(str(file), config={"memory_limit": MEMORY, "temp_directory": str(file.parent / "spill")})
    con.execute("SET TimeZone = 'Asia/Ho_Chi_Minh'")
    values = {
        "units": "[" + ", ".join(f"'{unit}'" for unit in UNITS) + "]",
        **_days(sizes),
        "cases": str(sizes.cases),
        "doses": str(sizes.doses),
        "every": str(CORRECTED_EVERY),
        "trails": str(TRAILS),
        "points": str(POINTS_A_TRAIL),
        "step": str(max(1, sizes.cases // TRAILS)),
    }
    con.execute(_filled(RAW, values))
    con.close()


def _days(sizes: Sizes) -> dict[str, str]:
    return {"first": f"DATE '{FIRST_DAY}'", "days": str(sizes.days)}


def _filled(script: str, values: dict[str, str]) -> str:
    """A script with its constants set in; macros cannot have bound parameters."""
    for name, value in values.items():
        script = script.replace(f"${name}", value)
    return script


def store(warehouse: Warehouse, settings: Settings, raw: Path, sizes: Sizes) -> None:
    """Put the rows into the warehouse, as if each dataset had come in one delivery."""
    con = warehouse.con
    con.execute(f"ATTACH '{raw}' AS raw (READ_ONLY)")
    con.execute("SET preserve_insertion_order = false")
    for number, source in enumerate(settings.sources, start=1):
        contract = CONTRACTS[source.dataset]
        select = _filled(KEPT[source.dataset], _days(sizes))
        names = [row[0] for row in con.execute(f"DESCRIBE {select}").fetchall()]
        columns = ", ".join(quoted(name) for name in names)
        con.execute(f"INSERT INTO {table_of(contract)} (content, {columns}) SELECT {number}, {columns} FROM ({select})")
        _note(con, source, number, FIRST_DAY + timedelta(days=sizes.days))
    con.execute("RESET preserve_insertion_order")
    con.execute("DETACH raw")


def _note(con: duckdb.DuckDBPyConnection, source: SourceSettings, number: int, day: date) -> None:
    """Note the content and its delivery."""
    table = table_of(CONTRACTS[source.dataset])
    row = con.execute(f"SELECT count(*) FROM {table} WHERE content = ?", [number]).fetchone()
    rows = int(row[0]) if row else 0
    con.execute(
        "INSERT INTO content VALUES (?, ?, ?, ?, ?, ?, ?, 0, '{}', '{}', '[]', ?, NULL)",
        [number, source.name, source.dataset, settings_digest(source), f"{number:064x}", rows, rows, day],
    )
    issued = datetime.combine(day + timedelta(days=30), time(18), tzinfo=ZONE)
    con.execute("INSERT INTO batch VALUES (?, 'generated.csv', ?, ?, NULL)", [number, issued, issued])
