"""The page Trình chiếu: the slides of a briefing in their order, what may be added, how it is shown, its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from analytics.briefing import kiosk
from analytics.briefing.declared import FORMS, PERIODS_DAYS, WITHOUT_INDICATORS, Declared
from analytics.briefing.files import Kind, make, name_of
from analytics.briefing.files import Wanted as FileWanted
from analytics.briefing.model import Briefing
from analytics.indicators import INDICATORS
from analytics.release import Release, Role
from pages.components import frame, last_meeting, markup, projection, text
from pages.components.downloads import XLSX
from pages.components.projection import Wanted

if TYPE_CHECKING:
    from pages.components.frame import View

SLIDES = "slides"
OWN = "own"
LINK = "tc_wall_link"
AUTOPLAY_SECONDS = ("0", "10", "20", "30", "60")
FILES: dict[Kind, str] = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pdf": "application/pdf",
    "xlsx": XLSX,
    "daily": "application/pdf",
    "ministry": XLSX,
}
"""The files one can take, and what a browser is told they are."""
MAY_GIVE_LINKS: tuple[Role, ...] = ("leader", "analyst")
"""A briefing's process stands in a room where anybody may touch it; it gives no links away."""
KIOSK_HOURS = ("12", "24", "72", "168")


def wanted(view: View) -> Wanted:
    """What the page's address asks for, as the projection's would."""
    selection = view.selection
    given = view.address.given
    return Wanted.of(
        {
            "lang": selection.language,
            "theme": given.get("room", "dark"),
            "day": "" if selection.newest else selection.day.isoformat(),
            "as_of": view.asked.value if view.asked else "",
            "since": given.get(last_meeting.PARAMETER, ""),
            "slides": given.get(SLIDES, ""),
            "autoplay": given.get("autoplay", ""),
        }
    )


def start(view: View, asked: Wanted) -> str:
    """The link that opens the projection in a window of its own, and the keys that work in it."""
    address = f"./present/show?{urlencode(asked.parameters())}"
    keys = markup.join(f"<div>{markup.escape(view.say(f'briefing.keys.{name}'))}</div>" for name in projection.KEYS)
    label = markup.escape(view.say("briefing.page.start"))
    return (
        f'<p class="tc-start"><a class="tc-button" href="{markup.escape(address)}" target="_blank" rel="noopener">'
        f'{label}</a></p><div class="tc-shortcuts">{keys}</div>'
    )


def order(view: View, told: Briefing, slides: Sequence[Declared]) -> str:
    """The slides in their order, each with links to move it or take it away."""
    ids = [slide.id for slide in slides]
    rows = []
    for place, (slide, shown) in enumerate(zip(slides, told.slides, strict=True)):
        moves = [
            ("up", _moved(ids, place, -1) if place else None),
            ("down", _moved(ids, place, 1) if place < len(ids) - 1 else None),
            ("away", [name for at, name in enumerate(ids) if at != place] if len(ids) > 1 else None),
        ]
        links = markup.join(
            markup.link(
                view.selection.href(slides=",".join(to)),
                _SIGNS[name],
                label=view.say(f"briefing.page.{name}", name=slide.name(view.language)),
            )
            if to is not None
            else f"<span>{_SIGNS[name]}</span>"
            for name, to in moves
        )
        said = shown.missing or shown.title
        state = ' class="is-missing"' if shown.missing else ""
        rows.append(
            f'<tr{state}><td class="tc-rank">{place + 1}</td>'
            f'<td class="tc-name"><b>{markup.escape(shown.name)}</b></td>'
            f'<td>{markup.escape(said)}</td><td class="tc-moves">{links}</td></tr>'
        )
    heads = ["", view.say("briefing.page.slide"), view.say("briefing.page.says"), ""]
    head = markup.join(f'<th scope="col">{markup.escape(one)}</th>' for one in heads)
    return (
        f'<div class="tc-scroll"><table class="tc-table tc-slides"><thead><tr>{head}</tr></thead>'
        f"<tbody>{markup.join(rows)}</tbody></table></div>"
    )


_SIGNS = {"up": "↑", "down": "↓", "away": "✕"}


def _moved(ids: Sequence[str], place: int, by: int) -> list[str]:
    moved = list(ids)
    moved.insert(place + by, moved.pop(place))
    return moved


def add(view: View, shown: Sequence[Declared], known: Sequence[Declared]) -> None:
    """A form that adds a slide: one that ships, or a form of any indicator for any unit and period."""
    ids = [slide.id for slide in shown]
    names = {slide.id: slide.name(view.language) for slide in known if slide.id not in ids}
    names[OWN] = view.say("briefing.page.own")
    forms: dict[str, str] = {
        form: view.say(f"briefing.form.{form}") for form in FORMS if form not in WITHOUT_INDICATORS
    }
    indicators = {name: item.name(view.language) for name, item in INDICATORS.items()}
    units = {"": view.say("common.province")} | {unit.code: unit.short_name for unit in view.release.units.reporting()}
    offered: tuple[tuple[str, str, Mapping[str, str]], ...] = (
        ("slide", "briefing.page.add", names),
        ("form", "briefing.page.form", forms),
        ("indicator", "briefing.page.indicator", indicators),
        ("unit", "common.unit", units),
    )
    with st.form("add_slide", border=False):
        cells = st.columns([2, 2, 3, 2, 1, 1.4], vertical_alignment="bottom")
        for cell, (name, label, options) in zip(cells, offered, strict=False):
            with cell:
                st.selectbox(view.say(label), list(options), format_func=options.__getitem__, key=f"tc_add_{name}")
        with cells[4]:
            st.number_input(view.say("briefing.page.days"), *PERIODS_DAYS, value=60, key="tc_add_days")
        with cells[5]:
            st.form_submit_button(view.say("briefing.page.add_button"), on_click=_add, args=(ids,))


def _add(ids: Sequence[str]) -> None:
    form, indicator, unit, days, slide = (
        st.session_state[f"tc_add_{name}"] for name in ("form", "indicator", "unit", "days", "slide")
    )
    made = f"{form}.{indicator}.{unit}.{int(days)}" if slide == OWN else slide
    st.query_params[SLIDES] = ",".join([*ids, made])


def files(view: View, asked: Wanted) -> None:
    """The same content as files, made when they are asked for; each from one release."""
    release, past, _ = projection.opened(asked)
    day = projection.day_of(release, asked)
    data = frame.data_folder()
    at = (release.known or release.as_of) if past else None
    met = last_meeting.read(asked.since, release, data, view.language)
    wanted = FileWanted(
        day=day, language=view.language, as_of=at, since_day=met.day, before=met.before, data=data, past=past
    )
    with st.container(key="tc_downloads_briefing", horizontal=True):
        for kind, mime in FILES.items():
            st.download_button(
                view.say(f"briefing.page.download_{kind}"),
                partial(_made, release, kind, wanted, asked),
                name_of(release, kind, day or release.last_day),
                mime,
                key=f"briefing_{kind}",
                on_click="ignore",
            )


def _made(release: Release, kind: Kind, wanted: FileWanted, asked: Wanted) -> bytes:
    return make(release, kind, wanted, projection.composed(asked)).content


def wall_link(view: View) -> None:
    """A link for a wall screen, made for those who may give one away."""
    lasting = {hours: text.duration(timedelta(hours=int(hours)), view.language) for hours in KIOSK_HOURS}
    with st.form("wall_link", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            view.say("briefing.page.wall_hours"),
            KIOSK_HOURS,
            index=1,
            format_func=lasting.__getitem__,
            width=200,
            key="tc_wall_hours",
        )
        st.form_submit_button(view.say("briefing.page.wall_make"), on_click=_make_link)
    made = st.session_state.get(LINK)
    if made == "":
        st.warning(view.say("briefing.page.wall_failed", folder=str(frame.data_folder())))
    elif made:
        query = urlencode({"key": made, **({"lang": "en"} if view.language == "en" else {})})
        st.code(f"{_base()}/present/wall?{query}", language=None)
        st.caption(view.say("briefing.page.wall_note"))


def _make_link() -> None:
    lasting = timedelta(hours=int(st.session_state["tc_wall_hours"]))
    try:
        st.session_state[LINK] = kiosk.issue(frame.data_folder(), datetime.now(UTC), lasting)
    except OSError:
        st.session_state[LINK] = ""


def _base() -> str:
    """Where this server is reached, as the reader's browser names it."""
    host = st.context.headers.get("Host", "127.0.0.1:8501")
    return f"{'https' if st.context.headers.get('X-Forwarded-Proto') == 'https' else 'http'}://{host}"
