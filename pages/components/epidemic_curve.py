"""The epidemic curve: new cases a day and their 7-day mean, with the calendar of measures beneath."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from analytics.findings import curve_title
from pages.components import annotated, basis, cached, figures, markup

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
    marked = annotated.bands(view, unit, daily.days, (DAILY, MEAN))
    drawn = figures.columns(
        daily.days,
        daily.values,
        cached.daily(release, MEAN, unit, first, day).values,
        daily.provisional,
        bands=marked,
        language=view.language,
        alt=finding(view),
        names=(view.say("frame.curve_column"), view.say("frame.curve_mean")),
        open_note=view.say("frame.curve_provisional"),
        missing_note=view.say("frame.curve_missing"),
    )
    late = sum(daily.provisional)
    notes = cached.joined(release, (DAILY, MEAN), (unit,), first, day, view.language)
    notes += [view.say("frame.curve_open", days=late)] if late else []
    listed = annotated.listing(view, daily.days, marked)
    return f'{drawn}{listed}<p class="tc-foot tc-open">{markup.escape(" ".join(notes))}</p>'


def measured(view: View) -> str:
    """What the curve is measured in, and where it comes from."""
    return basis.line(view, (MEAN,))
