"""The epidemic curve: new cases a day and their 7-day mean, with the calendar of measures beneath."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from analytics.findings import curve_title
from analytics.policy_calendar import periods, widely_in_force
from pages.components import cached, figures, markup

if TYPE_CHECKING:
    from pages.components.frame import View

DAILY, MEAN = "cases_new", "cases_new_7d_mean"


def finding(view: View) -> str:
    """What the curve shows at its end, as a sentence."""
    unit, day = view.selection.unit, view.selection.day
    return curve_title(cached.readings(view.release, (MEAN,), (unit,), day)[MEAN, unit], view.language)


def what(view: View) -> str:
    """What is drawn, and of where."""
    return view.say("frame.curve_what", place=view.place)


def drawing(view: View) -> str:
    """The curve over the chosen period; a designed empty state where no case counts are connected."""
    release, unit, day = view.release, view.selection.unit, view.selection.day
    first = day - timedelta(days=view.selection.period_days - 1)
    daily = cached.daily(release, DAILY, unit, first, day)
    if all(value is None for value in daily.values):
        return markup.empty(view.say("frame.curve_empty"), view.say("frame.curve_empty_remedy"))
    drawn = figures.columns(
        daily.days,
        daily.values,
        cached.daily(release, MEAN, unit, first, day).values,
        daily.provisional,
        bands=_bands(view, first, day),
        language=view.language,
        alt=finding(view),
        names=(view.say("frame.curve_column"), view.say("frame.curve_mean")),
        open_note=view.say("frame.curve_provisional"),
        missing_note=view.say("frame.curve_missing"),
    )
    late = sum(daily.provisional)
    notes = cached.joined(release, (DAILY, MEAN), (unit,), first, day, view.language)
    notes += [view.say("frame.curve_open", days=late)] if late else []
    return f'{drawn}<p class="tc-foot tc-open">{markup.escape(" ".join(notes))}</p>'


def _bands(view: View, first: date, last: date) -> list[figures.Band]:
    """The measures that were in force in at least half of the units in sight, with how many where not in all."""
    release, unit, whole = view.release, view.selection.unit, view.selection.whole
    units = tuple(leaf.code for leaf in release.units.leaves(unit, last)) or (unit,)
    known = cached.per_release(periods)(release, (*units, whole), first, last)
    bands = []
    for one in widely_in_force(known, units, whole, first, last):
        name = one.vi if view.language == "vi" else one.en
        share = "" if one.units == len(units) else " · " + view.say("frame.curve_units", of=one.units, all=len(units))
        bands.append(figures.Band(name + share, one.first_day, one.last_day))
    return bands
