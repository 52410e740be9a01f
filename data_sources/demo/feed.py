"""One feed of the demonstration as its owner publishes it: dataset, address, format, headers and words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

ISSUED_AT = "issued_at"


@dataclass(frozen=True, kw_only=True)
class Feed:
    """One feed as its owner publishes it."""

    name: str
    dataset: str
    path: str
    format: Literal["json", "csv"]
    headers: dict[str, str]
    """ours = theirs, in their order."""
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    """For a choice column: our value = their word."""
    delimiter: str = ","
    byte_order_mark: bool = False
    day_format: Literal["iso", "dd/mm/yyyy"] = "iso"
    grouped_numbers: bool = False
    """Whole numbers as 1.234, others with a decimal comma."""
    national: bool = False
    """Units are provinces, not districts."""
    whole_province: bool = False
    """Rows are about the province as a whole and name no unit; the settings say which it is."""
