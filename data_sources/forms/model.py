"""A form: the columns a district fills in, and the stamp by which a returned template is known."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from data_sources.contracts.model import Choice, Column, Contract
from data_sources.refusal import Refused

LAYOUT_VERSION = 1
"""Raised when the template's layout changes; a change of the contract's columns changes the stamp by itself."""
STAMP = re.compile(r"Mẫu biểu (?P<dataset>[a-z_]+), phiên bản (?P<version>\d+-[0-9a-f]{8})(?:, đơn vị (?P<unit>\w+))?")
RUNNING_TOTAL = "_cumulative"
SUMS = ("all", "unknown")
"""Choices that stand for 'everyone' or 'not stated': a district writes its groups, not these."""


@dataclass(frozen=True)
class Form:
    """One dataset as a form."""

    contract: Contract
    groups: tuple[str, ...] = ()
    """Choice columns of the key: the template has a row for each of their values, unit by unit."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns in the order of the contract; running totals are left out, for the days are asked for."""
        return tuple(column for column in self.contract.columns if not column.name.endswith(RUNNING_TOTAL))

    @cached_property
    def version(self) -> str:
        """The layout's number and a digest of the columns, so that a template of other columns is told apart."""
        described = [
            (column.name, column.vi, column.type, column.required, [choice.vi for choice in column.choices])
            for column in self.columns
        ]
        return f"{LAYOUT_VERSION}-{hashlib.sha256(repr(described).encode()).hexdigest()[:8]}"

    def stamp(self, unit: str | None) -> str:
        """What stands above the header of the template; `unit` is the code of the district it was made for."""
        made_for = f", đơn vị {unit}" if unit else ""
        return f"Mẫu biểu {self.contract.dataset}, phiên bản {self.version}{made_for}"

    def rows(self) -> list[dict[str, Choice]]:
        """The rows a template has for one unit: one for each value of the groups, or a single one."""
        kinds = [
            [choice for choice in self.contract.column(name).choices if choice.value not in SUMS]
            for name in self.groups
        ]
        return [dict(zip(self.groups, row, strict=True)) for row in product(*kinds)]


def check_stamp(written_above: Iterable[str], form: Form, unit: str | None, where: str) -> str | None:
    """The unit the returned template was made for, None where the file is no template of ours or for all units.

    Refused where the stamp is of another form, an older version, or of another district than `unit`.
    """
    found = next((match for text in written_above if (match := STAMP.search(text))), None)
    if found is None:
        return None
    if found["dataset"] != form.contract.dataset:
        raise Refused("other_form", file=where, dataset=form.contract.dataset, other=found["dataset"])
    if found["version"] != form.version:
        raise Refused("old_form", file=where, version=form.version, other=found["version"])
    if unit is not None and found["unit"] is not None and found["unit"] != unit:
        raise Refused("form_of_another", file=where, unit=unit, other=found["unit"])
    return found["unit"]
