"""One seed is one province; the published sums hold for any seed; and all systems tell of the same epidemic."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from data_sources.contracts import CONTRACTS
from data_sources.demo import people, places, published, tracing
from data_sources.demo.clock import LAST_DAY
from data_sources.demo.feeds import FEEDS, ISSUED_AT, Feed
from data_sources.demo.generator import SEED, Demonstration, generate
from data_sources.demo.reporting import up_to

# Forms about later days may still be on their way when the demonstration ends.
SETTLED = pd.Timestamp("2021-12-24")


def newest(frame: pd.DataFrame, key: list[str], until: date = LAST_DAY) -> pd.DataFrame:
    """The newest version of each row as of the end of a day."""
    return frame[frame[ISSUED_AT] <= up_to(until)].drop_duplicates(key, keep="last")


@pytest.fixture(scope="module")
def line_list(demonstration: Demonstration) -> pd.DataFrame:
    return newest(demonstration.frames["phan_mem_ca_benh"], ["case_code"]).set_index("case_code", drop=False)


@pytest.fixture(scope="module")
def f0(line_list: pd.DataFrame) -> pd.DataFrame:
    return line_list[line_list["f_class"] == "F0"]


@pytest.fixture(scope="module")
def case_counts(demonstration: Demonstration) -> pd.DataFrame:
    return newest(demonstration.frames["bao_cao_ngay"], ["unit", "day", "detection"])


def test_the_same_seed_gives_the_same_rows(demonstration: Demonstration) -> None:
    again = generate(SEED)
    assert set(again.frames) == {feed.name for feed in FEEDS}
    for name, frame in demonstration.frames.items():
        pd.testing.assert_frame_equal(frame, again.frames[name])


@pytest.mark.parametrize("seed", [7, 99])
def test_the_published_figures_do_not_depend_on_the_seed(seed: int, demonstration: Demonstration) -> None:
    other = generate(seed)
    assert not other.frames["bao_cao_ngay"].equals(demonstration.frames["bao_cao_ngay"])
    bulletin = published.BULLETIN_DAY
    counts = newest(other.frames["bao_cao_ngay"], ["unit", "day", "detection"], bulletin)
    since = counts[counts["day"] >= pd.Timestamp(published.OUTBREAK_START)]
    assert since["cases"].sum() == published.CASES_SINCE_START
    assert counts.loc[counts["day"] == pd.Timestamp(bulletin), "recovered"].sum() == published.BULLETIN_RECOVERED
    for day, cases in published.CASES_OF_DAY.items():
        that_evening = newest(other.frames["bao_cao_ngay"], ["unit", "day", "detection"], day)
        assert that_evening.loc[that_evening["day"] == pd.Timestamp(day), "cases"].sum() == cases
    sites = newest(other.frames["khu_cach_ly"], ["unit", "day", "site"], bulletin)
    present = sites.loc[sites["day"] == pd.Timestamp(bulletin), "present"].sum()
    assert present == published.BULLETIN_IN_QUARANTINE_SITES
    as_of = published.PLATFORMS_AS_OF
    doses = newest(other.frames["tiem_chung"], ["unit", "day", "dose_number", "age_group", "vaccine"], as_of)
    assert doses["doses_given"].sum() == published.DOSES_GIVEN
    assert doses["doses_entered"].sum() == published.DOSES_ENTERED
    books = newest(other.frames["so_suc_khoe"], ["unit", "day"], as_of)
    assert books.loc[books["day"] == pd.Timestamp(as_of), "installs"].sum() == published.HEALTH_BOOK_INSTALLS
    traced = newest(other.frames["truy_vet"], ["case_code"], as_of)
    assert len(traced) == published.TRACED_F0
    assert traced["contacts_found"].sum() == published.CONTACTS_FOUND
    assert traced["needs_movement_map"].sum() == published.F0_NEEDING_MAP
    starts = traced.groupby("unit")["day"].min()
    assert {unit: day.date() for unit, day in starts.items()} == published.TRACING_STARTS


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.name)
def test_the_rows_have_the_contract_s_columns_keys_and_values(demonstration: Demonstration, feed: Feed) -> None:
    frame, contract = demonstration.frames[feed.name], CONTRACTS[feed.dataset]
    assert set(frame.columns) - {ISSUED_AT} <= {column.name for column in contract.columns}
    assert frame[ISSUED_AT].notna().all()
    assert (frame[ISSUED_AT] <= up_to(LAST_DAY)).all()
    assert frame[ISSUED_AT].is_monotonic_increasing
    key = [name for name in contract.key if name in frame]
    assert not frame.duplicated([*key, ISSUED_AT]).any()
    for column in contract.columns:
        if column.name not in frame:
            assert not column.required or (feed.whole_province and column.name == "unit")
            continue
        values = frame[column.name]
        if column.required:
            assert values.notna().all(), column.name
        if column.choices:
            assert set(values.dropna()) <= {choice.value for choice in column.choices}, column.name
        if column.minimum is not None:
            assert (values.dropna() >= column.minimum).all(), column.name
        if column.maximum is not None:
            assert (values.dropna() <= column.maximum).all(), column.name
        if column.type == "integer" and not column.name.startswith("age"):
            assert (values.dropna() >= 0).all(), column.name
    for part, whole in contract.not_above:
        if part in frame and whole in frame:
            both = frame.dropna(subset=[part, whole])
            assert (both[part] <= both[whole]).all(), (part, whole)


def test_events_of_a_case_come_in_order(f0: pd.DataFrame) -> None:
    assert (f0["result_at"].dt.normalize() == f0["day"]).all()
    assert (f0["sampled_at"] <= f0["result_at"]).all()
    known = f0[f0["onset"].notna()]
    assert len(known) > 0.5 * len(f0)
    assert (known["onset"] <= known["sampled_at"].dt.normalize()).all()
    ended = f0[f0["outcome_day"].notna()]
    assert (ended["outcome_day"] > ended["day"]).all()
    assert set(f0.loc[f0["outcome_day"].isna(), "outcome"]) == {"in_treatment"}
    assert (f0.loc[f0["severity"] == "asymptomatic", "onset"].isna()).all()


def test_everyone_was_named_by_someone_listed_before(demonstration: Demonstration, line_list: pd.DataFrame) -> None:
    named = line_list[line_list["source_case"].notna()]
    assert named["source_case"].isin(line_list.index).all()
    source = line_list.loc[named["source_case"]].reset_index(drop=True)
    person = named.reset_index(drop=True)
    assert (source["case_code"] != person["case_code"]).all()
    assert set(source.loc[person["f_class"] == "F0", "f_class"]) == {"F0"}
    assert set(source.loc[person["f_class"] == "F1", "f_class"]) == {"F0"}
    # Some who named F2 became cases themselves.
    assert set(source.loc[person["f_class"] == "F2", "f_class"]) <= {"F0", "F1"}
    both = person["onset"].notna() & source["onset"].notna() & (person["f_class"] == "F0")
    assert (person.loc[both, "onset"] > source.loc[both, "onset"]).all()
    first = demonstration.frames["phan_mem_ca_benh"].drop_duplicates("case_code").set_index("case_code")
    issued = first[ISSUED_AT]
    waited = issued.loc[person["case_code"]].to_numpy() - issued.loc[person["source_case"]].to_numpy()
    assert (waited >= np.timedelta64(0)).all()


def test_cases_found_in_quarantine_were_close_contacts_or_travellers_there(
    demonstration: Demonstration, f0: pd.DataFrame
) -> None:
    rows = demonstration.frames["phan_mem_ca_benh"]
    were_f1 = rows.loc[rows["f_class"] == "F1", "case_code"]
    found = f0[(f0["detection"] == "quarantine") & f0["exposure"].notna()]
    listed = found["case_code"].isin(were_f1)
    # A source whose result came the same day was not known when its contact was tested.
    assert (listed == found["source_case"].notna()).all()
    assert set(found.loc[~listed, "exposure"]) == {"travel"}
    assert 0.4 < listed.mean() < 0.99
    assert (found["isolated_at"] < found["result_at"]).mean() > 0.99


def test_the_districts_forms_count_the_line_list(f0: pd.DataFrame, case_counts: pd.DataFrame) -> None:
    keys = ["unit", "day", "detection"]
    settled = case_counts[case_counts["day"] <= SETTLED]
    reported = settled[settled["cases"] > 0].set_index(keys)["cases"].sort_index()
    listed = f0[f0["day"] <= SETTLED].groupby(keys).size()
    pd.testing.assert_series_equal(reported, listed, check_names=False, check_dtype=False)
    for name, outcome in (("deaths", "died"), ("recovered", "recovered")):
        ended = f0[(f0["outcome"] == outcome) & (f0["outcome_day"] <= SETTLED)]
        listed = ended.groupby(["unit", "outcome_day", "detection"]).size()
        reported = settled[settled[name] > 0].set_index(keys)[name].sort_index()
        pd.testing.assert_series_equal(reported, listed, check_names=False, check_dtype=False, check_index=False)


def test_a_reported_zero_is_a_row_and_a_form_that_never_came_is_none(case_counts: pd.DataFrame) -> None:
    forms = case_counts.groupby(["unit", "day"])["cases"].agg(["size", "sum"])
    assert (forms["sum"] == 0).sum() > 800
    whole = 8 * case_counts["day"].nunique()
    assert 0.98 * whole < len(forms) < whole
    nothing = case_counts[case_counts["detection"] == "unknown"]
    assert (nothing[["cases", "deaths", "recovered"]].sum(axis=1) == 0).all()
    # A form that counts something names every way of detection, so that its rows replace each other.
    something = case_counts[case_counts["detection"] != "unknown"].groupby(["unit", "day"])["detection"].nunique()
    assert set(something) <= {4, 5}


def test_forms_come_late_and_are_corrected(demonstration: Demonstration) -> None:
    for name in ("bao_cao_ngay", "xet_nghiem", "tiem_chung"):
        frame = demonstration.frames[name]
        key = [column for column in CONTRACTS[{f.name: f.dataset for f in FEEDS}[name]].key if column in frame]
        versions = frame.groupby(key)[ISSUED_AT].nunique()
        assert 0.005 < (versions > 1).mean() < 0.2
        late = frame[ISSUED_AT] > frame["day"] + pd.Timedelta(days=1)
        assert 0.02 < late.mean() < 0.35


def test_positive_pcr_results_are_the_cases_of_the_day(demonstration: Demonstration, f0: pd.DataFrame) -> None:
    tests = newest(demonstration.frames["xet_nghiem"], ["unit", "day", "method", "target_group"])
    pcr = tests[(tests["method"] == "pcr") & (tests["day"] <= SETTLED)]
    positives = pcr.groupby(["unit", "day"])["positives"].sum()
    cases = f0[f0["day"] <= SETTLED].groupby(["unit", "day"]).size()
    pd.testing.assert_series_equal(positives[positives > 0], cases, check_names=False, check_dtype=False)
    # Never more results than samples so far.
    settled = tests[tests["day"] <= SETTLED]
    running = settled.groupby(["unit", "method", "target_group", "day"])[["samples", "results_returned"]].sum()
    running = running.groupby(level=[0, 1, 2]).cumsum()
    assert (running["results_returned"] <= running["samples"]).all()
    august = pcr[(pcr["day"] >= "2021-08-15") & (pcr["day"] <= "2021-08-29")]
    assert 0.02 < august["positives"].sum() / august["results_returned"].sum() < 0.05


def test_quarantine_sites_add_up_from_day_to_day(demonstration: Demonstration, f0: pd.DataFrame) -> None:
    sites = demonstration.frames["khu_cach_ly"].sort_values(["site", "unit", "day"])
    by_site = sites[sites["site_kind"] == "site"].groupby(["unit", "site"])
    change = by_site["present"].diff().dropna()
    astray = change - (sites["arrived"] - sites["left"]).loc[change.index]
    # Where they do not, people moved to treatment that day were still counted, and are gone from a later day's form.
    still = astray.groupby([sites["unit"], sites["site"]]).cumsum()
    assert ((still == 0) | (still == sites["transferred"].loc[still.index])).all()
    assert 0.001 < (still > 0).mean() < 0.03
    assert (sites["transferred"] <= sites["left"]).all()
    assert by_site["day"].nunique().eq(275).all()
    assert (sites["f0_found"] <= sites["left"]).all()
    found = sites.groupby(["unit", "day"])["f0_found"].sum()
    inside = f0[f0["detection"] == "quarantine"].groupby(["unit", "day"]).size()
    complete = inside[inside.index.get_level_values("day") <= SETTLED]
    assert (found.loc[complete.index] == complete).all()
    assert found.loc[:, : SETTLED.date().isoformat()].sum() == complete.sum()


def test_tracing_never_finds_more_contacts_than_are_listed(
    demonstration: Demonstration, line_list: pd.DataFrame, f0: pd.DataFrame
) -> None:
    rows = demonstration.frames["phan_mem_ca_benh"]
    listed = rows[rows["f_class"] == "F1"].drop_duplicates("case_code").groupby("source_case").size()
    traced = newest(demonstration.frames["truy_vet"], ["case_code"])
    sure = traced[traced["day"] <= SETTLED]
    assert set(sure["case_code"]) <= set(rows["case_code"])
    assert (sure["contacts_found"].to_numpy() <= listed.reindex(sure["case_code"]).fillna(0).to_numpy()).all()
    in_list = sure[sure["case_code"].isin(f0.index)]
    assert (in_list["unit"].to_numpy() == f0.loc[in_list["case_code"], "unit"].to_numpy()).all()
    assert (in_list["traced_at"].to_numpy() >= f0.loc[in_list["case_code"], "result_at"].to_numpy()).all()
    for unit, start in tracing.STARTS.items():
        assert traced.loc[traced["unit"] == unit, "day"].min() >= pd.Timestamp(start)


def test_trails_end_with_isolation_and_cross(demonstration: Demonstration, f0: pd.DataFrame) -> None:
    points = demonstration.frames["vet_di_chuyen"]
    traced = demonstration.frames["truy_vet"]
    assert set(points["case_code"]) <= set(traced.loc[traced["needs_movement_map"], "case_code"])
    of_case = f0.reindex(points["case_code"])
    isolated = of_case["isolated_at"].notna().to_numpy()
    assert isolated.mean() > 0.95
    assert (points.loc[isolated, "visited_at"].to_numpy() < of_case.loc[isolated, "isolated_at"].to_numpy()).all()
    out = points[points["place_kind"] != "home"]
    hour = out["visited_at"].dt.floor("h")
    together = out.groupby(["longitude", "latitude", hour])["case_code"].nunique()
    assert (together > 1).sum() > 20


def ratio(row: pd.Series) -> float:
    return float(row["stationary_subscribers"] / row["active_subscribers"])


def out(row: pd.Series) -> float:
    return float(row["out_of_home_subscribers"] / row["known_home_subscribers"])


def test_people_stay_at_home_under_directive_16(demonstration: Demonstration) -> None:
    mobility = demonstration.frames["di_bien_dong"].set_index("day")
    columns = ["active_subscribers", "stationary_subscribers", "known_home_subscribers", "out_of_home_subscribers"]
    before = mobility.loc["2021-06-01":"2021-06-30", columns].sum()
    closed = mobility.loc["2021-07-22":"2021-09-05", columns].sum()
    assert ratio(closed) > ratio(before) + 0.15
    assert out(closed) < out(before) - 0.15
    june = mobility.loc["2021-06-01":"2021-06-30"]
    assert (
        ratio(june[june.index.day_of_week == 6][columns].sum())
        > ratio(june[june.index.day_of_week < 5][columns].sum()) + 0.03
    )
    vung_tau = mobility[mobility["unit"] == "747"]
    others = mobility[mobility["unit"] == "748"]
    earlier = slice("2021-07-15", "2021-07-18")
    assert ratio(vung_tau.loc[earlier].iloc[-1]) > ratio(others.loc[earlier].iloc[-1]) + 0.1


def test_doses_are_entered_after_they_are_given(demonstration: Demonstration) -> None:
    frame = demonstration.frames["tiem_chung"]
    rows = newest(frame, ["unit", "day", "dose_number", "age_group", "vaccine"])
    by_day = rows.groupby(["unit", "day"])[["doses_given", "doses_entered", "people_first", "people_full"]].sum()
    running = by_day.groupby("unit").cumsum()
    assert (running["doses_entered"] <= running["doses_given"]).all()
    assert (running["doses_entered"] < running["doses_given"]).mean() > 0.9
    assert (running["people_full"] <= running["people_first"]).all()
    reached = running["people_first"].groupby("unit").last()
    assert (reached <= places.RESIDENTS).all()
    assert (running["people_first"].groupby("unit").last().sum() / places.RESIDENTS.sum()) > 0.6
    doses = rows[rows["doses_given"].notna()]
    people_sum = doses["people_first"] + doses["people_full"] + doses["people_booster"]
    assert (people_sum == doses["doses_given"]).all()
    assert set(rows["age_group"]) == {"12-17", "18-49", "50-64", "65+", "all"}
    left = rows["stock_left"].dropna()
    assert len(left) > 100
    snapshot = by_day.loc[(slice(None), slice(None, pd.Timestamp(published.SNAPSHOT_DAY))), :].sum()
    assert snapshot["doses_given"] == published.SNAPSHOT_DOSES
    assert snapshot["people_first"] == published.SNAPSHOT_FIRST_DOSES


def test_installs_never_fall(demonstration: Demonstration) -> None:
    for name in ("so_suc_khoe", "toan_quoc_so_suc_khoe"):
        frame = demonstration.frames[name].sort_values(["unit", "day"])
        assert (frame.groupby("unit")["installs"].diff().dropna() >= 0).all()


def test_fields_are_missing_and_are_filled_in_later(demonstration: Demonstration, f0: pd.DataFrame) -> None:
    rows = demonstration.frames["phan_mem_ca_benh"]
    first = rows[rows["f_class"] == "F0"].drop_duplicates("case_code")
    for field in ("occupation", "exposure"):
        assert first[field].isna().mean() > f0[field].isna().mean() > 0.005
    before = first[first[ISSUED_AT] < pd.Timestamp(published.SOFTWARE_START)]
    assert before["occupation"].isna().mean() > first["occupation"].isna().mean()
    required = ["case_code", "f_class", "unit", "day"]
    assert rows[required].notna().all().all()


def test_identities_are_plainly_invented(demonstration: Demonstration) -> None:
    rows = demonstration.frames["phan_mem_ca_benh"]
    assert rows["name"].str.startswith("Minh Họa ").all()
    assert rows["phone"].dropna().str.fullmatch(r"09000\d{5}").all()
    assert rows["address"].str.contains(" đường Minh Họa ").all()
    assert set(rows["occupation"].dropna()) == {*people.OCCUPATIONS, "student"}
    known = rows[rows["birth_date"].notna()]
    age = (known["day"] - known["birth_date"]).dt.days / 365.25
    # The age is the one on the day of the result; a row of class F1 is about an earlier day.
    assert ((age - known["age"].astype(float)).between(-0.05, 1.02)).all()


def test_the_line_list_stays_within_its_volume(demonstration: Demonstration) -> None:
    rows = demonstration.frames["phan_mem_ca_benh"]
    assert len(rows) <= 130_000
    assert {"F0", "F1", "F2"} == set(rows["f_class"])
