from __future__ import annotations

from pathlib import Path

import pytest

from data_sources.settings import SettingError, expand, load, parse, seconds

PROVINCE = {"code": "77", "name": "Bà Rịa - Vũng Tàu"}
SOURCE = {"name": "forms", "dataset": "case_counts", "kind": "files", "path": "drop/*.csv"}


def document(**source: object) -> dict[str, object]:
    return {"province": PROVINCE, "source": [SOURCE | source]}


def test_a_source_is_read_with_its_defaults() -> None:
    settings = parse(document(every="2h", read={"header": False}), Path())
    source = settings.sources[0]
    assert (source.every_seconds, source.read.header, source.read.shift_days) == (7200, False, 0)
    assert settings.province.level == "district"


def test_url_and_auth_may_stand_beside_the_kind() -> None:
    table = {name: value for name, value in SOURCE.items() if name != "path"}
    settings = parse({"province": PROVINCE, "source": [table | {"kind": "http", "url": "https://a/b"}]}, Path())
    http = settings.sources[0].http
    assert http is not None and http.url == "https://a/b"


@pytest.mark.parametrize(
    ("wrong", "key", "value", "allowed"),
    [
        ({"dataset": "caess"}, "source forms.dataset", "'caess'", "case_counts"),
        ({"kind": "ftp"}, "source forms.kind", "'ftp'", "files, http"),
        ({"every": "soon"}, "source forms.every", "'soon'", "15m"),
        ({"colums": {}}, "source forms.colums", "{}", "columns"),
        ({"read": {"decimal": ";"}}, "source forms.read.decimal", "';'", ",, ."),
        ({"read": {"shift_days": "1"}}, "source forms.read.shift_days", "'1'", "int"),
        ({"columns": {"casess": "x"}}, "'casess'", "casess", "cases"),
    ],
)
def test_a_wrong_setting_is_named_with_its_value_and_what_is_allowed(
    wrong: dict[str, object], key: str, value: str, allowed: str
) -> None:
    with pytest.raises(SettingError) as error:
        parse(document(**wrong), Path())
    message = str(error.value)
    assert key in message and value in message and allowed in message


def test_two_sources_of_one_name_are_refused() -> None:
    with pytest.raises(SettingError, match="used 2 times"):
        parse({"province": PROVINCE, "source": [SOURCE, SOURCE]}, Path())


def test_a_variable_that_is_not_set_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOWHERE", raising=False)
    with pytest.raises(SettingError, match="NOWHERE is not set"):
        expand("${NOWHERE}/x.csv")


def test_durations() -> None:
    assert [seconds(text, "every") for text in ("90s", "15m", "2h", "1d")] == [90, 900, 7200, 86400]


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="no such file"):
        load(tmp_path / "config.toml")


def test_every_example_is_understood() -> None:
    examples = sorted((Path(__file__).parents[2] / "examples").glob("*/config.toml"))
    assert len(examples) >= 7
    for path in examples:
        assert load(path).sources


DATABASE = {"name": "db", "dataset": "cases", "kind": "sql", "query": "SELECT 1", "complete": False}


def test_a_database_is_named_by_a_variable_and_asked_by_one_query() -> None:
    table = DATABASE | {"dsn": "env:REPORTING_DSN", "sql": {"cursor_column": "changed"}, "late_after": "2h"}
    source = parse({"province": PROVINCE, "source": [table]}, Path()).sources[0]
    assert source.sql is not None
    assert (source.sql.dsn, source.sql.query, source.sql.cursor_column) == ("env:REPORTING_DSN", "SELECT 1", "changed")
    assert source.late_after_seconds == 7200


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"dsn": "host=db user=u password=s3cret"}, "sql.dsn: allowed is env:NAME"),
        ({}, "sql.dsn is missing"),
        ({"dsn": "env:A", "complete": True, "sql": {"cursor_column": "changed"}}, "complete = true: allowed is false"),
        ({"dsn": "env:A", "late_after": "later"}, "late_after = 'later': allowed is a whole number"),
        ({"dsn": "env:A", "sql": {"cursor": "changed"}}, "sql.cursor = 'changed': unknown key"),
    ],
)
def test_a_wrong_database_setting_is_named_and_its_secret_is_not(wrong: dict[str, object], told: str) -> None:
    with pytest.raises(SettingError) as error:
        parse({"province": PROVINCE, "source": [DATABASE | wrong]}, Path())
    assert told in str(error.value)
    assert "s3cret" not in str(error.value)
