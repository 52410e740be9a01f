"""What is served looks like real forms, and what is wrong with it can be left out without losing anything."""

from __future__ import annotations

import unicodedata

import pandas as pd
import pytest

from data_sources.demo import places
from data_sources.demo.feeds import BY_NAME, FEEDS, ISSUED_AT, Feed
from data_sources.demo.forms import written
from data_sources.demo.generator import SEED, Demonstration

DISTRICT_FEEDS = [
    feed for feed in FEEDS if not feed.national and {"unit", "day"} <= set(feed.headers) and feed.name != "dan_so"
]


def number(column: pd.Series) -> pd.Series:
    """Whole numbers written as 1.234."""
    return column.str.replace(".", "", regex=False).astype(int)


@pytest.fixture(scope="module")
def forms(demonstration: Demonstration) -> dict[str, pd.DataFrame]:
    return {feed.name: written(SEED, feed, demonstration.frames[feed.name]) for feed in FEEDS}


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.name)
def test_headers_are_theirs_and_rows_come_in_order_of_issue(forms: dict[str, pd.DataFrame], feed: Feed) -> None:
    frame = forms[feed.name]
    assert list(frame.columns) == [*feed.headers.values(), "_issued"]
    assert frame["_issued"].is_monotonic_increasing
    text = frame["_issued"].dt.strftime("%Y-%m-%dT%H:%M:%S+07:00")
    assert (frame[feed.headers[ISSUED_AT]] == text).all()


def test_a_form_is_written_the_same_way_for_the_same_seed(
    demonstration: Demonstration, forms: dict[str, pd.DataFrame]
) -> None:
    feed = BY_NAME["bao_cao_ngay"]
    pd.testing.assert_frame_equal(written(SEED, feed, demonstration.frames[feed.name]), forms[feed.name])


@pytest.mark.parametrize("feed", DISTRICT_FEEDS, ids=lambda feed: feed.name)
def test_unit_names_are_written_many_ways(forms: dict[str, pd.DataFrame], feed: Feed) -> None:
    names = forms[feed.name][feed.headers["unit"]]
    composed = names.map(lambda name: unicodedata.normalize("NFC", name))
    known = {way for district in places.DISTRICTS for way in district.written}
    misspelled = {district.misspelled for district in places.DISTRICTS}
    assert set(composed) <= known | misspelled
    assert len(set(composed) & known) > 20 or len(names) < 5_000
    assert (names != composed).sum() > 0
    assert "Huyen Long Dien" in set(composed)
    wrong = composed.isin(misspelled)
    assert 3 <= wrong.sum() < 0.01 * len(names)


@pytest.mark.parametrize("feed", DISTRICT_FEEDS, ids=lambda feed: feed.name)
def test_wrong_rows_can_be_left_out(demonstration: Demonstration, forms: dict[str, pd.DataFrame], feed: Feed) -> None:
    """Without misspelled, impossible and repeated rows, what is left is row for row what was generated."""
    frame = forms[feed.name].copy()
    unit, day = feed.headers["unit"], feed.headers["day"]
    code = {way: district.code for district in places.DISTRICTS for way in district.written}
    frame["_code"] = frame[unit].map(lambda name: code.get(unicodedata.normalize("NFC", name)))
    misspelled = frame["_code"].isna()
    impossible = frame[day].str.contains("2201")
    if feed.dataset == "cases":
        impossible |= frame[feed.headers["age"]].eq(250).fillna(False)
    if feed.dataset == "tests":
        impossible |= frame[feed.headers["positives"]] > frame[feed.headers["results_returned"]]
    if feed.dataset == "hotline":
        answered, calls = (number(frame[feed.headers[name]]) for name in ("answered", "calls"))
        impossible |= answered > calls
    if feed.dataset == "aid":
        impossible |= (frame[feed.headers["met_at"]] < frame[feed.headers["opened_at"]]).fillna(False)
    if feed.dataset == "mobility":
        impossible |= frame[feed.headers["stationary_subscribers"]] > frame[feed.headers["active_subscribers"]]
    assert impossible.sum() >= 3
    right = frame[~misspelled & ~impossible]
    repeated = right.drop(columns=[unit]).duplicated()
    assert right.duplicated(subset=[column for column in right if column not in (unit, "_issued")]).sum() >= 3
    clean = demonstration.frames[feed.name]
    assert len(right[~repeated]) == len(clean)
    assert sorted(right.loc[~repeated, "_code"]) == sorted(clean["unit"])


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.name)
def test_every_choice_has_a_word(demonstration: Demonstration, forms: dict[str, pd.DataFrame], feed: Feed) -> None:
    for column, words in feed.words.items():
        assert len(set(words.values())) == len(words)
        assert set(demonstration.frames[feed.name][column].dropna()) <= set(words)
        assert forms[feed.name][feed.headers[column]].isna().mean() == pytest.approx(
            demonstration.frames[feed.name][column].isna().mean(), abs=0.01
        )


def test_numbers_and_dates_of_csv_feeds_are_vietnamese(forms: dict[str, pd.DataFrame]) -> None:
    doses = forms["toan_quoc_ca_benh"]["Ca mắc mới"]
    assert doses.str.fullmatch(r"\d{1,3}(\.\d{3})*").all()
    assert doses.str.contains(".", regex=False).any()
    assert forms["tiem_chung"]["Ngày tiêm"].str.fullmatch(r"\d{2}/\d{2}/\d{4}").all()
    assert forms["bao_cao_ngay"]["ngay_bao_cao"].str.fullmatch(r"\d{4}-\d{2}-\d{2}").all()
