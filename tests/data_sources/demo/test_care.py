"""Contacts, apps, beds, declarations and the reporting duty tell of the same epidemic and the same forms."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from data_sources.demo import duty, places
from data_sources.demo.clock import LAST_DAY
from data_sources.demo.feeds import BY_NAME, ISSUED_AT
from data_sources.demo.forms import rejected
from data_sources.demo.generator import SEED, Demonstration
from data_sources.demo.reporting import up_to


def newest(frame: pd.DataFrame, key: list[str], until: date = LAST_DAY) -> pd.DataFrame:
    return frame[frame[ISSUED_AT] <= up_to(until)].drop_duplicates(key, keep="last")


@pytest.fixture(scope="module")
def people(demonstration: Demonstration) -> pd.DataFrame:
    return newest(demonstration.frames["phan_mem_ca_benh"], ["case_code"]).set_index("case_code")


@pytest.fixture(scope="module")
def contacts(demonstration: Demonstration) -> pd.DataFrame:
    return newest(demonstration.frames["theo_doi_f1"], ["contact_code"]).set_index("contact_code")


def test_followed_contacts_are_the_f1_of_the_line_list(
    demonstration: Demonstration, people: pd.DataFrame, contacts: pd.DataFrame
) -> None:
    every = demonstration.frames["phan_mem_ca_benh"]
    f1 = every[every["f_class"] == "F1"].drop_duplicates("case_code").set_index("case_code")
    listed = contacts[contacts["on_f1_list"]]
    assert set(listed.index) == set(f1.index)
    assert (f1["source_case"].reindex(listed.index) == listed["source_case"]).all()
    assert (f1["day"].reindex(listed.index) == listed["day"]).all()
    became = listed[listed["follow_up_status"] == "became_case"]
    cases = people.loc[became.index]
    assert (cases["f_class"] == "F0").all()
    assert (cases["day"] == became["ended_on"]).all()
    stayed = listed[listed["follow_up_status"].isin(["completed", "lost"])]
    assert (people.loc[stayed.index, "f_class"] == "F1").all()


def test_what_happens_to_a_contact_comes_in_order(demonstration: Demonstration, contacts: pd.DataFrame) -> None:
    told = contacts.dropna(subset=["named_at", "told_at", "quarantined_at"])
    assert (told["named_at"] <= told["told_at"]).all() and (told["told_at"] <= told["quarantined_at"]).all()
    lost = contacts[contacts["follow_up_status"] == "lost"]
    seen = lost["last_seen_day"].dropna()
    assert ((lost.loc[seen.index, "ended_on"] - seen).dt.days == 3).all()
    assert 0.2 < lost["last_seen_day"].isna().mean() < 0.5
    open_ones = contacts[contacts["follow_up_status"] == "under_follow_up"]
    assert open_ones["ended_on"].isna().all()
    every = demonstration.frames["theo_doi_f1"]
    for field in ("told_at", "quarantined_at"):
        assert not (every[field] > every[ISSUED_AT]).any()
    for field in ("ended_on", "last_seen_day", "day"):
        assert not (every[field] > every[ISSUED_AT]).any()


def test_contacts_an_app_found_met_their_case_where_the_app_says(
    demonstration: Demonstration, people: pd.DataFrame, contacts: pd.DataFrame
) -> None:
    automatic = contacts[contacts["found_automatically"]]
    scans, met = demonstration.frames["quet_qr"], demonstration.frames["bluezone"]
    near = set(met.loc[met["minutes"] >= 15, "other_device"])
    at_venue = scans.merge(scans, on="venue", suffixes=("", "_other"))
    overlap = at_venue[
        (at_venue["time_in"] < at_venue["time_out_other"].fillna(at_venue["time_in_other"] + pd.Timedelta(hours=1)))
        & (at_venue["time_in_other"] < at_venue["time_out"].fillna(at_venue["time_in"] + pd.Timedelta(hours=1)))
    ]
    together = set(zip(overlap["person_code"], overlap["person_code_other"], strict=True))
    pairs = set(zip(automatic.index, automatic["source_case"], strict=True))
    # The last ones were found on the last evening, and their records are handed out after it.
    explained = {(code, source) for code, source in pairs if code in near or (code, source) in together}
    assert len(explained) > 0.98 * len(pairs)
    cases = set(people.index[people["f_class"] == "F0"])
    assert set(met["device"]) <= cases
    assert (scans["time_in"] < scans[ISSUED_AT]).all() and not (scans["time_out"] > scans[ISSUED_AT]).any()


def test_the_platforms_count_more_check_ins_than_they_hand_out(demonstration: Demonstration) -> None:
    counts, scans = demonstration.frames["qr_bluezone"], demonstration.frames["quet_qr"]
    handed_out = scans.groupby(["unit", scans["time_in"].dt.normalize()]).size()
    counted = counts.set_index(["unit", "day"])["checkins"]
    both = counted.index.intersection(handed_out.index)
    assert len(both) > 200
    assert (handed_out[both] <= counted[both]).all()


def test_beds_follow_from_the_courses(demonstration: Demonstration) -> None:
    wards = newest(demonstration.frames["dieu_tri"], ["unit", "day", "site"])
    wards = wards.sort_values("day").reset_index(drop=True)
    by_site = wards.groupby("site")
    left = wards["discharged"] + wards["deaths"] + wards["f0_transferred"]
    astray = by_site["in_treatment"].diff() - (wards["admitted"] - left)
    assert (by_site["day"].diff().dropna().dt.days == 1).all()
    still = astray.groupby(wards["site"]).cumsum().dropna()
    # Where patients do not follow from those of the day before, those discharged that day were still counted.
    assert ((still == 0) | (still == wards["discharged"].loc[still.index])).all()
    assert 0.001 < (still > 0).mean() < 0.03
    assert (wards["f0_received"] <= wards["admitted"]).all()
    assert wards.groupby("unit")["f0_received"].sum().gt(0).to_dict() == {
        unit: unit in ("747", "748") for unit in wards["unit"].unique()
    }
    assert (wards["severe"] + wards["critical"] <= wards["in_treatment"]).all()
    counts = newest(demonstration.frames["bao_cao_ngay"], ["unit", "day", "detection"])
    settled = pd.Timestamp("2021-12-20")
    deaths = counts[counts["day"] <= settled].groupby("day")["deaths"].sum()
    inside = wards[wards["day"] <= settled].groupby("day")["deaths"].sum()
    assert (inside == deaths.reindex(inside.index)).all()
    use = wards.groupby("day")[["in_treatment", "beds"]].sum()
    share = use["in_treatment"] / use["beds"]
    assert 0.5 < share["2021-08-10"] < 0.95
    assert share["2021-10-10"] < 0.2


def test_every_declared_symptom_was_checked_and_found_ordinary(demonstration: Demonstration) -> None:
    every = demonstration.frames["khai_bao_y_te"]
    settled = newest(every, ["unit", "day", "checkpoint"])
    settled = settled[settled["day"] < pd.Timestamp("2021-12-29")]
    assert (settled["checked"] == settled["symptomatic"]).all()
    assert (settled["confirmed_ordinary"] == settled["checked"]).all()
    assert settled["positives"].sum() == 0
    assert settled["cough"].sum() > 500 and settled["fever"].sum() > 300
    first = every.drop_duplicates(["unit", "day", "checkpoint"])
    assert 0 < (first["checked"] < first["symptomatic"]).mean() < 0.2  # some checks are entered on the next morning


def test_the_register_of_reports_says_when_the_forms_came(demonstration: Demonstration) -> None:
    register = newest(demonstration.frames["che_do_bao_cao"], ["form", "unit", "day"])
    for name in duty.DUE_HOURS:
        dataset, frame = BY_NAME[name].dataset, demonstration.frames[name]
        mine = register[register["form"] == dataset].set_index(["unit", "day"])
        came = frame.groupby(["unit", "day"])[ISSUED_AT].min()
        received = mine["received_at"].dropna()
        assert set(received.index) == set(came.index)
        assert (received >= came.reindex(received.index)).all()
        if dataset == "treatment":
            sites = frame.drop_duplicates(["unit", "day", "site"]).groupby(["unit", "day"]).size()
            assert (mine.loc[received.index, "rows"] == sites.reindex(received.index)).all()
        wrong = rejected(SEED, BY_NAME[name], frame)
        assert mine["rows_rejected"].sum() == len(wrong)
    on_time = register["received_at"] <= register["due_at"]
    assert 0.85 < on_time.mean() < 0.97
    missing = register[register["received_at"].isna()]
    assert len(missing) >= 10 and (missing["rows"] == 0).all()
    late = register[~on_time & register["received_at"].notna()].set_index(["form", "unit", "day"])
    first = demonstration.frames["che_do_bao_cao"].drop_duplicates(["form", "unit", "day"])
    first = first.set_index(["form", "unit", "day"])
    assert first.loc[late.index, "received_at"].isna().all()  # a late form is written down as missing when it is due
    assert set(register["unit"]) == set(places.CODES)


def test_stocks_of_vaccine_never_fall_below_zero_and_follow_the_doses(demonstration: Demonstration) -> None:
    doses = newest(demonstration.frames["tiem_chung"], ["unit", "day", "dose_number", "age_group", "vaccine"])
    stocks = doses[doses["stock_left"].notna()].set_index(["unit", "vaccine", "day"]).sort_index()
    assert (stocks["stock_left"] >= 0).all()
    given = doses.groupby(["unit", "vaccine", "day"])["doses_given"].sum()
    left = stocks["stock_left"].astype(float)
    day_before = left.groupby(level=["unit", "vaccine"]).shift()
    expected = day_before + stocks["stock_received"].fillna(0).astype(float) - given.reindex(left.index).fillna(0)
    known = day_before.notna()
    assert np.isclose(left[known], expected[known].astype(float)).mean() > 0.98
