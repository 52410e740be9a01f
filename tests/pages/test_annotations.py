"""Biện pháp và sự kiện: who may write, what is refused, and that what holds stands on the axes of days, as of then."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from analytics.export import to_csv
from analytics.release import Role, open_release
from data_sources.annotations import FILE, Draft, every_annotation, held_annotations, withdraw, write
from pages.components import annotation_form
from pages.components.frame import View
from pages.components.selection import Address, read
from tests.pages import outbreak
from tests.pages.conftest import Open, points_of, shown

EVENT = Draft(
    kind="event",
    first_day=date(2021, 8, 20),
    last_day=None,
    units=("752",),
    vi="Ổ dịch chợ <b>Long Điền</b>",
    source="CDC tỉnh",
    author="leader",
)
BEFORE = datetime(2021, 8, 21, 3, tzinfo=UTC)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    outbreak.release().write(tmp_path)
    return tmp_path


def fill(app: AppTest, kind: str, **values: Any) -> AppTest:
    """The form of `kind` filled in and saved."""
    for widgets in (app.text_area, app.text_input, app.date_input, app.multiselect, app.selectbox):
        for widget in widgets:
            for field, value in values.items():
                if widget.key == f"tc_annotation_{field}_{kind}_0":
                    widget.set_value(value)
    next(button for button in app.button if button.label in ("Ghi", "Save")).click()
    return app.run()


@pytest.mark.parametrize("cold", [True, False])
def test_a_measure_is_written_and_stands_on_the_curve(open_page: Open, data: Path, cold: bool) -> None:
    app = open_page("annotations", data=data, cold=cold)
    assert "Chưa có gì được ghi thêm" in shown(app)
    app = fill(app, "measure", vi="Phong tỏa chợ", source="QĐ 123", first=date(2021, 8, 10), units=["752"])
    html = shown(app)
    assert "Đã ghi số 1." in html
    assert "1 biện pháp, 0 sự kiện, 0 ghi chú đang hiệu lực" in html
    (record,) = held_annotations(data)
    assert (record.vi, record.units, record.last_day, record.author) == ("Phong tỏa chợ", ("752",), None, "leader")
    curve = shown(open_page("overview", data=data, unit="752"))
    assert "bắt đầu Phong tỏa chợ" in curve
    assert '<rect class="tc-band" x="' in curve
    assert "Phong tỏa chợ" not in shown(open_page("overview", data=data, unit="747"))


def test_the_canary_of_a_phone_number_is_refused_and_nowhere_kept(open_page: Open, data: Path) -> None:
    app = fill(open_page("annotations", data=data), "measure", vi="Gọi anh 0987 654 321", source="QĐ 1")
    html = shown(app)
    assert "nội dung tiếng Việt không nêu ai; thực tế: một số điện thoại, bắt đầu bằng “098…”" in html
    assert "654 321" not in html
    assert not (data / FILE).exists()


def test_a_link_pins_a_comment_to_a_figure_a_unit_and_a_day(open_page: Open, data: Path) -> None:
    html = shown(open_page("rankings", data=data, unit="752", role="analyst"))
    assert 'href="./annotations?unit=752&amp;kind=comment&amp;pin=incidence_7d&amp;on=2021-08-29"' in html
    app = open_page(
        "annotations", data=data, role="analyst", unit="752", kind="comment", pin="incidence_7d", on="2021-08-25"
    )
    html = shown(fill(app, "comment", vi="Đếm bù hai ngày"))
    assert "1 ghi chú đang hiệu lực" in html
    (record,) = held_annotations(data)
    assert (record.kind, record.indicator, record.units) == ("comment", "incidence_7d", ("752",))
    assert (record.first_day, record.last_day) == (date(2021, 8, 25), date(2021, 8, 25))
    ranked = shown(open_page("rankings", data=data, unit="752"))
    assert "25/8/2021: Đếm bù hai ngày (Chuyên viên)" in ranked
    (point,) = [point for point in points_of(ranked) if "ghi chú: Đếm bù hai ngày" in point]
    assert point.startswith("25/8/2021")
    assert "Đếm bù" not in shown(open_page("rankings", data=data, unit="752", indicator="positivity_7d"))


@pytest.mark.parametrize("role", ["briefing", "steward"])
def test_the_briefing_and_stewards_only_read(open_page: Open, data: Path, role: Role) -> None:
    write(data, EVENT, BEFORE)
    app = open_page("annotations", data=data, role=role)
    html = shown(app)
    assert "&lt;b&gt;Long Điền&lt;/b&gt;" in html
    assert "<b>Long Điền" not in html
    assert not [button for button in app.button if button.label == "Ghi"]
    assert "kind=comment" not in shown(open_page("rankings", data=data, role=role))


def test_what_was_withdrawn_is_kept_in_the_file_and_read_as_of_before(open_page: Open, data: Path) -> None:
    record = write(data, EVENT, BEFORE)
    app = open_page("annotations", data=data, edit=str(record.id))
    next(button for button in app.button if button.label == "Rút").click()
    html = shown(app.run())
    assert "Đã rút số 1." in html
    assert held_annotations(data) == []
    assert [one.vi for one in held_annotations(data, BEFORE)] == [EVENT.vi]
    assert every_annotation(data)[0].withdrawn is not None


def test_as_of_then_shows_what_was_written_then_and_takes_nothing(open_page: Open, data: Path) -> None:
    record = write(data, EVENT, BEFORE)
    withdraw(data, record.id, "leader", datetime(2021, 8, 23, tzinfo=UTC))
    app = open_page("annotations", data=data, as_of="2021-08-22")
    html = shown(app)
    assert "1 sự kiện" in html
    assert "Như đã biết lúc 23:59 ngày 22/8/2021" in html
    assert not [button for button in app.button if button.label in ("Ghi", "Rút")]
    for as_of, stands in (("2021-08-22", True), ("2021-08-20", False), ("2021-08-24", False)):
        curve = shown(open_page("overview", data=data, unit="752", as_of=as_of))
        assert ("Ổ dịch chợ" in curve) == stands, as_of
    assert "Ổ dịch chợ" not in shown(open_page("overview", data=data, unit="752"))


def test_an_edit_replaces_the_record(open_page: Open, data: Path) -> None:
    record = write(data, EVENT, BEFORE)
    app = open_page("annotations", data=data, edit=str(record.id))
    assert app.text_area[0].value == EVENT.vi
    app.text_area[0].set_value("Ổ dịch chợ, 30 ca")
    next(button for button in app.button if button.label == "Ghi").click()
    assert "Đã ghi số 2." in shown(app.run())
    assert [one.vi for one in held_annotations(data)] == ["Ổ dịch chợ, 30 ca"]


def test_a_damaged_file_is_said_on_every_page_and_the_pages_go_on(open_page: Open, data: Path) -> None:
    (data / FILE).write_bytes(b"not a database" * 300)
    for page in ("overview", "annotations"):
        html = shown(open_page(page, data=data))
        assert "Chưa hiện được biện pháp, sự kiện và ghi chú do người dùng nhập" in html
        assert "tệp hỏng" in html
        assert "Trang này gặp lỗi" not in html
    assert "Ca mắc mới" in shown(open_page("overview", data=data))


def test_a_file_for_a_spreadsheet_holds_no_formula(open_page: Open, data: Path) -> None:
    write(data, replace(EVENT, vi='=HYPERLINK("http://x","y")', source="@SUM(1)"), BEFORE)
    withdraw(data, 1, "leader", datetime(2021, 8, 22, tzinfo=UTC))
    open_page("annotations", data=data)
    release, address = open_release(data, "leader"), Address({})
    roles: tuple[Role, ...] = ("leader",)
    view = View(release, read("annotations", release, roles, address), address)
    rows = list(csv.reader(io.StringIO(to_csv(annotation_form.table(view)).decode("utf-8-sig"))))
    assert rows[1][6] == '\'=HYPERLINK("http://x","y")'
    assert rows[1][8] == "'@SUM(1)"
    assert rows[1][-1].startswith("2021-08-22")
