"""The schedule delivers each briefing once, through refusals, unwritable folders and kills; nothing is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from analytics.__main__ import main
from analytics.briefing import delivery as schedule
from analytics.briefing.delivery import Delivery, newest_slot, next_slot
from analytics.briefing.files import Kind, Made, Wanted
from analytics.briefing.model import Briefing
from analytics.briefing.outbox import Parcel, Way
from analytics.release import Release, current_id
from analytics.wording import TIME_ZONE
from data_sources.settings import SettingError, load
from tests.analytics.briefing.smtp_server import Post, certificate, running
from tests.analytics.small_province import small_province

ROOT = Path(__file__).parents[3]
HALF_PAST_SIX = datetime(2021, 8, 30, 6, 30, tzinfo=TIME_ZONE)
CHAIR, DEPUTY = "chu.tich@tinh.example", "pho@so-y-te.example"


@pytest.fixture
def post() -> Iterator[Post]:
    with running() as server:
        yield server


@pytest.fixture
def data(tmp_path: Path, province_data: Path) -> Path:
    """The province's release in a folder of one's own, by links."""
    own = tmp_path / "var"
    own.mkdir()
    (own / "releases").symlink_to(province_data / "releases")
    (own / "CURRENT").write_text((province_data / "CURRENT").read_text())
    return own


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **length: float) -> None:
        self.now += timedelta(**length)


class Desk:
    """One schedule under test: its settings, clock, folder, and what it said."""

    def __init__(
        self, data: Path, post: Post, *, security: str = "none", formats: str = '"daily", "ministry_csv"'
    ) -> None:
        self.data, self.folder = data, data.parent / "sent"
        self.config = data.parent / "config.toml"
        self.config.write_text(
            f"""[province]
code = "77"
name = "Bà Rịa - Vũng Tàu"
[briefing]
at = ["16:00", "06:30"]
formats = ["daily", "ministry_csv"]
folder = "sent"
mail_to = ["{CHAIR}", "{DEPUTY}"]
mail_from = "toan.canh@tinh.example"
[briefing.smtp]
host = "127.0.0.1"
port = {post.port}
security = "{security}"
user = "toan.canh"
password = "env:BRIEFING_PASSWORD"
timeout_seconds = 20
""",
            encoding="utf-8",
        )
        self.folder.mkdir(exist_ok=True)
        self.clock, self.said = Clock(HALF_PAST_SIX), []

    def start(self) -> Delivery:
        """A process that has just begun."""
        return Delivery(load(self.config), self.data, now=self.clock, nap=lambda _: False, tell=self.said.append)

    @property
    def told(self) -> str:
        return "\n".join(self.said)

    def written(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())

    def command(self, *arguments: str) -> list[str]:
        given = ["--config", str(self.config), "--data", str(self.data)]
        return [sys.executable, "-m", "analytics", "briefing", *given, *arguments]


@pytest.fixture
def desk(data: Path, post: Post, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("BRIEFING_PASSWORD", "a secret")
    return Desk(data, post)


FILES = ["20210830T0630_toancanh_77_2021-08-29_daily.pdf", "20210830T0630_toancanh_77_2021-08-29_ministry.csv"]


def test_a_day_has_its_times_in_ho_chi_minh_city() -> None:
    times = ("16:00", "06:30")
    assert newest_slot(times, HALF_PAST_SIX) == HALF_PAST_SIX
    assert newest_slot(times, HALF_PAST_SIX - timedelta(minutes=1)) == datetime(2021, 8, 29, 16, tzinfo=TIME_ZONE)
    assert next_slot(times, HALF_PAST_SIX) == datetime(2021, 8, 30, 16, tzinfo=TIME_ZONE)
    assert next_slot(times, HALF_PAST_SIX + timedelta(hours=12)) == HALF_PAST_SIX + timedelta(days=1)


def test_at_its_time_the_files_are_written_and_mailed_once(desk: Desk, post: Post) -> None:
    assert desk.start().step()
    assert desk.start().step(), "another process finds nothing left to do"

    assert desk.written() == FILES
    ((to, message),) = post.accepted
    assert to == [CHAIR, DEPUTY]
    assert message["Subject"].startswith("Báo cáo tình hình dịch · Tỉnh Bà Rịa - Vũng Tàu, 29/8/2021")
    attached = {part.get_filename(): part.get_payload(decode=True) for part in message.iter_attachments()}
    assert attached[FILES[1]] == (desk.folder / FILES[1]).read_bytes()
    assert attached[FILES[0]] == (desk.folder / FILES[0]).read_bytes()
    assert list(attached) == FILES
    body = message.get_body()
    assert body is not None
    assert "Số liệu đến 18:00 ngày 29/8/2021" in body.get_content()
    assert "AUTH" in post.commands
    assert not list(desk.data.glob("outbox/[0-9]*"))
    desk.clock.wait(hours=9, minutes=30)
    assert desk.start().step()
    assert len(post.accepted) == 2


def test_a_refused_mail_is_said_and_tried_again_only_where_it_was_refused(desk: Desk, post: Post) -> None:
    post.refused = {CHAIR: "450 come back later"}
    desk.start().step()
    assert [to for to, _ in post.accepted] == [[DEPUTY]]
    assert "tinh.example refused, 450 come back later" in desk.told

    desk.clock.wait(seconds=30)
    desk.start().step()
    assert len(post.accepted) == 1, "not before its time"
    desk.clock.wait(seconds=31)
    desk.start().step()
    assert "tried again at 2021-08-30T06:33" in desk.said[-1], "half the pace"
    post.refused = {}
    desk.clock.wait(minutes=2)
    assert desk.start().step()

    assert [to for to, _ in post.accepted] == [[DEPUTY], [CHAIR]]
    assert len({message["Message-ID"] for _, message in post.accepted}) == 1
    assert desk.written() == FILES


def test_no_address_is_told_or_kept_beyond_its_domain(desk: Desk, post: Post) -> None:
    post.refused = {CHAIR: "550 unknown", DEPUTY: "550 unknown"}
    desk.start().step()
    post.refused, post.ending = {}, "refuse"
    desk.clock.wait(minutes=2)
    desk.start().step()

    kept = "".join(path.read_text() for path in desk.data.glob("outbox/**/*.json*"))
    for text in (desk.told, kept):
        assert "so-y-te.example" in text
        assert not any(name in text for name in ("chu.tich", "pho@", "ai.do", "a secret"))
    assert "554 no room" in desk.told


def test_a_server_that_is_away_loses_nothing(desk: Desk, post: Post) -> None:
    away = desk.config.read_text().replace(f"port = {post.port}", "port = 9")
    here = desk.config.read_text()
    desk.config.write_text(away)
    assert not desk.start().step()
    assert "ConnectionRefusedError" in desk.told
    desk.config.write_text(here)
    desk.clock.wait(minutes=1)
    assert desk.start().step()
    assert len(post.accepted) == 1


def test_a_folder_that_cannot_be_written_is_said_and_tried_again(desk: Desk, post: Post) -> None:
    desk.folder.rmdir()
    desk.folder.write_text("a file where the folder should be")
    desk.start().step()
    assert "not written to" in desk.told
    assert len(post.accepted) == 1, "the mail does not wait for the folder"

    desk.folder.unlink()
    desk.folder.mkdir()
    desk.clock.wait(minutes=1)
    assert desk.start().step()
    assert desk.written() == FILES
    assert len(post.accepted) == 1


def test_an_outbox_that_cannot_be_written_is_said_and_made_once_it_can(
    desk: Desk, post: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk.data / "outbox").write_text("a file where the folder should be")
    given = ["--config", str(desk.config), "--data", str(desk.data)]
    assert main(["briefing", "--once", *given]) == 1
    assert str(desk.data / "outbox") in capsys.readouterr().err

    (desk.data / "outbox").unlink()
    process = desk.start()
    # A full disk: the place where the files are made cannot be.
    (desk.data / "outbox").mkdir()
    (desk.data / "outbox" / ".making-20210830T0630").write_text("in the way")
    assert not process.step()
    assert "cannot be written" in desk.told
    (desk.data / "outbox" / ".making-20210830T0630").unlink()
    desk.clock.wait(minutes=1)
    assert process.step()
    assert len(post.accepted) == 1


def test_a_connection_lost_after_the_last_byte_is_told_and_not_repeated(desk: Desk, post: Post) -> None:
    post.ending = "break"
    desk.start().step()
    assert (
        "may have accepted the mail to tinh.example, so-y-te.example" in desk.told or desk.told.count("may have") == 2
    )
    post.ending = "accept"
    desk.clock.wait(days=1)
    assert not desk.start().step()
    newest = f"<20210831T0630.{current_id(desk.data)}@tinh.example>"
    assert [message["Message-ID"] for _, message in post.accepted] == [newest]

    again = desk.start()
    assert not again.send_again("20210831T0630")
    assert again.send_again("20210830T0630")
    assert again.step()
    assert len(post.accepted) == 2


def test_with_tls_the_password_waits_for_it(desk: Desk, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    own = Desk(desk.data, post, security="starttls")
    own.start().step()
    assert "AUTH" not in post.commands, "a server without TLS gets no password and no mail"
    assert not post.accepted

    post.certificate = certificate(desk.data.parent)
    own.clock.wait(minutes=1)
    own.start().step()
    assert not post.accepted, "nor one that nobody vouches for"
    assert "CERTIFICATE_VERIFY_FAILED" in own.told or "certificate" in own.told

    monkeypatch.setenv("SSL_CERT_FILE", str(post.certificate))
    own.clock.wait(minutes=2)
    assert own.start().step()
    assert post.commands.index("STARTTLS") < post.commands.index("AUTH")
    assert len(post.accepted) == 1


def test_the_first_start_waits_for_the_next_time_and_a_late_one_makes_the_newest(desk: Desk, post: Post) -> None:
    started = desk.start()
    turns = iter((False, True, True))
    started._nap = lambda _: next(turns)
    started.run()
    assert post.accepted == []

    desk.clock.wait(days=1, hours=10)
    desk.start().step()
    assert len(post.accepted) == 1
    assert "nothing was made at 20210830T1600, 20210831T0630" in desk.told


def test_without_a_release_it_is_said_and_made_once_there_is_one(
    tmp_path: Path, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIEFING_PASSWORD", "a secret")
    empty = tmp_path / "var"
    empty.mkdir()
    desk = Desk(empty, post)
    process = desk.start()
    assert not process.step()
    assert "not made" in desk.told
    small_province().write(empty)
    assert not process.step(), "not at once again"
    desk.clock.wait(minutes=1)
    assert process.step()
    assert len(post.accepted) == 1


def test_a_format_that_fails_does_not_keep_the_others(desk: Desk, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    real = schedule.make

    def broken(release: Release, kind: Kind, wanted: Wanted, briefing: Briefing | None = None) -> Made:
        if kind == "daily":
            raise RuntimeError("no ink")
        return real(release, kind, wanted, briefing)

    monkeypatch.setattr(schedule, "make", broken)
    assert desk.start().step()
    assert desk.written() == FILES[1:]
    body = post.accepted[0][1].get_body()
    assert body is not None
    assert "Chưa dựng được: daily" in body.get_content()
    assert "no ink" in desk.told


@pytest.mark.parametrize(("hang_at", "ending"), [("RCPT", "accept"), ("", "hang")])
def test_a_kill_before_or_after_the_last_byte_neither_loses_nor_repeats(
    desk: Desk, post: Post, capsys: pytest.CaptureFixture[str], hang_at: str, ending: str
) -> None:
    post.hang_at, post.ending = hang_at, ending  # type: ignore[assignment]
    process = subprocess.Popen(desk.command("--once"), cwd=ROOT, env=os.environ, stderr=subprocess.DEVNULL)
    assert post.hanging.wait(60)
    process.send_signal(signal.SIGKILL)
    process.wait()
    post.hang_at, post.ending = "", "accept"

    given = ["--data", str(desk.data)]
    again = main(["briefing", "--once", "--config", str(desk.config), *given])
    assert len(desk.written()) == 2
    if hang_at:
        assert again == 0
        assert len(post.accepted) == 1
        return
    assert again == 1
    assert "may have accepted" in capsys.readouterr().err
    assert post.accepted == []
    assert main(["briefing", "--status", "--json", *given]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [way["progress"] for way in told["waiting"][0]["mail"]] == ["uncertain", "uncertain"]
    slot = told["waiting"][0]["slot"]
    assert main(["briefing", "--config", str(desk.config), *given, "--send-again", slot]) == 0
    assert len(post.accepted) == 1
    assert main(["briefing", "--status", *given]) == 0
    assert f"{slot}\tdelivered" in capsys.readouterr().out


def test_the_schedule_ends_when_it_is_asked_to(desk: Desk, post: Post) -> None:
    process = subprocess.Popen(desk.command("--schedule"), cwd=ROOT, env=os.environ, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not (desk.data / "outbox" / "last.json").exists():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 0, said
    assert post.accepted == [], "the first start waits for the next time"


def test_one_process_delivers_at_a_time(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    with desk.start().outbox.lock():
        code = main(["briefing", "--once", "--config", str(desk.config), "--data", str(desk.data)])
    assert code == 3
    assert "another delivery at work" in capsys.readouterr().err


def test_wrong_settings_stop_the_start_and_repeat_no_secret(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    right = desk.config.read_text()
    for old, new, said in (
        ('"06:30"', '"6:30"', "briefing.at"),
        ('"daily"', '"doc"', "briefing.formats"),
        ("env:BRIEFING_PASSWORD", "the password itself", "briefing.smtp.password"),
        (CHAIR, "nobody", "briefing.mail_to"),
        ('security = "none"', 'security = "ssl"', "briefing.smtp.security"),
        ('mail_from = "toan.canh@tinh.example"', "", "briefing.mail_from"),
    ):
        desk.config.write_text(right.replace(old, new))
        with pytest.raises(SettingError, match=said) as caught:
            load(desk.config)
        assert "the password itself" not in str(caught.value)
        assert DEPUTY not in str(caught.value)
    desk.config.write_text(right)
    monkeypatch.delenv("BRIEFING_PASSWORD")
    with pytest.raises(SettingError, match="BRIEFING_PASSWORD"):
        desk.start()


def test_a_way_is_tried_hourly_at_least() -> None:
    way, now = Way(), HALF_PAST_SIX
    for _ in range(40):
        way.failed("away", now)
        now = datetime.fromisoformat(way.next_try)
    assert now - HALF_PAST_SIX < timedelta(hours=40)
    assert way.due(now)
    assert not Parcel("a", "b", "c", "d", "e", "f", [], folder=way).delivered
