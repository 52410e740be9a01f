"""Connectors: bytes fetched from a source and kept as they came, with their hash and their time of issue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

__all__ = ["Delivery", "Format"]

Format = Literal["csv", "json", "xlsx"]


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One whole delivery of a source: its bytes in a spool folder, and what to remember for the next pull."""

    source: str
    name: str
    path: Path
    sha256: str
    issued_at: datetime
    format: Format
    declared_rows: int | None
    state: dict[str, str]
