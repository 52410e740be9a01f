"""Real published data through settings alone: what each example shows equals what the file says, computed apart."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.ranking import rank
from analytics.readings import read, series
from analytics.release import Release, open_release
from analytics.trails import shared_places, trail_points, trails
from data_sources.ingest import PullReport, pull
from data_sources.settings import load

EXAMPLES = Path(__file__).parents[2] / "examples"
Pulled = Callable[[str], tuple[PullReport, Release, Path]]


@pytest.fixture(scope="module")
def pulled(tmp_path_factory: pytest.TempPathFactory) -> Pulled:
    """An example's report, its release for analysts and its data folder; pulled once."""
    done: dict[str, tuple[PullReport, Release, Path]] = {}

    def run(name: str) -> tuple[PullReport, Release, Path]:
        if name not in done:
            data = tmp_path_factory.mktemp(name)
            settings = load(EXAMPLES / name / "config.toml")
            report = pull(settings, data, received_at=datetime.now(UTC))
            assert [(source.name, source.error, source.held) for source in report.sources] == [
                (source.name, None, None) for source in settings.sources
            ]
            done[name] = report, open_release(data, "analyst"), data
        return done[name]

    return run


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def reasons(report: PullReport, source: str) -> dict[str, int]:
    return next(one.reasons for one in report.sources if one.name == source)


def test_every_row_that_came_in_is_kept_or_set_aside_with_a_reason(shared_data: Path, pulled: Pulled) -> None:
    for path in sorted(EXAMPLES.glob("*/config.toml")):
        if any(source.kind == "sql" for source in load(path).sources):
            continue  # it needs a server: test_example_postgresql.py
        report, _, _ = pulled(path.parent.name)
        for source in report.sources:
            assert source.rows_in == source.rows_kept + source.rows_set_aside, source
            named = sum(count for reason, count in source.reasons.items() if not reason.startswith("flag:"))
            assert named == source.rows_set_aside, source
            assert source.rows_kept > 0, source


def test_vncdc_ranks_the_province_as_the_file_does_on_a_day(shared_data: Path, pulled: Pulled) -> None:
    report, release, _ = pulled("vn_vncdc_timeseries")
    day = date(2021, 8, 25)
    theirs = (day - timedelta(days=1)).isoformat()  # their dates run one day early
    of_day: dict[str, int] = {}
    for row in rows(next((shared_data / "vn_vncdc_timeseries").glob("*.csv"))):
        if row["date"] == theirs and row["confirmed"]:
            of_day[row["province"]] = int(float(row["confirmed"]))
    of_day.pop("Tỉnh Chưa rõ", None)
    mine = of_day["Tỉnh Bà Rịa - Vũng Tàu"]
    expected = 1 + sum(1 for cases in of_day.values() if cases > mine)
    ranking = rank(release, "cases_new_all", day)
    found = next(row for row in ranking.rows if row.unit == "77")
    assert (found.value, found.rank, len(ranking.rows)) == (mine, expected, len(of_day))
    assert mine == 75  # the figure published for 25/8/2021
    assert reasons(report, "vncdc")["unit_unknown"] >= 1  # 'Tỉnh Chưa rõ' is set aside, not guessed


def test_vncdc_blank_days_are_missing_and_duplicates_are_kept_once(shared_data: Path, pulled: Pulled) -> None:
    report, release, _ = pulled("vn_vncdc_timeseries")
    found = reasons(report, "vncdc")
    assert found["duplicate"] == 31  # one province's day stands in the file 32 times
    frame = series(release, "cases_new_all", ["77"], date(2021, 1, 2), date(2021, 8, 31))
    theirs = {
        date.fromisoformat(row["date"]) + timedelta(days=1): float(row["confirmed"])
        for row in rows(next((shared_data / "vn_vncdc_timeseries").glob("*.csv")))
        if row["province"] == "Tỉnh Bà Rịa - Vũng Tàu" and row["confirmed"]
    }
    values = {day.date(): value for day, value in zip(frame["day"], frame["value"], strict=True) if value == value}
    assert values == {day: cases for day, cases in theirs.items() if date(2021, 1, 2) <= day <= date(2021, 8, 31)}
    assert len(values) < len(frame)  # a day without a report is missing, not zero


def test_antoancovid_sets_districts_of_other_provinces_aside_by_name(shared_data: Path, pulled: Pulled) -> None:
    report, release, _ = pulled("vn_antoancovid")
    own = {"Biên Hòa": "731", "Cẩm Mỹ": "739", "Long Khánh": "732", "Long Thành": "740", "Nhơn Trạch": "742"}
    own |= {"Thống Nhất": "738", "Trảng Bom": "737", "Vĩnh Cửu": "735", "Xuân Lộc": "741"}
    expected: dict[str, float] = {}
    elsewhere = 0
    for row in rows(shared_data / "vn_antoancovid" / "cases_huyen_dongnai.csv"):
        if row["huyen"] in own:
            expected[own[row["huyen"]]] = expected.get(own[row["huyen"]], 0) + int(row["new_cases"])
        else:
            elsewhere += 1
    assert elsewhere > 0
    assert reasons(report, "antoancovid")["unit_other_province"] == elsewhere
    found = dict(
        release.cursor()
        .execute(
            "SELECT unit, sum(value) FROM picture.observation WHERE measure = 'case_counts.cases' AND stratum = ''"
            " GROUP BY unit"
        )
        .fetchall()
    )
    assert found == expected
    named = (
        release.cursor().execute("SELECT found, needed FROM analysis.set_aside WHERE found = 'Xuyên Mộc'").fetchall()
    )
    assert named and "Bà Rịa - Vũng Tàu" in named[0][1]
    polygons = release.cursor().execute("SELECT count(*) FROM picture.boundary").fetchall()
    assert polygons == [(11,)]


def test_google_is_shown_as_published_and_never_summed(shared_data: Path, pulled: Pulled) -> None:
    _, release, _ = pulled("google_mobility")
    day = date(2021, 6, 1)
    row = next(
        row
        for row in rows(shared_data / "google_mobility" / "2021_VN_Region_Mobility_Report.csv")
        if row["iso_3166_2_code"] == "VN-43" and row["date"] == day.isoformat()
    )
    readings = read(release, ["movement_change_published", "residential_change_published"], ["77", "VN"], day)
    assert readings["movement_change_published", "77"].value == float(row["workplaces_percent_change_from_baseline"])
    assert readings["residential_change_published", "77"].value == float(
        row["residential_percent_change_from_baseline"]
    )
    assert readings["movement_change_published", "VN"].value is None
    assert len(rank(release, "movement_change_published", day).rows) > 50


def test_facebook_without_a_header_ranks_the_districts(shared_data: Path, pulled: Pulled) -> None:
    _, release, _ = pulled("zaf_facebook_movement")
    path = shared_data / "zaf_facebook_movement" / "facebook_mobility_movement-range-zaf-2021.txt"
    table = pd.read_csv(path, sep="\t", header=None)
    day = date(2021, 7, 1)
    of_day = table[table[0] == day.isoformat()].set_index(3)[6] * 100
    ranking = rank(release, "stationary_ratio", day)
    assert {row.unit: round(row.value, 6) for row in ranking.rows} == of_day.round(6).to_dict()
    assert len(ranking.rows) == 52
    assert read(release, ["stationary_ratio"], ["ZAF"], day)["stationary_ratio", "ZAF"].value is None


def test_vaccination_snapshot_ranks_the_province_by_doses_over_adults(shared_data: Path, pulled: Pulled) -> None:
    _, release, _ = pulled("vn_tuankhoin")
    shares = {
        row["provinceCode"].zfill(2): 100 * int(row["totalInjected"]) / int(row["popOverEighteen"])
        for row in rows(shared_data / "vn_tuankhoin" / "vaccination.csv")
    }
    expected = 1 + sum(1 for share in shares.values() if share > shares["77"])
    ranking = rank(release, "doses_per_resident_18", date(2021, 8, 5))
    found = next(row for row in ranking.rows if row.unit == "77")
    assert found.rank == expected and len(ranking.rows) == 63
    assert found.value == pytest.approx(shares["77"])


def test_korea_has_every_trail_and_the_places_two_people_share(shared_data: Path, pulled: Pulled) -> None:
    _, release, _ = pulled("korea_ds4c")
    route = pd.read_csv(shared_data / "korea_ds4c" / "PatientRoute.csv")
    points = release.cursor().execute("SELECT count(*), count(DISTINCT person) FROM analysis.trail_point").fetchall()
    assert points == [(len(route), 1211)] == [(6714, 1211)]
    places = route.groupby(["date", "longitude", "latitude"])["patient_id"].nunique()
    shared = release.cursor().execute(
        "SELECT count(*) FROM (SELECT 1 FROM analysis.trail_point GROUP BY visited_at, longitude, latitude"
        " HAVING count(DISTINCT person) > 1)"
    )
    assert shared.fetchall() == [(int((places > 1).sum()),)] == [(722,)]
    known = trails(release)
    assert len(known) == 1211
    assert len(trail_points(release, [known[0].id])) == known[0].points
    assert len(shared_places(release)) == 722


def test_korea_links_name_sources_as_oracles_say(shared_data: Path, pulled: Pulled) -> None:
    _, release, _ = pulled("korea_ds4c")
    linked = release.cursor().execute("SELECT count(*) FROM analysis.cases WHERE source_person IS NOT NULL").fetchall()
    assert linked == [(822,)]
    most = (
        release.cursor()
        .execute(
            "SELECT count(*) AS n FROM analysis.cases WHERE source_person IS NOT NULL"
            " GROUP BY source_person ORDER BY n DESC LIMIT 1"
        )
        .fetchall()
    )
    assert most == [(51,)]


def test_malaysia_states_sum_to_the_nation_on_every_day(shared_data: Path, pulled: Pulled) -> None:
    _, release, _ = pulled("malaysia_moh")
    national = pd.read_csv(shared_data / "malaysia_moh" / "epidemic" / "cases_malaysia.csv")
    frame = series(release, "cases_new_all", ["MYS"], date(2020, 1, 25), date(2023, 1, 25)).set_index("day")["value"]
    expected = national.set_index(pd.to_datetime(national["date"]))["cases_new"]
    assert len(expected) == 1097
    compared = frame.reindex(expected.index)
    assert (compared == expected).all()


def test_malaysia_cumulative_doses_are_the_sum_of_daily_ones(shared_data: Path, pulled: Pulled) -> None:
    _, release, _ = pulled("malaysia_moh")
    wrong = release.cursor().execute(
        "SELECT count(*) FROM (SELECT unit, day, sum(value) OVER (PARTITION BY unit ORDER BY day) AS total"
        " FROM picture.observation"
        " WHERE measure = 'vaccination.doses_given' AND stratum = '') AS d JOIN picture.observation AS o"
        " ON o.unit = d.unit AND o.day = d.day AND o.measure = 'vaccination.doses_given_cumulative' AND o.stratum = ''"
        " WHERE d.total <> o.value"
    )
    assert wrong.fetchall() == [(0,)]


def test_malaysia_shows_quarantine_and_tests(shared_data: Path, pulled: Pulled) -> None:
    _, release, _ = pulled("malaysia_moh")
    centres = pd.read_csv(shared_data / "malaysia_moh" / "epidemic" / "pkrc.csv")
    day = date(2021, 8, 1)
    of_day = centres[centres["date"] == day.isoformat()]
    reading = read(release, ["in_quarantine"], ["MYS"], day)["in_quarantine", "MYS"]
    assert reading.value == of_day["pkrc_covid"].sum()
    tests = pd.read_csv(shared_data / "malaysia_moh" / "epidemic" / "tests_state.csv")
    expected = tests[tests["date"] == day.isoformat()][["rtk-ag", "pcr"]].sum().sum()
    total = release.cursor().execute(
        "SELECT sum(value) FROM picture.observation WHERE measure = 'tests.samples' AND stratum = '' AND day = ?", [day]
    )
    assert total.fetchall() == [(float(expected),)]


def test_malaysia_shows_beds_and_intensive_care(shared_data: Path, pulled: Pulled) -> None:
    _, release, _ = pulled("malaysia_moh")
    day = date(2021, 8, 1)
    folder = shared_data / "malaysia_moh" / "epidemic"
    hospital, icu = (pd.read_csv(folder / name) for name in ("hospital.csv", "icu.csv"))
    hospital = hospital[hospital["date"] == day.isoformat()].set_index("state")
    icu = icu[icu["date"] == day.isoformat()].set_index("state")
    names = ("in_treatment", "beds_in_use", "critical", "critical_share", "icu_beds_in_use")
    found = {name: read(release, [name], ["MYS", "MY-10"], day) for name in names}
    assert found["in_treatment"]["in_treatment", "MYS"].value == hospital["hosp_covid"].sum()
    use = 100 * hospital["hosp_covid"].sum() / hospital["beds_covid"].sum()
    assert found["beds_in_use"]["beds_in_use", "MYS"].value == pytest.approx(use)
    assert found["critical"]["critical", "MY-10"].value == icu.loc["Selangor", "icu_covid"]
    share = 100 * icu["icu_covid"].sum() / hospital["hosp_covid"].sum()
    assert found["critical_share"]["critical_share", "MYS"].value == pytest.approx(share)
    icu_use = 100 * icu.loc["Selangor", "icu_covid"] / icu.loc["Selangor", "beds_icu_covid"]
    reading = found["icu_beds_in_use"]["icu_beds_in_use", "MY-10"]
    assert (reading.value, reading.state) == (pytest.approx(icu_use), "past" if icu_use > 80 else "ok")
    ranking = rank(release, "beds_in_use", day)
    expected = (hospital["hosp_covid"] / hospital["beds_covid"]).sort_values(ascending=False)
    names_of = {row.unit: release.units.get(row.unit).name for row in ranking.rows}
    assert [names_of[row.unit] for row in ranking.rows][:3] == list(expected.index[:3])


def test_malaysia_s_beds_fill_at_the_pace_of_the_last_week(shared_data: Path, pulled: Pulled) -> None:
    _, release, _ = pulled("malaysia_moh")
    table = pd.read_csv(shared_data / "malaysia_moh" / "epidemic" / "hospital.csv", parse_dates=["date"])
    selangor = table[table["state"] == "Selangor"].set_index("date")
    use = 100 * selangor["hosp_covid"] / selangor["beds_covid"]
    rising, falling = 0, 0
    for day in pd.date_range("2021-06-20", "2021-10-01", freq="7D"):
        week = use[day - pd.Timedelta(days=6) : day]
        pace = np.polyfit(np.arange(7), week.to_numpy(), 1)[0]
        reading = read(release, ["days_to_beds_full"], ["MY-10"], day.date())["days_to_beds_full", "MY-10"]
        if use[day] < 100 and pace > 0:
            assert reading.value == pytest.approx((100 - use[day]) / pace, rel=1e-6)
            rising += 1
        elif use[day] < 100:
            assert (reading.value, reading.absence) == (None, "not_rising")
            falling += 1
        elif pace > 0:
            assert reading.value == 0
    assert rising and falling


def test_malaysia_s_check_ins_registrations_and_contacts_warned(shared_data: Path, pulled: Pulled) -> None:
    report, release, _ = pulled("malaysia_moh")
    day = date(2021, 8, 1)
    scans = pd.read_csv(shared_data / "malaysia_moh" / "mysejahtera" / "checkin_state.csv", parse_dates=["date"])
    people = pd.read_csv(shared_data / "malaysia_moh" / "static" / "population.csv").set_index("state")
    week = scans[scans["date"].between("2021-07-26", "2021-08-01")]
    whole = week.groupby("date")["checkins"].sum().mean() / people.loc["Malaysia", "pop"] * 1000
    value = read(release, ["checkins_per_1000_7d"], ["MYS"], day)["checkins_per_1000_7d", "MYS"].value
    assert value == pytest.approx(whole, rel=0.001)  # the 16 states add up to a little less than the printed total
    registered = pd.read_csv(shared_data / "malaysia_citf" / "registration_vaxreg_state.csv")
    of_day = registered[registered["date"] == day.isoformat()].set_index("state")["total"]
    shares = 100 * of_day / people["pop_18"].reindex(of_day.index)
    readings = read(release, ["registered_share"], ["MY-01", "MYS"], day)
    assert readings["registered_share", "MY-01"].value == pytest.approx(shares["Johor"])
    # Only the nation publishes how many contacts were warned; a day told twice with two figures is set aside.
    warned = pd.read_csv(shared_data / "malaysia_moh" / "mysejahtera" / "trace_malaysia.csv")
    twice = warned[warned["date"].duplicated(keep=False)]
    conflicts = int((twice.groupby("date")["casual_contacts"].transform("nunique") > 1).sum())
    assert reasons(report, "tracing")["conflict"] == conflicts
    sums = warned.drop_duplicates().set_index("date")["casual_contacts"]
    days = [(day - timedelta(days=number)).isoformat() for number in range(7)]
    reading = read(release, ["contacts_warned_7d"], ["MYS", "MY-01"], day)
    assert reading["contacts_warned_7d", "MYS"].value == sums[days].sum()
    assert reading["contacts_warned_7d", "MY-01"].value is None


def test_godata_s_contacts_are_registered_active_and_cases_by_place(shared_data: Path, pulled: Pulled) -> None:
    report, release, _ = pulled("godata_demo")
    day = date(2020, 6, 10)
    contacts = pd.read_csv(shared_data / "godata_demo" / "contacts_clean.csv")
    place = contacts["admin_2_name"].fillna("Djembe")
    status = contacts["contact_status"]
    table = pd.DataFrame(
        {
            "registered": place.value_counts(),
            "active": place[status == "UNDER_FOLLOW_UP"].value_counts(),
            "became": place[status == "BECAME_CASE"].value_counts(),
        }
    ).fillna(0)
    assert table.loc["Djembe"].tolist() == [59, 30, 2] and table.loc["Trumpet"].tolist() == [3, 1, 0]
    names = {unit.name: unit.code for unit in release.units.reporting()}
    sums = {
        (unit, measure): value
        for measure, unit, value in release.cursor()
        .execute(
            "SELECT measure, unit, sum(value) FROM picture.observation WHERE stratum = '' AND day <= ? GROUP BY ALL",
            [day],
        )
        .fetchall()
    }
    active = read(release, ["contacts_in_follow_up"], [*names.values(), "TRAINING"], day)
    for name, row in table.iterrows():
        code = names[str(name)]
        assert sums[code, "contacts.named"] == row["registered"]
        assert active["contacts_in_follow_up", code].value == row["active"]
        assert sums.get((code, "contacts.became_case"), 0) == row["became"]
    assert active["contacts_in_follow_up", "TRAINING"].value == 31
    assert [sums.get((names["Djembe"], f"contacts.{end}"), 0) for end in ("completed", "died")] == [21, 2]
    lost = sum(value for (_, measure), value in sums.items() if measure == "contacts.lost")
    assert lost == (status == "LOST_TO_FOLLOW_UP").sum() == 6
    assert [source.rows_kept for source in report.sources] == [66, 96]


def test_godata_s_never_seen_are_not_the_lost(shared_data: Path, pulled: Pulled) -> None:
    _, release, _ = pulled("godata_demo")
    day = date(2020, 6, 10)
    visits = pd.read_csv(shared_data / "godata_demo" / "followups_clean.csv", parse_dates=["date_of_followup"])
    seen = visits[visits["seen"]].groupby("contact_uuid")["date_of_followup"].max()
    contacts = pd.read_csv(shared_data / "godata_demo" / "contacts_clean.csv")
    last = contacts.loc[contacts["admin_2_name"].fillna("Djembe") == "Djembe", "uuid"].map(seen)
    never, week = int(last.isna().sum()), int((last <= pd.Timestamp(day) - pd.Timedelta(days=7)).sum())
    assert (never, week) == (24, 13)
    assert read(release, ["contacts_never_seen"], ["DJE"], day)["contacts_never_seen", "DJE"].value == never
    unseen = release.cursor().execute(
        "SELECT sum(value) FROM picture.observation WHERE measure = 'contacts.last_seen' AND stratum = ''"
        " AND unit = 'DJE' AND day <= ?",
        [day - timedelta(days=7)],
    )
    assert unseen.fetchall() == [(float(week),)]
    done = read(release, ["followup_done_share"], ["DJE"], day)["followup_done_share", "DJE"]
    assert done.value == pytest.approx(100 * (59 - never) / 59)
    noted = release.cursor().execute("SELECT note FROM picture.format_note WHERE note LIKE '%blanks_read%'").fetchall()
    blank = int(contacts["admin_2_name"].isna().sum())
    assert any(f'"cells":{blank}' in note for (note,) in noted)
