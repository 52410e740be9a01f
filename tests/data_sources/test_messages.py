"""Every message the code can say has its words in both languages, and is kept without a language."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from data_sources.contracts import CONTRACTS
from data_sources.messages import LANGUAGES, PLACES, Message, catalogue, read_message, reason_message, todo_message
from data_sources.refusal import Refused

ROOT = Path(__file__).parents[2]
SAID_BY = {
    **dict.fromkeys(("Refused", "Held", "Unreachable", "Fault", "BusyError"), "refused."),
    **dict.fromkeys(("AmbiguousDates", "AmbiguousNumbers", "RefusedWorkbookError"), "refused."),
    "Message": "",
}
ENGLISH_ONLY = {
    "data_sources/boundary_files.py", "data_sources/pseudonym.py", "data_sources/unit_national.py",
    "data_sources/unit_register.py", "data_sources/units.py", "analytics/line_list.py", "analytics/rt_files.py",
    "analytics/same_person.py", "analytics/set_aside.py", "data_sources/audit.py", "data_sources/erasure.py",
    "data_sources/erased_persons.py", "data_sources/purge.py",
}  # fmt: skip
"""Met only by an engineer at the command line: registers, outlines, keys, erasure, and rights a page never asks for."""
BY_NAME = {
    "data_sources/messages.py", "data_sources/refusal.py", "data_sources/readers/xlsx.py", "data_sources/watching.py",
}  # fmt: skip
"""Modules in which a code is handed on or read back, not written down."""
WORKED_OUT = ("reason", "todo", "flag", "place", "form")
"""Tables whose keys come from the data or from `messages.py` itself."""


@dataclass(frozen=True)
class Said:
    """One call that makes a message."""

    where: str
    code: str
    names: frozenset[str]
    open: bool
    """True where more values may come: by ** or a later `at`."""


def trees() -> Iterator[tuple[str, ast.AST]]:
    for folder in ("data_sources", "analytics", "pages"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def calls() -> Iterator[tuple[str, ast.Call, str]]:
    for where, tree in trees():
        # A briefing's file has faults of its own, which bring their words with them.
        others = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "analytics.briefing.model"
            for alias in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in set(SAID_BY) - others:
                yield where, node, SAID_BY[node.func.id]


def said() -> list[Said]:
    found = []
    for where, call, prefix in calls():
        if not call.args or not isinstance(call.args[0], ast.Constant):
            continue
        names = {keyword.arg for keyword in call.keywords}
        code = prefix + str(call.args[0].value)
        found.append(Said(f"{where}:{call.lineno}", code, frozenset(n for n in names if n), None in names))
    return found


def named(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def templates(code: str, language: str) -> list[str]:
    table, _, key = code.partition(".")
    worded: Any = catalogue()[table][key][language]
    return [worded] if isinstance(worded, str) else list(worded)


CODES = [f"{table}.{key}" for table, keys in catalogue().items() for key in keys]


def test_every_message_of_the_code_is_in_the_catalogue_and_names_what_it_is_given() -> None:
    found = said()
    assert len(found) > 150
    assert [one for one in found if one.code not in CODES] == []
    wrong = []
    for one in found:
        wanted = {name for text in templates(one.code, "vi") for name in named(text)}
        if (wanted - one.names and not one.open) or one.names - wanted - set(PLACES):
            wrong.append((one.where, one.code, wanted, one.names))
    assert wrong == []


def test_a_code_is_written_where_it_is_said_so_that_none_escapes_this_test() -> None:
    worked_out = {where for where, call, _ in calls() if call.args and not isinstance(call.args[0], ast.Constant)}
    assert worked_out <= BY_NAME


def test_only_what_an_engineer_meets_at_the_command_line_is_english_alone() -> None:
    plain = {where for where, call, _ in calls() if not call.args}
    assert plain <= ENGLISH_ONLY
    for where, call, _ in calls():
        if not call.args:
            assert {keyword.arg for keyword in call.keywords} == {"needed", "found", "where", "remedy"}, where


@pytest.mark.parametrize("code", CODES)
def test_both_languages_say_the_same_values(code: str) -> None:
    table, _, key = code.partition(".")
    worded = catalogue()[table][key]
    assert set(worded) == set(LANGUAGES)
    vietnamese, english = templates(code, "vi"), templates(code, "en")
    assert len(vietnamese) == len(english) == (3 if table == "refused" and key != "plain" else 1)
    assert all(text.strip() for text in (*vietnamese, *english))
    names = [{name for text in texts for name in named(text)} for texts in (vietnamese, english)]
    assert names[0] == names[1]
    for mine, theirs in zip(vietnamese, english, strict=True):
        words = re.sub(r"\{[^}]*\}|sslmode=|SQLSTATE|XLSX", "", mine)
        if re.search(r"[a-zA-Z]{2}", words) and key != "plain":
            assert mine != theirs, "the same words in both languages: one is not translated"


def test_every_message_of_the_catalogue_is_said_somewhere() -> None:
    used = {one.code for one in said()}
    assert [code for code in CODES if code not in used and code.split(".")[0] not in WORKED_OUT] == ["refused.plain"]


def test_every_reason_and_flag_that_checks_can_give_has_its_words() -> None:
    written = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "data_sources").glob("*.py"))
    reasons = set(re.findall(r'Rule\(\s*"(\w+)"', written)) | set(re.findall(r'\("(unit_\w+)", "\w+"\)', written))
    reasons |= {word for pair in re.findall(r"THEN '(\w+)' ELSE '(\w+)' END FROM repeated", written) for word in pair}
    reasons |= set(re.findall(r", '(\w+)' FROM", written)) | {"number_unreadable"}
    kinds = {column.type for contract in CONTRACTS.values() for column in contract.columns}
    reasons |= {f"{kind}_unreadable" for kind in kinds - {"unit", "integer", "number"}}
    assert {"duplicate", "unit_doubtful", "missing_required", "row_unreadable", "day_unreadable"} <= reasons
    assert [reason for reason in sorted(reasons) if reason_message(reason).code == "reason.other"] == []
    assert [reason for reason in sorted(reasons) if todo_message(reason).code == "todo.other"] == []
    flags = set(re.findall(r'flags\["(\w+)"\]', written)) | set(re.findall(r'\{"(\w+)": counts', written))
    assert {"parts_above_total", "negative_correction"} <= flags
    assert [flag for flag in sorted(flags) if reason_message(f"flag:{flag}").code == "flag.other"] == []


def test_a_refusal_says_where_what_was_needed_what_was_found_and_what_to_do() -> None:
    refused = Refused("no_header", file="form", sheet="Tuần 34", found=Message("part.no_rows")).at(file="báo cáo.xlsx")
    assert refused.text("vi") == (
        "Tệp báo cáo.xlsx, trang tính “Tuần 34”: cần dòng tiêu đề ghi tên các cột; thực tế: không có dòng nào."
        " Nêu dòng đó ở header_row trong [source.read], hoặc đặt header = false và gọi cột theo thứ tự."
    )
    assert refused.parts("en")[:3] == (
        "file báo cáo.xlsx, sheet 'Tuần 34'",
        "a header row with the names of the columns",
        "no rows",
    )
    assert str(refused).startswith("File báo cáo.xlsx, sheet 'Tuần 34': needed a header row")


def test_values_are_written_as_the_reader_writes_them() -> None:
    row = Message("place.row", row=12345)
    assert (row.text("vi"), row.text("en")) == ("dòng 12345", "row 12345")
    counted = Message("held.shrank", rows=1234, before=56789)
    assert counted.text("vi").startswith("1.234 dòng, lô trước có 56.789")
    assert counted.text("en").startswith("1,234 rows where the delivery before had 56,789")
    between = Message("needed.day_until_sent", first="2000-01-01", last="2021-08-29")
    assert between.text("vi") == "ngày từ 1/1/2000 đến ngày gửi 29/8/2021"
    assert between.text("en") == "a day from 1 Jan 2000 to the day of sending, 29 Aug 2021"
    issued = Message("refused.not_as_of", issued="2021-08-29T11:00:00+00:00")
    assert "18:00 29/8/2021" in issued.text("vi")
    assert Message("needed.at_least", least=-0.5).text("vi") == "không nhỏ hơn -0,5"
    for header in ("cases", "Số ca.mới", "cases.cases", "x.y"):
        assert Message("place.column", column=header).text("vi") == f"cột “{header.removeprefix('cases.')}”"
    assert Message("place.column", column="cases.sex").text("vi") == "cột “Giới tính”"
    choice = Message("needed.choice", field="cases.sex")
    assert choice.text("vi") == "một trong: Nữ, Nam, Không rõ"
    assert choice.text("en") == "one of: Female, Male, Not stated"
    assert Message("needed.one_row_each", fields=["case_counts.unit", "case_counts.day"]).text("vi") == (
        "mỗi Đơn vị, Ngày một dòng"
    )


def test_what_is_stored_has_no_language_and_comes_back_the_same() -> None:
    found = [Message("part.counted", what=Message("reason.unit_unknown"), rows=9)]
    message = Message("held.nothing_usable", rows=9, found=found)
    stored = message.stored()
    assert read_message(stored) == message
    assert not re.search(r"dòng|rows? |usable|dùng được", stored.replace("nothing_usable", ""))
    assert set(message.told()) == {"code", "values", "vi", "en"}


def test_text_that_is_no_message_and_a_code_of_another_version_are_shown_not_dropped() -> None:
    for text in ("connection refused", "{}", "[1]", '{"code": 5', '{"values": {}}', "held.{x}"):
        assert read_message(text).text("vi") == text
    assert Message("gone.code", rows=3, file="a.csv").text("vi") == "gone.code: rows 3, file a.csv"
    assert Message("held.shrank", rows=3).text("en").startswith("3 rows where the delivery before had –")
    assert reason_message("new_reason").text("vi") == "lý do khác (new_reason)"


def test_a_value_is_never_read_as_a_template() -> None:
    hostile = "{rows.__class__} {0} %s"
    assert Message("part.file_why", name=hostile, why=Message("part.link")).text("vi").startswith(hostile)
