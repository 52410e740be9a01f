"""The projected briefing and the wall screen: whole documents served beside the pages, from the picture alone.

A projection is one document with every slide in it. It needs the server no more once it stands: where server or
network are lost, the slides stay and the screen says since when. It opens the files of the briefing role, whatever
the role of the process, so that no personal row is within its reach.

    /present/show?slides=...&day=...&as_of=...&lang=...&theme=...&autoplay=20&slide=3
    /present/wall?key=TOKEN
    /present/now                the id of the current release, for the watch of both
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from analytics.annotations import standing
from analytics.briefing import kiosk
from analytics.briefing.compose import compose
from analytics.briefing.declared import OWN_FILE, Declaration, picked, read_file, shipped_or_own
from analytics.briefing.model import Briefing, Fault, Statement
from analytics.release import Release, current_id
from analytics.wording import Language
from data_sources.annotations import FILE as ANNOTATIONS
from data_sources.refusal import Refused
from pages.components import as_of, cached, frame, last_meeting, slides, text, theme
from pages.components.markup import escape, join
from pages.components.selection import Address

FOLDER = theme.ASSETS / "show"
WALL_FILE = theme.ASSETS / "briefing" / "wall.toml"
KEPT = 32
"""Composed briefings kept: a few days, languages and selections of the current release and the one before."""
AUTOPLAY_SECONDS = (5, 600)
WALL_LETTERS, WALL_GAP_LETTERS = 420, 18
"""What the wall's column of decisions holds at 23 px: 12 lines of 37 letters, half a line lost at the end of each."""
NO_STORE = {"Cache-Control": "no-store"}
_composing = Lock()


@dataclass(frozen=True)
class Wanted:
    """What an address asks for; what it does not understand is left out."""

    language: Language = "vi"
    theme: str = "dark"
    day: date | None = None
    as_of: str = ""
    since: str = ""
    slides: str = ""
    autoplay_seconds: int = 0

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Wanted:
        """Read from the parameters of an address."""
        seconds = given.get("autoplay", "")
        least, most = AUTOPLAY_SECONDS
        return cls(
            language="en" if given.get("lang") == "en" else "vi",
            theme="light" if given.get("theme") == "light" else "dark",
            day=_day(given.get("day", "")),
            as_of=given.get("as_of", "")[:80],
            since=given.get("since", "")[:80],
            slides=given.get("slides", "")[:2000],
            autoplay_seconds=min(max(int(seconds), least), most) if seconds.isdecimal() and len(seconds) < 6 else 0,
        )

    def parameters(self) -> dict[str, str]:
        """The same as parameters of an address."""
        named = {
            "lang": self.language if self.language != "vi" else "",
            "theme": self.theme,
            "day": self.day.isoformat() if self.day else "",
            "as_of": self.as_of,
            "since": self.since,
            "slides": self.slides,
            "autoplay": str(self.autoplay_seconds or ""),
        }
        return {name: value for name, value in named.items() if value}


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def declaration(release: Release, asked: str, language: Language) -> Declaration:
    """The slides of the briefing: those that `asked` names, else all of the province's own, else the standard ones."""
    known = shipped_or_own(frame.data_folder(), release.units.codes, language)
    return picked(asked, known.slides, release.units.codes, language) if asked else known


def opened(wanted: Wanted) -> tuple[Release, bool, tuple[Fault, ...]]:
    """The release to read, whether it is a past one or read as of a past moment, and what must be said of that.

    Refused as `open_release` says.
    """
    data = frame.data_folder()
    pinned = current_id(data)
    if pinned is None:
        raise Refused("no_release", folder=str(data))
    current = cached.release(data, "briefing", pinned)
    address = Address({as_of.PARAMETER: wanted.as_of} if wanted.as_of else {})
    asked = as_of.read(address, data, current)
    if asked is None:
        said = [text.say("briefing.show.as_of_misread", wanted.language, value=one.value) for one in address.misread]
        return current, False, tuple(Fault(None, one) for one in said)
    release, asked = as_of.opened(data, current, asked)
    time = asked.time(wanted.language)
    noted = [text.say(asked.note, wanted.language, id=asked.value, time=time)] if asked.note else []
    return release, True, tuple(Fault(None, one) for one in noted)


def composed(wanted: Wanted) -> Briefing:
    """The briefing an address asks for, composed once for each release."""
    data = frame.data_folder()
    changed = tuple(_changed(data / name) for name in (OWN_FILE, ANNOTATIONS))
    with _composing:  # a hundred walls ask at once when a release appears
        return _composed(str(data.resolve()), current_id(data), wanted, changed)


@lru_cache(maxsize=KEPT)
def _composed(data: str, current: str | None, wanted: Wanted, changed: tuple[int, ...]) -> Briefing:
    release, past, noted = opened(wanted)
    told = declaration(release, wanted.slides, wanted.language)
    moment = (release.known or release.as_of) if past else None
    written, unread = standing(Path(data), moment, wanted.language)
    met = last_meeting.read(wanted.since, release, Path(data), wanted.language)
    said = (*unread, met.note) if met.note else unread
    told = replace(told, faults=(*noted, *(Fault(None, one) for one in said), *told.faults))
    day = day_of(release, wanted)
    return compose(
        release, told, day, wanted.language, since_day=met.day, before=met.before, past=past, written=written
    )


def _changed(file: Path) -> int:
    """When a file beside the data was last changed; 0 where there is none."""
    return file.stat().st_mtime_ns if file.is_file() else 0


def day_of(release: Release, wanted: Wanted) -> date | None:
    """The day that is asked for, where the release has it; None for the newest."""
    return wanted.day if wanted.day and release.first_day <= wanted.day <= release.last_day else None


def document(told: Briefing, wanted: Wanted) -> str:
    """The projection: every slide, the footer that all share, and the words its script needs."""
    language = wanted.language

    def href(one: Statement) -> str:
        chosen = {"indicator": one.indicator, "unit": one.unit, "lang": language if language == "en" else None}
        return f"../rankings?{urlencode({name: value for name, value in chosen.items() if value})}"

    drawn = join(
        f'<section class="sh-slide" id="slide-{number}" data-id="{escape(one.id)}" aria-roledescription="slide" '
        f'aria-label="{number}/{len(told.slides)}: {escape(one.name)}">{slides.slide(one, told, href)}</section>'
        for number, one in enumerate(told.slides, start=1)
    )
    faults = [
        fault.text
        if fault.line is None
        else text.say("briefing.fault.line", language, line=fault.line, said=fault.text)
        for fault in told.faults
    ]
    listed = join(f"<li>{escape(fault)}</li>" for fault in faults)
    said = escape(text.say("briefing.show.faults", language, count=len(faults)))
    wrong = f'<details class="sh-faults"><summary>{said}</summary><ul>{listed}</ul></details>' if faults else ""
    foot = (
        f'<footer class="sh-foot">{_stamps(told)}<span class="sh-notice" role="status" aria-live="polite"></span>'
        f'{wrong}<span class="sh-countdown" role="timer"></span><time class="sh-clock"></time>'
        '<span class="sh-number"></span></footer>'
    )
    back = f"../briefing?{urlencode({name: value for name, value in wanted.parameters().items() if name != 'theme'})}"
    data = {"release": told.release_id, "back": back, "autoplay": str(wanted.autoplay_seconds)}
    help_ = join(f"<li>{escape(text.say(f'briefing.keys.{name}', language))}</li>" for name in KEYS)
    keys = f'<div class="sh-help" hidden><ul>{help_}</ul></div>'
    empty = "" if told.slides else f'<p class="sh-missing">{escape(text.say("briefing.show.none", language))}</p>'
    return _page(told, wanted, "sh-show", data, f"<main>{drawn}{empty}</main>{foot}{keys}")


def fault_lines(faults: Sequence[Fault], language: Language) -> list[str]:
    """Each fault with its line, where it has one."""
    return [
        one.text if one.line is None else text.say("briefing.fault.line", language, line=one.line, said=one.text)
        for one in faults
    ]


KEYS = ("next", "back", "ends", "play", "theme", "full", "renew", "leave")
"""The keys that the help lists, by the words of each."""


def wall(told: Briefing, wanted: Wanted, ends: datetime) -> str:
    """One screen: situation, eight figures, map, curve, what is past its threshold."""
    by_id = {one.id: one for one in told.slides}
    parts = []
    for name in ("figures", "map", "curve", "decisions"):
        one = by_id.get(name)
        if one is None:
            continue
        kept = _fitting(one.statements)
        body = slides.slide(replace(one, statements=kept), told)
        if name == "decisions" and len(kept) < len(one.statements):
            rest = text.say("briefing.show.rest", told.language, count=len(one.statements) - len(kept))
            body += f'<p class="sw-rest">{escape(rest)}</p>'
        parts.append(f'<section class="sw-{name}" aria-label="{escape(one.name)}">{body}</section>')
    place = escape(told.place)
    head = (
        f'<header class="sw-head"><h1>{place}</h1><span class="sw-day">{escape(text.long_day(told.day, told.language))}'
        '</span><time class="sh-clock"></time></header>'
    )
    until = escape(text.say("briefing.show.link_until", told.language, moment=text.moment(ends, told.language)))
    foot = (
        f'<footer class="sh-foot">{_stamps(told)}<span class="sh-notice" role="status" aria-live="polite"></span>'
        f'<span class="sw-until">{until}</span></footer>'
    )
    return _page(told, wanted, "sh-wall", {"release": told.release_id}, f"{head}<main>{join(parts)}</main>{foot}")


def _fitting(told: Sequence[Statement]) -> tuple[Statement, ...]:
    """The first sentences that a third of the wall has room for; never a part of one."""
    room = WALL_LETTERS
    kept: list[Statement] = []
    for one in told:
        room -= len(one.text) + WALL_GAP_LETTERS
        if room < 0 and kept:
            break
        kept.append(one)
    return tuple(kept)


def _stamps(told: Briefing) -> str:
    demo = f'<span class="sh-demo">{escape(told.demonstration)}</span>' if told.demonstration else ""
    css = "sh-stamp is-history" if told.history else "sh-stamp"
    return f'<span class="{css}">{escape(told.stamp)}</span>{demo}'


def _page(told: Briefing, wanted: Wanted, css: str, data: Mapping[str, str], body: str) -> str:
    language = wanted.language
    words = {name: text.say(f"briefing.show.{name}", language, **given) for name, given in SPOKEN.items()}
    marks = join(f' data-{name}="{escape(value)}"' for name, value in {**data, **words}.items())
    version = _version()
    title = escape(f"{told.title} {told.place}")
    return (
        f'<!doctype html><html lang="{language}" data-theme="{wanted.theme}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        '<link rel="icon" href="../assets/icon.svg" type="image/svg+xml">'
        f'<link rel="stylesheet" href="../assets/frame.css?{version}">'
        f'<link rel="stylesheet" href="../assets/show.css?{version}">'
        f'<script defer src="../assets/show.js?{version}"></script></head>'
        f'<body class="tc {css}"{marks}>{body}</body></html>'
    )


SPOKEN: dict[str, dict[str, str]] = {
    "lost": {"time": "{time}"},
    "news": {},
    "paused": {},
    "countdown": {"seconds": "{seconds}"},
    "ended": {},
}
"""What the script says, with the places it fills in."""


@cache
def _version() -> str:
    parts = [theme.style_sheet(), *(file.read_text(encoding="utf-8") for file in sorted(FOLDER.iterdir()))]
    return hashlib.sha256("".join(parts).encode()).hexdigest()[:8]


async def _show(request: Request) -> Response:
    wanted = Wanted.of(request.query_params)
    try:
        told = await asyncio.to_thread(composed, wanted)
    except Refused as refused:
        return HTMLResponse(_refusal(refused, wanted), status_code=503, headers=NO_STORE)
    return HTMLResponse(document(told, wanted), headers=NO_STORE)


async def _wall(request: Request) -> Response:
    wanted = Wanted.of(request.query_params)
    try:
        ends = kiosk.check(frame.data_folder(), request.query_params.get("key", ""), datetime.now(UTC))
    except Refused as refused:
        return HTMLResponse(_refusal(refused, wanted), status_code=403, headers=NO_STORE)
    try:
        told = await asyncio.to_thread(_wall_content, wanted)
    except Refused as refused:
        return HTMLResponse(_refusal(refused, wanted), status_code=503, headers=NO_STORE)
    return HTMLResponse(wall(told, wanted, ends), headers=NO_STORE)


def _wall_content(wanted: Wanted) -> Briefing:
    data = frame.data_folder()
    release, _, _ = opened(Wanted())
    with _composing:
        return _of_wall(str(data.resolve()), release.id, wanted.language, _changed(data / ANNOTATIONS))


@lru_cache(maxsize=4)
def _of_wall(data: str, release_id: str, language: Language, changed: int) -> Briefing:
    release = cached.release(Path(data), "briefing", release_id)
    written, _ = standing(Path(data), None, language)
    return compose(release, read_file(WALL_FILE, release.units.codes, language), None, language, written=written)


async def _now(request: Request) -> Response:
    """The current release; 403 for a wall whose link has ended."""
    key = request.query_params.get("key")
    if key is not None:
        try:
            kiosk.check(frame.data_folder(), key, datetime.now(UTC))
        except Refused as refused:
            return JSONResponse({"ended": refused.text(Wanted.of(request.query_params).language)}, 403, NO_STORE)
    return JSONResponse({"release": current_id(frame.data_folder())}, headers=NO_STORE)


def _refusal(refused: Refused, wanted: Wanted) -> str:
    said = escape(refused.text(wanted.language))
    return (
        f'<!doctype html><html lang="{wanted.language}" data-theme="{wanted.theme}"><head><meta charset="utf-8">'
        f'<title>Toàn cảnh</title><link rel="stylesheet" href="../assets/frame.css?{_version()}">'
        f'<link rel="stylesheet" href="../assets/show.css?{_version()}"></head>'
        f'<body class="tc sh-show"><p class="sh-missing" role="alert">{said}</p></body></html>'
    )


async def _file(request: Request) -> Response:
    name = "show.css" if request.url.path.endswith(".css") else "show.js"
    kind = "text/css" if name.endswith("css") else "text/javascript"
    return FileResponse(FOLDER / name, media_type=kind, headers={"Cache-Control": "public, max-age=86400"})


def routes() -> list[Route]:
    """The projection, the wall, the watch of both, and their two files."""
    return [
        Route("/present/show", _show),
        Route("/present/wall", _wall),
        Route("/present/now", _now),
        Route("/assets/show.css", _file),
        Route("/assets/show.js", _file),
    ]
