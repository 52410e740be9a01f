"""Nộp báo cáo: who sees it, what it asks for, and what a form would change in the figures."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest

from analytics.handing_in import effect, office
from analytics.readings import read
from analytics.release import Role, open_release
from data_sources.forms import FORMS
from data_sources.forms.judged import judge_form
from pages.components.navigation import STEWARDS, pages_of
from tests.data_sources.forms.filled import DAY, SENT, filled
from tests.pages import outbreak
from tests.pages.conftest import Open, shown


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outbreak")
    outbreak.release().write(folder)
    return folder


@pytest.mark.parametrize(("dataset", "cold"), [("tests", True), *((dataset, False) for dataset in FORMS)])
def test_every_form_says_its_columns(open_page: Open, data: Path, dataset: str, cold: bool) -> None:
    html = shown(open_page("submit", data=data, role="steward", cold=cold, form=dataset))
    for column in FORMS[dataset].columns:
        assert column.vi in html
    assert "Chưa có gì được gửi" in html


@pytest.mark.parametrize("role", get_args(Role))
def test_only_stewards_and_analysts_see_it(role: Role) -> None:
    assert ("submit" in [entry.name for entry in pages_of(role)]) == (role in STEWARDS)


def test_the_preview_is_what_the_picture_would_say(data: Path) -> None:
    release = open_release(data, "steward")
    here = office(release, None)
    content = filled("case_counts", lambda row: {"cases": 9} if row["detection"] == "Cộng đồng" else {})
    judged = judge_form(
        content, "a.xlsx", "case_counts", here.register, here.province, unit=None, issued_at=SENT + timedelta(days=1)
    )
    before = read(release, ["cases_new_all"], ["747", "77"], DAY)
    found = effect(release, judged)
    assert found.exact
    changed = {(one.measure, one.unit): (one.now, one.then) for one in found.changed}
    parts = outbreak.cases_by_detection("747", DAY)
    assert parts is not None
    total = sum(parts.values())
    assert changed["case_counts.cases", "747"] == (total, total - parts["community"] + 9)
    moved = {(one.indicator, one.unit): (one.now, one.then) for one in found.moved}
    whole = before["cases_new_all", "77"].value
    assert whole is not None
    added = sum(then - (now or 0) for measure, (now, then) in changed.items() if measure[0] == "case_counts.cases")
    assert moved["cases_new_all", "77"] == (whole, whole + added)
    again = read(release, ["cases_new_all"], ["747", "77"], DAY)
    assert again["cases_new_all", "77"].value == whole, "a preview changes nothing"


def test_a_form_of_single_rows_says_what_it_holds_and_claims_no_more(data: Path) -> None:
    release = open_release(data, "steward")
    here = office(release, None)
    content = "Mã ca,Đơn vị,Ngày,Loại\nBN1,Vũng Tàu,2021-08-29,F0\nBN2,Vũng Tàu,2021-08-29,F0\n".encode()
    judged = judge_form(content, "a.csv", "cases", here.register, here.province, unit=None, issued_at=SENT)
    found = effect(release, judged)
    assert not found.exact
    assert found.moved == ()
    assert [(one.measure, one.unit, one.then) for one in found.changed if one.measure == "cases.f0"] == [
        ("cases.f0", "747", 2.0)
    ]
