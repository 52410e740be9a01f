"""The services start commands that exist, and are not started again where that cannot help."""

from __future__ import annotations

import configparser
import shlex
from pathlib import Path

from analytics import __main__ as analytics_command
from analytics.briefing import command as briefing_command
from data_sources import __main__ as command
from data_sources.settings import SmtpSettings

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


def test_the_unit_of_the_briefing_starts_the_schedule() -> None:
    unit = configparser.RawConfigParser(strict=True)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(UNIT.with_name("toancanh-briefing.service").read_text(encoding="utf-8"))
    service = dict(unit["Service"])
    program, *arguments = shlex.split(service["ExecStart"])
    assert program.endswith("/.venv/bin/python") and arguments[:2] == ["-m", "analytics"]
    options = analytics_command._parser().parse_args(arguments[2:])
    assert options.run is briefing_command.run and options.schedule
    assert options.data == Path("/var/lib") / service["StateDirectory"]
    exits = [str(briefing_command.EXIT_USAGE), str(briefing_command.EXIT_BUSY)]
    assert service["RestartPreventExitStatus"].split() == exits
    # The mail server may take timeout_seconds for an answer; the service waits for it before it is killed.
    assert int(service["TimeoutStopSec"]) > SmtpSettings(host="localhost").timeout_seconds
