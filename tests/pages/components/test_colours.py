"""Colours that must be told apart are, also by people who see them differently, in every theme."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

import pytest

from analytics.map_classes import LEVEL, NONE, ZERO, colour_name
from analytics.palette import CLASSES, THEMES, Palette, Theme, contrast, palettes, readable_on
from pages.components.stacked_curve import PART_COLOURS
from pages.components.theme import style_sheet
from pages.components.trail_map import COLOURS
from tests.pages.components.colour_vision import MACHADO_2009, ciede2000, difference, linear_rgb, veiled

LEAST_FILL = 9.0
"""CIEDE2000 between fills that nothing else tells apart. About 2 can just be noticed side by side (Mahy, Van Eycken and
Oosterlinck 1994: 2.3); four times that is seen across a border and between a map and its legend."""
LEAST_TOLD = 5.0
"""CIEDE2000 between colours that always come with a number, a word or a dash: enough to see that they are two."""
RAMP = (ZERO, *(str(step) for step in range(1, CLASSES + 1)))
STATES = (("past", "near", "within"), ("past", "near_edge", "within"))
LABELS_READABLE = 4.5
"""WCAG 2.2, AA, text below 18 pt."""
LEAST_CONTRAST = 1 / 6
"""Light of the room, in the projector's own white, that leaves 7:1 between white and black: the least for people who
look at a projection and do not work with it (ANSI/INFOCOMM 3M-2011, passive viewing)."""
LIT_ROOM = 0.25
"""5:1: a weaker projector, or a brighter room, than that standard takes."""
LARGE_READABLE = 3.0
"""WCAG 2.2, AA, large text (1.4.3) and the parts of graphics (1.4.11)."""
PROJECTED = (
    ("soft", "card"), ("curve", "card"), ("past", "card"), ("near", "card"), ("within", "card"),
    ("past", "past_paper"), ("near", "near_paper"), ("within", "within_paper"),
)  # fmt: skip
"""Words and lines on their grounds."""
# Published test data of the formula (Sharma, Wu and Dalal 2005, table 1): its turns of hue, its greys, its limits.
SHARMA_2005 = [
    ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
    ((50.0, 3.1571, -77.2803), (50.0, 0.0, -82.7485), 2.8615),
    ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0000),
    ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
    ((50.0, 2.4900, -0.0010), (50.0, -2.4900, 0.0009), 7.1792),
    ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]


@pytest.mark.parametrize(("one", "other", "expected"), SHARMA_2005)
def test_the_difference_is_the_published_one(
    one: tuple[float, float, float], other: tuple[float, float, float], expected: float
) -> None:
    assert ciede2000(one, other) == pytest.approx(expected, abs=5e-5)
    assert ciede2000(other, one) == pytest.approx(expected, abs=5e-5)


def test_the_simulation_leaves_greys_and_confuses_what_is_known_to_be_confused() -> None:
    for vision in MACHADO_2009:
        assert difference("#808080", "#808080", vision) == 0
        assert MACHADO_2009[vision].sum(axis=1) == pytest.approx([1.0, 1.0, 1.0], abs=2e-6)  # white stays white
    red, green = "#B3261E", "#4F7A22"
    assert difference(red, green, "normal") > 40
    assert difference(red, green, "deuteranopia") < 15
    blue, teal = "#2A6FB0", "#167A74"
    assert difference(blue, teal, "tritanopia") < difference(blue, teal, "normal") / 2


def too_close(colours: Palette, names: tuple[str, ...], least: float) -> list[str]:
    """Every pair of `names` that some eye sees less than `least` apart."""
    return [
        f"{one} and {other}: {difference(colours[one], colours[other], vision):.1f} in {vision}"
        for one, other in combinations(names, 2)
        for vision in MACHADO_2009
        if difference(colours[one], colours[other], vision) < least
    ]


@pytest.mark.parametrize("theme", THEMES)
def test_the_classes_of_a_map_are_told_apart(theme: Theme) -> None:
    assert too_close(palettes()[theme], tuple(colour_name(step) for step in RAMP), LEAST_FILL) == []


def test_no_data_is_told_by_a_pattern() -> None:
    assert colour_name(NONE) == "card"
    assert f".tc-fill-{NONE} {{ fill: url(#tc-hatch)" in style_sheet()


@pytest.mark.parametrize("theme", THEMES)
def test_places_of_detection_are_told_apart(theme: Theme) -> None:
    """Any two may lie upon each other in a column: one between them may have no case."""
    assert too_close(palettes()[theme], PART_COLOURS, LEAST_FILL) == []
    drawn = re.findall(r"\.tc-part-(\d) \{ fill: var\(--([a-z0-9-]+)\)", style_sheet())
    assert [name for _, name in sorted(drawn)] == list(PART_COLOURS)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("states", STATES)
def test_states_are_seen_to_be_two(theme: Theme, states: tuple[str, ...]) -> None:
    assert too_close(palettes()[theme], states, LEAST_TOLD) == []


@pytest.mark.parametrize("theme", THEMES)
def test_levels_of_risk_are_seen_to_be_two_and_their_numbers_can_be_read(theme: Theme) -> None:
    colours = palettes()[theme]
    levels = tuple(f"{LEVEL}{number}" for number in range(1, len(colours.risk) + 1))
    assert too_close(colours, levels, LEAST_TOLD) == []
    for fill in colours.risk:
        assert contrast(readable_on(fill, colours), fill) >= LABELS_READABLE


@pytest.mark.parametrize("theme", THEMES)
def test_trails_are_seen_to_be_two(theme: Theme) -> None:
    assert too_close(palettes()[theme], COLOURS, LEAST_TOLD) == []


@pytest.mark.parametrize("veil", [LEAST_CONTRAST, LIT_ROOM])
@pytest.mark.parametrize("theme", THEMES)
def test_the_classes_of_a_map_are_told_apart_in_a_lit_room(theme: Theme, veil: float) -> None:
    colours = palettes()[theme]
    steps = [veiled(colours[f"data-{step}"], veil) for step in range(1, CLASSES + 1)]
    assert min(difference(one, other, "normal") for one, other in pairwise(steps)) >= LEAST_TOLD
    from_first = [difference(steps[0], step, "normal") for step in steps]
    assert from_first == sorted(from_first)


@pytest.mark.parametrize("theme", THEMES)
def test_words_and_lines_are_read_in_a_lit_room(theme: Theme) -> None:
    colours = palettes()[theme]

    def seen(name: str, ground: str, veil: float) -> float:
        return contrast(veiled(colours[name], veil), veiled(colours[ground], veil))

    assert seen("ink", "card", LEAST_CONTRAST) >= LABELS_READABLE
    assert seen("ink", "card", LIT_ROOM) >= LARGE_READABLE
    unread = {pair: seen(*pair, LEAST_CONTRAST) for pair in PROJECTED}
    assert {pair: round(found, 2) for pair, found in unread.items() if found < LARGE_READABLE} == {}


def test_the_room_lights_the_black_as_it_lights_the_white() -> None:
    assert veiled("#10243A", 0.0) == "#10243A"
    assert veiled("#FFFFFF", LIT_ROOM) == "#FFFFFF"
    black, white = (linear_rgb(veiled(colour, LEAST_CONTRAST))[0] for colour in ("#000000", "#FFFFFF"))
    assert white / black == pytest.approx(7.0, rel=0.02)
