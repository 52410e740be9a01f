"""The units of a ranking over the chosen period, a line each, one of them in front."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from analytics.findings import curve_title
from analytics.indicators.model import Indicator
from analytics.ranking import Ranking
from analytics.wording import inside
from pages.components import annotated, basis, cached, figures, markup

if TYPE_CHECKING:
    from pages.components.frame import View


def panel(view: View, indicator: Indicator, ranked: Ranking) -> str:
    """The units' lines over the chosen period, the chosen unit (or the first in rank) in front, the area dashed."""
    release, day = view.release, view.selection.day
    whole = ranked.parent_reading.unit if ranked.parent_reading else None
    units = [row.unit for row in ranked.rows]
    front = next((unit for unit in (view.selection.unit, release.province.code) if unit in units), units[0])
    asked = (*units, *([whole] if whole else []))
    curves = cached.curves(release, indicator.id, asked, day - timedelta(days=view.selection.period_days - 1), day)
    short = {
        unit: release.units.get(unit).short_name if unit in release.units else release.province.short_name
        for unit in asked
    }
    drawn = [figures.Line("", curves[unit].values, css=figures.BEHIND) for unit in units if unit != front]
    if whole:
        drawn.append(figures.Line(short[whole], curves[whole].values, reference=True))
    drawn.append(figures.Line(short[front], curves[front].values))
    found = cached.readings(release, (indicator.id,), (front,), day)[indicator.id, front]
    title = view.say("rankings.history", name=short[front], finding=inside(curve_title(found, view.language)))
    key = "rankings.history_what" if whole else "rankings.history_plain"
    told = view.say(
        key,
        indicator=indicator.name(view.language),
        days=view.selection.period_days,
        **({"whole": short[whole]} if whole else {}),
    )
    curve = curves[front]
    marked = annotated.bands(view, front, curve.days, (indicator.id,))
    chart = figures.lines(
        curve.days,
        drawn,
        curve.provisional,
        language=view.language,
        alt=title,
        decimals=indicator.decimals,
        levels=len(indicator.levels),
        bands=marked,
    )
    chart += annotated.listing(view, curve.days, marked)
    below = basis.line(view, (indicator.id,), unit=front)
    notes = cached.joined(release, (indicator.id,), asked, curve.days[0], day, view.language)
    return markup.panel(title, told, chart, foot=" ".join(notes), css="tc-high", below=below)
