"""Danh mục chỉ số: every indicator as its record declares it; nothing on this page is written by hand."""

from __future__ import annotations

import unicodedata

import streamlit as st

from analytics.indicators import INDICATORS
from analytics.indicators.model import Indicator, Term, measure_of
from analytics.readings import Reading
from data_sources.contracts import CONTRACTS
from pages.components import cached, frame, markup, tables, text
from pages.components.choosing import search

view = frame.view("catalogue")
release, selection = view.release, view.selection
ALL = "all"


def folded(words: str) -> str:
    """Lower case without accents, so that `tiem` finds tiêm and `duong` finds dương."""
    plain = unicodedata.normalize("NFD", words.lower().replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def matches(indicator: Indicator, query: str) -> bool:
    """True where every word of `query` occurs in the names, the definitions or the id."""
    fields = (indicator.id, indicator.vi, indicator.en, indicator.definition_vi, indicator.definition_en)
    found = folded(" ".join(fields))
    return all(word in found for word in folded(query).split())


def measures(term: Term) -> str:
    """What a term is made of: dataset and measure by name, strata by theirs, minus signs kept."""
    parts = []
    for part in term.parts:
        contract, measure = CONTRACTS[part.dataset], measure_of(part.measure)
        names = [measure.vi if view.language == "vi" else measure.en]
        for cut in filter(None, part.stratum.split("|")):
            column, _, value = cut.partition("=")
            choices = {
                item.value: item.vi if view.language == "vi" else item.en for item in contract.column(column).choices
            }
            names.append(choices.get(value, value))
        parts.append(("− " if part.sign < 0 else "+ ") + " · ".join(names))
    told = " ".join(parts).removeprefix("+ ")
    return view.say("catalogue.fallback", term=told) if term.fallback else told


def computed(indicator: Indicator) -> str:
    """Numerator over denominator, scale and window, or the indicators it is made of."""
    if indicator.inputs:
        named = ", ".join(INDICATORS[name].name(view.language) for name in indicator.made_of)
        return view.say("catalogue.from_inputs", inputs=named)
    formula, window = indicator.formulas[0], indicator.window
    told = measures(formula.numerator)
    if formula.denominator:
        told = view.say("catalogue.per", numerator=told, denominator=measures(formula.denominator))
    if formula.scale != 1:
        told = view.say("catalogue.scale", ratio=told, scale=text.number(formula.scale, view.language))
    key = "since_start" if window.days is None else "day" if window.days == 1 else window.how
    return (
        f"{told}; {view.say(f'indicators.window.{key}', **({'days': window.days} if key in ('sum', 'mean') else {}))}"
    )


def quality(indicator: Indicator) -> str:
    """Direction, lateness and who confirmed the record."""
    delay = indicator.reporting_delay_days
    late = view.say("catalogue.delay", days=delay) if delay else view.say("catalogue.no_delay")
    return f"{view.say(f'indicators.polarity.{indicator.polarity}')}; {late}; {indicator.source}"


def limits(indicator: Indicator) -> str:
    """The thresholds by name, those that still wait for the health department's word marked."""
    named = "; ".join(limit.vi if view.language == "vi" else limit.en for limit in indicator.thresholds)
    waiting = [view.say("catalogue.to_confirm")] if any(limit.to_confirm for limit in indicator.thresholds) else []
    notes = markup.join(f'<small class="tc-waits">{markup.escape(note)}</small>' for note in waiting)
    return markup.escape(named or view.say("catalogue.none")) + notes


def row(indicator: Indicator, reading: Reading) -> str:
    """One indicator as a row of the table."""
    address = selection.href("rankings", indicator=indicator.ranked_by)
    name = markup.link(address, markup.escape(indicator.name(view.language)))
    now = text.figure_with_unit(reading.value, indicator, view.language)
    if reading.value is None:
        now = view.say(f"indicators.absence.{reading.absence or 'no_data'}")
    cells = (
        f'<td class="tc-name">{name}<small>{markup.escape(indicator.id)}</small></td>',
        f"<td>{markup.escape(indicator.definition(view.language))}<small>{markup.escape(indicator.caveat(view.language))}</small></td>",
        f"<td>{markup.escape(computed(indicator))}<small>{markup.escape(quality(indicator))}</small></td>",
        f"<td>{limits(indicator)}</td>",
        f'<td class="is-figure is-{reading.state}">{markup.escape(now)}</td>',
    )
    return f"<tr>{markup.join(cells)}</tr>"


themes = {
    name: view.say(f"indicators.theme.{name}") for name in dict.fromkeys(item.theme for item in INDICATORS.values())
}
query = view.address.words("q")
with st.container(key="tc_picks", horizontal=True):
    search("q", query, view.say("catalogue.search"), width=320)
    chosen = view.pick("theme_of", {ALL: view.say("catalogue.all_themes")} | themes, ALL, "catalogue.theme", width=250)
shown = [item for item in INDICATORS.values() if chosen in (ALL, item.theme) and matches(item, query)]
if not shown:
    view.stop_empty("catalogue.nothing", "catalogue.nothing_remedy", query=query or themes.get(chosen, ""))

readings = cached.readings(release, tuple(INDICATORS), (selection.unit,), selection.day)
heads = [view.say(f"catalogue.{key}") for key in ("name", "definition", "computed", "limits", "now")]
panels = []
for theme, title in themes.items():
    rows = [row(item, readings[item.id, selection.unit]) for item in shown if item.theme == theme]
    if rows:
        panels.append(markup.panel(title, "", tables.table(heads, rows, {4}), css="tc-reading"))
said = view.say("catalogue.count", count=len(shown))
markup.show(f'<p class="tc-soft">{markup.escape(said)}</p><div class="tc-stack">{markup.join(panels)}</div>')
