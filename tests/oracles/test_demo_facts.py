"""The demonstration shows every published figure as of its date, read from what its server sends and nothing else.

The reader here is a plain one of its own: names without accents, the newest version of each key, rows whose unit is
not known left out. The figures are written here again, from the publications and not from the generator's constants.
"""

from __future__ import annotations

import io
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
import requests

from data_sources.contracts import CONTRACTS
from data_sources.demo import DEMO_SETTINGS
from data_sources.demo.server import DemoServer

DISTRICTS = {
    "vung tau": "747",
    "ba ria": "748",
    "chau duc": "750",
    "xuyen moc": "751",
    "long dien": "752",
    "dat do": "753",
    "phu my": "754",
    "con dao": "755",
}
TYPE_WORDS = re.compile(r"^(thanh pho|thi xa|huyen|tinh|tp|tx|h)\b[ .]*")
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
ADULTS = 823_373
WHOLE_YEAR = date(2021, 12, 31)

Read = Callable[[str, date], pd.DataFrame]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    with DemoServer(tmp_path_factory.getbasetemp().parent / "demonstration") as running:
        yield running


def plain(name: str) -> str:
    """A name in small letters without accents and type words."""
    letters = unicodedata.normalize("NFD", name.replace("Đ", "D").replace("đ", "d"))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter)).lower()
    return TYPE_WORDS.sub("", bare).strip()


@pytest.fixture(scope="module")
def read(server: DemoServer) -> Read:
    """A function that gives a source's rows as of the end of a day, in our columns, the newest version of each key."""
    document = tomllib.loads(DEMO_SETTINGS.read_text(encoding="utf-8"))
    sources = {source["name"]: source for source in document["source"]}
    known: dict[tuple[str, date], pd.DataFrame] = {}

    def fetch(name: str, as_of: date) -> pd.DataFrame:
        if (name, as_of) in known:
            return known[name, as_of]
        source = sources[name]
        http = source["http"]
        query: dict[str, Any] = {"updated_until": f"{as_of}T23:59:59+07:00", "page": 1, "page_size": 20_000}
        headers = {"Authorization": f"Bearer {server.token}"}
        address = http["url"].replace("${TOANCANH_DEMO_URL}", server.url)
        if "page_parameter" in http:
            rows: list[dict[str, Any]] = []
            while True:
                page = requests.get(address, params=query, headers=headers, timeout=60).json()
                rows += page["rows"]
                if query["page"] >= page["pages"]:
                    break
                query["page"] += 1
            assert len(rows) == page["total"]
            table = pd.DataFrame(rows)
        else:
            text = requests.get(address, params=query, headers=headers, timeout=60).content.decode("utf-8-sig")
            table = pd.read_csv(io.StringIO(text), sep=None, engine="python", dtype=str)
        known[name, as_of] = clean(source, table)
        return known[name, as_of]

    return fetch


def clean(source: dict[str, Any], table: pd.DataFrame) -> pd.DataFrame:
    """Rows in our columns: words, dates and numbers understood, unknown units left out, newest versions only."""
    theirs = {header: ours for ours, header in source["columns"].items()}
    frame = table.rename(columns={**theirs, source["issued_column"]: "issued_at"})
    contract = CONTRACTS[source["dataset"]]
    reading = source.get("read", {})
    for column in contract.columns:
        if column.name not in frame:
            continue
        if column.type == "integer":
            text = frame[column.name].astype("string")
            text = text.str.replace(".", "", regex=False) if reading.get("decimal") == "," else text
            frame[column.name] = pd.to_numeric(text.str.removesuffix(".0")).astype("Int64")
        elif column.type == "day":
            dates = pd.to_datetime(frame[column.name], format=reading.get("date_format", "%Y-%m-%d"))
            frame[column.name] = dates
        elif column.type == "time":
            frame[column.name] = pd.to_datetime(frame[column.name], format="ISO8601")
    for column_name, words in source.get("choices", {}).items():
        frame[column_name] = frame[column_name].map(words)
    frame["issued_at"] = pd.to_datetime(frame["issued_at"], format="ISO8601")
    if "unit" in frame and source.get("unit_level") != "province":
        frame = frame.assign(unit=frame["unit"].map(lambda name: DISTRICTS.get(plain(name)))).dropna(subset="unit")
    elif "unit" in frame:
        frame = frame.assign(unit=frame["unit"].map(plain))
    key = [name for name in contract.key if name in frame]
    return frame.sort_values("issued_at", kind="stable").drop_duplicates(key, keep="last")


def on(frame: pd.DataFrame, day: date) -> pd.DataFrame:
    """The rows about one day."""
    return frame[frame["day"] == pd.Timestamp(day)]


def within(frame: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    """The rows about the days from `first` to `last`."""
    return frame[frame["day"].between(pd.Timestamp(first), pd.Timestamp(last))]


AUGUST_29 = date(2021, 8, 29)


def test_residents_are_those_of_the_census(read: Read) -> None:
    people = read("dan_so", AUGUST_29).set_index("unit")
    assert people["residents"].to_dict() == PEOPLE
    assert people["residents_18_plus"].sum() == ADULTS


def test_health_book_on_29_august(read: Read) -> None:
    installs = on(read("so_suc_khoe", AUGUST_29), AUGUST_29)["installs"].sum()
    assert installs == 82_502
    assert f"{installs / ADULTS * 100:.2f}" == "10.02"
    adults = read("toan_quoc_dan_so", AUGUST_29).set_index("unit")["residents_18_plus"]
    others = on(read("toan_quoc_so_suc_khoe", AUGUST_29), AUGUST_29).set_index("unit")["installs"] / adults
    assert len(others.dropna()) == 62
    assert (others > installs / ADULTS).sum() + 1 == 6


def test_doses_entered_on_29_august(read: Read) -> None:
    doses = within(read("tiem_chung", AUGUST_29), date(2021, 4, 1), AUGUST_29)
    given, entered = doses["doses_given"].sum(), doses["doses_entered"].sum()
    assert (given, entered) == (234_637, 220_066)
    assert f"{entered / given * 100:.2f}" == "93.79"
    others = within(read("toan_quoc_tiem_chung", AUGUST_29), date(2021, 4, 1), AUGUST_29)
    sums = others.groupby("unit")[["doses_given", "doses_entered"]].sum()
    shares = sums["doses_entered"] / sums["doses_given"]
    assert len(shares.dropna()) == 62
    assert (shares > entered / given).sum() + 1 == 12


def test_doses_entered_by_district_on_29_august(read: Read) -> None:
    doses = within(read("tiem_chung", AUGUST_29), date(2021, 4, 1), AUGUST_29)
    sums = doses.groupby("unit")[["doses_given", "doses_entered"]].sum().astype(float)
    shares = (sums["doses_entered"] / sums["doses_given"] * 100).sort_values()
    printed = {unit: f"{share:.2f}" for unit, share in shares.items()}
    assert shares.index[-1] == "753"
    assert printed["753"] == "99.02"
    assert set(shares.index[:2]) == {"747", "754"}
    assert printed["747"] == printed["754"] == "88.00"
    assert all(88.5 < shares[unit] < 98.9 for unit in PEOPLE if unit not in ("747", "753", "754"))


def test_volunteers_had_entered_over_nine_tenths_on_1_september(read: Read) -> None:
    day = date(2021, 9, 1)
    doses = within(read("tiem_chung", day), date(2021, 4, 1), day)
    assert doses["doses_entered"].sum() / doses["doses_given"].sum() > 0.9
    by_unit = doses.groupby("unit")[["doses_given", "doses_entered"]].sum()
    assert (by_unit["doses_entered"] / by_unit["doses_given"] > 0.9).all()


def test_tracing_on_29_august(read: Read) -> None:
    traced = within(read("truy_vet", AUGUST_29), date(2021, 4, 1), AUGUST_29)
    assert len(traced) == 157
    assert traced["contacts_found"].sum() == 216
    assert traced["needs_movement_map"].sum() == 45
    trails = read("vet_di_chuyen", date(2021, 9, 2))["case_code"]
    assert set(traced.loc[traced["needs_movement_map"], "case_code"]) <= set(trails)


def test_tracing_began_in_three_districts_on_their_days(read: Read) -> None:
    first = read("truy_vet", AUGUST_29).groupby("unit")["day"].min().dt.date.to_dict()
    assert first == {"747": date(2021, 8, 13), "748": date(2021, 8, 20), "754": date(2021, 8, 27)}


def test_the_line_list_and_the_quarantine_sites_of_august(read: Read) -> None:
    people = read("phan_mem_ca_benh", AUGUST_29)
    assert set(people["f_class"]) == {"F0", "F1", "F2"}
    for field in ("unit", "day", "f_class", "case_code"):
        assert people[field].notna().all()
    filled = people[["commune", "age", "sex", "occupation", "name", "phone", "birth_date"]].notna().mean()
    assert (filled > 0.8).all()
    assert (filled < 1).any()
    sites = within(read("khu_cach_ly", AUGUST_29), date(2021, 8, 11), AUGUST_29)
    assert sites.groupby("day")["site"].nunique().nunique() == 1
    assert sites[["capacity", "present", "arrived", "left", "f0_found", "longitude", "latitude"]].notna().all().all()
    followed = read("theo_doi_f1", AUGUST_29)
    listed = followed[followed["on_f1_list"]]
    assert set(listed["contact_code"]) <= set(people["case_code"])
    filled = (
        listed[["source_case", "named_at", "told_at", "quarantined_at", "found_by", "last_seen_day"]].notna().mean()
    )
    assert (filled > 0.9).all()
    assert (filled < 1).any()


def test_contacts_found_by_tracing_are_followed_up(read: Read) -> None:
    traced = within(read("truy_vet", AUGUST_29), date(2021, 4, 1), AUGUST_29)
    # A contact may be listed some days after the platform counted it.
    listed = read("theo_doi_f1", date(2021, 9, 5))
    of_case = listed.groupby("source_case").size().reindex(traced["case_code"]).fillna(0)
    assert (of_case.to_numpy() >= traced["contacts_found"].to_numpy(dtype=float)).all()
    assert of_case.sum() >= 216


def test_cough_and_fever_were_checked_and_found_ordinary(read: Read) -> None:
    for as_of in (AUGUST_29, WHOLE_YEAR):
        told = read("khai_bao_y_te", as_of)
        told = told[told["day"] <= pd.Timestamp(as_of) - pd.Timedelta(days=0 if as_of == AUGUST_29 else 2)]
        assert told["cough"].sum() > 0 and told["fever"].sum() > 0
        assert told["checked"].sum() == told["symptomatic"].sum() > 0
        assert (told["confirmed_ordinary"] == told["checked"]).all()
        assert told["positives"].sum() == 0
    assert set(on(read("khai_bao_y_te", AUGUST_29), AUGUST_29)["unit"]) == set(PEOPLE)


def test_the_bulletin_of_21_august(read: Read) -> None:
    day = date(2021, 8, 21)
    counts = read("bao_cao_ngay", day)
    assert within(counts, date(2021, 6, 28), day)["cases"].sum() == 2_821
    assert on(counts, date(2021, 6, 28))["cases"].sum() > 0
    today = on(counts, day)
    assert today.groupby("unit")["cases"].sum()[["752", "747", "753"]].to_dict() == {"752": 39, "747": 11, "753": 1}
    found = today[today["unit"] == "752"].set_index("detection")["cases"]
    assert {way: int(count) for way, count in found.items() if count} == {"quarantine": 6, "locked_down_area": 33}
    assert today["cases"].sum() >= 51
    assert set(today["unit"]) == set(PEOPLE)
    assert today["recovered"].sum() == 62
    assert on(read("khu_cach_ly", day), day)["present"].sum() == 2_826


@pytest.mark.parametrize(
    ("day", "cases"),
    [(date(2021, 8, 20), 57), (date(2021, 8, 25), 75), (date(2021, 8, 28), 35), (date(2021, 8, 31), 64)],
)
def test_new_cases_of_single_days(read: Read, day: date, cases: int) -> None:
    assert on(read("bao_cao_ngay", day), day)["cases"].sum() == cases
    assert on(read("bao_cao_ngay", WHOLE_YEAR), day)["cases"].sum() == cases


@pytest.mark.parametrize("as_of", [date(2021, 9, 14), WHOLE_YEAR])
def test_the_sum_of_the_first_wave(read: Read, as_of: date) -> None:
    total = within(read("bao_cao_ngay", as_of), date(2021, 4, 27), date(2021, 9, 14))["cases"].sum()
    assert 3_915 <= total <= 4_016


def test_the_year_ends_on_the_way_to_the_counts_of_22_january(read: Read) -> None:
    counts = read("bao_cao_ngay", WHOLE_YEAR)
    cases, deaths = counts["cases"].sum(), counts["deaths"].sum()
    assert 27_000 <= cases <= 29_000
    assert 280 <= deaths <= 335
    last_week = within(counts, date(2021, 12, 22), date(2021, 12, 28))["cases"].sum() / 7
    # 22 more days at a falling pace reach 30,320.
    assert 0.15 < (30_320 - cases) / 22 / last_week < 0.9


def test_the_curve_has_a_wave_of_summer_a_trough_and_a_wave_of_winter(read: Read) -> None:
    counts = read("bao_cao_ngay", WHOLE_YEAR).groupby("day")["cases"].sum()
    week = counts.astype(float).asfreq("D").rolling(7).mean()
    summer = week["2021-07-01":"2021-09-14"]
    assert 85 < summer.max() < 125
    assert pd.Timestamp("2021-07-25") <= summer.idxmax() <= pd.Timestamp("2021-08-15")
    assert week["2021-10-01":"2021-10-16"].max() < 10
    assert 450 < week["2021-11-15":].max() < 800
    assert counts["2021-04-01":"2021-06-27"].sum() < 15
    # Côn Đảo had no case in the first wave.
    island = read("bao_cao_ngay", date(2021, 9, 14))
    assert island.loc[island["unit"] == "755", "cases"].sum() == 0


def test_the_serial_interval_falls_as_published(read: Read) -> None:
    people = read("phan_mem_ca_benh", WHOLE_YEAR)
    cases = people[people["f_class"] == "F0"].set_index("case_code")
    pairs = cases.dropna(subset=["source_case", "onset"])
    source = cases["onset"].reindex(pairs["source_case"])
    days = (pairs["onset"] - source.to_numpy()).dt.days
    known = days.notna()
    early = days[known & (pairs["onset"] <= pd.Timestamp("2021-07-31"))]
    late = days[known & (pairs["onset"] >= pd.Timestamp("2021-09-15"))]
    assert len(early) > 150
    assert early.mean() == pytest.approx(5.19, abs=0.35)
    assert late.mean() == pytest.approx(3.78, abs=0.1)
    assert days[known].min() >= 1


def test_what_is_known_grows_with_the_date_it_is_read_as_of(read: Read) -> None:
    days = [date(2021, 8, 1) + timedelta(days=number) for number in (0, 10, 20)]
    sums = [read("bao_cao_ngay", day)["cases"].sum() for day in days]
    assert sums == sorted(sums)
    assert sums[0] < sums[-1]
    # On most evenings some district's form of the day is still missing.
    final = read("bao_cao_ngay", WHOLE_YEAR)
    missing = 0
    for day in [date(2021, 10, 4) + timedelta(days=number) for number in range(12)]:
        missing += on(final, day)["unit"].nunique() - on(read("bao_cao_ngay", day), day)["unit"].nunique()
    assert 3 <= missing <= 30


def test_automatic_messages_to_all_subscribers(read: Read) -> None:
    """Four sends in August, all by the 29th, then one a month until December."""
    all_year = read("tin_nhan", WHOLE_YEAR)
    to_all = all_year[(all_year["kind"] == "sms") & (all_year["audience"] == "all_subscribers")]
    assert to_all.groupby(to_all["day"].dt.month).size().to_dict() == {8: 4, 9: 1, 10: 1, 11: 1, 12: 1}
    known = read("tin_nhan", AUGUST_29)
    august = known[(known["kind"] == "sms") & (known["audience"] == "all_subscribers")]
    assert len(august) == 4
    # About a phone for each adult: not one to each resident, and not a handful.
    assert (august["delivered"] / sum(PEOPLE.values())).between(0.5, 1.0).all()


def test_platforms_live_on_29_august(read: Read) -> None:
    live = on(read("trien_khai", AUGUST_29), AUGUST_29).dropna(subset="started_on")
    by_platform = {name: rows.set_index("unit")["started_on"].dt.date for name, rows in live.groupby("platform")}
    assert by_platform["tracing"].to_dict() == {
        "747": date(2021, 8, 13),
        "748": date(2021, 8, 20),
        "754": date(2021, 8, 27),
    }
    assert set(by_platform["sampling"].index) == {"747", "748"}
    assert set(by_platform["reporting"].index) == set(PEOPLE)
    assert set(by_platform["reporting"]) == {date(2021, 8, 11)}


def test_school_supplies_are_new_in_the_aid_application(read: Read) -> None:
    before, day = date(2021, 9, 22), date(2021, 9, 23)
    usual = {"food", "necessities", "medicine", "doctor"}
    assert set(read("zalo_connect", before)["category"]) == usual
    assert set(read("zalo_connect", day)["category"]) == usual | {"school_supplies"}
    assert set(read("zalo_connect", AUGUST_29)["kind"]) == {"request", "offer"}


def test_online_schooling_on_12_september(read: Read) -> None:
    """26 of 63 provinces, 7.35 million pupils, about 1.5 million of them without a computer."""
    day = date(2021, 9, 12)
    others, own = on(read("toan_quoc_thiet_bi", day), day), on(read("thiet_bi_hoc_tap", day), day)
    assert set(own["unit"]) == set(PEOPLE)
    assert others["unit"].nunique() + 1 == 26
    assert others["pupils_online"].sum() + own["pupils_online"].sum() == 7_350_000
    assert others["pupils_without_device"].sum() + own["pupils_without_device"].sum() == 1_500_000


def test_the_hotline_and_the_channel_are_told_of_every_day_of_august(read: Read) -> None:
    calls = within(read("tong_dai", date(2021, 9, 5)), date(2021, 8, 1), AUGUST_29)
    assert calls.groupby("day")["unit"].nunique().eq(8).all()
    assert (calls["answered"] <= calls["calls"]).all()
    posts = read("kenh_zalo", AUGUST_29)
    bulletins = posts[posts["kind"] == "bulletin"]["published_at"].sort_values()
    august = bulletins[bulletins >= pd.Timestamp("2021-08-01", tz="Asia/Ho_Chi_Minh")]
    assert (august.diff().dropna() < pd.Timedelta(hours=72)).all()
