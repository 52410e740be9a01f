from __future__ import annotations

import stat
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_sources.pseudonym import Key, key_path, load_key, pseudonym_sql
from data_sources.refusal import Refused


@given(
    st.text(alphabet=st.characters(blacklist_characters="\0", blacklist_categories=("Cs",)), min_size=1, max_size=40)
)
def test_sql_and_python_give_the_same_pseudonym(code: str) -> None:
    key = Key(b"k" * 40)
    inner, outer = key.pads()
    con = duckdb.connect()
    con.execute("CREATE TABLE delivery AS SELECT ?::BLOB AS inner_pad, ?::BLOB AS outer_pad", [inner, outer])
    row = con.execute(f"SELECT {pseudonym_sql('x')} FROM (SELECT ? AS x)", [code]).fetchone()
    assert row is not None and row[0] == key.pseudonym(code)


def test_another_key_gives_other_pseudonyms() -> None:
    assert Key(b"a" * 32).pseudonym("0900000001") != Key(b"b" * 32).pseudonym("0900000001")


def test_the_key_file_is_made_once_and_only_its_owner_reads_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TOANCANH_KEY", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    first = load_key()
    assert load_key() == first
    assert stat.S_IMODE(key_path().stat().st_mode) == 0o600


def test_a_short_key_is_refused_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOANCANH_KEY", "short-secret")
    with pytest.raises(Refused) as error:
        load_key()
    assert "short-secret" not in str(error.value) and "12 letters" in str(error.value)
