"""Di biến động: ratios, weekday baselines and published changes, against figures worked out from the fixture."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import get_args

import pytest

from analytics.release import Role
from pages.components.cached import Curve
from pages.components.mobility_figures import MOST_UNITS, baseline
from tests.analytics.release_fixture import SmallRelease
from tests.pages import outbreak
from tests.pages.conftest import Open, shown
from tests.pages.outbreak import LAST, NAMES, stationary

REPORTING = tuple(code for code in NAMES if code != "755")
WEEKS = 8
CARD = re.compile(r'<section class="tc-panel ([^"]*)"><h2>([^<]*)</h2><p class="tc-what">([^<]*) so với nền</p>')


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outbreak")
    outbreak.release().write(folder)
    return folder


def ratio(units: tuple[str, ...], day: date) -> float:
    """Stationary over active subscribers of some units together, in percent."""
    counts = [stationary(unit, day) for unit in units]
    return 100 * sum(still for _, still in counts) / sum(active for active, _ in counts)


def change(units: tuple[str, ...], day: date) -> float:
    """The ratio against the median of the same weekday of the eight weeks before, in percent of it."""
    base = median(ratio(units, day - timedelta(weeks=week)) for week in range(1, WEEKS + 1))
    return 100 * (ratio(units, day) / base - 1)


def vi(value: float, *, sign: bool = False) -> str:
    """A number as the page writes it, one decimal."""
    return (f"{value:+.1f}" if sign else f"{value:.1f}").replace(".", ",")


@pytest.mark.parametrize("role", get_args(Role))
@pytest.mark.parametrize("cold", [True, False])
def test_the_title_compares_the_province_with_its_weekday_baseline(
    open_page: Open, data: Path, role: Role, cold: bool
) -> None:
    html = shown(open_page("mobility", data=data, role=role, cold=cold))
    whole = change(REPORTING, LAST)
    side = "cao" if whole > 0 else "thấp"
    own = {unit: change((unit,), LAST) for unit in REPORTING}
    low, high = min(own, key=lambda unit: own[unit]), max(own, key=lambda unit: own[unit])
    assert low == "752"  # fewer stay at home there in the last week
    said = f"Hệ số thuê bao đứng yên {vi(ratio(REPORTING, LAST))}%, {side} hơn nền cùng thứ {vi(abs(whole))}%"
    assert said in html
    ends = re.search(r"; từ ([^(]*) \(([^)]*)%\) đến ([^(]*) \(([^)]*)%\)</h2>", html)
    assert ends
    assert ends.group(1, 2) == (NAMES[low][1], vi(own[low], sign=True))
    assert ends.group(4) == vi(own[high], sign=True)


def test_every_district_is_ranked_with_ratio_and_incidence_beside(open_page: Open, data: Path) -> None:
    html = shown(open_page("mobility", data=data))
    start = html.rindex("<tr", 0, html.index("<b>Long Điền</b>", html.index("tc-rank")))
    row = html[start : html.index("</tr>", start)]
    assert f'<span class="tc-number">{vi(change(("752",), LAST))}' in row
    assert f"{vi(ratio(('752',), LAST))}%" in row
    week = sum(
        sum((outbreak.cases_by_detection("752", LAST - timedelta(days=back)) or {}).values()) for back in range(7)
    )
    assert vi(week / NAMES["752"][2] * 100_000) in row


def test_a_unit_without_enough_subscribers_has_nothing(open_page: Open, data: Path) -> None:
    html = shown(open_page("mobility", data=data))
    assert re.search(r'<tr class="is-missing">.*?Côn Đảo.*?chưa có số liệu', html)
    assert "Côn Đảo: chưa có số liệu" in html  # on the map
    assert "<h2>Côn Đảo" not in html
    assert "Dưới 15 thuê bao thì không công bố." in html
    assert "7/8 đơn vị" in html


def test_each_card_shows_the_measure_its_baseline_and_the_incidence(open_page: Open, data: Path) -> None:
    html = shown(open_page("mobility", data=data, unit="752"))
    cards = re.findall(
        r'<section class="tc-panel ([^"]*)"><h2>([^<]*)</h2><p class="tc-what">([^<]*) so với nền</p>', html
    )
    told = {name: against for _, name, against in cards}
    assert told[f"Long Điền {vi(ratio(('752',), LAST))}%"] == f"{vi(change(('752',), LAST), sign=True)}%"
    assert f"Bà Rịa - Vũng Tàu {vi(ratio(REPORTING, LAST))}%" in told
    assert cards[0][:2] == ("is-chosen", f"Long Điền {vi(ratio(('752',), LAST))}%")
    base = ratio(("752",), LAST) / (1 + change(("752",), LAST) / 100)
    assert f"Nền {vi(base)}" in html
    assert html.count('<div class="tc-second">') == len(REPORTING) + 1


def test_out_of_home_is_another_choice(open_page: Open, data: Path) -> None:
    app = open_page("mobility", data=data, measure="out_of_home")
    home = [round(active * 0.9) for active, _ in (stationary(unit, LAST) for unit in REPORTING)]
    out = [round((active - still) * 0.7) for active, still in (stationary(unit, LAST) for unit in REPORTING)]
    assert f"Thuê bao ra khỏi nhà {vi(100 * sum(out) / sum(home))}%" in shown(app)
    assert app.selectbox(key="pick_measure").options == ["Thuê bao đứng yên", "Thuê bao ra khỏi nhà"]


def test_figures_that_come_a_day_later_are_shown_as_of_their_day(open_page: Open, tmp_path: Path) -> None:
    made = SmallRelease().unit("747", population=1000)
    made.observe("case_counts.cases", "747", LAST - timedelta(days=60), [2] * 61)
    for measure, count in (("active_subscribers", 100), ("stationary_subscribers", 40)):
        made.observe(f"mobility.{measure}", "747", LAST - timedelta(days=60), [count] * 60)
    made.write(tmp_path)
    html = shown(open_page("mobility", data=tmp_path))
    assert "Ngày 29/8/2021 chưa có số; đây là ngày gần nhất có số." in html
    assert "Đứng yên so với nền cùng thứ, 28/8/2021" in html
    assert "bằng nền cùng thứ" in html
    older = shown(open_page("mobility", data=tmp_path, day=str(LAST - timedelta(days=58))))
    assert "chưa đủ tuần để so với nền cùng thứ" in older


def published(data: Path, units: int) -> None:
    """A country whose provider publishes only changes."""
    made = SmallRelease(level="province", province="VN", demonstration=False)
    for number in range(units):
        made.unit(f"{number:02d}", f"Tỉnh {number}", level="province", parent=None, population=1000)
        made.observe("mobility.movement_change_percent", f"{number:02d}", LAST - timedelta(days=3), [-number - 0.5] * 4)
    made.write(data)


def test_published_changes_are_ranked_at_their_level_and_never_summed(open_page: Open, tmp_path: Path) -> None:
    published(tmp_path, 5)
    app = open_page("mobility", data=tmp_path)
    html = shown(app)
    assert app.selectbox(key="pick_measure").options == ["Thay đổi đi lại (nhà cung cấp công bố)"]
    assert "từ Tỉnh 4 (-4,5%) đến Tỉnh 0 (-0,5%)" in html
    assert "không cộng thành số của cấp trên" in html
    assert "<h2>Tỉnh 3 -3,5%</h2>" in html
    assert "<h2>Việt Nam" not in html
    assert "<h2>Tỉnh Thử" not in html
    assert "Chưa có số ca để đặt cạnh." in html
    assert "nền của nhà cung cấp (0)" in html


def test_many_units_are_counted_and_the_chosen_one_comes_first(open_page: Open, tmp_path: Path) -> None:
    published(tmp_path, 30)
    html = shown(open_page("mobility", data=tmp_path, unit="29"))
    cards = re.findall(r'<section class="tc-panel [^"]*"><h2>(Tỉnh \d+) -[\d,]+%</h2>', html)
    assert cards[0] == "Tỉnh 29"
    assert len(cards) == MOST_UNITS
    assert f"{30 - MOST_UNITS} đơn vị khác" in html


def test_the_baseline_is_what_the_change_was_counted_from() -> None:
    days = tuple(LAST - timedelta(days=back) for back in range(4))
    open_days = (False,) * 4
    values = Curve(days, (46.3, None, 50.0, 10.0), open_days)
    changes = Curve(days, (-5.2, 3.0, None, -100.0), open_days)
    found = baseline(values, changes)
    assert found[0] == pytest.approx(46.3 / 0.948)
    assert found[1:] == [None, None, None]


def test_without_mobility_it_says_what_to_connect(open_page: Open, tmp_path: Path) -> None:
    SmallRelease().unit("747").observe("case_counts.cases", "747", LAST, [1]).write(tmp_path)
    assert "Thêm một nguồn mobility vào config.toml" in shown(open_page("mobility", data=tmp_path))


def test_before_the_figures_begin_it_says_so(open_page: Open, tmp_path: Path) -> None:
    made = SmallRelease().unit("747").observe("case_counts.cases", "747", LAST - timedelta(days=40), [1] * 41)
    made.observe("mobility.stationary_ratio_percent", "747", LAST, [40.0]).write(tmp_path)
    html = shown(open_page("mobility", data=tmp_path, day=str(LAST - timedelta(days=20))))
    assert "Không có số di biến động đến ngày 9/8/2021" in html


def test_english(open_page: Open, data: Path) -> None:
    html = shown(open_page("mobility", data=data, lang="en"))
    whole = change(REPORTING, LAST)
    said = f"Stationary ratio {ratio(REPORTING, LAST):.1f}%, {abs(whole):.1f}% {'above' if whole > 0 else 'below'}"
    assert said in html
    assert "29 Aug 2021, 7 of 8 units" in html
