"""Ca bệnh: the curve, who the cases are and the line list, against figures counted from the rows of the fixture."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import pytest

from analytics.export import to_csv
from analytics.release import Role, open_release
from analytics.structure import category_name
from data_sources.structure import protect
from pages.components import line_list_table, stacked_curve
from pages.components.frame import View
from pages.components.selection import Address, read
from tests.analytics.release_fixture import SmallRelease
from tests.pages import outbreak
from tests.pages.conftest import Open, points_of, shown
from tests.pages.outbreak import ARRIVALS, DETECTED, LAST, NAMES, SILENT, cases_by_detection, people
from tests.pages.sent import sent

PSEUDONYM = re.compile(r"\b[0-9a-f]{12}\b")
WEEK = [LAST - timedelta(days=back) for back in range(7)]
BEFORE = [LAST - timedelta(days=back) for back in range(7, 14)]
DETECTED_VI = {
    "community": "Cộng đồng",
    "quarantine": "Khu cách ly",
    "locked_down_area": "Khu phong tỏa",
    "hospital_screening": "Sàng lọc tại cơ sở y tế",
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outbreak")
    outbreak.release().write(folder)
    return folder


def found(days: list[date], detection: str | None = None, units: tuple[str, ...] = tuple(NAMES)) -> int:
    """Cases of some days and units, in all or by place of detection, counted from the fixture."""
    parts = [cases_by_detection(unit, day) or {} for unit in units for day in days]
    return sum(part.get(detection, 0) if detection else sum(part.values()) for part in parts)


def view_of(data: Path, role: Role = "analyst", language: str = "vi") -> View:
    release = open_release(data, role)
    address = Address({"lang": language})
    return View(release, read("cases", release, (role,), address), address)


@pytest.mark.parametrize("role", get_args(Role))
@pytest.mark.parametrize("cold", [True, False])
def test_the_title_is_the_finding_worked_out_by_hand(open_page: Open, data: Path, role: Role, cold: bool) -> None:
    html = shown(open_page("cases", data=data, role=role, cold=cold))
    mean = f"{found(WEEK) / 7:.1f}".replace(".", ",")
    share = round(100 * found(WEEK, "community") / found(WEEK))
    title = re.search(r"<h2>(Ca mắc mới[^<]*)</h2>", html).group(1)  # type: ignore[union-attr]
    assert f"{mean} ca/ngày" in title
    assert f"{share}% phát hiện trong cộng đồng" in title
    assert f'aria-label="{title}"' in html
    assert "8/8 đơn vị · 1 giờ trước · tạm tính" in html


def test_each_day_says_its_parts_and_the_last_three_are_open(open_page: Open, data: Path) -> None:
    html = shown(open_page("cases", data=data, period="28"))
    hits = points_of(html)
    assert len(hits) == 28
    parts = " · ".join(f"{DETECTED_VI[name]} {found([LAST], name)}" for name in DETECTED)
    assert hits[-1].startswith(f"29/8/2021: ca mới {found([LAST])} · {parts} · trung bình 7 ngày")
    assert hits[-1].endswith("còn bổ sung")
    assert not hits[-4].endswith("còn bổ sung")
    assert html.count('class="tc-stackbar tc-part-1 is-open"') == 3
    assert "3 ngày cuối (nhạt, viền đứt) còn bổ sung số liệu." in html


def test_the_heights_of_the_parts_are_in_proportion(open_page: Open, data: Path) -> None:
    html = shown(open_page("cases", data=data, period="14"))
    day = LAST - timedelta(days=5)
    place = f'x="{13 - 5 + 0.1:.1f}"'
    tall = [
        float(
            re.search(rf'class="tc-stackbar tc-part-{step}" {re.escape(place)} [^>]*height="([\d.]+)"', html).group(1)
        )  # type: ignore[union-attr]
        for step in range(1, 5)
    ]
    counts = [found([day], name) for name in DETECTED]
    assert [height / tall[0] for height in tall] == pytest.approx([count / counts[0] for count in counts], rel=0.01)


def test_a_day_without_a_report_is_a_gap_and_not_a_zero(open_page: Open, data: Path) -> None:
    unit, day = SILENT
    html = shown(open_page("cases", data=data, unit=unit, period="28"))
    assert html.count('class="tc-missing"') == 1
    assert f"{day.day}/8/2021: chưa báo cáo" in html
    assert "1 ngày không có báo cáo (gạch chéo), không tính là 0." in html
    assert 'class="tc-missing"' not in shown(open_page("cases", data=data, period="28"))


def test_arrivals_stand_apart(open_page: Open, data: Path) -> None:
    html = shown(open_page("cases", data=data))
    assert f"Nhập cảnh tính riêng: {ARRIVALS[2]} ca trong khoảng này." in html
    day = ARRIVALS[1]
    assert f"{day.day}/8/2021: ca mới {found([day])} ·" in html


def test_a_negative_correction_is_said_and_not_drawn(open_page: Open, tmp_path: Path) -> None:
    made = SmallRelease().unit("747", population=1000)
    made.observe("case_counts.cases", "747", LAST - timedelta(days=20), [5] * 10 + [-3] + [5] * 10)
    made.write(tmp_path)
    html = shown(open_page("cases", data=tmp_path, period="28"))
    assert "1 ngày có số âm" in html
    assert "ca mới -3" in html
    assert 'height="-' not in html
    assert "nguồn không ghi nơi phát hiện" in html


def test_days_before_the_data_begin_are_not_days_without_a_report(open_page: Open, tmp_path: Path) -> None:
    made = SmallRelease().unit("747", population=1000)
    made.observe("case_counts.cases", "747", LAST - timedelta(days=9), [5] * 10).write(tmp_path)
    html = shown(open_page("cases", data=tmp_path, period="90"))
    assert len(points_of(html)) == 10
    assert "không có báo cáo" not in html


def test_the_measures_lie_beneath_the_days_they_held(open_page: Open, data: Path) -> None:
    html = shown(open_page("cases", data=data, period="60"))
    first = LAST - timedelta(days=59)
    left = 100 * (outbreak.DIRECTIVE_16[0] - first).days / 60
    strip = f'<i title="Chỉ thị 16 · 7/8 đơn vị" style="left:{left:.2f}%;width:{100 - left:.2f}%">'
    assert strip in html
    alone = shown(open_page("cases", data=data, period="60", unit="755"))
    assert '<i title="Chỉ thị 15"' in alone
    assert "Chỉ thị 16" not in alone


def test_the_week_by_place_of_detection(open_page: Open, data: Path) -> None:
    html = shown(open_page("cases", data=data))
    for name, words in DETECTED_VI.items():
        now, before = found(WEEK, name), found(BEFORE, name)
        share = round(100 * now / found(WEEK))
        row = re.search(rf"<tr><td>{words}</td>(.*?)</tr>", html).group(1)  # type: ignore[union-attr]
        assert re.findall(r">([^<]+)<", row) == [str(now), f"{share}%", str(before)]
    most = max(DETECTED, key=lambda name: found(WEEK, name))
    assert f"{DETECTED_VI[most]} nhiều nhất: {round(100 * found(WEEK, most) / found(WEEK))}% số ca 7 ngày qua" in html


def protected(dimension: str, days: int) -> tuple[dict[str, tuple[int, int]], int]:
    """For each category the least and the most a leader may know of it, and the weeks withheld."""
    first = LAST - timedelta(days=days - 1)
    first -= timedelta(days=first.weekday())
    weeks: dict[date, Counter[str]] = {}
    for row in people():
        if row["f_class"] == "F0" and row["day"] >= first:
            monday = row["day"] - timedelta(days=row["day"].weekday())
            weeks.setdefault(monday, Counter())[outbreak.category(row, dimension)] += 1
    low: Counter[str] = Counter()
    high: Counter[str] = Counter()
    withheld = 0
    for counts in weeks.values():
        cells = protect(dict(counts))
        withheld += cells is None
        for cell in cells or []:
            low[cell.category] += cell.low
            high[cell.category] += cell.high
    return {name: (low[name], high[name]) for name in high}, withheld


@pytest.mark.parametrize("role", ["leader", "briefing"])
@pytest.mark.parametrize("dimension", outbreak.DIMENSIONS)
def test_leaders_see_ranges_of_whole_weeks(open_page: Open, data: Path, role: str, dimension: str) -> None:
    html = shown(open_page("cases", data=data, role=role, period="28"))
    ranges, withheld = protected(dimension, 28)
    assert ranges
    for category, (low, high) in ranges.items():
        name = category_name(dimension, category, "vi")
        assert f'aria-label="{name}: {low}–{high}"' in html
    assert "Toàn tỉnh, theo tuần trọn, 2–29/8/2021" in html
    assert ("không hiện, vì tổng của tuần" in html) == any(protected(name, 28)[1] for name in outbreak.DIMENSIONS)
    exact = Counter(outbreak.category(row, dimension) for row in people() if row["f_class"] == "F0")
    assert all(ranges[name][0] <= count <= ranges[name][1] for name, count in exact.items() if not withheld)


def test_by_unit_leaders_are_told_that_it_is_not_for_them(open_page: Open, data: Path) -> None:
    html = shown(open_page("cases", data=data, unit="752", period="28"))
    assert "Theo đơn vị chỉ mở cho chuyên viên." in html
    assert "Toàn tỉnh, theo tuần trọn" in html


@pytest.mark.parametrize("dimension", outbreak.DIMENSIONS)
def test_analysts_see_exact_counts_of_the_unit_and_period(open_page: Open, data: Path, dimension: str) -> None:
    html = shown(open_page("cases", data=data, role="analyst", unit="752", period="14"))
    first = LAST - timedelta(days=13)
    exact = Counter(
        outbreak.category(row, dimension)
        for row in people()
        if row["f_class"] == "F0" and row["unit"] == "752" and row["day"] >= first
    )
    for category, count in exact.items():
        assert f'aria-label="{category_name(dimension, category, "vi")}: {count}"' in html
    assert "Số đúng của Long Điền, 16–29/8/2021" in html


def test_the_line_list_is_sent_to_analysts_and_to_nobody_else(open_page: Open, data: Path) -> None:
    known = {row["person"] for row in people()}
    everything = sent(open_page("cases", data=data, role="analyst"))
    assert len(known & set(PSEUDONYM.findall(everything))) >= 50
    for role in ("leader", "briefing"):
        received = sent(open_page("cases", data=data, role=role))
        assert not known & set(PSEUDONYM.findall(received))
        assert "Phường" not in received
        assert "danh-sach-ca" not in received


def test_the_line_list_follows_unit_period_class_and_detection(open_page: Open, data: Path) -> None:
    first = LAST - timedelta(days=13)
    wanted = [
        row
        for row in people()
        if row["unit"] == "747" and row["day"] >= first and row["f_class"] == "F0" and row["detection"] == "quarantine"
    ]
    narrowed = {"unit": "747", "period": "14", "class": "F0", "detection": "quarantine"}
    html = shown(open_page("cases", data=data, role="analyst", **narrowed))
    assert f"{len(wanted)} người trong danh sách khớp bộ lọc" in html
    listed = re.findall(r"<tr><td><code>([0-9a-f]{12})</code>", html)
    assert set(listed) <= {row["person"] for row in wanted}
    assert len(listed) == min(len(wanted), 50)
    assert f"{len(people()):,}".replace(",", ".") in shown(open_page("cases", data=data, role="analyst", period="60"))


def test_pages_of_the_list_do_not_overlap(open_page: Open, data: Path) -> None:
    first = shown(open_page("cases", data=data, role="analyst"))
    following = re.search(r"p=([0-9a-f-]*)", re.search(r'href="([^"]*)"[^>]*>Trang sau', first).group(1)).group(1)  # type: ignore[union-attr]
    second = shown(open_page("cases", data=data, role="analyst", p=following))
    listed = [set(re.findall(r"<tr><td><code>([0-9a-f]{12})</code>", html)) for html in (first, second)]
    assert len(listed[0]) == len(listed[1]) == 50
    assert not listed[0] & listed[1]


def test_no_address_of_the_list_names_a_person(open_page: Open, data: Path) -> None:
    html = shown(open_page("cases", data=data, role="analyst"))
    known = {row["person"] for row in people()}
    assert not known & set(PSEUDONYM.findall(" ".join(re.findall(r'href="([^"]*)"', html))))


def test_a_person_with_a_trail_leads_to_it(open_page: Open, data: Path) -> None:
    home = [row["unit"] for row in people() if row["f_class"] == "F0"][-1]
    html = shown(open_page("cases", data=data, role="analyst", period="14", unit=home))
    address = re.search(r'href="\./trails\?[^"]*trails=([0-9a-f]{8}\.\d+)"[^>]*><u>xem</u>', html)
    assert address
    trail = shown(open_page("trails", data=data, role="analyst", period="14", trails=address.group(1)))
    assert "lần dừng theo thứ tự" in trail
    assert "Số của các vệt chỉ đúng" not in trail


def test_nothing_matches(open_page: Open, data: Path) -> None:
    none = shown(open_page("cases", data=data, role="analyst", detection="arrival", **{"class": "F1"}))
    assert "Không có dòng nào khớp" in none


def test_nothing_there(open_page: Open, tmp_path: Path) -> None:
    made = SmallRelease().unit("747", population=1000)
    made.observe("case_counts.cases", "747", LAST - timedelta(days=20), [5] * 21).write(tmp_path)
    without = shown(open_page("cases", data=tmp_path, role="analyst"))
    assert "Chưa có danh sách F0, F1, F2" in without
    assert "Chưa biết ca bệnh là ai trong khoảng này" in without


def test_without_cases_the_page_says_what_is_missing(open_page: Open, tmp_path: Path) -> None:
    made = SmallRelease().unit("747").observe("tests.samples", "747", LAST, [10])
    made.write(tmp_path)
    html = shown(open_page("cases", data=tmp_path))
    assert "Chưa có số ca theo ngày" in html
    assert "case_counts hay cases" in html


def test_files_hold_every_column_in_words_and_no_formula(data: Path) -> None:
    view = view_of(data)
    wanted = line_list_table.Filters(units=("747",), first_day=LAST, last_day=LAST)
    rows = [row for row in people() if row["unit"] == "747" and row["day"] == LAST]
    table = line_list_table.every_row(view, wanted, len(rows))
    assert sorted(table["Mã"]) == sorted(row["person"] for row in rows)
    assert set(table["Đơn vị"]) == {"TP Vũng Tàu"}
    assert set(table["Nơi phát hiện"]) <= {*DETECTED_VI.values(), "Chưa phân loại"}
    assert set(table["Ngày"]) == {LAST}
    assert len(table.columns) == len(line_list_table.COLUMNS)
    assert not re.search(r"(^|,)[=+@]", to_csv(table).decode("utf-8-sig"), re.MULTILINE)


def test_the_file_of_the_curve_adds_up(data: Path) -> None:
    view = view_of(data, "leader")
    curve = stacked_curve.detected(view.release, "77", LAST - timedelta(days=13), LAST)
    table = stacked_curve.table(view, curve)
    assert table["ca mới"].tolist() == [found([LAST - timedelta(days=back)]) for back in range(13, -1, -1)]
    assert table[list(DETECTED_VI.values())].sum(axis=1).tolist() == table["ca mới"].tolist()
    assert table["Nhập cảnh"].sum() == ARRIVALS[2]


def test_parts_that_miss_some_of_the_total_leave_a_rest(tmp_path: Path) -> None:
    made = SmallRelease().unit("747", population=1000)
    made.observe("case_counts.cases", "747", LAST, [10])
    made.observe("case_counts.cases", "747", LAST, [7], stratum="detection=community").write(tmp_path)
    view = view_of(tmp_path, "leader")
    assert stacked_curve.detected(view.release, "747", LAST, LAST).parts == {"community": (7.0,), "unknown": (3.0,)}


def test_english_numbers_and_days(open_page: Open, data: Path) -> None:
    html = shown(open_page("cases", data=data, lang="en", period="28"))
    assert f"29 Aug 2021: new cases {found([LAST])} · Community" in html
    assert f"{found(WEEK) / 7:.1f} cases/day" in html
    assert "Whole province, whole weeks, 2–29 Aug 2021" in html
    assert "Directive 16 · 7 of 8 units" in html
