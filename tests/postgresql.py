"""A PostgreSQL server of the system's packages on a free port of loopback, for as long as the tests need it."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

READER, PASSWORD = "reporting_reader", "mật khẩu' 9\\x"
ADMINISTRATOR_PASSWORD = "only-for-this-test-server"


@dataclass(frozen=True)
class PostgresServer:
    """A running server: its port, and connections to it."""

    port: int

    def dsn(self, database: str = "reporting", *, user: str = READER, password: str = PASSWORD, **more: object) -> str:
        """A connection string, as it would stand in the environment."""
        parts = {"host": "127.0.0.1", "port": self.port, "dbname": database, "user": user, "password": password, **more}
        return psycopg.conninfo.make_conninfo("", **parts)

    def administrator(self, database: str = "reporting") -> psycopg.Connection[Any]:
        """A connection that may do anything; each statement is committed by itself."""
        dsn = self.dsn(database, user="postgres", password=ADMINISTRATOR_PASSWORD)
        return psycopg.connect(dsn, autocommit=True)

    def execute(self, *statements: str) -> None:
        """Run statements as the administrator."""
        with self.administrator() as connection:
            for statement in statements:
                connection.execute(statement)


def programs() -> Path | None:
    """The folder of the server's programs: Debian keeps them apart by version; None where there are none."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).parent] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((folder for folder in reversed(found) if (folder / "postgres").exists()), None)


def unprivileged() -> dict[str, Any]:
    """Options of subprocess for a user that PostgreSQL agrees to run as: it refuses root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    pytest.skip("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")


def free_port() -> int:
    """A port of loopback that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def running_server() -> Iterator[PostgresServer]:
    """A new server with a database `reporting` and a role that may only read; stopped and removed at the end."""
    folder = programs()
    if folder is None:
        pytest.skip("PostgreSQL's server is not installed (Debian: apt-get install postgresql)")
    account = unprivileged()
    home = Path(tempfile.mkdtemp(prefix="toancanh-postgresql-"))
    try:
        if account:
            os.chown(home, account["user"], account["group"])
        secret = home / "password"
        secret.write_text(ADMINISTRATOR_PASSWORD)
        secret.chmod(0o644)
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(home)}

        def run(program: str, *arguments: str) -> None:
            command = [str(folder / program), "-D", str(home / "data"), *arguments]
            with (home / "log").open("ab") as log:
                done = subprocess.run(
                    command, stdout=log, stderr=log, env=environment, cwd=home, timeout=60, check=False, **account
                )
            assert done.returncode == 0, f"{program}: {(home / 'log').read_text(errors='replace')[-2000:]}"

        run("initdb", "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={secret}", "-E", "UTF8", "--no-sync")
        port = free_port()
        options = f"-p {port} -h 127.0.0.1 -c unix_socket_directories='' -c fsync=off -c max_connections=20"
        run("pg_ctl", "-w", "-o", options, "start")
        try:
            server = PostgresServer(port)
            with server.administrator("postgres") as connection:
                connection.execute("CREATE DATABASE reporting")
                role = psycopg.sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
                connection.execute(role.format(psycopg.sql.Identifier(READER), psycopg.sql.Literal(PASSWORD)))
            server.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {READER}")
            yield server
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)
