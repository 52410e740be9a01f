"""The hotline, the channel, rumours, aid, devices and rollout tell of the same epidemic and of each other."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from data_sources.demo import places, platforms, published, tracing
from data_sources.demo.feeds import ISSUED_AT
from data_sources.demo.generator import Demonstration
from data_sources.demo.reporting import up_to


def newest(frame: pd.DataFrame, key: list[str], until: date = date(2021, 12, 31)) -> pd.DataFrame:
    """The newest version of each row as of the end of a day."""
    return frame[frame[ISSUED_AT] <= up_to(until)].drop_duplicates(key, keep="last")


@pytest.fixture(scope="module")
def cases(demonstration: Demonstration) -> pd.Series:
    """The province's mean of cases a day over seven days, by day."""
    daily = demonstration.epidemic.by_unit_and_day().sum(axis=0)
    week = pd.Series(daily, index=pd.date_range("2021-04-01", periods=len(daily))).rolling(7, min_periods=1).mean()
    return week


@pytest.fixture(scope="module")
def bulletins(demonstration: Demonstration) -> pd.Series:
    """For each day, whether a bulletin or flash appeared in the 24 hours before its noon."""
    posts = newest(demonstration.frames["kenh_zalo"], ["post_id"])
    posts = posts[posts["kind"] != "other"]
    heard = (posts["published_at"] + pd.Timedelta(hours=12)).dt.normalize()
    return heard.value_counts()


def test_calls_rise_with_cases_and_fall_after_a_bulletin(
    demonstration: Demonstration, cases: pd.Series, bulletins: pd.Series
) -> None:
    calls = newest(demonstration.frames["tong_dai"], ["unit", "day", "topic"]).groupby("day")["calls"].sum()
    quiet = calls["2021-04-05":"2021-06-20"].mean()
    assert calls["2021-07-26":"2021-08-08"].mean() > 5 * quiet
    assert np.corrcoef(np.sqrt(cases.reindex(calls.index)), calls)[0, 1] > 0.75
    # Against the mean of the same weekday a week before and after, days after bulletins are quieter than the others.
    around = (calls.shift(7) + calls.shift(-7)) / 2
    ratio = (calls / around)["2021-09-24":"2021-12-20"]
    heard = bulletins.reindex(ratio.index).fillna(0)
    assert (heard == 0).sum() >= 8
    assert ratio[heard >= 1].mean() < ratio[heard == 0].mean() - 0.05


def test_what_people_ask_follows_what_happens_to_them(demonstration: Demonstration) -> None:
    rows = newest(demonstration.frames["tong_dai"], ["unit", "day", "topic"])
    calls = rows.pivot_table(index="day", columns="topic", values="calls", aggfunc="sum")
    closed, opened = calls["2021-08-10":"2021-09-10"].mean(), calls["2021-10-20":"2021-11-05"].mean()
    assert closed["travel"] > 2 * opened["travel"]
    assert closed["aid"] > 2 * opened["aid"]
    # The week the province was closed had the most questions about passes.
    assert calls["travel"].rolling(7).mean().idxmax() < pd.Timestamp("2021-07-31")
    share = rows.groupby("day")[["answered", "calls"]].sum()
    assert (share["answered"] / share["calls"])["2021-07-24":"2021-07-31"].mean() < 0.75
    assert (share["answered"] / share["calls"])["2021-10-01":"2021-10-31"].mean() > 0.93
    assert rows.loc[rows["answered"] == 0, "waiting_seconds_p50"].isna().all()


def test_calls_passed_on_for_aid_follow_the_calls_for_it(demonstration: Demonstration) -> None:
    rows = newest(demonstration.frames["tong_dai"], ["unit", "day", "topic"])
    passed = rows.groupby("topic")["passed_on_for_aid"].sum()
    assert passed["aid"] > 0.7 * passed.sum()


def test_rumours_rise_with_cases_and_are_worked_off(demonstration: Demonstration, cases: pd.Series) -> None:
    rows = demonstration.frames["tin_sai"]
    items = newest(rows, ["item_id"])
    per_day = items.groupby("day").size().reindex(cases.index, fill_value=0).rolling(7, min_periods=1).mean()
    assert np.corrcoef(np.sqrt(cases), per_day)[0, 1] > 0.7
    assert len(items) > 400
    settled = items[items["found_at"] < "2021-11-01"]
    assert (settled["status"] == "closed").mean() > 0.98
    assert (settled["closed_at"] >= settled["acted_at"]).all()
    order = {"new": 0, "verified": 1, "passed_to_police": 2, "answered": 3, "closed": 4}
    assert (rows.groupby("item_id")["status"].apply(lambda steps: steps.map(order).is_monotonic_increasing)).all()
    # Reach only grows as an item is told again.
    assert rows.groupby("item_id")["reach"].apply(lambda reach: reach.is_monotonic_increasing).all()


def test_views_grow_and_more_people_follow_as_cases_rise(demonstration: Demonstration) -> None:
    rows = demonstration.frames["kenh_zalo"]
    assert rows.groupby("post_id")["views"].apply(lambda views: views.is_monotonic_increasing).all()
    posts = newest(rows, ["post_id"])
    assert (posts["views"] <= posts["followers"]).mean() > 0.95
    seen = posts.assign(share=posts["views"] / posts["followers"]).groupby("kind")["share"].mean()
    assert seen["flash"] > seen["bulletin"] > seen["other"]
    closed = posts[(posts["kind"] == "bulletin") & posts["day"].between("2021-07-14", "2021-09-22")]
    assert closed.groupby("day").size().max() == 2


def test_aid_follows_the_locked_down_areas(demonstration: Demonstration) -> None:
    entries = newest(demonstration.frames["zalo_connect"], ["aid_id"])
    requests = entries[entries["kind"] == "request"]
    august = requests[requests["day"] < pd.Timestamp("2021-08-30")].groupby("unit").size()
    per_100k = (august / pd.Series(dict(zip(places.CODES, places.RESIDENTS, strict=True))) * 1e5).dropna()
    # Long Điền had most of the locked-down areas of August.
    assert per_100k.idxmax() == "752"
    assert (entries["day"] >= pd.Timestamp("2021-08-09")).all()
    autumn = requests["day"].between("2021-10-15", "2021-11-05").sum() / 22
    assert requests["day"].between("2021-08-20", "2021-09-10").sum() / 22 > 3 * autumn
    supplies = entries[entries["category"] == "school_supplies"]
    assert supplies["day"].min() == pd.Timestamp(published.SCHOOL_SUPPLIES_SINCE)
    assert set(supplies["kind"]) == {"request", "offer"}


def test_an_entry_s_course_is_told_in_order_and_some_of_it_late(demonstration: Demonstration) -> None:
    rows = demonstration.frames["zalo_connect"]
    told = rows.groupby("aid_id")
    assert (told["opened_at"].nunique() == 1).all()
    for name in ("matched_at", "met_at", "cancelled_at"):
        stated = rows[name].notna()
        assert (stated.groupby(rows["aid_id"]).apply(lambda steps: steps.is_monotonic_increasing)).all()
    assert not (rows["met_at"].notna() & rows["cancelled_at"].notna()).any()
    met = rows[rows["met_at"].notna()].drop_duplicates("aid_id")
    late = met[ISSUED_AT] - met["met_at"] > pd.Timedelta(hours=12)
    assert 0.05 < late.mean() < 0.2
    assert rows["longitude"].notna().mean() > 0.9
    assert rows["name"].dropna().str.startswith("Minh Họa ").all()
    assert rows["phone"].str.fullmatch(r"09000\d{5}").all()


def test_open_entries_are_opened_less_closed_on_every_day(demonstration: Demonstration) -> None:
    entries = newest(demonstration.frames["zalo_connect"], ["aid_id"])
    ended = entries["met_at"].fillna(entries["cancelled_at"])
    days = pd.date_range("2021-08-09", "2021-12-31")
    for kind in ("request", "offer"):
        mine = entries["kind"] == kind
        opened = entries[mine].groupby("day").size().reindex(days, fill_value=0).cumsum()
        closed = ended[mine].dt.normalize().value_counts().reindex(days, fill_value=0).cumsum()
        assert ((opened - closed) >= 0).all()
        assert (opened - closed).max() > 50


def test_devices_close_the_gap_and_never_hand_out_more_than_were_promised(demonstration: Demonstration) -> None:
    rows = newest(demonstration.frames["thiet_bi_hoc_tap"], ["unit", "day"]).sort_values(["unit", "day"])
    running = rows.groupby("unit")[["devices_pledged", "devices_delivered"]].cumsum()
    assert (running["devices_delivered"] <= running["devices_pledged"]).all()
    change = rows.groupby("unit")["pupils_without_device"].diff().dropna()
    assert (change >= -rows["devices_delivered"].loc[change.index]).all()
    total = rows.groupby("day")["pupils_without_device"].sum()
    assert total["2021-12-20"] < 0.5 * total["2021-09-12"]
    # The programme of 12/9 brought pledges first and devices weeks later.
    week = rows.groupby("day")[["devices_pledged", "devices_delivered"]].sum().rolling(7).mean()
    assert week["devices_pledged"].idxmax() < week["devices_delivered"].idxmax() - pd.Timedelta(days=10)


def test_platforms_are_live_where_their_data_come_from(demonstration: Demonstration) -> None:
    rows = demonstration.frames["trien_khai"]
    last = newest(rows, ["unit", "platform"])
    started = last.set_index(["platform", "unit"])["started_on"]
    traced = demonstration.frames["truy_vet"].groupby("unit")["day"].min()
    for unit, day in traced.items():
        assert started["tracing", unit] <= day
    assert started["tracing"].dt.date.to_dict() == tracing.STARTS
    assert (started["health_book"] == demonstration.frames["so_suc_khoe"]["day"].min()).all()
    aid = demonstration.frames["zalo_connect"]
    assert (started["aid"] >= aid["day"].min()).all()
    # Before a start nobody uses the platform; a plan may lie ahead of the day it is told on.
    assert (rows.loc[rows["started_on"].isna(), "active_accounts"] == 0).all()
    assert (rows["planned_on"] > rows["day"]).any()
    assert (rows.dropna(subset=["started_on"])["started_on"] <= rows.dropna(subset=["started_on"])["day"]).all()
    assert last.set_index(["platform", "unit"])["started_on"].isna().sum() == len(platforms.NEVER_STARTED)


def test_campaigns_are_told_while_they_run(demonstration: Demonstration) -> None:
    rows = demonstration.frames["tin_nhan"]
    assert (rows["delivered"] + rows["failed"] <= rows["sent"]).all()
    assert rows.groupby("message_id")["sent"].apply(lambda sent: sent.is_monotonic_increasing).all()
    last = newest(rows, ["message_id"])
    finished = last[last["kind"] == "sms"]
    assert finished["finished_at"].notna().all()
    assert (finished["finished_at"] > finished["started_at"]).all()
    to_all = finished[finished["audience"] == "all_subscribers"]
    assert (to_all["units_covered"] == len(places.CODES)).all()
    assert (to_all["sent"] > 800_000).all()
