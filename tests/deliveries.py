"""Small installations for tests: a settings document, deliveries of given bytes at given times, and a release."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from data_sources import pointer
from data_sources.connectors import Delivery
from data_sources.ingest import SourceReport, _take
from data_sources.pseudonym import load_key
from data_sources.releases import Built, build_release
from data_sources.settings import Settings, parse
from data_sources.units import load_register
from data_sources.warehouse import Warehouse, ingest_lock

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
RECEIVED = datetime(2026, 1, 5, 12, tzinfo=ZONE)


def at(text: str) -> datetime:
    """A time in Vietnam."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def settings_of(directory: Path, *sources: dict[str, Any], province: dict[str, Any] | None = None) -> Settings:
    """Settings of Bà Rịa - Vũng Tàu with these sources."""
    document = {"province": province or {"code": "77", "name": "Bà Rịa - Vũng Tàu"}, "source": list(sources)}
    return parse(document, directory)


def counts_source(**more: Any) -> dict[str, Any]:
    """A source of case counts from files, with ISO dates."""
    return {"name": "counts", "dataset": "case_counts", "kind": "files", "path": "drop/*.csv", **more}


class Installation:
    """A data folder that deliveries are given to directly, without a connector."""

    def __init__(self, data: Path, settings: Settings) -> None:
        self.data = data
        self.settings = settings
        self.register = load_register(settings)

    def deliver(self, *deliveries: tuple[str, str | bytes, datetime], name: str = "counts.csv") -> list[SourceReport]:
        """Give (source, content, issued) to the warehouse in this order; what each did."""
        reports = []
        with ingest_lock(self.data), Warehouse(self.data, load_key()) as warehouse:
            for source_name, content, issued in deliveries:
                source = next(one for one in self.settings.sources if one.name == source_name)
                raw = content.encode() if isinstance(content, str) else content
                sha256 = hashlib.sha256(raw).hexdigest()
                path = self.data / "spill" / sha256
                path.write_bytes(raw)
                delivery = Delivery(
                    source=source.name, name=name, path=path, sha256=sha256, issued_at=issued,
                    format="xlsx" if raw.startswith(b"PK") else "csv", declared_rows=None, state={},
                )  # fmt: skip
                report = SourceReport(source.name)
                _take(warehouse, self.settings, self.register, source, delivery, RECEIVED, report)
                reports.append(report)
        return reports

    def build(self, cutoff: datetime | None = None) -> Built:
        """Publish what is known until `cutoff`."""
        with ingest_lock(self.data), Warehouse(self.data, load_key()) as warehouse:
            return build_release(warehouse, self.settings, self.register, cutoff)

    def query(self, sql: str, *values: Any, file: str = "picture.duckdb") -> list[tuple[Any, ...]]:
        """Rows of the current release."""
        current = pointer.current_id(self.data)
        assert current is not None
        con = duckdb.connect(str(pointer.release_folder(self.data, current) / file), read_only=True)
        try:
            con.execute("SET TimeZone = 'Asia/Ho_Chi_Minh'")
            return con.execute(sql, list(values)).fetchall()
        finally:
            con.close()

    def content(self) -> str:
        """The digest of the current release's figures."""
        current = pointer.current_id(self.data)
        assert current is not None
        return str(pointer.read_manifest(self.data, current)["content"])


def drop(folder: Path, name: str, text: str, issued: datetime) -> Path:
    """A whole file in a watched folder, written at `issued`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    os.utime(path, (issued.timestamp(), issued.timestamp()))
    return path
