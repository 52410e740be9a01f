"""The schedule: at each time a briefing from the then current release, kept in the outbox until it was taken.

    Delivery(settings, data, now=..., nap=..., tell=...).run()

A refused mail or an unwritable folder is said and tried again at half the pace each time, for as long as it takes.
A mail that the server may have accepted is told as such and not sent a second time by itself.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import cast

import duckdb

from analytics.briefing import mail
from analytics.briefing.files import BRIEFINGS, Kind, Wanted, composed, make, write_whole
from analytics.briefing.model import Briefing
from analytics.briefing.outbox import Outbox, Parcel, Way, key_of
from analytics.release import Release, data_directory, open_release
from analytics.wording import TIME_ZONE, listing, text
from analytics.wording import day as written_day
from data_sources.pointer import sync
from data_sources.refusal import Refused
from data_sources.settings import BriefingSettings, SettingError, Settings

LOG = logging.getLogger(__name__)
SLOT = "%Y%m%dT%H%M"
LONGEST_NAP_SECONDS = 30.0
"""Between two looks at the clock, which somebody may set."""
MAKE_AGAIN = timedelta(minutes=1)
"""After a briefing could not be made at all, such as for want of a release."""
INTERRUPTED = "the process ended before the server answered"


def newest_slot(times: Sequence[str], now: datetime) -> datetime:
    """The newest time of the schedule that is not after `now`; `times` are HH:MM in Asia/Ho_Chi_Minh."""
    return max(one for one in _around(times, now) if one <= now)


def next_slot(times: Sequence[str], now: datetime) -> datetime:
    """The next time of the schedule after `now`."""
    return min(one for one in _around(times, now) if one > now)


def _around(times: Sequence[str], now: datetime) -> list[datetime]:
    today = now.astimezone(TIME_ZONE).date()
    days = (today + timedelta(days=back) for back in (-1, 0, 1))
    return [datetime.combine(one, time.fromisoformat(at), TIME_ZONE) for one in days for at in times]


class Delivery:
    """The schedule of one data folder; use it while its outbox's lock is held."""

    def __init__(
        self,
        settings: Settings,
        data: Path,
        *,
        now: Callable[[], datetime],
        nap: Callable[[float], bool],
        tell: Callable[[str], None],
    ) -> None:
        """`nap` waits for some seconds and is true when it is time to stop; SettingError without [briefing]."""
        if settings.briefing is None:
            raise SettingError("[briefing] is missing: it says when the briefing is made and where it goes")
        self._all, self._settings = settings, settings.briefing
        self._data = data_directory(data)
        self._now, self._nap, self._tell = now, nap, tell
        self.outbox = Outbox(self._data)
        self._make_at = datetime.min.replace(tzinfo=TIME_ZONE)
        _password(self._settings)

    def run(self) -> None:
        """Make and deliver until it is time to stop; what fails is said and does not end it."""
        if not self.outbox.last():
            # From the first start on; what was due before it was nobody's to expect.
            self.outbox.note_last(newest_slot(self._settings.at, self._now()).strftime(SLOT))
        while not self._nap(0):
            try:
                self.step()
            except Exception as error:  # the schedule must outlive whatever one turn meets
                LOG.exception("a turn of the schedule failed")
                self._tell(f"this turn failed and is tried again: {type(error).__name__}: {error}")
            self._nap(LONGEST_NAP_SECONDS)

    def step(self) -> bool:
        """Make what is due and hand over what can be; True where nothing is left to do."""
        self.outbox.sweep()
        made = self._make_due()
        for parcel in self.outbox.parcels():
            self._deliver(parcel)
        return made and not self.outbox.parcels()

    def send_again(self, slot: str) -> bool:
        """Send a mail again that the server may have accepted; False where there is none of that time."""
        for parcel in self.outbox.parcels():
            unsure = [way for way in parcel.mail.values() if way.progress in ("uncertain", "sending")]
            if parcel.slot == slot and unsure:
                for way in unsure:
                    way.progress, way.next_try = "pending", ""
                self.outbox.keep(parcel)
                return True
        return False

    def _make_due(self) -> bool:
        """Make the newest time's briefing where it is not made yet; False where that failed."""
        now = self._now()
        due = newest_slot(self._settings.at, now)
        slot, last = due.strftime(SLOT), self.outbox.last()
        if slot <= last:
            return True
        if now < self._make_at:
            return False
        missed = self._between(last, due)
        if missed:
            self._tell(f"nothing was made at {', '.join(missed)}: this process was not at work; {slot} is made")
        try:
            release = open_release(self._data, "briefing")
        except (Refused, duckdb.Error, OSError) as error:
            self._make_at = now + MAKE_AGAIN
            self._tell(f"{slot}: not made, tried again in a minute: {error}")
            return False
        try:
            self._make(release, slot, now)
        except OSError as error:
            self._make_at = now + MAKE_AGAIN
            self._tell(f"{slot}: {self.outbox.path} cannot be written, tried again in a minute: {error}")
            return False
        finally:
            release.close()
        return True

    def _between(self, last: str, due: datetime) -> list[str]:
        """The times of the last days that were passed over."""
        recent = (one.strftime(SLOT) for one in sorted(_around(self._settings.at, due)))
        return [one for one in recent if last and last < one < due.strftime(SLOT)]

    def _make(self, release: Release, slot: str, now: datetime) -> None:
        language = self._settings.language
        slides = self._all.path(self._settings.slides) if self._settings.slides else None
        wanted = Wanted(language=language, slides=slides, data=self._data)
        try:
            briefing = composed(release, wanted)
        except OSError as error:
            self._tell(f"{slot}: {slides}: {error.strerror or error}; the standard slides are taken")
            briefing = composed(release, Wanted(language=language, data=self._data))
        contents: dict[str, bytes] = {}
        unmade: dict[str, str] = {}
        for kind in cast("tuple[Kind, ...]", self._settings.formats):
            try:
                made = make(release, kind, wanted, briefing if kind in BRIEFINGS else None)
            except Exception as error:  # one format that fails must not keep the others from the meeting
                LOG.exception("%s of %s failed", kind, slot)
                unmade[kind] = f"{type(error).__name__}: {error}"
                self._tell(f"{slot}: {kind} could not be made: {unmade[kind]}")
                continue
            contents[f"{slot}_{made.name}"] = made.content
        parcel = Parcel(
            slot=slot,
            release=release.id,
            day=briefing.day.isoformat(),
            made_at=now.isoformat(timespec="seconds"),
            subject=_subject(briefing),
            body=_body(briefing, contents, unmade),
            files=list(contents),
            unmade=unmade,
            folder=Way() if self._settings.folder else None,
            mail={key_of(one): Way(domain=mail.domain(one)) for one in self._settings.mail_to},
        )
        self.outbox.put(parcel, contents)
        self._tell(f"{slot}: made of release {release.id}: {', '.join(contents)}")

    def _deliver(self, parcel: Parcel) -> None:
        now = self._now()
        for way in parcel.mail.values():
            if way.progress == "sending":
                way.progress, way.error = "uncertain", INTERRUPTED
                self._tell(_uncertain(parcel, [way]))
                self.outbox.keep(parcel)
        if parcel.folder is not None and parcel.folder.due(now):
            self._to_folder(parcel, parcel.folder, now)
        self._to_server(parcel, now)
        if parcel.delivered:
            self.outbox.remove(parcel, now)
            self._tell(f"{parcel.slot}: delivered")

    def _to_folder(self, parcel: Parcel, way: Way, now: datetime) -> None:
        if self._settings.folder is None:
            parcel.folder = None
            self.outbox.keep(parcel)
            self._tell(f"{parcel.slot}: the settings name no folder any more; it goes by mail alone")
            return
        folder = self._all.path(self._settings.folder)
        try:
            for name in parcel.files:
                write_whole(folder / name, self.outbox.content(parcel, name))
            sync(folder)
        except OSError as error:
            way.failed(f"{error.strerror or error}", now)
            self._tell(f"{parcel.slot}: not written to {folder}, {way.error}; tried again at {way.next_try}")
        else:
            way.done()
            self._tell(f"{parcel.slot}: written to {folder}")
        self.outbox.keep(parcel)

    def _to_server(self, parcel: Parcel, now: datetime) -> None:
        """Hand the mail over for every address that is due, in one transaction."""
        known = {key_of(address): address for address in self._settings.mail_to}
        for key in [key for key, way in parcel.mail.items() if key not in known and way.progress == "pending"]:
            gone = parcel.mail.pop(key)
            self._tell(f"{parcel.slot}: an address at {gone.domain} is no longer in the settings; not sent to it")
            self.outbox.keep(parcel)
        due = {known[key]: way for key, way in parcel.mail.items() if key in known and way.due(now)}
        smtp, sender = self._settings.smtp, self._settings.mail_from
        if not due or smtp is None or sender is None:
            return
        letter = mail.Letter(
            sender=sender,
            recipients=self._settings.mail_to,
            subject=parcel.subject,
            body=parcel.body,
            attachments=tuple((name, self.outbox.content(parcel, name)) for name in parcel.files),
            written_at=datetime.fromisoformat(parcel.made_at),
            key=f"{parcel.slot}.{parcel.release}",
        )

        def about_to_end(taken: Iterable[str]) -> None:
            for address in taken:
                due[address].progress = "sending"
            self.outbox.keep(parcel)

        answers = mail.send(letter, list(due), smtp, _password(self._settings), about_to_end)
        for address, answer in answers.items():
            way = due[address]
            if answer.outcome == "accepted":
                way.done()
            elif answer.outcome == "uncertain":
                way.progress, way.error = "uncertain", answer.reason
                self._tell(_uncertain(parcel, [way]))
            else:
                way.failed(answer.reason, now)
                self._tell(f"{parcel.slot}: mail to {way.domain} refused, {way.error}; tried again at {way.next_try}")
        self.outbox.keep(parcel)
        taken = sum(answer.outcome == "accepted" for answer in answers.values())
        if taken:
            self._tell(f"{parcel.slot}: mail accepted by {smtp.host} for {taken} of {len(parcel.mail)} addresses")


def _password(settings: BriefingSettings) -> str | None:
    """The password of the mail server; SettingError where its variable is not set."""
    if settings.smtp is None or settings.smtp.password is None:
        return None
    name = settings.smtp.password.removeprefix("env:")
    if name not in os.environ:
        raise SettingError(f"briefing.smtp.password: the environment variable {name} is not set; set it")
    return os.environ[name]


def _uncertain(parcel: Parcel, ways: Iterable[Way]) -> str:
    where = ", ".join(f"{way.domain} ({way.error})" for way in ways)
    return (
        f"{parcel.slot}: the server may have accepted the mail to {where}; it is not sent again by "
        f"itself. Ask the reader, then: python -m analytics briefing --send-again {parcel.slot}"
    )


def _subject(briefing: Briefing) -> str:
    day = written_day(briefing.day, briefing.language)
    said = {"title": briefing.title, "place": briefing.place, "day": day}
    subject = text("printed.mail_subject", briefing.language, **said)
    return f"{subject} ({briefing.demonstration})" if briefing.demonstration else subject


def _body(briefing: Briefing, contents: Iterable[str], unmade: Iterable[str]) -> str:
    """The first slide's finding and sentences, the stamp, and what is attached."""
    language = briefing.language
    lines = []
    for slide in briefing.slides[:1]:
        lines += [slide.title, *(one.text for one in slide.statements)]
    lines += ["", briefing.stamp, briefing.demonstration]
    names = list(contents)
    lines.append(text("printed.mail_files", language, names=listing(names, language, most=len(names) or 1)))
    broken = list(unmade)
    if broken:
        lines.append(text("printed.mail_unmade", language, names=listing(broken, language, most=len(broken))))
    return "\n".join(line for line in lines if line is not None) + "\n"
