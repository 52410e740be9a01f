"""Playback of trails: one figure with a clock, drawn by the browser from what was sent once.

ECharts' timeline holds what changes with each step; playing, pausing and stepping cause no traffic and need neither
WebGL nor a rerun. Nothing moves before the reader presses play.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pages.components import text, trail_map
from pages.components.deck import palette_of
from pages.components.markup import escape, join
from pages.components.trail_map import CLOCK_PX, FONT, Series, colour
from pages.components.trail_rows import Followed, Place, Visit, is_day

if TYPE_CHECKING:
    from pages.components.frame import View
    from pages.components.theme import Palette

MOST_STEPS = 240
"""Steps of the clock; beyond, whole hours and then days are played instead of minutes."""
STEP_MS = 900
CONTROL_PX = 26
KEY_PX = 34
"""Width of a button for the keyboard, a little more than the control it lies over."""
KEYS = (("play", "left", 36), ("previous", "left", 71), ("next", "right", 41))
"""Where ECharts puts the middle of each control of the timeline laid out below: from which side of the figure."""
KEYS_UP_PX = 58
"""How far above the figure's lower edge that is."""


def option(view: View, ids: Sequence[str], shown: Followed) -> dict[str, Any] | None:
    """The figure of the trails `ids`, in order of choice; None where no point of them can be drawn."""
    visits = {trail: shown.drawn(trail) for trail in ids}
    drawn = [visit for own in visits.values() for visit in own]
    if not drawn:
        return None
    colours, seen = palette_of(view), trail_map.extent([visit.place for visit in drawn])
    steps = clock_steps([visit.at for visit in drawn])
    moves = [movement(own, steps) for own in visits.values()]
    located = [[stop for stop in shown.stops_of(trail) if shown.is_located(stop.kind)] for trail in ids]
    base: dict[str, Any] = {
        "animationDuration": 0,
        "animationDurationUpdate": 250,
        "textStyle": {"fontFamily": FONT},
        "grid": {"left": 0, "right": 0, "top": 0, "bottom": CLOCK_PX},
        "xAxis": {"type": "value", "min": seen.west, "max": seen.east, "show": False},
        "yAxis": {"type": "value", "min": seen.south, "max": seen.north, "show": False},
        "dataZoom": [] if trail_map.is_phone() else [_drag("xAxisIndex"), _drag("yAxisIndex")],
        "title": _clock(colours),
        "timeline": _timeline(colours, [said(view, at, steps) for at in steps]),
        "series": [
            *trail_map.land(view, seen, colours),
            *(
                trail_map.path(place, [visit.place for visit in own], colours)
                for place, own in enumerate(visits.values())
            ),
            trail_map.rings(shown, colours),
            *(trail_map.badges(view, place, stops, colours) for place, stops in enumerate(located)),
            *(series for place in range(len(ids)) for series in _moving(place, colours)),
            *trail_map.scale(view, seen, colours),
        ],
    }
    return {"baseOption": base, "options": [_step(view, number, steps, moves) for number in range(len(steps))]}


def keys(view: View) -> str:
    """Buttons that the keyboard reaches, over the controls of the figure: a canvas has none of its own.

    They press what lies beneath them (assets/theme/frame.js), so that nothing but the figure knows where its clock
    stands. The arrow keys step, from any of them.
    """
    buttons = [
        f'<button type="button" data-beneath=".st-key-tc_playback canvas" data-key="{name}"'
        f' aria-label="{escape(view.say(f"trails.key_{name}"))}"'
        f' style="{side}:{middle - KEY_PX // 2}px;bottom:{KEYS_UP_PX - KEY_PX // 2}px"></button>'
        for name, side, middle in KEYS
    ]
    return f'<div class="tc-keys" role="group" aria-label="{escape(view.say("trails.keys"))}">{join(buttons)}</div>'


def _step(view: View, number: int, steps: Sequence[datetime], moves: Sequence[Sequence[list[Place]]]) -> dict[str, Any]:
    """What the clock shows at one step: the way just travelled and the place reached, for each trail."""
    series: list[Series] = []
    for place, ways in enumerate(moves):
        way = ways[number]
        series += [
            {"id": f"leg{place}", "data": [{"coords": [list(point) for point in way]}] if len(way) > 1 else []},
            {"id": f"now{place}", "data": [list(way[-1])] if way else []},
        ]
    return {"title": {"text": said(view, steps[number], steps, year=True)}, "series": series}


def clock_steps(times: Sequence[datetime]) -> list[datetime]:
    """The moments the clock stops at: every time of a point, or whole hours or days where there are too many."""
    steps = sorted(set(times))
    if len(steps) > MOST_STEPS:
        steps = sorted({at.replace(minute=0, second=0, microsecond=0) for at in times})
    if len(steps) > MOST_STEPS:
        steps = sorted({at.replace(hour=0) for at in steps})
    return steps


def movement(visits: Sequence[Visit], steps: Sequence[datetime]) -> list[list[Place]]:
    """For each step the way since the step before, its last point the place reached.

    Empty before the first point; one point where nothing moved.
    """
    ways: list[list[Place]] = []
    done = 0
    for number in range(len(steps)):
        until = steps[number + 1] if number + 1 < len(steps) else None
        end = done
        while end < len(visits) and (until is None or visits[end].at < until):
            end += 1
        ways.append([visit.place for visit in visits[max(done - 1, 0) : end]])
        done = end
    return ways


def said(view: View, at: datetime, steps: Sequence[datetime], *, year: bool = False) -> str:
    """A step of the clock in words: the day alone where no step tells an hour."""
    day = text.day(at.date(), view.language, year=year)
    if all(is_day(step) for step in steps):
        return day
    return view.say("trails.at", clock=text.clock(at, view.language), day=day)


def _drag(axis: str) -> Series:
    return {"type": "inside", axis: 0, "filterMode": "none", "zoomOnMouseWheel": "ctrl", "moveOnMouseWheel": False}


def _clock(colours: Palette) -> Series:
    style = {"fontFamily": FONT, "fontSize": 22, "fontWeight": 600, "color": colours["ink"]}
    ground = {"backgroundColor": colours["card"], "padding": [4, 12], "borderRadius": 6}
    return {"text": "", "left": 10, "top": 10, "textStyle": style, **ground}


def _timeline(colours: Palette, labels: Sequence[str]) -> Series:
    plain = {"color": colours["strong_line"], "borderWidth": 0}
    strong = {"color": colours["curve"], "borderColor": colours["curve"]}
    return {
        "axisType": "category",
        "data": list(labels),
        "playInterval": STEP_MS,
        "autoPlay": False,
        "loop": True,
        "left": 8,
        "right": 8,
        "bottom": 0,
        "height": CLOCK_PX - 6,
        "symbolSize": 6,
        "lineStyle": {"color": colours["line"]},
        "itemStyle": plain,
        "progress": {
            "lineStyle": {"color": colours["curve"]},
            "itemStyle": strong,
            "label": {"color": colours["soft"]},
        },
        "checkpointStyle": {**strong, "symbolSize": 14, "animationDuration": 200},
        "controlStyle": {**strong, "itemSize": CONTROL_PX},
        "label": {"color": colours["soft"], "fontFamily": FONT, "fontSize": 12},
        "emphasis": {"itemStyle": strong, "controlStyle": strong, "label": {"color": colours["ink"]}},
    }


def _moving(place: int, colours: Palette) -> list[Series]:
    """What the clock moves: the way just travelled, with a dot that runs along it, and the place reached."""
    strong = colour(colours, place)
    dot = {"show": True, "period": STEP_MS / 1000, "trailLength": 0.3, "symbolSize": 9, "loop": False, "color": strong}
    way: Series = {"type": "lines", "coordinateSystem": "cartesian2d", "polyline": True, "silent": True, "data": []}
    halo = {"color": strong, "borderColor": colours["card"], "borderWidth": 3, "shadowColor": strong, "shadowBlur": 8}
    return [
        {"id": f"leg{place}", **way, "effect": dot, "lineStyle": {"color": strong, "width": 5, "opacity": 0.9}, "z": 4},
        {
            "id": f"now{place}",
            "type": "scatter",
            "data": [],
            "symbolSize": 20,
            "itemStyle": {**halo, "opacity": 1},
            "silent": True,
            "z": 6,
        },
    ]
