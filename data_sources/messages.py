"""What the product says of data and sources: a code with named values, worded in Vietnamese and English.

The wording stands in `messages.toml`, one line a message. What is stored is the code with its values as JSON, so that
history has no language and every screen and command says it in its reader's own.
"""

from __future__ import annotations

import json
import string
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, Union
from zoneinfo import ZoneInfo

from data_sources.contracts import CONTRACTS

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")
CATALOGUE = Path(__file__).with_suffix(".toml")
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
PLACES = ("source", "url", "variable", "folder", "file", "sheet", "row", "column", "setting")
"""Values that say where: told in this order, before the rest, by every message of three parts."""
FLAG = "flag:"
"""Before the kind of a mark, where marks stand beside the reasons of rows set aside."""
MISSING = "–"

Value = Union[str, int, float, None, "Message", Sequence["Value"]]
"""What a message may hold: text of the sender's, figures, days and times in ISO, other messages, and lists of these."""


class Parts(NamedTuple):
    """A refusal in its four parts, each without the words that join them into a sentence."""

    where: str
    needed: str
    found: str
    remedy: str


@dataclass(frozen=True, init=False)
class Message:
    """One thing to say: `code` is "table.key" of the catalogue, `values` what its text names."""

    code: str
    values: Mapping[str, Value]

    def __init__(self, code: str, /, **values: Value) -> None:
        """Keep the code and those values that are given."""
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "values", {name: value for name, value in values.items() if value is not None})

    def text(self, language: Language) -> str:
        """The message in words; one with a code that is not known is shown as its code and values, never dropped."""
        worded = wording(self.code)
        if worded is None:
            named = ", ".join(f"{name} {value}" for name, value in self.values.items())
            return f"{self.code}: {named}" if named else self.code
        if isinstance(worded[language], str):
            return self._filled(worded[language], language)
        parts = self.parts(language)
        said = Message("form.refusal", **parts._asdict()).text(language)
        where = f"{parts.where[:1].upper()}{parts.where[1:]}: " if parts.where else ""
        return where + (said if where else said[:1].upper() + said[1:])

    def parts(self, language: Language) -> Parts:
        """Where, what was needed, what was found and what to do; a message of one text is all `found`."""
        worded = wording(self.code)
        where = ", ".join(
            Message(f"place.{name}", **{name: self.values[name]}).text(language)
            for name in PLACES
            if self.values.get(name)
        )
        if worded is None or isinstance(worded[language], str):
            return Parts(where, "", self.text(language), "")
        return Parts(where, *(self._filled(part, language) for part in worded[language]))

    def at(self, **place: Value) -> Message:
        """The same, said of another place."""
        return Message(self.code, **{**self.values, **place})

    def _filled(self, template: str, language: Language) -> str:
        return Filling(language).vformat(template, (), self.values)

    def plain(self) -> dict[str, Any]:
        """The code and the values as JSON knows them."""
        return {"code": self.code, "values": {name: _plain(value) for name, value in self.values.items()}}

    def stored(self) -> str:
        """The message as it is kept in a warehouse or a release: one JSON text without a language."""
        return json.dumps(self.plain(), ensure_ascii=False)

    def told(self) -> dict[str, Any]:
        """The message for programs that show it to people: code, values and the text in every language."""
        return {**self.plain(), **{language: self.text(language) for language in LANGUAGES}}


def read_message(stored: str | Mapping[str, Any]) -> Message:
    """The message that `stored` keeps; text that is no stored message is a message that says just this."""
    try:
        found = _read(json.loads(stored) if isinstance(stored, str) else stored)
    except (ValueError, TypeError, KeyError, AttributeError):
        found = None
    return found if isinstance(found, Message) else Message(str(stored))


def reason_message(reason: str) -> Message:
    """Why rows are set aside, or are marked ("flag:kind"); an unknown reason is said as such."""
    table, key = ("flag", reason.removeprefix(FLAG)) if reason.startswith(FLAG) else ("reason", reason)
    return Message(f"{table}.{key}") if wording(f"{table}.{key}") else Message(f"{table}.other", code=key)


def is_of_unit(message: Message) -> bool:
    """True for a message that says what a unit's name was taken for, and so why it is not taken."""
    return message.code.startswith("unit.")


def todo_message(reason: str) -> Message:
    """What to do about rows that are set aside for this reason."""
    return Message(f"todo.{reason}") if wording(f"todo.{reason}") else Message("todo.other")


def _plain(value: Value) -> Any:
    if isinstance(value, Message):
        return value.plain()
    return [_plain(one) for one in value] if isinstance(value, Sequence) and not isinstance(value, str) else value


def _read(value: Any) -> Value:
    if isinstance(value, dict):
        return Message(value["code"], **{name: _read(one) for name, one in value.get("values", {}).items()})
    return [_read(one) for one in value] if isinstance(value, list) else value


class Filling(string.Formatter):
    """Fills the {names} of a text as one language writes numbers, days and lists.

    `{rows}` is 1.234 or 1,234; `{row:d}` has no grouping; `{day:day}` and `{at:moment}` are a day and a time given in
    ISO; `{field:column}` is the name of a contract's column given as "dataset.column", `{field:choices}` its words.
    """

    def __init__(self, language: Language) -> None:
        """Write as `language` does."""
        self.language = language

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """The value called `key`; one that was not given is a dash, for a screen must not fail over a word."""
        return kwargs.get(str(key), MISSING)

    def format_field(self, value: Any, spec: str) -> str:
        """One value in words."""
        if isinstance(value, Message):
            return value.text(self.language)
        if isinstance(value, (int, float)):
            return str(value) if spec == "d" else self._number(value)
        if not isinstance(value, str):
            return ", ".join(self.format_field(one, spec) for one in value)
        if spec in ("day", "moment"):
            return self._time(value, spec)
        return self._field(value, spec) if spec in ("column", "choices") else value

    def _number(self, value: float) -> str:
        written = f"{int(value) if value == int(value) else value:,}"
        return written.translate(str.maketrans(",.", ".,")) if self.language == "vi" else written

    def _time(self, value: str, spec: str) -> str:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return value
        moment = moment.astimezone(ZONE) if moment.tzinfo else moment
        shown = date(moment.year, moment.month, moment.day)
        day = f"{shown.day}/{shown.month}/{shown.year}" if self.language == "vi" else f"{shown.day} {shown:%b %Y}"
        return day if spec == "day" else f"{moment:%H:%M} {day}"

    def _field(self, value: str, spec: str) -> str:
        dataset, _, name = value.partition(".")
        columns = CONTRACTS[dataset].columns if dataset in CONTRACTS else ()
        column = next((one for one in columns if one.name == name), None)
        if column is None:
            return name if columns and name else value
        named = (column,) if spec == "column" else column.choices
        return ", ".join(one.vi if self.language == "vi" else one.en for one in named)


def wording(code: str) -> Mapping[str, Any] | None:
    """The texts of a code by language, each one text or the three parts of a refusal; None for an unknown code."""
    table, _, key = code.partition(".")
    return catalogue().get(table, {}).get(key)


@cache
def catalogue() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """Every message: table -> key -> language -> text."""
    found: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))
    return found
