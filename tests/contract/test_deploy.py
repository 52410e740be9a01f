"""The service of the watch starts a command that exists, and is not started again where that cannot help."""

from __future__ import annotations

import configparser
import shlex
from pathlib import Path

from data_sources import __main__ as command

UNIT = Path(__file__).parents[2] / "deploy" / "toancanh-watch.service"


def test_the_unit_starts_the_watch_with_arguments_it_takes() -> None:
    unit = configparser.RawConfigParser(strict=True)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(UNIT.read_text(encoding="utf-8"))
    service = dict(unit["Service"])
    program, *arguments = shlex.split(service["ExecStart"])
    assert program.endswith("/.venv/bin/python") and arguments[:2] == ["-m", "data_sources"]
    options = command._parser().parse_args(arguments[2:])
    assert options.run is command._watch
    assert options.data == Path("/var/lib") / service["StateDirectory"]
    assert service["RestartPreventExitStatus"].split() == [str(command.EXIT_USAGE), str(command.EXIT_BUSY)]
    # A source may take its total_seconds; the service waits for it before it is killed.
    assert int(service["TimeoutStopSec"]) > 300
