"""Blocks of the page Nền tảng số: platforms by unit with their start dates, people trained and accounts in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics import rollout
from analytics.rollout import Rollout
from data_sources.contracts import CONTRACTS
from pages.components import blocks, cached, markup, tables, text

if TYPE_CHECKING:
    from pages.components.frame import View

STATE = {"live": "ok", "overdue": "near", "planned": "none", "none": "none"}

rollouts = cached.per_release(rollout.rollouts)


def matrix(view: View) -> str:
    """Every platform in every unit: live since, planned for, overdue; "" where nothing was ever reported."""
    day = view.selection.day
    known = rollouts(view.release, day)
    units = [unit for unit in view.release.units.reporting() if any(key[1] == unit.code for key in known)]
    if not units:
        return ""
    stages = [known[key].stage(day) for key in known]
    numbers = {name: text.number(stages.count(name), view.language) for name in ("live", "overdue")}
    title = view.say("platforms.title", all=text.number(len(stages), view.language), **numbers)
    heads = [view.say("platforms.platform"), *(unit.short_name for unit in units)]
    rows = [
        f"<tr>{blocks.cell(markup.escape(_name(view, platform)))}"
        + markup.join(_cell(view, known.get((platform, unit.code))) for unit in units)
        + "</tr>"
        for platform in _platforms(known)
    ]
    what = view.say("platforms.what", day=text.day(day, view.language))
    return markup.panel(title, what, tables.table(heads, rows, set()))


def people(view: View) -> str:
    """People trained and accounts in use by platform, in the chosen unit or all together."""
    day, unit = view.selection.day, view.selection.unit
    whole = unit == view.selection.whole
    known = {key: item for key, item in rollouts(view.release, day).items() if whole or key[1] == unit}
    rows = []
    for platform in _platforms(known):
        items = [item for key, item in known.items() if key[0] == platform]
        trained, accounts = (_sum(items, name) for name in ("trained_staff", "active_accounts"))
        live = sum(item.stage(day) == "live" for item in items)
        rows.append((platform, trained, accounts, live, len(items)))
    if not rows:
        return ""
    rows.sort(key=lambda row: -(row[2] or 0))
    first = rows[0]
    title = view.say(
        "platforms.people_title",
        platform=_name(view, first[0]),
        accounts=_count(view, first[2]),
        trained=_count(view, first[1]),
    )
    heads = [view.say(f"platforms.{name}") for name in ("platform", "units_live", "trained", "accounts")]
    drawn = [
        [_name(view, platform), f"{live}/{units}", _count(view, trained), _count(view, accounts)]
        for platform, trained, accounts, live, units in rows
    ]
    what = view.say("platforms.people_what", place=view.place, day=text.day(day, view.language))
    return markup.panel(title, what, tables.plain(heads, drawn, {1, 2, 3}))


def _platforms(known: dict[tuple[str, str], Rollout]) -> list[str]:
    """The platforms that are known, in the order of the contract."""
    listed = [choice.value for choice in CONTRACTS["rollout"].column("platform").choices]
    return [platform for platform in listed if any(key[0] == platform for key in known)]


def _name(view: View, platform: str) -> str:
    choice = next(item for item in CONTRACTS["rollout"].column("platform").choices if item.value == platform)
    return choice.vi if view.language == "vi" else choice.en


def _cell(view: View, item: Rollout | None) -> str:
    if item is None:
        return blocks.cell("–")
    stage = item.stage(view.selection.day)
    when = item.started_on if stage == "live" else item.planned_on or item.started_on
    said = view.say(f"platforms.{stage}", day=text.day(when, view.language) if when else "")
    return blocks.cell(blocks.state(said, STATE[stage]))


def _sum(items: list[Rollout], name: str) -> int | None:
    values = [getattr(item, name) for item in items if getattr(item, name) is not None]
    return sum(values) if values else None


def _count(view: View, value: int | None) -> str:
    return "–" if value is None else text.number(value, view.language, 0)
