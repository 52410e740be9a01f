"""What the commands print for people: lines of a pull's report and of the state of the sources."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from data_sources.ingest import PullReport, SourceReport
from data_sources.messages import Language, Message, reason_message


def pull_lines(report: PullReport, language: Language) -> Iterator[str]:
    """Each source with its rows and what is wrong with it, then the release."""
    for source in report.sources:
        yield _pulled(source).text(language)
        for message in (source.held, source.error):
            if message:
                yield f"  ! {message.text(language)}"
    yield _release(report.release, fresh=report.fresh).text(language)


def status_lines(status: dict[str, Any], language: Language) -> Iterator[str]:
    """The release, each source's newest delivery, attempts, turns, what is late and what is held."""
    for message in _status(status):
        yield message.text(language)


def _pulled(source: SourceReport) -> Message:
    name, rows, kept, aside = source.name, source.rows_in, source.rows_kept, source.rows_set_aside
    if not source.reasons:
        return Message("command.pulled", source=name, rows=rows, kept=kept, aside=aside)
    reasons = [Message("part.counted", what=reason_message(code), rows=n) for code, n in source.reasons.items()]
    return Message("command.pulled_with_reasons", source=name, rows=rows, kept=kept, aside=aside, reasons=reasons)


def _release(release: str | None, *, fresh: bool) -> Message:
    if release is None:
        return Message("command.no_release")
    if fresh:
        return Message("command.release_new", release=release)
    return Message("command.release_same", release=release)


def _status(status: dict[str, Any]) -> Iterator[Message]:
    yield _release(status["release"], fresh=False)
    for one in status["sources"]:
        yield _source(one["source"], one["last_issued"], one["rows_kept"])
    for one in status["attempts"]:
        yield _asked(one["source"], one["attempted_at"], one["error"])
    for one in status["turns"]:
        yield _turn(one)
    if status["turns"] and not status["watching"]:
        yield Message("command.no_watch")
    for one in status["late"]:
        yield _late(one)
    for one in status["held"]:
        yield Message("command.held", source=one["source"], delivery=one["delivery"], reason=one["reason"])


def _source(source: str, issued: datetime | None, kept: int) -> Message:
    if issued is None:
        return Message("command.source_silent", source=source)
    return Message("command.source_stands", source=source, issued=issued.isoformat(), kept=kept)


def _asked(source: str, asked: str, error: Message | None) -> Message:
    if error is None:
        return Message("command.asked", source=source, asked=asked)
    return Message("command.asked_in_vain", source=source, asked=asked, error=error)


def _turn(turn: dict[str, Any]) -> Message:
    due = turn["next_due"].isoformat()
    if not turn["failures"]:
        return Message("command.turn", source=turn["source"], due=due)
    return Message(
        "command.turn_after_failures", source=turn["source"], due=due, failures=turn["failures"], error=turn["error"]
    )


def _late(late: dict[str, Any]) -> Message:
    hours = late["allowance_seconds"] / 3600
    if late["why"] == "no_news":
        return Message("command.late_no_news", source=late["source"], since=late["since"].isoformat(), hours=hours)
    return Message("command.late_no_answer", source=late["source"], since=late["since"].isoformat(), hours=hours)
