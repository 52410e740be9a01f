"""Persons whom two units may have reported under two codes: found by keyed digests of who they are, never merged.

Where a delivery gives a name with a birth date or a phone, a digest of each pair is computed at the door and kept in
the encrypted store of identities (and one of the phone, to know a phone that stands for many). Two persons of different
units who share one are listed for analysts by their pseudonyms. Both rows stay, because only the units can say which
one is wrong; the sources' reasons say how many.
"""

from __future__ import annotations

import duckdb

from data_sources.pseudonym import Key, digest_sql
from data_sources.settings import Settings

FLAG = "possibly_same_person"
PLAIN_NAME = "trim(regexp_replace(strip_accents(replace(lower(name), 'đ', 'd')), '[^a-z]+', ' ', 'g'))"
"""Letters alone: forms write one name in capitals, without marks, decomposed or with two spaces."""
PLAIN_PHONE = "right(regexp_replace(phone, '[^0-9]', '', 'g'), 9)"
"""The nine digits that +84 912 345 678 and 0912.345.678 have in common."""
LEAST_DIGITS = 4
"""How many digits of a phone must differ: 0000000000 and 0909090909 stand for a phone that nobody knows."""
MOST_OF_ONE_PHONE = 10
"""A household; a phone that more persons share is the health station's own, which forms hold for want of another."""
MOST_OF_ONE_DIGEST = 4
"""Two units, perhaps four; a digest that more persons share is a form's placeholder, not a person."""

EVIDENCE = f"""
WITH plain AS (
    SELECT content, person, {PLAIN_NAME} AS name, {PLAIN_PHONE} AS phone, birth_date FROM identities.identity
    WHERE $content IS NULL OR content = $content
)
SELECT content, person, 'birth ' || strftime(birth_date, '%Y-%m-%d ') || name AS text, NULL AS phone FROM plain
-- A first of January is how forms write a birth date of which only the year is known.
WHERE name LIKE '% %' AND NOT (month(birth_date) = 1 AND day(birth_date) = 1)
UNION ALL
SELECT content, person, 'phone ' || phone || ' ' || name, phone FROM plain
WHERE name LIKE '% %' AND length(phone) = 9 AND len(list_distinct(string_split(phone, ''))) >= {LEAST_DIGITS}
"""

PAIRS = """
CREATE OR REPLACE TEMP TABLE possible_same_person AS
WITH told AS (
    SELECT DISTINCT d.digest, d.phone, v.case_code AS person, v.rank, v.unit, v.day
    FROM identities.same_person AS d
    JOIN accepted AS a ON a.content = d.content
    JOIN version_cases AS v ON v.case_code = d.person AND v.rank = a.rank
    WHERE v.until_at IS NULL
),
station AS (
    SELECT phone FROM told WHERE phone IS NOT NULL GROUP BY phone HAVING count(DISTINCT person) > $most_of_phone
),
shared AS (
    SELECT digest FROM told WHERE phone IS NULL OR phone NOT IN (SELECT phone FROM station)
    GROUP BY digest HAVING count(DISTINCT person) BETWEEN 2 AND $most
)
SELECT DISTINCT one.person, one.unit, one.day, one.rank, other.person AS other_person, other.unit AS other_unit,
    other.day AS other_day, other.rank AS other_rank
FROM told AS one JOIN told AS other ON other.digest = one.digest AND other.person > one.person
WHERE one.digest IN (SELECT digest FROM shared) AND other.unit <> one.unit
ORDER BY ALL
"""

NO_PAIRS = """
CREATE OR REPLACE TEMP TABLE possible_same_person (person VARCHAR, unit VARCHAR, day DATE, rank INTEGER,
    other_person VARCHAR, other_unit VARCHAR, other_day DATE, other_rank INTEGER)
"""


def keep_digests(con: duckdb.DuckDBPyConnection, key: Key, content: int | None) -> None:
    """Compute the digests of the identities of one content, or of all, into the attached store `identities`."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE same_person_pads AS SELECT ?::BLOB AS inner_pad, ?::BLOB AS outer_pad",
        list(key.pads("same person")),
    )
    con.execute("DELETE FROM identities.same_person WHERE $content IS NULL OR content = $content", {"content": content})
    digest, phone = (digest_sql(text, "same_person_pads") for text in ("text", "phone"))
    con.execute(
        f"INSERT INTO identities.same_person SELECT DISTINCT content, person, {digest}, {phone} FROM ({EVIDENCE})",
        {"content": content},
    )


def create_store(con: duckdb.DuckDBPyConnection, key: Key) -> None:
    """The table of digests in the attached store; where identities were kept before it, theirs are computed."""
    known = con.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE database_name = 'identities' AND table_name = 'same_person'"
    ).fetchone()
    if known and known[0]:
        return
    con.execute("CREATE TABLE identities.same_person (content INTEGER, person VARCHAR, digest VARCHAR, phone VARCHAR)")
    keep_digests(con, key, None)


def find_pairs(con: duckdb.DuckDBPyConnection, settings: Settings, *, has_identities: bool) -> None:
    """The temporary table `possible_same_person`, and how many persons of each source are in it, among its reasons."""
    if not has_identities:
        con.execute(NO_PAIRS)
        return
    con.execute(PAIRS, {"most": MOST_OF_ONE_DIGEST, "most_of_phone": MOST_OF_ONE_PHONE})
    counted = con.execute(
        "SELECT rank, count(DISTINCT person) FROM (SELECT rank, person FROM possible_same_person UNION ALL"
        " SELECT other_rank, other_person FROM possible_same_person) GROUP BY rank ORDER BY rank"
    ).fetchall()
    for rank, persons in counted:
        con.execute(
            "INSERT INTO set_aside_reason VALUES (?, ?, ?)", [settings.sources[rank].name, f"flag:{FLAG}", persons]
        )
