"""A briefing's content, composed once from one release as known at one moment; every renderer draws what is made here.

    declared = standard(release.units.codes)
    briefing = compose(release, declared, day, "vi")

The same release, moment and day give the same figures a year later (`Briefing.figures`). A slide whose data are
missing, or that fails, says so in its place; the others are right.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

from analytics.briefing import blocks, since_words
from analytics.briefing.blocks import Asked
from analytics.briefing.declared import Declaration, Declared
from analytics.briefing.model import Block, Briefing, Note, Slide, Statement, Tiles
from analytics.briefing.since import MEETING_DAYS, since
from analytics.findings import compared, curve_title, ranking_title, shown
from analytics.indicators import INDICATORS
from analytics.phrases import ORDER, Sentence, severity_of
from analytics.ranking import Ranking, rank
from analytics.readings import Reading
from analytics.release import AsOf, Release
from analytics.sentences import CURVE, decisions, headline
from analytics.statements import statements
from analytics.wording import Language, days, listing, moment
from analytics.wording import day as written_day
from data_sources.annotations import Annotation

MOST_TILES_ABOVE = 4
"""Figures above a course: with more the course would be too low to be read from the back."""
MOST_BESIDE = 2
"""Columns beside the one a ranking is by: with more the type falls below what is read from 10 m."""
MOST_STATEMENTS = 4
MOST_LETTERS = 400
"""What fits beside a block at 34 px: 12 lines of about 33 letters, with the gaps between sentences."""
MOST_TOLD = 3
"""Sentences that stand side by side beneath eight figures, the title included."""
MOST_LISTED = 9
"""Sentences of a slide that has nothing but sentences."""
LOG = logging.getLogger(__name__)


def compose(
    release: Release,
    declared: Declaration,
    day: date | None = None,
    language: Language = "vi",
    as_of: AsOf = None,
    since_day: date | None = None,
    *,
    before: Release | None = None,
    past: bool = False,
    written: Sequence[Annotation] = (),
) -> Briefing:
    """The content of every declared slide, for `day` (the newest by default), as known at `as_of`.

    `since_day` is the day of the last meeting, for the slide of what changed, and `before` the release that was on the
    wall then (this one as known at that day's end by default); `past` says that the release itself is
    no longer the current one; `written` are the annotations that held at that moment.
    """
    release = release if as_of is None else release.known_at(as_of)
    asked = Asked(release, day or release.last_day, language, written=tuple(written))
    known_at = release.known or release.as_of
    history = past or release.known is not None
    key = "stamp_history" if history else "stamp"
    return Briefing(
        release_id=release.id,
        title=asked.say("briefing.title"),
        place=release.province.name,
        day=asked.day,
        as_of=known_at,
        history=history,
        stamp=asked.say(f"briefing.{key}", moment=moment(known_at, language)),
        demonstration=asked.say("common.demonstration") if release.demonstration else "",
        language=language,
        slides=tuple(_slide(asked, item, since_day, before) for item in declared.slides),
        faults=declared.faults,
    )


def _slide(asked: Asked, declared: Declared, since_day: date | None, before: Release | None) -> Slide:
    name = declared.name(asked.language)
    if declared.fault:
        title = asked.say("briefing.missing_declared", name=name)
        return Slide(declared.id, name, title, "", missing=declared.fault)
    try:
        made = _made(asked, declared, since_day, before)
    except Exception:  # one slide that fails must not take the meeting's other eleven with it
        code = uuid4().hex[:8]
        LOG.exception("slide %s failed, code %s", declared.id, code)
        title = asked.say("briefing.missing_title", name=name)
        return Slide(declared.id, name, title, "", missing=asked.say("briefing.missing_failed", code=code))
    return made or _without_data(asked, declared)


def _made(asked: Asked, declared: Declared, since_day: date | None, before: Release | None) -> Slide | None:
    if declared.form == "figures":
        return _figures(asked, declared)
    if declared.form in ("map", "ranking"):
        return _ranked(asked, declared)
    if declared.form == "curve":
        return _curve(asked, declared)
    if declared.form == "theme":
        return _theme(asked, declared)
    if declared.form == "changes":
        return _changes(asked, declared, since_day, before)
    return _decisions(asked, declared)


def _without_data(asked: Asked, declared: Declared) -> Slide:
    name = declared.name(asked.language)
    wanted = [INDICATORS[one].name(asked.language) for one in dict.fromkeys((*declared.leads, *declared.indicators))]
    said = asked.say(
        "briefing.missing",
        # All of them: what `listing` counts beyond the first is units.
        indicators=listing(wanted, asked.language, most=len(wanted)),
        day=written_day(asked.day, asked.language),
    )
    return Slide(declared.id, name, asked.say("briefing.missing_title", name=name), "", missing=said)


def _units(asked: Asked, declared: Declared) -> tuple[str, ...]:
    return declared.units or (asked.release.province.code,)


def _place(asked: Asked, units: Sequence[str]) -> str:
    return listing([asked.short_name(unit) for unit in units], asked.language, most=4)


def _notes(asked: Asked, ids: Sequence[str], unit: str) -> tuple[Note, ...]:
    readings = asked.read(ids, (unit,))
    return tuple(blocks.note(asked, readings[name, unit]) for name in dict.fromkeys(ids))


def _statements(sentences: Sequence[Sentence], most: int) -> tuple[Statement, ...]:
    return tuple(Statement(one.text, one.severity, one.indicator, one.unit) for one in sentences[:most])


def _figures(asked: Asked, declared: Declared) -> Slide | None:
    units = _units(asked, declared)
    drawn = blocks.tiles(asked, declared.indicators, units)
    if drawn is None:
        return None
    name, place = declared.name(asked.language), _place(asked, units)
    told: Sequence[Sentence] = []
    if len(units) == 1 and CURVE in declared.indicators:
        told = headline(asked.release, asked.day, asked.language, units[0])
    elif len(units) == 1:
        told = _most_telling(asked, drawn, units[0])
    return Slide(
        declared.id,
        name,
        told[0].text.rstrip(".") if told else asked.say("briefing.title_figures", name=name, place=place),
        asked.say("briefing.what_figures", place=place, day=written_day(asked.day, asked.language)),
        (drawn,),
        _statements(told[1:], MOST_STATEMENTS),
        _notes(asked, [tile.indicator for tile in drawn.tiles], units[0]),
    )


def _most_telling(asked: Asked, drawn: Tiles, unit: str) -> list[Sentence]:
    """What the figures past or near a threshold, or those that changed most, are worth saying of; at most three."""
    order = {"worse": 0, "better": 1, "none": 2}
    urgent = sorted(drawn.tiles, key=lambda one: (ORDER[severity_of(one.state)], order[one.judgement]))
    found = [statements(asked.release, one.indicator, (unit,), asked.day, asked.language) for one in urgent]
    return [sentences[0] for sentences in found if sentences]


def _ranking(asked: Asked, declared: Declared) -> Ranking | None:
    """The ranking by the first of the slide's indicators that any unit has a figure of, its units limited to those."""
    for name in declared.leads:
        found = rank(asked.release, name, asked.day)
        if declared.units:
            found = replace(
                found,
                rows=[row for row in found.rows if row.unit in declared.units],
                not_reported=[one for one in found.not_reported if one.unit in declared.units],
            )
        if found.rows:
            return found
    return None


def _ranked(asked: Asked, declared: Declared) -> Slide | None:
    ranked = _ranking(asked, declared)
    if ranked is None:
        return None
    block: Block
    if declared.form == "map":
        block = blocks.district_map(asked, ranked)
    else:
        others = [name for name in declared.indicators if name != ranked.indicator]
        block = blocks.ranking_table(asked, ranked, _known(asked, others, ranked)[:MOST_BESIDE])
    whole = asked.release.province.code
    return Slide(
        declared.id,
        declared.name(asked.language),
        ranking_title(ranked, asked.language),
        compared(ranked, asked.language),
        (block,),
        _beside(asked, ranked.indicator, (whole,)) if declared.form == "map" else (),
        _notes(asked, [ranked.indicator], whole),
    )


def _known(asked: Asked, ids: Sequence[str], ranked: Ranking) -> list[str]:
    """Those of `ids` that any unit of the ranking has a figure of."""
    units = [row.unit for row in ranked.rows]
    found = asked.read(ids, units)
    return [name for name in ids if any(found[name, unit].value is not None for unit in units)]


def _curve(asked: Asked, declared: Declared) -> Slide | None:
    units = _units(asked, declared)
    for place, name in enumerate(declared.leads):
        drawn = blocks.course(asked, declared.leads[place:], units, declared.period_days)
        if drawn is not None:
            reading = asked.read((name,), units)[name, units[0]]
            return Slide(
                declared.id,
                declared.name(asked.language),
                curve_title(reading, asked.language),
                _what_curve(asked, reading, units, declared.period_days),
                (drawn,),
                _beside(asked, name, units),
                _notes(asked, [name], units[0]),
            )
    return None


def _what_curve(asked: Asked, reading: Reading, units: Sequence[str], period_days: int) -> str:
    return asked.say(
        "briefing.what_curve",
        place=_place(asked, units),
        days=days(asked.day - timedelta(days=period_days - 1), asked.day, asked.language),
        shown=shown(reading, asked.language),
    )


def _theme(asked: Asked, declared: Declared) -> Slide | None:
    """Figures above the course of the lead, or above its ranking; either alone where the other is missing."""
    units = _units(asked, declared)
    above = blocks.tiles(asked, declared.indicators, units[:1], MOST_TILES_ABOVE)
    ranked = _ranking(asked, declared) if declared.by_unit else None
    below: Block | None = None
    title = what = ""
    if ranked is not None:
        shown_above = {tile.indicator for tile in above.tiles} if above else set()
        others = [name for name in declared.indicators if name != ranked.indicator and name in shown_above]
        below = blocks.ranking_table(asked, ranked, _known(asked, others, ranked)[:MOST_BESIDE])
        title, what = ranking_title(ranked, asked.language), compared(ranked, asked.language)
    elif not declared.by_unit:
        below = blocks.course(asked, declared.leads, units, declared.period_days)
    lead = ranked.indicator if ranked else declared.leads[0]
    if above is None and below is None:
        return None
    if not title:
        shown_lead = lead if below is not None or above is None else above.tiles[0].indicator
        reading = asked.read((shown_lead,), units)[shown_lead, units[0]]
        title, what = curve_title(reading, asked.language), _what_curve(asked, reading, units, declared.period_days)
    drawn: tuple[Block, ...] = tuple(block for block in (above, below) if block is not None)
    told = [tile.indicator for tile in above.tiles] if above else []
    return Slide(
        declared.id,
        declared.name(asked.language),
        title,
        what,
        drawn,
        _beside(asked, lead, units),
        _notes(asked, [lead, *told], units[0]),
    )


def _beside(asked: Asked, indicator_id: str, units: Sequence[str]) -> tuple[Statement, ...]:
    """The sentences on the figure a slide is about, the most urgent first, as many as there is room for."""
    told = statements(asked.release, indicator_id, units, asked.day, asked.language)
    room = MOST_LETTERS
    kept: list[Sentence] = []
    for one in told[:MOST_STATEMENTS]:
        room -= len(one.text)
        if room < 0 and kept:
            break
        kept.append(one)
    return _statements(kept, MOST_STATEMENTS)


def _changes(asked: Asked, declared: Declared, since_day: date | None, before: Release | None) -> Slide:
    usual = asked.day - timedelta(days=MEETING_DAYS) if before is None else before.last_day
    then = min(since_day or usual, asked.day)
    told = since_words.sentences(since(asked.release, asked.day, then, before=before), asked.language)
    what = {} if before is None else {"moment": moment(before.as_of, asked.language)}
    return Slide(
        declared.id,
        declared.name(asked.language),
        asked.say("briefing.title_changes", before=written_day(then, asked.language)),
        asked.say(
            "briefing.what_since_release" if what else "briefing.what_since",
            **what,
            place=_place(asked, _units(asked, declared)),
            before=written_day(then, asked.language),
            day=written_day(asked.day, asked.language),
        ),
        statements=_statements(told, MOST_LISTED),
    )


def _decisions(asked: Asked, declared: Declared) -> Slide:
    told = decisions(asked.release, asked.day, asked.language)
    key = {0: "title_no_decisions", 1: "title_one_decision"}.get(len(told), "title_decisions")
    return Slide(
        declared.id,
        declared.name(asked.language),
        asked.say(f"briefing.{key}", count=len(told)),
        asked.say(
            "briefing.what_decisions",
            place=_place(asked, _units(asked, declared)),
            day=written_day(asked.day, asked.language),
            count=len(told),
        ),
        statements=_statements(told, MOST_LISTED),
    )
