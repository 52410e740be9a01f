"""The watch: intervals, jitter, back-off, restarts, locks and an end without loss, on a clock of the test."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data_sources import inbox, pointer
from data_sources.__main__ import main
from data_sources.ingest import PullReport, SourceReport, pull
from data_sources.locks import BusyError, held_lock
from data_sources.messages import Message
from data_sources.settings import Settings
from data_sources.turns import LOCK, TURNS, Turn, read_turns, write_turns
from data_sources.watching import (
    JITTER,
    LEAST_PAUSE,
    LONGEST_BACK_OFF,
    LONGEST_NAP_SECONDS,
    Watch,
    next_turn,
    watch_lock,
)
from tests.deliveries import at, counts_source, drop, settings_of

START = at("2021-08-29T08:00")
MINUTE = timedelta(minutes=1)
REFUSED = Message("trouble.refused")
FULL = Message("command.system_said", why="No space left on device")


def sources(**every: str) -> list[dict[str, Any]]:
    return [counts_source(name=name, every=text) for name, text in every.items()]


class World:
    """A clock that only naps move, and a pull that says what the test wants; the watch ends after `hours`."""

    def __init__(self, folder: Path, *, hours: float, **every: str) -> None:
        self.settings = settings_of(folder, *sources(**every))
        self.data = folder
        self.time = START
        self.end = START + timedelta(hours=hours)
        self.pulls: list[tuple[datetime, frozenset[str]]] = []
        self.errors: dict[str, Message | None] = {}
        self.raises: list[Exception] = []
        self.takes = timedelta(seconds=2)
        self.told: list[PullReport | Message] = []
        self.draws = iter(lambda: 0.5, None)
        self.longest_nap = 0.0

    def nap(self, seconds: float) -> bool:
        self.longest_nap = max(self.longest_nap, seconds)
        self.time += timedelta(seconds=seconds)
        return self.time >= self.end

    def pull(
        self,
        settings: Settings,
        data: Path,
        *,
        received_at: datetime,
        only: Collection[str],
        stopping: Callable[[], bool],
    ) -> PullReport:
        if self.raises:
            raise self.raises.pop(0)
        self.pulls.append((received_at, frozenset(only)))
        self.time += self.takes
        asked = [name for name in sorted(only) if not stopping()]
        return PullReport("r", True, [SourceReport(name, error=self.errors.get(name)) for name in asked])

    def watch(self) -> Watch:
        made = Watch(
            self.settings, self.data, now=lambda: self.time, draw=lambda: next(self.draws), nap=self.nap,
            tell=self.told.append, pull=self.pull,
        )  # fmt: skip
        made.run()
        return made

    def times(self, name: str) -> list[float]:
        """Minutes from the start at which a source was asked."""
        return [round((moment - START) / MINUTE, 1) for moment, names in self.pulls if name in names]


def test_each_source_is_asked_at_its_own_interval_and_those_due_together_in_one_pull(tmp_path: Path) -> None:
    world = World(tmp_path, hours=1.02, fast="5m", other="5m", slow="20m")
    world.watch()
    assert world.times("fast") == [float(minute) for minute in range(0, 61, 5)]
    assert world.times("slow") == [0, 20, 40, 60]
    assert [names for _, names in world.pulls[:5]] == [
        {"fast", "other", "slow"}, {"fast", "other"}, {"fast", "other"}, {"fast", "other"}, {"fast", "other", "slow"},
    ]  # fmt: skip
    assert world.longest_nap == LONGEST_NAP_SECONDS


def test_chance_moves_the_times_and_never_parts_sources_of_one_interval(tmp_path: Path) -> None:
    world = World(tmp_path, hours=5, one="5m", two="5m", three="5m")
    world.draws = iter([(7 * number % 11) / 10 for number in range(10_000)])
    world.watch()
    assert {names for _, names in world.pulls} == {frozenset({"one", "two", "three"})}
    waits = [(after - before) / MINUTE for (before, _), (after, _) in zip(world.pulls, world.pulls[1:], strict=False)]
    assert len({round(wait, 2) for wait in waits}) > 3
    assert min(waits) >= 5 * (1 - JITTER) - 0.01 and max(waits) <= 5 * (1 + JITTER) + 0.2


def test_a_failing_source_is_asked_less_and_less_but_hourly_and_at_once_again_when_it_is_back(tmp_path: Path) -> None:
    world = World(tmp_path, hours=5, broken="5m", fine="5m")
    world.errors["broken"] = REFUSED
    watch = world.watch()
    assert world.times("broken") == [0, 5, 15, 35, 75, 135, 195, 255]
    assert len(world.times("fine")) == 60
    turn = watch.turns["broken"]
    assert (turn.failures, turn.error, turn.last_success) == (8, REFUSED.stored(), None)
    source = world.settings.sources[0]
    healed = next_turn(turn, source, START, START, None, 0.5)
    assert (healed.failures, healed.error, healed.next_due) == (0, None, START + 5 * MINUTE)
    daily = settings_of(tmp_path, *sources(daily="1d")).sources[0]
    for failures in (0, 5, 400):
        wait = next_turn(Turn(source="daily", next_due=START, failures=failures), daily, START, START, REFUSED, 0.5)
        assert wait.next_due - START == timedelta(days=1) > LONGEST_BACK_OFF


def test_a_restart_goes_on_where_it_was(tmp_path: Path) -> None:
    world = World(tmp_path, hours=0.2, broken="10m", fine="10m")
    world.errors["broken"] = REFUSED
    world.watch()
    kept = read_turns(tmp_path)
    assert (kept["broken"].failures, kept["broken"].error) == (2, REFUSED.stored())
    assert kept["fine"].last_success == world.pulls[-1][0]

    again = World(tmp_path, hours=1, broken="10m", fine="10m", added="10m")
    again.time = world.time
    again.errors["broken"] = REFUSED
    watch = again.watch()
    assert again.pulls[0][1] == {"added"}  # the others are not due yet
    assert again.times("fine")[0] == 20
    assert watch.turns["broken"].failures > 2
    one_left = World(tmp_path, hours=1, fine="10m")
    one_left.time = again.time
    one_left.watch()
    assert list(read_turns(tmp_path)) == ["fine"]


@pytest.mark.parametrize(
    "text", ["", "[", "{}", '[{"source": 1}]', '[{"source": "fine", "next_due": "2021-08-29T08:00:00"}]', "[1]"]
)
def test_a_state_that_cannot_be_read_is_begun_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / TURNS).write_text(text)
    world = World(tmp_path, hours=0.01, fine="10m")
    world.watch()
    assert world.times("fine") == [0]


def test_the_state_is_replaced_whole_and_forced_to_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = [Turn(source="a", next_due=START, last_attempt=START, failures=2, error="x")]
    write_turns(tmp_path, before)
    order: list[str] = []
    replace = Path.replace
    monkeypatch.setattr("data_sources.pointer.os.fsync", lambda descriptor: order.append("fsync"))
    monkeypatch.setattr(Path, "replace", lambda self, to: (order.append("replace"), replace(self, to))[1])
    write_turns(tmp_path, [Turn(source="b", next_due=START)])
    assert order == ["fsync", "replace", "fsync"]

    def dies(self: Path, to: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", dies)
    with pytest.raises(KeyboardInterrupt):
        write_turns(tmp_path, before)
    assert list(read_turns(tmp_path)) == ["b"]


def test_a_pull_by_hand_is_waited_for_and_its_sources_stay_due(tmp_path: Path) -> None:
    world = World(tmp_path, hours=0.1, fine="10m")
    world.raises = [BusyError("busy", folder="var")] * 3
    world.watch()
    assert world.times("fine") == [0.1]  # three looks of two seconds later
    assert world.told[0] == Message("refused.busy", folder="var")
    assert sum(isinstance(item, Message) for item in world.told) == 1


def test_no_error_of_a_pull_ends_the_watch_and_none_tells_a_value(tmp_path: Path) -> None:
    world = World(tmp_path, hours=0.5, fine="5m")
    world.raises = [
        ValueError("Nguyễn Văn A is no number"), OSError(28, "No space left on device"), BusyError("busy"),
    ]  # fmt: skip
    watch = world.watch()
    assert world.times("fine") == [15.0, 20.0, 25.0]
    assert watch.turns["fine"].failures == 0
    assert isinstance(world.told[0], Message)
    assert re.fullmatch(r"ValueError \(test_watching\.py:\d+\)", world.told[0].text("vi"))
    assert world.told[1] == FULL
    assert "Nguyễn" not in (tmp_path / TURNS).read_text(encoding="utf-8")


def test_a_clock_that_was_set_back_silences_nobody(tmp_path: Path) -> None:
    write_turns(tmp_path, [Turn(source="fine", next_due=START + timedelta(days=400))])
    world = World(tmp_path, hours=0.01, fine="10m")
    world.watch()
    assert world.times("fine") == [0]


def test_a_source_slower_than_its_interval_leaves_a_pause(tmp_path: Path) -> None:
    world = World(tmp_path, hours=0.2, heavy="1m")
    world.takes = 3 * MINUTE
    world.watch()
    assert world.times("heavy") == pytest.approx([0, 3.1, 6.2, 9.2], abs=0.05)
    assert LEAST_PAUSE < MINUTE


def test_a_source_not_asked_because_it_was_time_to_stop_stays_due(tmp_path: Path) -> None:
    world = World(tmp_path, hours=1, a="5m", b="5m")
    world.takes = timedelta(hours=2)
    watch = world.watch()
    assert [turn.last_attempt for turn in watch.turns.values()] == [None, None]
    assert all(turn.next_due == START for turn in read_turns(tmp_path).values())


def test_two_sources_due_together_make_one_release_with_what_the_pages_need(tmp_path: Path) -> None:
    header = "unit,day,detection,cases\n"
    drop(tmp_path / "one", "a.csv", header + "747,2021-08-28,community,3\n", at("2021-08-28T18:00"))
    drop(tmp_path / "two", "b.csv", header + "748,2021-08-28,community,4\n", at("2021-08-28T19:00"))
    settings = settings_of(
        tmp_path,
        counts_source(name="one", path="one/*.csv", every="5m", late_after="2h"),
        counts_source(name="two", path="two/*.csv", every="5m"),
    )
    data = tmp_path / "var"
    data.mkdir()
    time_now, reports = [START], []

    def nap(seconds: float) -> bool:
        time_now[0] += timedelta(seconds=seconds)
        return time_now[0] > START + 6 * MINUTE

    Watch(settings, data, now=lambda: time_now[0], draw=lambda: 0.5, nap=nap, tell=reports.append, pull=pull).run()
    assert [(report.fresh, [one.rows_in for one in report.sources]) for report in reports] == [
        (True, [1, 1]), (False, [0, 0]),
    ]  # fmt: skip
    [release] = pointer.release_ids(data)
    with duckdb.connect(str(pointer.release_folder(data, release) / "picture.duckdb"), read_only=True) as con:
        allowed = con.execute("SELECT source, late_after_seconds FROM source_status ORDER BY source").fetchall()
    assert allowed == [("one", 2 * 3600), ("two", 26 * 3600)]


CONFIG = """
[province]
code = "77"
name = "Bà Rịa - Vũng Tàu"

[[source]]
name = "counts"
dataset = "case_counts"
kind = "files"
path = "drop/*.csv"
every = "1s"
"""


def wait_for(condition: Callable[[], object], process: subprocess.Popen[str]) -> None:
    for _ in range(600):
        if condition():
            return
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    raise AssertionError("it did not happen within 30 s")


def test_a_real_watch_publishes_refuses_a_second_one_and_stops_cleanly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "unit,day,detection,cases\n747,2021-08-28,community,3\n"
    drop(tmp_path / "drop", "a.csv", rows, at("2021-08-28T18:00"))
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    data = tmp_path / "var"
    command = [sys.executable, "-m", "data_sources", "watch", "--config", str(tmp_path / "config.toml")]
    process = subprocess.Popen(
        [*command, "--data", str(data), "--json"], cwd=Path(__file__).parents[2], env=os.environ.copy(),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        wait_for(lambda: pointer.current_id(data) and "counts" in read_turns(data), process)
        wait_for(lambda: read_turns(data)["counts"].last_success, process)
        with pytest.raises(BusyError, match="another watch"), watch_lock(data):
            pass
        assert main(["watch", "--config", str(tmp_path / "config.toml"), "--data", str(data)]) == 3
        assert "một lần theo dõi khác đang chạy" in capsys.readouterr().err
        first = pointer.current_id(data)
        drop(tmp_path / "drop", "b.csv", rows.replace("28,", "29,"), at("2021-08-29T18:00"))
        wait_for(lambda: pointer.current_id(data) != first, process)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0, err
    assert "stopping" in err
    reports = [json.loads(line) for line in out.splitlines()]
    assert reports[0]["sources"][0]["rows_in"] == 1
    assert reports[-1]["release"] == pointer.current_id(data)
    with held_lock(data / LOCK, BusyError("watched")):
        pass


def test_a_full_disk_under_the_state_does_not_end_the_watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path, hours=0.2, fine="5m")
    real, calls = write_turns, []

    def full(data: Path, turns: Any) -> None:
        calls.append(data)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        real(data, turns)

    monkeypatch.setattr("data_sources.watching.write_turns", full)
    world.watch()
    assert world.times("fine") == [0, 5, 10]
    assert FULL in world.told
    assert read_turns(tmp_path)["fine"].last_success == START + 10 * MINUTE


def test_without_sources_there_is_nothing_to_watch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config.toml").write_text(CONFIG.split("[[source]]")[0], encoding="utf-8")
    assert main(["watch", "--config", str(tmp_path / "config.toml"), "--data", str(tmp_path / "var")]) == 2
    assert "there is nothing to watch" in capsys.readouterr().err


def test_a_form_that_was_handed_in_is_taken_in_within_seconds(tmp_path: Path) -> None:
    world = World(tmp_path, hours=0.5, daily="1d")
    world.watch()
    world.end += timedelta(minutes=1)
    inbox.submit(
        tmp_path, dataset="case_counts", file="a.csv", content=b"unit,day,cases\n", unit="747", by="x",
        received_at=world.time,
    )  # fmt: skip
    asked_before, handed_in = len(world.pulls), world.time
    real_pull = world.pull

    def taking(*arguments: Any, **options: Any) -> PullReport:
        report = real_pull(*arguments, **options)
        for one in list(inbox.waiting(tmp_path)):
            inbox.taken_in(tmp_path, one, {})
        return report

    world.pull = taking  # type: ignore[method-assign]
    world.watch()
    [(moment, names)] = world.pulls[asked_before:]
    assert names == {"nop_case_counts"}
    assert moment - handed_in <= timedelta(seconds=LONGEST_NAP_SECONDS)
