"""Nguồn dữ liệu: ages, states, reasons, held deliveries and duties as the release says; rows for analysts only."""

from __future__ import annotations

import html as markup
import re
import shlex
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import pytest

from analytics.export import to_csv
from analytics.release import Role, open_release
from analytics.set_aside import set_aside
from analytics.sources import HeldBatch
from data_sources.messages import Message
from data_sources.refusal import Refused
from pages.components import source_tables
from pages.components.frame import View
from pages.components.selection import Address, read
from tests.analytics.release_fixture import SmallRelease, at
from tests.pages import outbreak
from tests.pages.conftest import Open, shown
from tests.pages.sent import sent

UNKNOWN = Message("part.counted", what=Message("reason.unit_unknown"), rows=9)
NO_HEADER = Refused("no_header", file="a.xlsx", sheet="Tuần 34", found=Message("part.no_rows"))
BATCHES = [
    HeldBatch("telecom", "a.xlsx", at("2021-08-29 09:30"), 10, why)
    for why in (
        Message("held.shrank", rows=10, before=40),
        Message("held.nothing_usable", rows=9, found=[UNKNOWN]),
        NO_HEADER.message,
    )
]
REASON = re.compile(
    r'<tr><td class="is-wrapped">([^<]*)<small>[^<]*</small></td>'
    r'<td class="is-wrapped">([^<]*)</td><td class="is-figure">([^<]*)<'
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outbreak")
    outbreak.release().write(folder)
    return folder


def view_of(data: Path, role: Role = "analyst", language: str = "vi") -> View:
    release = open_release(data, role)
    address = Address({"lang": language})
    return View(release, read("sources", release, (role,), address), address)


def row_of(html: str, name: str) -> str:
    """The row of the table of sources about one of them."""
    start = html.rindex("<tr", 0, html.index(f"<b>{name}</b>"))
    return html[start : html.index("</tr>", start)]


@pytest.mark.parametrize("role", get_args(Role))
@pytest.mark.parametrize("cold", [True, False])
def test_what_is_wrong_is_the_title_and_amber_in_the_table(open_page: Open, data: Path, role: Role, cold: bool) -> None:
    html = shown(open_page("sources", data=data, role=role, cold=cold))
    assert "2/4 nguồn cần xử lý: Viễn thông và Nền tảng xét nghiệm" in html
    assert html.count("<tr class=is-late>") == 2
    fresh, held, failed = (row_of(html, name) for name in ("Báo cáo ca bệnh", "Viễn thông", "Nền tảng xét nghiệm"))
    assert "Đúng hạn" in fresh
    assert "1 giờ trước" in fresh  # 17:00 to 18:00
    assert [part in fresh for part in ("4.000", "3.988", ">12<", "0,3%")] == [True] * 4
    assert "is-late" in held
    assert "Đang giữ lại" in held
    assert "3 ngày trước" in held
    assert "Lỗi" in failed
    assert (
        "Địa chỉ https://tests.example/rows: cần câu trả lời dùng được; thực tế: không có sau 4 lần hỏi (máy chủ không "
        "nhận kết nối). Kiểm tra mạng và máy chủ; lần lấy sau sẽ hỏi lại." in failed
    )
    assert "chưa gửi lần nào" in failed


def test_a_source_asked_often_with_nothing_new_is_on_time_and_one_silent_for_a_day_is_late(
    open_page: Open, tmp_path: Path
) -> None:
    made = SmallRelease().unit("747")
    made.observe("case_counts.cases", "747", outbreak.LAST, [1])
    row = ("case_counts", "http", None, outbreak.LAST, 5, 5, 0, None, None, 300)
    for name, issued in (("asked", "2021-08-29 09:00"), ("silent", "2021-08-28 15:00")):
        made.insert("source_status", (name, name, *row[:2], at(issued), *row[3:]))
    made.insert("source_status", ("census", "census", "population", "files", at("2019-04-01 00:00"), *row[3:]))
    made.write(tmp_path)
    html = shown(open_page("sources", data=tmp_path))
    assert ["is-late" in row_of(html, name) for name in ("asked", "silent", "census")] == [False, True, False]
    assert "1/3 nguồn cần xử lý: silent" in html


def test_a_source_that_delivers_days_long_past_is_not_on_time(open_page: Open, tmp_path: Path) -> None:
    made = SmallRelease().unit("747").observe("case_counts.cases", "747", outbreak.LAST, [1])
    issued, rows = at("2021-08-29 12:00"), (5, 5, 0, None, None, 300)
    for name, back in (("yesterday", 1), ("last week", 7)):
        newest = outbreak.LAST - timedelta(days=back)
        made.insert("source_status", (name, name, "case_counts", "files", issued, newest, *rows))
    made.write(tmp_path)
    html = shown(open_page("sources", data=tmp_path))
    assert "Đúng hạn" in row_of(html, "yesterday")
    assert "Số liệu cũ" in row_of(html, "last week")


def test_all_well_is_said_with_the_rows(open_page: Open, tmp_path: Path) -> None:
    made = SmallRelease().unit("747").observe("case_counts.cases", "747", outbreak.LAST, [1])
    issued = at("2021-08-29 12:00")
    made.insert(
        "source_status", ("a", "A", "case_counts", "http", issued, outbreak.LAST, 1200, 1190, 10, None, None, 300)
    )
    made.write(tmp_path)
    assert "Nguồn duy nhất đúng hạn; 10 trong 1.200 dòng để riêng" in shown(open_page("sources", data=tmp_path))


def test_a_held_delivery_says_why_and_how_to_let_it_in(open_page: Open, data: Path) -> None:
    html = shown(open_page("sources", data=data))
    assert "280 dòng, lô trước có 840: giảm từ một phần ba trở lên" in html
    assert outbreak.HELD not in html
    command = markup.unescape(re.search(r"<code>(python [^<]*)</code>", html).group(1))  # type: ignore[union-attr]
    assert shlex.split(command)[1:] == [
        *("-m", "data_sources", "accept", "--source", "telecom"),
        *("--delivery", "mobility 2021-08-29.csv", "--by", "Họ tên"),
    ]


def test_what_is_stored_is_told_in_both_languages(data: Path) -> None:
    held, english = (source_tables.held(view_of(data, language=language), BATCHES, {}) for language in ("vi", "en"))
    assert "10 dòng, lô trước có 40: giảm từ một phần ba trở lên" in held
    assert "không dòng nào dùng được trong 9 dòng (không nhận ra đơn vị 9)" in held
    assert "Tệp a.xlsx, trang tính “Tuần 34”: cần dòng tiêu đề ghi tên các cột; thực tế: không có dòng nào." in held
    assert "10 rows where the delivery before had 40: a third fewer or more" in english
    assert "File a.xlsx, sheet &#x27;Tuần 34&#x27;: needed a header row with the names of the columns" in english


def test_reasons_are_counted_and_say_what_to_do(open_page: Open, data: Path) -> None:
    html = shown(open_page("sources", data=data))
    assert "12 dòng để riêng, nhiều nhất vì tên đơn vị chưa chắc" in html
    told = REASON.findall(html)
    assert [(name, rows) for name, _, rows in told] == [
        ("Tên đơn vị chưa chắc", "7"),
        ("Ngày ngoài khoảng cho phép", "5"),
        ("Số âm để sửa các ngày trước", "2"),
    ]
    assert told[0][1].startswith("Ghi đúng tên")


def test_who_owes_a_report_follows_the_day_and_the_unit(open_page: Open, data: Path) -> None:
    assert "Mọi đơn vị đã gửi đủ báo cáo ngày 29/8/2021" in shown(open_page("sources", data=data))
    unit, day = outbreak.SILENT
    silent = shown(open_page("sources", data=data, day=str(day)))
    assert "1 đơn vị còn thiếu báo cáo ngày 12/8/2021" in silent
    assert "7/8 đơn vị" in silent
    assert f"{outbreak.NAMES[unit][1]} ({(day - timedelta(days=1)).day}/8)" in silent
    other = shown(open_page("sources", data=data, day=str(day), unit="747"))
    assert "Mọi đơn vị đã gửi đủ" in other
    assert "bộ lọc đơn vị" in other


def test_a_day_nobody_has_reported_reminds_no_unit(open_page: Open, tmp_path: Path) -> None:
    made = SmallRelease().unit("747").unit("748")
    for unit in ("747", "748"):
        made.observe("case_counts.cases", unit, outbreak.LAST, [1])
        made.observe("mobility.active_subscribers", unit, outbreak.LAST - timedelta(days=1), [100])
    issued = at("2021-08-29 12:00")
    made.insert("source_status", ("a", "A", "case_counts", "http", issued, outbreak.LAST, 2, 2, 0, None, None, 300))
    made.write(tmp_path)
    html = shown(open_page("sources", data=tmp_path))
    assert "Mọi đơn vị đã gửi đủ báo cáo ngày 29/8/2021" in html
    assert "chưa có của đơn vị nào; gần nhất là ngày 28/8/2021" in html


def test_completeness_names_the_emptiest_field_and_those_not_offered(open_page: Open, data: Path) -> None:
    html = shown(open_page("sources", data=data))
    assert "Thiếu nhiều nhất: Nghề nghiệp, chỉ 12,0% số dòng có ghi" in html
    assert html.index(">12,0%<") < html.index(">70,0%<")
    assert 'class="is-low" style="width:12.0%"' in html
    assert "2 trường khác đủ 100%." in html
    assert "Các nguồn không cung cấp: Ngày kết cục." in html


def test_what_the_reader_found_out_is_there(open_page: Open, data: Path) -> None:
    html = shown(open_page("sources", data=data))
    assert "Định dạng tìm thấy ở 1 nguồn" in html
    assert "<li>CSV, bảng mã cp1258, dấu phân cách “;”</li>" in html
    assert "<li>Ngày: dd/mm/yyyy</li>" in html


def test_analysts_see_each_row_and_others_receive_none_of_it(open_page: Open, data: Path) -> None:
    html = shown(open_page("sources", data=data, role="analyst"))
    assert "12 ô cần sửa tại nguồn" in html
    assert "<td>Long Dien3</td>" in html
    assert "<td>“Long Dien3” không khớp đơn vị nào; gần nhất: Huyện Long Điền (752)</td>" in html
    assert "<td>ngày từ 1/1/2000 đến ngày gửi 29/8/2021</td>" in html
    assert "<td class=is-figure>15</td><td>Đơn vị</td>" in html
    for role in ("leader", "briefing"):
        everything = sent(open_page("sources", data=data, role=role))
        assert "Long Dien" not in everything
        assert "2201" not in everything
        assert "bao-cao.xlsx" not in everything
        assert "Từng dòng để riêng chỉ mở cho chuyên viên" in everything


def test_rows_are_narrowed_by_reason_in_the_address(open_page: Open, data: Path) -> None:
    app = open_page("sources", data=data, role="analyst", reason="day_out_of_range")
    html = shown(app)
    assert "5 ô cần sửa" in html
    assert "Long Dien3" not in html
    assert app.selectbox(key="pick_reason").value == "day_out_of_range"


def test_rows_come_a_page_at_a_time_and_another_filter_begins_anew(open_page: Open, tmp_path: Path) -> None:
    made = outbreak.release()
    for number in range(130):
        made.insert(
            "analysis.set_aside",
            ("line_list", "list.csv", None, number, "age", f"{number + 500}x", "số", "number_unreadable"),
        )
    made.write(tmp_path)
    app = open_page("sources", data=tmp_path, role="analyst")
    html = shown(app)
    assert "Dòng 1–50 trong 142" in html
    assert "Trang trước" not in html
    following = re.search(r'href="\./sources\?([^"]*)"[^>]*>Trang sau', html).group(1)  # type: ignore[union-attr]
    page = re.search(r"p=([^&]*)", following).group(1)  # type: ignore[union-attr]
    second = shown(open_page("sources", data=tmp_path, role="analyst", p=page))
    assert "Dòng 51–100 trong 142" in second
    shown_rows = [set(re.findall(r"<td>(\d+x)</td>", one)) for one in (html, second)]
    assert not shown_rows[0] & shown_rows[1]
    assert "Dòng 1–5 trong 5" in shown(
        open_page("sources", data=tmp_path, role="analyst", p=page, reason="day_out_of_range")
    )
    assert "Dòng 1–50 trong 142" in shown(open_page("sources", data=tmp_path, role="analyst", p="2"))


def test_the_file_of_rows_holds_words_and_no_formula(data: Path) -> None:
    view = view_of(data)
    rows = set_aside(view.release, limit=100).rows
    told = source_tables.told_rows(view, rows, {"case_reports": "Báo cáo ca bệnh"}, {"case_reports": "case_counts"})
    assert list(told.columns) == ["Nguồn", "Tệp", "Trang tính", "Dòng", "Cột", "Đã ghi", "Cần", "Lý do"]
    written = to_csv(told).decode("utf-8-sig")
    assert written.count("'=2201+1") == 5
    assert ",=2201" not in written
    assert written.count("tên đơn vị chưa chắc") == 7


def test_hostile_names_are_text(open_page: Open, tmp_path: Path) -> None:
    bad = "<img src=x onerror=alert(1)>"
    made = SmallRelease().unit("747").observe("case_counts.cases", "747", outbreak.LAST, [1])
    issued = at("2021-08-20 12:00")
    made.insert("source_status", ("a", bad, "case_counts", bad, issued, outbreak.LAST, 1, 1, 1, bad, bad, 300))
    made.insert("held_batch", ("a", f"{bad}; rm -rf ~", issued, 1, bad))
    made.insert("set_aside_reason", ("a", bad, 1))
    made.insert("format_note", ("a", bad))
    made.insert("analysis.set_aside", ("a", bad, bad, 1, bad, bad, bad, bad))
    made.write(tmp_path)
    html = shown(open_page("sources", data=tmp_path, role="analyst"))
    assert "<img" not in html
    assert html.count("&lt;img src=x") > 8


def test_english(open_page: Open, data: Path) -> None:
    html = shown(open_page("sources", data=data, lang="en", role="analyst"))
    assert "2 of 4 sources need attention: Viễn thông and Nền tảng xét nghiệm" in html
    assert "4,000" in html
    assert "3 days ago" in html
    assert "29 Aug 2021" in html
    assert "Every unit has sent its reports for 29 Aug 2021" in html


def test_without_sources_it_says_what_to_do(open_page: Open, tmp_path: Path) -> None:
    SmallRelease().unit("747").observe("case_counts.cases", "747", date(2021, 8, 29), [1]).write(tmp_path)
    assert "Thêm khối [[source]] vào config.toml" in shown(open_page("sources", data=tmp_path))
