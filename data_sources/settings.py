"""The settings of an installation: one province, its units and its sources, read from `config.toml`.

A wrong setting stops the start with one sentence that names the key, the value and what is allowed.
Secrets are named as `env:NAME` and read from the environment when they are used, never stored here.
"""

from __future__ import annotations

import dataclasses
import os
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from data_sources.contracts import CONTRACTS

SourceKind = Literal["files", "http", "sql", "inbox"]
"""`inbox` is the source that forms handed in through the app make by themselves; it stands in no settings file."""
Level = Literal["district", "commune", "province"]
UnitLevel = Literal["district", "commune", "province", "country"]
"""A feed may also be about the whole country, where the picture is of one."""

DURATION = re.compile(r"^(\d+)([smhd])$")
SECONDS_OF = {"s": 1, "m": 60, "h": 3600, "d": 86400}
VARIABLE = re.compile(r"\$\{(\w+)\}")
ENVIRONMENT_NAME = re.compile(r"env:(\w+)$")
TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
BRIEFING_FORMAT = re.compile("pptx|pdf|xlsx|daily|ministry|ministry_csv")
ADDRESS = re.compile(r"[\w.%+-]+@[A-Za-z0-9.-]+", re.ASCII)


class SettingError(ValueError):
    """A setting is missing or wrong; the message names the key, the value and what is allowed."""


@dataclass(frozen=True, kw_only=True)
class ProvinceSettings:
    """The unit the picture is of, and the level of the units that report to it."""

    code: str
    name: str
    level: Level = "district"


@dataclass(frozen=True, kw_only=True)
class UnitSettings:
    """Where the unit register and the boundaries come from, when they are not the product's own."""

    register: str | None = None
    boundaries: str | None = None
    boundaries_code: str = "code"
    boundaries_name: str = "name"
    header: bool = True
    delimiter: str | None = None
    columns: dict[str, str] = field(default_factory=dict)
    """ours = theirs, for a register with other headers: code, name, kind, parent, population, population_18 ..."""
    constants: dict[str, str] = field(default_factory=dict)
    island: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReadSettings:
    """How bytes become a table, for what cannot be found out from the bytes."""

    format: Literal["csv", "json", "xlsx"] | None = None
    delimiter: str | None = None
    header: bool = True
    header_row: int | None = None
    encoding: str | None = None
    date_format: str | None = None
    decimal: Literal[",", "."] | None = None
    sheet: str | None = None
    rows_at: str | None = None
    """The key of the list of rows in a JSON document; found out when there is only one list."""
    shift_days: int = 0


@dataclass(frozen=True, kw_only=True)
class Unpivot:
    """Several columns of theirs that are one column of ours at several values of another.

    `columns` maps a value of `into` to their column; `total`, where they publish it, is the authority:
    what the parts leave of it is given to `remainder`.
    """

    into: str
    value: str
    columns: dict[str, str]
    total: str | None = None
    remainder: str = "unknown"


@dataclass(frozen=True, kw_only=True)
class HttpSettings:
    """How an HTTP source is asked."""

    url: str
    auth: str | None = None
    page_parameter: str | None = None
    page_size_parameter: str | None = None
    page_size: int = 5000
    cursor_parameter: str | None = None
    cursor_field: str | None = None
    until_parameter: str | None = None
    total_field: str | None = None
    """The key of the envelope that says how many rows there are in all; reconciled with what was received."""
    hosts: tuple[str, ...] = ()
    """Hosts that may be asked besides the one in `url`."""
    connect_seconds: float = 5.0
    read_seconds: float = 30.0
    total_seconds: float = 300.0
    retries: int = 4
    megabytes: int = 1024


@dataclass(frozen=True, kw_only=True)
class SqlSettings:
    """How a PostgreSQL database is asked; nothing is ever written to it."""

    dsn: str
    """env:NAME of the variable with the connection string; never the string itself, which may hold a password."""
    query: str
    """One SELECT; it is run as it stands here, within a read-only transaction."""
    cursor_column: str | None = None
    """The column of the query by which only newer rows are asked for: a time, a day or a whole number."""
    overlap_seconds: int = 600
    """How far back before the newest time known is asked again: a row may be committed later than its time says."""
    overlap_keys: int = 1000
    """The same where the cursor column is a number: numbers are given out before they are committed."""
    connect_seconds: float = 5.0
    statement_seconds: float = 120.0
    read_seconds: float = 30.0
    total_seconds: float = 300.0
    retries: int = 4
    rows: int = 20_000_000
    megabytes: int = 4096


@dataclass(frozen=True, kw_only=True)
class SourceSettings:
    """One feed of one dataset."""

    name: str
    dataset: str
    kind: SourceKind
    title: str = ""
    path: str | None = None
    http: HttpSettings | None = None
    sql: SqlSettings | None = None
    every_seconds: int = 900
    late_after_seconds: int | None = None
    """How old its newest delivery may grow before the pages say so; by the dataset's duty where it is not set."""
    complete: bool = True
    """True where each delivery holds everything again (a third fewer rows is then suspicious); False for increments."""
    read: ReadSettings = field(default_factory=ReadSettings)
    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    scale: dict[str, float] = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)
    """Rows of theirs that are kept: their column = text; an empty text asks for a blank cell."""
    blanks: dict[str, str] = field(default_factory=dict)
    """For a column of ours: the text that a blank cell of theirs stands for; how many there were is noted."""
    choices: dict[str, dict[str, str]] = field(default_factory=dict)
    """For a choice column of ours: their word = our value."""
    units: dict[str, str] = field(default_factory=dict)
    """A unit's name as this source writes it = the unit's code: what a person decided about a doubtful name."""
    only_unit: str | None = None
    """The code of the one unit that this source may report; rows of others are set aside."""
    unpivot: Unpivot | None = None
    ignore: tuple[str, ...] = ()
    """Columns of ours that are not read although a header of theirs looks like one."""
    issued_column: str | None = None
    """Their column with the time a row was issued; without it a row is as old as its delivery."""
    unit_level: UnitLevel | None = None
    """The level of the units in this feed, where it differs from the province's."""


@dataclass(frozen=True, kw_only=True)
class SmtpSettings:
    """The server that takes the briefing's e-mails."""

    host: str
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    """none only for a server on the same machine: without encryption the figures can be read on their way."""
    user: str | None = None
    password: str | None = None
    """env:NAME of the variable with the password; never the password itself."""
    timeout_seconds: float = 60.0


@dataclass(frozen=True, kw_only=True)
class BriefingSettings:
    """When the briefing is made by itself, and where it goes."""

    at: tuple[str, ...]
    """Times of the day in Asia/Ho_Chi_Minh, HH:MM."""
    formats: tuple[str, ...] = ("pdf", "daily")
    language: Literal["vi", "en"] = "vi"
    slides: str | None = None
    """A file of slides; the standard briefing where it is not set."""
    folder: str | None = None
    """A folder that exists; it is never made, for a share that is not mounted would then be written beside."""
    mail_to: tuple[str, ...] = ()
    mail_from: str | None = None
    smtp: SmtpSettings | None = None


@dataclass(frozen=True, kw_only=True)
class Settings:
    """A whole installation."""

    province: ProvinceSettings
    units: UnitSettings
    sources: tuple[SourceSettings, ...]
    directory: Path
    keep_releases: int = 14
    demonstration: bool = False
    briefing: BriefingSettings | None = None

    def path(self, text: str) -> Path:
        """`text` with its ${VARIABLES} expanded, relative to the settings file; SettingError for an unset variable."""
        return self.directory / expand(text)


def expand(text: str) -> str:
    """`text` with each ${NAME} replaced from the environment; SettingError names a variable that is not set."""

    def value_of(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in os.environ:
            raise SettingError(f"{text}: the environment variable {name} is not set; set it to what {name} stands for")
        return os.environ[name]

    return VARIABLE.sub(value_of, text)


def seconds(text: str, key: str) -> int:
    """The number of seconds in a duration such as 90s, 15m, 2h or 1d."""
    match = DURATION.match(text)
    if not match:
        raise SettingError(f"{key} = {text!r}: allowed is a whole number and one of s, m, h, d, as in 15m")
    return int(match.group(1)) * SECONDS_OF[match.group(2)]


def _build(kind: type, table: dict[str, Any], key: str) -> Any:
    """An instance of the settings class `kind` from a TOML table, with unknown and wrong keys named."""
    fields = {item.name: item for item in dataclasses.fields(kind)}
    for name, value in table.items():
        where = f"{key}.{name}"
        if name not in fields:
            raise SettingError(f"{where} = {value!r}: unknown key; allowed are {', '.join(sorted(fields))}")
        annotation = str(fields[name].type)
        allowed = get_args(_literal(annotation))
        if allowed and value not in allowed:
            raise SettingError(f"{where} = {value!r}: allowed are {', '.join(map(str, allowed))}")
        expected = _plain_type(annotation)
        if expected and (not isinstance(value, expected) or (isinstance(value, bool) and expected is not bool)):
            wanted = expected.__name__ if isinstance(expected, type) else "number"
            raise SettingError(f"{where} = {value!r}: needed {wanted}, found {type(value).__name__}")
    for name, item in fields.items():
        required = item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING
        if required and name not in table:
            raise SettingError(f"{key}.{name} is missing: it is required")
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}
    return kind(**values)


def _literal(annotation: str) -> Any:
    named = {"Level": Level, "SourceKind": SourceKind, "UnitLevel | None": UnitLevel}
    if annotation in named:
        return named[annotation]
    match = re.match(r"Literal\[(.*)\]", annotation)
    if not match:
        return None
    words = tuple(word.strip().strip("\"'") for word in re.findall(r"\"[^\"]*\"|'[^']*'", match.group(1)))
    return Literal[words]


def _plain_type(annotation: str) -> Any:
    first = annotation.split(" | ")[0]
    plain: dict[str, Any] = {"str": str, "int": int, "bool": bool, "float": (int, float)}
    if first.startswith("dict["):
        return dict
    if first.startswith("tuple["):
        return list
    return plain.get(first)


def _source(table: dict[str, Any], number: int) -> SourceSettings:
    table = dict(table)
    key = f"source[{number}]" if "name" not in table else f"source {table['name']}"
    for name in ("every", "late_after"):
        if name in table:
            table[f"{name}_seconds"] = seconds(str(table.pop(name)), f"{key}.{name}")
    table["read"] = _build(ReadSettings, table.get("read", {}), f"{key}.read")
    if "unpivot" in table:
        table["unpivot"] = _build(Unpivot, table["unpivot"], f"{key}.unpivot")
    for name, kind, beside in (("http", HttpSettings, ("url", "auth")), ("sql", SqlSettings, ("dsn", "query"))):
        asked = {item: table.pop(item) for item in beside if item in table}
        if asked:
            table[name] = {**asked, **table.get(name, {})}
        if name in table:
            table[name] = _build(kind, table[name], f"{key}.{name}")
    source: SourceSettings = _build(SourceSettings, table, key)
    if source.dataset not in CONTRACTS:
        raise SettingError(f"{key}.dataset = {source.dataset!r}: allowed are {', '.join(sorted(CONTRACTS))}")
    if source.kind == "inbox":
        raise SettingError(
            f"{key}.kind = 'inbox': handed-in forms need no block in the settings; allowed are files, http, sql"
        )
    if source.kind == "files" and not source.path:
        raise SettingError(f"{key}.path is missing: a source of kind files needs the path of its files")
    if source.kind == "http" and not source.http:
        raise SettingError(f"{key}.http is missing: a source of kind http needs a table [source.http] with its url")
    if source.kind == "sql" and not source.sql:
        raise SettingError(f"{key}.sql is missing: a source of kind sql needs a table [source.sql] with dsn and query")
    if source.sql and not ENVIRONMENT_NAME.match(source.sql.dsn):
        # The value is not repeated: it may be the connection string with its password.
        raise SettingError(f"{key}.sql.dsn: allowed is env:NAME, the variable that holds the connection string")
    if source.sql and source.sql.cursor_column and source.complete:
        raise SettingError(f"{key}.complete = true: allowed is false beside cursor_column, which asks for newer rows")
    names = {column.name for column in CONTRACTS[source.dataset].columns}
    ours = {*source.columns, *source.constants, *source.scale, *source.blanks, *source.choices, *source.ignore}
    for name in sorted(ours - names - {"unit_parent"}):
        raise SettingError(
            f"{key}: {name!r} is not a column of {source.dataset}; allowed are {', '.join(sorted(names))}"
        )
    return source


def _briefing(table: dict[str, Any]) -> BriefingSettings:
    table = dict(table)
    if "smtp" in table:
        table["smtp"] = _build(SmtpSettings, table["smtp"], "briefing.smtp")
    made: BriefingSettings = _build(BriefingSettings, table, "briefing")
    for name, values, pattern, allowed in (
        ("at", made.at, TIME_OF_DAY, "times of the day as 06:30"),
        ("formats", made.formats, BRIEFING_FORMAT, "pptx, pdf, xlsx, daily, ministry, ministry_csv"),
        ("mail_to", made.mail_to, ADDRESS, "addresses as name@province.gov.vn"),
    ):
        wrong = [value for value in values if not isinstance(value, str) or not pattern.fullmatch(value)]
        if wrong or (not values and name != "mail_to"):
            found = "a value that is none" if name == "mail_to" else repr(wrong)
            raise SettingError(f"briefing.{name}: found {found}; allowed are {allowed}, at least one")
    if made.mail_to and (made.smtp is None or not ADDRESS.fullmatch(made.mail_from or "")):
        raise SettingError("briefing.mail_to: needs briefing.mail_from, an address, and a table [briefing.smtp]")
    if not made.mail_to and made.folder is None:
        raise SettingError("briefing: needs folder, mail_to or both, or the briefing would go nowhere")
    if made.smtp and made.smtp.password and not ENVIRONMENT_NAME.match(made.smtp.password):
        # The value is not repeated: it may be the password.
        raise SettingError("briefing.smtp.password: allowed is env:NAME, the variable that holds the password")
    return made


def parse(document: dict[str, Any], directory: Path) -> Settings:
    """The settings in a parsed TOML document; SettingError for anything that is not understood."""
    known = {"province", "units", "source", "keep_releases", "demonstration", "briefing"}
    for name in sorted(set(document) - known):
        raise SettingError(f"{name}: unknown key; allowed are {', '.join(sorted(known))}")
    if "province" not in document:
        raise SettingError("[province] is missing: it names the code and the name of the unit the picture is of")
    sources = tuple(_source(table, number) for number, table in enumerate(document.get("source", []), start=1))
    names = [source.name for source in sources]
    for name in names:
        if names.count(name) > 1:
            raise SettingError(
                f"source.name = {name!r}: used {names.count(name)} times; each source needs its own name"
            )
    return Settings(
        province=_build(ProvinceSettings, document["province"], "province"),
        units=_build(UnitSettings, document.get("units", {}), "units"),
        sources=sources,
        directory=directory,
        keep_releases=int(document.get("keep_releases", 14)),
        demonstration=bool(document.get("demonstration", False)),
        briefing=_briefing(document["briefing"]) if "briefing" in document else None,
    )


def load(path: Path) -> Settings:
    """The settings in the file at `path`; SettingError if it is absent, not TOML, or wrong."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingError(f"--config {path}: there is no such file; give the path of a config.toml") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingError(f"--config {path}: this is not a TOML file ({error})") from None
    return parse(document, path.resolve().parent)
