"""Mobility beside the epidemic: which measures a release has, the newest day with figures, and a unit a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from analytics.findings import curve_title
from analytics.indicators import INDICATORS
from analytics.ranking import Ranked, Ranking
from analytics.release import Release
from pages.components import annotated, basis, cached, figures, markup, text
from pages.components.cached import Curve
from pages.components.markup import join

if TYPE_CHECKING:
    from pages.components.frame import View

INCIDENCE = "incidence_7d"
DAYS_BACK = 7
"""Telecom figures come a day or two after their day, platforms' within a week; older ones are not about now."""
MOST_UNITS = 12
"""Small figures on one page; a country's provinces are chosen one by one."""
PLOT_PX = 320.0
"""Width of a plot in a card of 480 px."""
LEVEL_PERCENT = 0.5
"""A change that would round to 0% is told as level."""


@dataclass(frozen=True)
class Measure:
    """One way to measure mobility: the figure of the day, and its change on the baseline."""

    ratio: str
    change: str

    @property
    def published(self) -> bool:
        """True where the provider publishes the change itself and no ratio."""
        return self.ratio == self.change


MEASURES = {
    "stationary": Measure("stationary_ratio", "mobility_change"),
    "out_of_home": Measure("out_of_home_ratio", "out_of_home_change"),
    "movement": Measure("movement_change_published", "movement_change_published"),
    "residential": Measure("residential_change_published", "residential_change_published"),
}


@cached.per_release
def newest_days(release: Release, day: date) -> dict[str, date]:
    """For each measure with figures, the newest day up to `day` that has any, at most DAYS_BACK before it."""
    found = {}
    for name, measure in MEASURES.items():
        for back in range(DAYS_BACK + 1):
            at = day - timedelta(days=back)
            if cached.ranking(release, measure.ratio, at).rows:
                found[name] = at
                break
    return found


def has_any(release: Release) -> bool:
    """True where anybody ever reported anything of mobility."""
    return any(dataset == "mobility" for dataset, _ in release.reports.days)


def signed(view: View, value: float | None) -> str:
    """A change with its sign: +5,2%."""
    return text.percent(value, view.language, 1, sign=True)


def finding(view: View, measure: Measure, ratios: Ranking, changes: Ranking) -> str:
    """The whole area's figure against its baseline, and between which units it lies."""
    name = INDICATORS[measure.ratio].name(view.language)
    ordered = sorted((changes.rows or ratios.rows), key=lambda row: row.value)
    whole, change = ratios.parent_reading, changes.parent_reading
    if measure.published or whole is None or whole.value is None:
        return _between(view, ordered, {"name": name}, "range", signs=bool(changes.rows))
    told = {"name": name, "value": text.figure_with_unit(whole.value, INDICATORS[measure.ratio], view.language)}
    if change is None or change.value is None:
        said = view.say("mobility.value", **told)
    elif abs(change.value) < LEVEL_PERCENT:
        said = view.say("mobility.level", **told)
    else:
        size = text.percent(abs(change.value), view.language)
        said = view.say("mobility.above" if change.value > 0 else "mobility.below", change=size, **told)
    return _between(view, ordered, {"finding": said}, "apart", signs=True) if changes.rows else said


def _between(view: View, ordered: Sequence[Ranked], told: dict[str, str], key: str, *, signs: bool) -> str:
    low, high = ordered[0], ordered[-1]
    shown = [signed(view, row.value) if signs else text.percent(row.value, view.language) for row in (low, high)]
    if low.unit == high.unit:
        return told.get("finding") or view.say("mobility.only", unit=low.name, value=shown[0], **told)
    ends = {"low": low.name, "high": high.name, "low_value": shown[0], "high_value": shown[1]}
    return view.say(f"mobility.{key}", **ends, **told)


def baseline(values: Curve, changes: Curve) -> list[float | None]:
    """The weekday baseline of each day, from the value and its change on it; None where either is missing."""
    return [
        None if value is None or change is None or change <= -100 else value / (1 + change / 100)
        for value, change in zip(values.values, changes.values, strict=True)
    ]


def many(view: View, measure: Measure, units: Sequence[str], first: date, last: date, day: date) -> str:
    """A card a unit: the measure against its baseline above, the incidence of the same days below."""
    release = view.release
    asked = tuple(units)
    ratios = cached.curves(release, measure.ratio, asked, first, last)
    changes = cached.curves(release, measure.change, asked, first, last)
    cases = cached.curves(release, INCIDENCE, asked, first, last)
    at = (day - first).days
    cards = [_card(view, measure, unit, ratios[unit], changes[unit], cases[unit], at) for unit in asked]
    return f'<div class="tc-many">{join(cards)}</div>'


def _card(view: View, measure: Measure, unit: str, ratio: Curve, change: Curve, cases: Curve, at: int) -> str:
    indicator = INDICATORS[measure.ratio]
    name = place_name(view, unit)
    value = text.figure_with_unit(ratio.values[at], indicator, view.language)
    if measure.published:
        value = signed(view, ratio.values[at])
        against, base = "", [0.0 if one is not None else None for one in ratio.values]
    else:
        known = change.values[at] is not None
        against = view.say("mobility.against", change=signed(view, change.values[at])) if known else ""
        against = against or view.say("mobility.no_baseline")
        base = baseline(ratio, change)
    title = view.say("mobility.unit_value", unit=name, value=value)
    alt = view.say("mobility.alt", unit=name, name=indicator.name(view.language), value=value, against=against)
    drawn = [
        figures.Line(view.say("mobility.line_baseline") if not measure.published else "", base, reference=True),
        figures.Line("", ratio.values),
    ]
    marked = annotated.bands(view, unit, ratio.days, (measure.ratio, measure.change, INCIDENCE))
    upper = figures.lines(
        ratio.days,
        drawn,
        ratio.provisional,
        language=view.language,
        alt=alt,
        decimals=1,
        from_zero=False,
        bands=marked,
        wide_px=PLOT_PX,
    )
    lower = ""
    if any(one is not None for one in cases.values):
        line = figures.Line(view.say("mobility.line_incidence"), cases.values)
        reading = cached.readings(view.release, (INCIDENCE,), (unit,), cases.days[at])[INCIDENCE, unit]
        said = f"{name}: {curve_title(reading, view.language)}"
        drawn_cases = figures.lines(
            cases.days,
            [line],
            cases.provisional,
            language=view.language,
            alt=said,
            decimals=1,
        )
        lower = f'<div class="tc-second">{drawn_cases}</div>'
    notes = cached.joined(
        view.release, (measure.ratio, INCIDENCE), (unit,), ratio.days[0], ratio.days[-1], view.language
    )
    chosen = "is-chosen" if unit == view.selection.unit and unit != view.selection.whole else ""
    body = f'<div class="tc-first{"" if lower else " is-alone"}">{upper}</div>{lower}'
    body += annotated.listing(view, ratio.days, marked, PLOT_PX)
    shown = (measure.ratio, INCIDENCE) if lower else (measure.ratio,)
    below = basis.line(view, shown, unit=unit)
    return markup.panel(title, against, body, foot=" ".join(notes), css=chosen, below=below)


def place_name(view: View, unit: str) -> str:
    """The short name of a unit, or of the whole area."""
    return view.release.units.get(unit).short_name if unit in view.release.units else view.release.province.short_name
