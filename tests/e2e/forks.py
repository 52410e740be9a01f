"""Servers forked from a process that has loaded the libraries and run nothing yet.

With each server loading them anew (4 s of processor time) the tests of the browser took twice as long. A fork has no
session, no cache and no thread of another; it then does what `streamlit run app.py` does.

    python -m tests.e2e.forks        # one JSON object a line: {"port": .., "environment": {..}, "log": ".."}
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).parents[2]
LOADED = ("streamlit.web.cli", "pages.components.projection", "pages.components.server", "pages.components.warming")
"""What app.py imports."""


def fork(port: int, environment: dict[str, str], log: Path) -> int:
    """The id of a new process, the leader of a session of its own, that serves on the port and writes to `log`."""
    parent = _parent()
    assert parent.stdin and parent.stdout
    parent.stdin.write(json.dumps({"port": port, "environment": environment, "log": str(log)}) + "\n")
    parent.stdin.flush()
    return int(parent.stdout.readline())


@cache
def _parent() -> subprocess.Popen[str]:
    """One for all tests of this process; it ends with it."""
    command = [sys.executable, "-m", "tests.e2e.forks"]
    started = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(started.communicate)
    return started


def _serve(port: int, environment: dict[str, str], log: str) -> NoReturn:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    with Path(log).open("wb") as said, Path(os.devnull).open("rb") as nothing:
        for number, file in enumerate((nothing, said, said)):
            os.dup2(file.fileno(), number)
    sys.argv = ["streamlit", "run", "app.py", "--server.port", str(port)]
    from streamlit.web.cli import main

    main()
    sys.exit()


if __name__ == "__main__":
    for name in LOADED:
        import_module(name)
    # Whatever ends is reaped by the system: its id is free once it is gone.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _serve(**json.loads(line))
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
