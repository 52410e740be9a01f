"""What stands above and below every page: navigation, title and stamps, the shared filters, what must be known."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from analytics.release import Release, Role
from analytics.sources import SourceStatus, source_statuses
from data_sources.contracts.model import DAILY_DUTY_HOURS
from pages.components import annotated, as_of, cached, figures, late, markup, text
from pages.components.choosing import pick, pick_day
from pages.components.navigation import pages_of
from pages.components.selection import DEFAULT_PERIOD_DAYS, PERIODS_DAYS
from pages.components.theme import THEMES

if TYPE_CHECKING:
    from pages.components.frame import View

FRESH_DAYS = 2
"""A daily report of yesterday that comes this morning is one day old; past two days the picture is of the past."""


def bar(view: View, roles: tuple[Role, ...], data: Path) -> None:
    """Navigation at the left; as of when, role (in the demonstration), language and theme at the right."""
    selection = view.selection
    links = markup.join(_navigation(view))
    tools = [as_of.menu(view, data), *([_role_menu(view, roles)] if len(roles) > 1 else [])]
    other = "vi" if selection.language == "en" else "en"
    tools.append(
        markup.link(
            selection.href(lang=other if other != "vi" else None), markup.escape(view.say("frame.other_language"))
        )
    )
    tools.append(_theme_menu(view))
    label = markup.escape(view.say("frame.navigation"))
    markup.show(
        f'<div class="tc-bar"><nav class="tc-nav" aria-label="{label}">{links}</nav>'
        f'<div class="tc-tools">{markup.join(tools)}</div></div>'
    )


def _navigation(view: View) -> list[str]:
    """A link for each page; those of a group under the group's name, which tells the current one."""
    groups: dict[str, dict[str, str]] = {}
    parts: dict[str, str] = {}
    current = f"frame.page_{view.selection.page}"
    for entry in pages_of(view.release.role):
        title, address = view.say(f"frame.page_{entry.name}"), view.selection.href(entry.name)
        here = entry.name == view.selection.page
        if not entry.group:
            parts[entry.name] = markup.link(address, markup.escape(title), current=here)
            continue
        links = groups.setdefault(entry.group, {})
        links[title] = address
        within = view.say(current) if view.say(current) in links else ""
        name = view.say(f"frame.group_{entry.group}")
        parts[f"group {entry.group}"] = markup.menu(
            f"{name}: {within}" if within else name, links, within, css="is-current" if within else ""
        )
    return list(parts.values())


def line(view: View) -> None:
    """Title, day and stamps at the left, the shared filters at the right."""
    with st.container(key="tc_line", horizontal=True, horizontal_alignment="distribute"):
        markup.show(_title(view))
        with st.container(key="tc_filters", horizontal=True, width="content"):
            _filters(view)
            as_of.choose_day(view)


def _title(view: View) -> str:
    selection, release = view.selection, view.release
    place = release.province.short_name if selection.unit == selection.whole else release.units.get(selection.unit).name
    heading = place if selection.page == "overview" else ""
    title = f"{view.say(f'frame.page_{selection.page}')} {heading}".strip()
    time = text.clock(release.as_of, view.language)
    if release.as_of.date() != selection.day:
        time = text.moment(release.as_of, view.language)
    stamps = [f'<span class="tc-pill">{markup.escape(view.say("frame.as_of", time=time))}</span>']
    past = view.asked is not None and selection.page not in as_of.NEWEST_ONLY
    if view.asked is not None and past:
        back = markup.link(selection.href(as_of=None, day=None), markup.escape(view.say("as_of.to_newest")))
        said = markup.escape(as_of.stamp(view, view.asked))
        stamps = [f'<span class="tc-pill tc-stale" role="status">{said} · {back}</span>']
    if past and selection.newest:
        pass  # it is neither live nor late
    elif selection.newest and stopped_days(release) > FRESH_DAYS:
        ended = view.say("frame.stopped", day=text.day(release.last_day, view.language))
        stamps.append(f'<span class="tc-pill tc-stale">{markup.escape(ended)}</span>')
    elif selection.newest and not is_stale(view):
        stamps.append(f'<span class="tc-pill tc-live">{markup.escape(view.say("frame.live"))}</span>')
    elif not selection.newest:
        back = markup.link(selection.href(day=None), markup.escape(view.say("frame.to_newest")))
        stamps.append(f'<span class="tc-pill tc-stale">{markup.escape(view.say("frame.fixed_day"))} · {back}</span>')
    if release.demonstration:
        stamps.append(f'<span class="tc-pill tc-demo">{markup.escape(view.say("common.demonstration"))}</span>')
    if selection.theme == "projector":
        leave = markup.link(selection.href(theme=None), markup.escape(view.say("frame.theme_leave")))
        stamps.append(f'<span class="tc-pill tc-leave">{leave}</span>')
    day = markup.escape(text.long_day(selection.day, view.language))
    heading = f'<h1>{markup.escape(title)}</h1><span class="tc-day">{day}</span>'
    return f'<div class="tc-title">{heading}{markup.join(stamps)}</div>'


def _filters(view: View) -> None:
    selection, release = view.selection, view.release
    whole = "whole_country" if release.level == "province" else "whole_province"
    units = {selection.whole: view.say(f"frame.{whole}")}
    units |= {unit.code: unit.short_name for unit in release.units.reporting() if unit.code != selection.whole}
    pick("unit", units, selection.unit, selection.whole, view.say("frame.choose_unit"), width=190)
    periods = {str(days): view.say("frame.period_days", days=days) for days in PERIODS_DAYS}
    pick(
        "period",
        periods,
        str(selection.period_days),
        str(DEFAULT_PERIOD_DAYS),
        view.say("frame.choose_period"),
        width=125,
    )
    pick_day("day", selection.day, release.first_day, release.last_day, view.say("frame.choose_day"), width=140)


def _role_menu(view: View, roles: tuple[Role, ...]) -> str:
    names = {role: view.say(f"frame.role_{role}") for role in roles}
    links = {names[role]: view.selection.href(role=role if role != roles[0] else None) for role in roles}
    return markup.menu(f"{view.say('frame.choose_role')}: {names[view.release.role]}", links, names[view.release.role])


def _theme_menu(view: View) -> str:
    names = {None: view.say("frame.theme_auto")} | {name: view.say(f"frame.theme_{name}") for name in THEMES}
    links = {label: view.selection.href(theme=name) for name, label in names.items()}
    return markup.menu(view.say("frame.theme"), links, names[view.selection.theme])


@cached.per_release
def sources(release: Release) -> list[SourceStatus]:
    """The sources as they stood when the release was built."""
    return source_statuses(release)


def stopped_days(release: Release) -> int:
    """Whole days from the newest day with data to the moment the release was made."""
    return (release.as_of.date() - release.last_day).days


def is_stale(view: View) -> bool:
    """True where the release is older than the daily duty allows: then it is not live, whatever it holds."""
    return view.now - view.release.as_of > timedelta(hours=DAILY_DUTY_HOURS)


def notes(view: View) -> None:
    """Above the page: a stale picture in amber since when, and what of the address was not understood."""
    said = as_of.notes(view, view.asked) if view.asked else _state(view)
    said += [view.say("frame.misread", name=item.name, value=item.value) for item in view.address.misread]
    said += [unread] if (unread := annotated.problem(view)) else []
    if said:
        markup.show(markup.join(f'<p class="tc-note" role="status">{markup.escape(sentence)}</p>' for sentence in said))


def _state(view: View) -> list[str]:
    """What must be said of the newest picture: that it stands in for another, or since when something is late."""
    release, said = view.release, []
    if release.fallback_from:
        since = text.moment(release.as_of, view.language)
        said.append(view.say("frame.stale_fallback", id=release.fallback_from, since=since))
    found = late.late_here(view, sources(release))
    if found:
        said.append(late.sentence(view, found))
    named = {one.source for one in found}
    for status in sources(release):
        if status.error and status.source not in named:
            since = text.moment(status.last_issued, view.language) if status.last_issued else view.say("frame.never")
            said.append(view.say("frame.stale_source", source=status.title or status.source, since=since))
    age_hours = (view.now - release.as_of).total_seconds() / 3600
    if not found and is_stale(view):
        since = text.moment(release.as_of, view.language)
        said.append(view.say("frame.stale_release", since=since, age=text.age(age_hours, view.language)))
    if stopped_days(release) > FRESH_DAYS and view.selection.newest:
        age = text.age(24.0 * stopped_days(release), view.language)
        said.append(view.say("frame.stopped_note", day=text.day(release.last_day, view.language), age=age))
    return said


def footer(view: View) -> None:
    """Where the figures come from and which release this is."""
    titles = dict.fromkeys(status.title or status.source for status in sources(view.release))
    told = markup.escape(view.say("frame.source_line", sources=", ".join(titles) or "–"))
    if any(entry.name == "sources" for entry in pages_of(view.release.role)):
        told = markup.link(view.selection.href("sources"), told)
    which = markup.escape(view.say("frame.release", id=view.release.id))
    keys = f'<span class="tc-sr" id="{figures.KEYS_ID}">{markup.escape(view.say("annotations.basis.keys"))}</span>'
    markup.show(f'<footer class="tc-footer"><span>{told}</span><span>{which}</span>{keys}</footer>')
