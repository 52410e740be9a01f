"""The bytes as they came, kept by their hash; encrypted where the dataset holds personal data."""

from __future__ import annotations

import base64
import importlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from data_sources.connectors import Delivery
from data_sources.contracts import Contract
from data_sources.pseudonym import Key
from data_sources.refusal import Refused

CHUNK_BYTES = 16 * 1024 * 1024
NONCE_BYTES = 12
SEALED, SEALED_ROWS, PARTIAL = ".aes", ".rows.aes", ".part"


def is_personal(contract: Contract) -> bool:
    """True when a delivery of this dataset can name a person."""
    return any(column.personal or column.type == "person" for column in contract.columns)


def folder_of(data: Path, source: str) -> Path:
    """The folder with the kept copies of a source's deliveries."""
    return data / "deliveries" / re.sub(r"[^\w-]", "_", source)


def keep(data: Path, source: str, delivery: Delivery, contract: Contract, key: Key) -> Path:
    """The kept copy of a delivery under its hash; a copy that is there already is left alone."""
    folder = folder_of(data, source)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    personal = is_personal(contract)
    target = folder / (delivery.sha256 + (SEALED if personal else ""))
    if target.exists():
        return target
    partial = target.with_suffix(PARTIAL)
    if personal:
        _encrypt(delivery.path, partial, key)
    else:
        _link_or_copy(delivery.path, partial)
    partial.replace(target)
    return target


def keep_rows(con: duckdb.DuckDBPyConnection, view: str, folder: Path, sha256: str, spill: Path, key: Key) -> Path:
    """The kept copy of a delivery of which not every row may be kept: the rows of `view`, instead of the bytes."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = folder / (sha256 + SEALED_ROWS)
    plain, partial = spill / f"{sha256}.parquet", target.with_suffix(PARTIAL)
    try:
        con.execute(f"COPY (SELECT * FROM {view}) TO '{plain}' (FORMAT parquet)")
        _encrypt(plain, partial, key)
    finally:
        plain.unlink(missing_ok=True)
    partial.replace(target)
    (folder / (sha256 + SEALED)).unlink(missing_ok=True)
    return target


def sealed_copies(data: Path) -> list[Path]:
    """The kept copies of deliveries that may name persons: as they came, or as rows (`.rows.aes`)."""
    return sorted((data / "deliveries").glob(f"*/*{SEALED}"))


def sweep(data: Path) -> None:
    """Remove copies that were cut off while they were written."""
    for path in (data / "deliveries").glob(f"*/*{PARTIAL}"):
        path.unlink()


def _link_or_copy(source: Path, target: Path) -> None:
    """The file under a second name where both lie on one disk: a delivery in the spool is never written again."""
    target.unlink(missing_ok=True)
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)


def _encrypt(source: Path, target: Path, key: Key) -> None:
    cipher = AESGCM(key.derived("archive"))
    with source.open("rb") as plain, target.open("wb") as sealed:
        while chunk := plain.read(CHUNK_BYTES):
            nonce = os.urandom(NONCE_BYTES)
            box = nonce + cipher.encrypt(nonce, chunk, None)
            sealed.write(len(box).to_bytes(8, "big") + box)


def decrypt(source: Path, key: Key) -> Iterator[bytes]:
    """The plain bytes of an encrypted copy, piece by piece, for reading a delivery again."""
    cipher = AESGCM(key.derived("archive"))
    with source.open("rb") as sealed:
        while head := sealed.read(8):
            box = sealed.read(int.from_bytes(head, "big"))
            yield cipher.decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], None)


def attach_encrypted(con: duckdb.DuckDBPyConnection, path: Path, name: str, key: Key, *, read_only: bool) -> None:
    """Attach an encrypted database; its cipher comes from DuckDB's httpfs package, loaded from disk."""
    load_cipher(con)
    secret = base64.b16encode(key.derived("identities")).decode()
    if not re.fullmatch(r"[0-9A-F]{64}", secret) or "'" in str(path):
        raise Refused("quote_in_path", path=str(path))
    options = f"ENCRYPTION_KEY '{secret}'" + (", READ_ONLY" if read_only else "")
    con.execute(f"ATTACH '{path}' AS {name} ({options})")


def load_cipher(con: duckdb.DuckDBPyConnection) -> None:
    """Load OpenSSL's cipher into DuckDB from the installed package, without a network."""
    package = importlib.import_module("duckdb_extension_httpfs")
    folder = Path(str(package.__file__)).parent
    found = sorted(folder.rglob("*.duckdb_extension"))
    if not found:
        raise Refused("no_cipher", place=folder.name)
    con.load_extension(str(found[0]))
