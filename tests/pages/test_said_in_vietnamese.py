"""What is wrong with sources, deliveries and rows is Vietnamese on a Vietnamese screen, from the file to the page."""

from __future__ import annotations

import html as markup
import re
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from data_sources.ingest import pull
from tests.analytics.release_fixture import SmallRelease
from tests.deliveries import at, counts_source, drop, settings_of
from tests.pages.conftest import Open, shown

SENT = at("2021-08-30T08:00")
COUNTS = """unit,day,detection,cases
Vũng Tàu,2021-08-28,cộng đồng,5
Vũng Tàu,2021-08-29,cộng đồng,1O
Long Dienn,2021-08-29,cộng đồng,2
Biên Hòa,2021-08-29,cộng đồng,2
Bà Rịa,2021-09-29,cộng đồng,2
Bà Rịa,2021-08-29,ngoài chợ,2
Bà Rịa,2021-08-28,cộng đồng,-1,5
Châu Đức,2021-08-29,,
Đất Đỏ,2021-08-29,cộng đồng,3
Đất Đỏ,2021-08-29,cộng đồng,4
"""
WHOLE = "unit,day,method,results_returned,positives\n" + "".join(
    f"{code},2021-08-28,pcr,9,1\n" for code in (747, 748, 752)
)
DATES = "unit,Ngày,doses_given\n747,05/06/2021,5\n748,06/07/2021,7\n"
ENGLISH = re.compile(
    r"\b(the|of|and|or|are|is|was|were|not|no|needed|needs|found|rows?|columns?|with|from|than|one|file|send|ask|held|"
    r"delivery|before|where|which|values?|only|missing|unreadable|correct|name|whole|data|day|days)\b"
)
SETTINGS_KEYS = r"\[source[^\]]*\]|[a-z]+_[a-z_]+( = \"[^\"]*\")?|page_size|query|dsn|url|path\b|delimiter|encoding = "


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with rows set aside, a delivery that shrank, one of ambiguous dates, and a source without a folder."""
    folder = tmp_path_factory.mktemp("said")
    settings = settings_of(
        folder,
        counts_source(title="Ca bệnh"),
        {"name": "tests", "dataset": "tests", "kind": "files", "path": "lab/*.csv", "complete": True, "title": "Mẫu"},
        {"name": "doses", "dataset": "vaccination", "kind": "files", "path": "doses/*.csv", "title": "Tiêm chủng"},
        {"name": "gone", "dataset": "mobility", "kind": "files", "path": "gone/*.csv", "title": "Viễn thông"},
    )
    drop(folder / "drop", "ca.csv", COUNTS, SENT)
    drop(folder / "lab", "mau.csv", WHOLE, SENT)
    drop(folder / "doses", "mui.csv", DATES, SENT)
    pull(settings, folder / "var", received_at=SENT + timedelta(hours=1))
    drop(folder / "lab", "mau.csv", "".join(WHOLE.splitlines(keepends=True)[:2]), SENT + timedelta(hours=2))
    pull(settings, folder / "var", received_at=SENT + timedelta(hours=3))
    return folder


def words(html: str) -> str:
    """What a reader sees: no markup, no style, no command."""
    bare = re.sub(r"<style>.*?</style>|<code>.*?</code>|<[^>]*>", " ", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", markup.unescape(bare))


def test_every_fault_is_said_in_vietnamese(open_page: Open, data: Path) -> None:
    said = words(shown(open_page("sources", data=data / "var", role="analyst")))
    gone = data / "gone"
    for expected in (
        f"Nguồn gone, thư mục {gone}: cần thư mục chứa {gone}/*.csv; thực tế: không có thư mục."
        " Tạo thư mục, hoặc sửa path của nguồn.",
        "1 dòng, lô trước có 3: giảm từ một phần ba trở lên",
        "Tệp mui.csv, cột “Ngày”: cần ngày phân biệt được ngày và tháng, hoặc thứ tự được khai báo; thực tế: 2 giá trị"
        " kiểu 05/06/2021, không giá trị nào có số trên 12.",
        "1O số nguyên số không đọc được",
        "Long Dienn “Long Dienn” không khớp đơn vị nào; gần nhất: Huyện Long Điền (752) tên đơn vị chưa chắc",
        "Biên Hòa Thành phố Biên Hòa thuộc Tỉnh Đồng Nai, không thuộc Tỉnh Bà Rịa - Vũng Tàu đơn vị của tỉnh khác",
        "2021-09-29 ngày từ 1/1/2000 đến ngày gửi 30/8/2021 ngày ngoài khoảng cho phép",
        "ngoài chợ một trong: Cộng đồng,",
        "– 4 ô; dòng này có 5 dòng không tách được thành cột",
        "– ít nhất một số liệu; không có ca thì ghi 0 dòng không có số liệu nào",
        "– mỗi Đơn vị, Ngày, Nơi phát hiện một dòng hai dòng trái nhau",
        "CSV, bảng mã utf-8, dấu phân cách “,”",
        "để riêng 1 dòng không đủ 4 ô hoặc không đọc được",
        "Ngày: yyyy-mm-dd",
    ):
        assert expected in said, expected
    assert ENGLISH.findall(re.sub(SETTINGS_KEYS, " ", said.replace(str(data), ""))) == []


def test_a_release_of_another_version_is_told_with_what_to_do(open_page: Open, tmp_path: Path) -> None:
    made = SmallRelease().unit("747").observe("case_counts.cases", "747", date(2021, 8, 29), [1])
    release = made.write(tmp_path)
    with duckdb.connect(str(tmp_path / "releases" / release / "picture.duckdb")) as con:
        con.execute("UPDATE meta SET value = '1' WHERE key = 'schema_version'")
    said = words(shown(open_page("overview", data=tmp_path)))
    assert (
        f"Cần bản {release} theo lược đồ phiên bản 2; thực tế: phiên bản 1."
        " Chạy `python -m data_sources pull` của phần mềm này để lập bản mới." in said
    )


def test_the_same_page_in_english_has_the_same_faults(open_page: Open, data: Path) -> None:
    said = words(shown(open_page("sources", data=data / "var", role="analyst", lang="en")))
    for expected in (
        "no folder. Make the folder, or correct the path of the source.",
        "1 rows where the delivery before had 3: a third fewer or more",
        "File mui.csv, column 'Ngày': needed days whose order can be told, or a declared order",
        "1O a whole number unreadable number",
        "“Long Dienn” is no unit; nearest: Huyện Long Điền (752)",
        "a day from 1 Jan 2000 to the day of sending, 30 Aug 2021",
        "CSV, encoding utf-8, delimiter ','",
    ):
        assert expected in said, expected
