"""The demonstration province: one seeded epidemic, the forms it leaves behind, and the server that hands them out.

Nothing here describes a real person. The published figures of Bà Rịa - Vũng Tàu in 2021 (published.py) are
reproduced as of their dates; everything between them is drawn. A new system of the province is one more module
that reads the same epidemic, one entry in feeds.py and one block in config.toml.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

DEMO_SETTINGS = Path(__file__).with_name("config.toml")
URL_VARIABLE, TOKEN_VARIABLE = "TOANCANH_DEMO_URL", "TOANCANH_DEMO_TOKEN"


def to_stderr(message: str) -> None:
    """Write one line to standard error."""
    sys.stderr.write(message + "\n")


@contextmanager
def demo_province(cache_dir: Path) -> Iterator[None]:
    """The demonstration served on loopback for as long as the block lasts, its address and token in the environment.

    The rows are generated on first use and kept under `cache_dir`.
    """
    # Imported here: numpy and pandas take half a second that the other commands need not wait for.
    from data_sources.demo.server import DemoServer

    before = {name: os.environ.get(name) for name in (URL_VARIABLE, TOKEN_VARIABLE)}
    with DemoServer(cache_dir, tell=to_stderr) as server:
        os.environ[URL_VARIABLE], os.environ[TOKEN_VARIABLE] = server.url, server.token
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


def serve(port: int, cache_dir: Path, tell: Callable[[str], None] = to_stderr) -> None:
    """Serve the demonstration until the process is interrupted; `tell` is given the address and the token.

    The token is the one in TOANCANH_DEMO_TOKEN where that is set, and a new one otherwise.
    """
    from data_sources.demo.server import serve as serve_until_interrupted

    serve_until_interrupted(port, cache_dir, token=os.environ.get(TOKEN_VARIABLE), tell=tell)
