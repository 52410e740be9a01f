"""Thousands of sentences in both languages: grammar by rule, and every number that of its indicator."""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pytest

from analytics.briefing import since_words
from analytics.briefing.since import since
from analytics.comparisons import MOST_NAMED
from analytics.findings import curve_finding, ranking_finding
from analytics.indicators import INDICATORS
from analytics.indicators.model import Indicator
from analytics.phrases import Figure, Sentence, subject_of
from analytics.ranking import rank
from analytics.readings import Reading, read_days, series, state_of
from analytics.release import Release, open_release
from analytics.sentences import changes, decisions, headline
from analytics.statements import statements
from analytics.wording import LANGUAGES, Language, rounded
from tests.analytics.many_situations import DAYS, FIRST, LAST, UNITS, many_situations
from tests.analytics.sentence_rules import day_written, grammar, parsed, unaccounted

IDS = (
    "cases_new", "cases_new_7d_mean", "cases_slope_7d", "cases_cumulative", "incidence_7d", "deaths_new",
    "case_fatality", "risk_level", "positivity_7d", "quarantine_occupancy", "coverage_first", "doses_entered_share",
    "stationary_ratio", "in_treatment", "days_to_beds_full", "vaccine_days_of_stock",
)  # fmt: skip
ASKED = (LAST, LAST - timedelta(days=1), *(FIRST + timedelta(days=back) for back in (20, 41, 90, 111)))
LEAST_SENTENCES = 8_000
RISE = {"vi": re.compile(r"\btăng\b"), "en": re.compile(r"\b(rose|rises|up)\b")}
FALL = {"vi": re.compile(r"\bgiảm\b"), "en": re.compile(r"\b(fell|falls|down)\b")}
WORSE = {"vi": re.compile(r"xấu đi"), "en": re.compile(r"\b(worsen\w*|worse)\b")}
BETTER = {"vi": re.compile(r"cải thiện"), "en": re.compile(r"\b(improve\w*|better)\b")}
NOUNS_VI = (
    "số", "tỷ lệ", "tỷ số", "hệ số", "cấp", "mức", "độ bao phủ", "tốc độ", "thời gian", "lượng", "tuổi", "chênh lệch",
    "thay đổi",
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A sentence with what was asked."""

    sentence: Sentence
    indicator: Indicator
    day: date
    language: Language


@dataclass(frozen=True)
class World:
    """The release, the readings of all its units on the days asked about, every value there is, and what was said."""

    release: Release
    readings: dict[tuple[str, str, date], Reading]
    values: dict[tuple[str, str, date], float | None]
    told: tuple[Told, ...]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    data = tmp_path_factory.mktemp("situations")
    many_situations().write(data)
    release = open_release(data, "leader")
    units = (*UNITS, "77")
    readings: dict[tuple[str, str, date], Reading] = {}
    values: dict[tuple[str, str, date], float | None] = {}
    told = []
    for name in IDS:
        for day, found in read_days(release, (name,), units, ASKED).items():
            readings.update({(name, unit, day): reading for (_, unit), reading in found.items()})
        frame = series(release, name, units, FIRST - timedelta(days=8), LAST)
        for unit, day, value in zip(frame["unit"], frame["day"].dt.date, frame["value"], strict=True):
            values[name, unit, day] = None if pd.isna(value) else float(value)
        for day in ASKED:
            for language in LANGUAGES:
                for asked in (tuple(UNITS), ("77",)):
                    found_now = statements(release, name, asked, day, language)
                    told += [Told(item, INDICATORS[name], day, language) for item in found_now]
    return World(release, readings, values, tuple(told))


def test_there_are_thousands_and_of_every_kind(world: World) -> None:
    for language in LANGUAGES:
        said = [item for item in world.told if item.language == language]
        assert len(said) >= LEAST_SENTENCES
        kinds = Counter(item.sentence.kind for item in said)
        assert min(kinds[kind] for kind in ("situation", "threshold", "change", "extreme", "gap")) > 100
    trends = Counter(reading.trend for reading in world.readings.values())
    assert min(trends[trend] for trend in ("up", "down", "flat", "unknown")) > 100
    absences = Counter(reading.absence for reading in world.readings.values())
    assert {"no_data", "no_denominator", "too_small", "not_enough_days", "not_rising"} <= set(absences)


def test_every_sentence_is_well_formed(world: World) -> None:
    wrong = [(fault, item.sentence.text) for item in world.told for fault in grammar(item.sentence, item.language)]
    assert not wrong[:10], f"{len(wrong)} of {len(world.told)}"


def test_every_number_of_a_sentence_is_one_of_its_figures(world: World) -> None:
    names = [unit.short_name for unit in world.release.units.leaves("77")]
    wrong = [
        (left, item.sentence.text)
        for item in world.told
        if (left := unaccounted(item.sentence, item.indicator, item.language, names))
    ]
    assert not wrong[:10], f"{len(wrong)} of {len(world.told)}"


def expected(world: World, figure: Figure) -> float | None:
    """The number a figure must have, worked out from the series; None where there is nothing to compare it with."""
    if figure.indicator is None or figure.unit is None or figure.day is None:
        return figure.value
    record = INDICATORS[figure.indicator]
    key = figure.indicator, figure.unit
    if figure.kind == "value":
        return world.values[(*key, figure.day)]
    if figure.kind == "change":
        then = world.values[(*key, figure.day)]
        now = world.values[(*key, figure.day + timedelta(days=record.compare_days))]
        assert now is not None and then is not None
        return abs(100 * (now - then) / abs(then)) if record.change_in == "percent" else abs(now - then)
    return figure.value


def untrue(world: World, figure: Figure, language: Language, decimals: int) -> str:
    """What is wrong with a figure: another value than the indicator's, or another writing than its rounding."""
    if figure.kind == "day":
        assert figure.day is not None
        return "" if figure.written in day_written(figure.day, language) else f"{figure}: the day"
    if figure.kind == "rule":
        return ""
    value = expected(world, figure)
    if value is None or figure.value is None or abs(figure.value - value) > 1e-9 * max(1.0, abs(value)):
        return f"{figure}: is {value}"
    number = parsed(figure.written, language)
    if figure.kind == "limit":
        return "" if number is None or number == Decimal(repr(value)) or value == 100 else f"{figure}: the limit"
    exact = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    if number != exact:
        return f"{figure}: written {number}, is {exact}"
    return "" if figure.kind != "units" or counts_units(world, figure) else f"{figure}: the units"


def counts_units(world: World, figure: Figure) -> bool:
    """True where a number of units is one of those the reading is made of, or may be of units that are counted."""
    reading = world.readings.get((figure.indicator or "", figure.unit or "", figure.day or LAST))
    if reading is None:
        return figure.value is not None and 1 <= figure.value <= len(UNITS)
    then = read_days(world.release, (reading.indicator,), (reading.unit,), (reading.day,))[reading.day]
    return figure.value in (
        then[reading.indicator, reading.unit].quality.reported_units,
        then[reading.indicator, reading.unit].quality.expected_units,
    )


def decimals_of(figure: Figure) -> int:
    """How many decimals a figure is written with."""
    if figure.indicator is None or figure.kind in ("units", "days", "count"):
        return 0
    record = INDICATORS[figure.indicator]
    return 0 if figure.kind == "change" and record.change_in == "percent" else record.decimals


def test_every_figure_is_the_indicators(world: World) -> None:
    wrong, kinds = [], Counter[str]()
    for item in world.told:
        for figure in item.sentence.figures:
            kinds[figure.kind] += 1
            fault = untrue(world, figure, item.language, decimals_of(figure))
            if not fault and figure.kind == "value":
                fault = unit_of_measurement(figure, item)
            if fault:
                wrong.append((fault, item.sentence.text))
    assert not wrong[:10], len(wrong)
    assert min(kinds[kind] for kind in ("value", "change", "distance", "limit", "day", "units", "days")) > 100


def unit_of_measurement(figure: Figure, item: Told) -> str:
    """A value that stands without what it is measured in, where no other of its sentence says it."""
    record, language = item.indicator, item.language
    measured_in = record.measured_in(language)
    tail = re.sub(r"^-?[\d.,]+ ?", "", figure.written)
    one = re.sub(r"^people", "person", re.sub(r"^([a-z]+)s\b", r"\1", measured_in))
    ends = (measured_in, one) if language == "en" and figure.written.startswith("1 ") else (measured_in,)
    if record.levels:
        return "" if figure.written.startswith(measured_in) else f"{figure.written}: no {measured_in}"
    if tail in ends:
        return ""
    others = [other.written for other in item.sentence.figures if other.kind == "value"]
    elsewhere = any(written.endswith((measured_in, one)) for written in others)
    return "" if not tail and elsewhere and measured_in != "%" else f"{figure.written}: no {measured_in}"


def test_a_direction_is_named_only_where_the_trend_is_known(world: World) -> None:
    seen = Counter[tuple[str, str]]()
    for item in world.told:
        sentence, language = item.sentence, item.language
        bare = sentence.text.lower().replace(subject_of(item.indicator, language).lower(), "")
        rise, fall = bool(RISE[language].search(bare)), bool(FALL[language].search(bare))
        worse, better = bool(WORSE[language].search(bare)), bool(BETTER[language].search(bare))
        if sentence.kind != "change":
            assert not (rise or fall or worse or better), sentence.text
            continue
        assert sentence.unit is not None
        reading = world.readings[item.indicator.id, sentence.unit, item.day]
        assert rise <= (reading.trend == "up") and fall <= (reading.trend == "down"), (reading, sentence.text)
        assert not (worse or better) or (rise or fall), sentence.text
        polarity = item.indicator.polarity
        assert not (worse or better) or polarity != "neither", sentence.text
        assert worse <= (rise if polarity == "higher_is_worse" else fall), sentence.text
        assert better <= (fall if polarity == "higher_is_worse" else rise), sentence.text
        final = not reading.quality.provisional
        whole = reading.quality.reported_units == reading.quality.expected_units
        assert not better or whole, f"better of a part: {sentence.text}"
        assert not (better and fall) or final, f"better while it fills up: {sentence.text}"
        seen[reading.trend, polarity] += rise or fall
        if not reading.previous and reading.previous is not None and rise and item.indicator.change_in == "percent":
            assert "%" not in sentence.text, sentence.text
            seen["from zero", ""] += 1
    for trend in ("up", "down"):
        for polarity in ("higher_is_worse", "higher_is_better", "neither"):
            assert seen[trend, polarity] > 5, (trend, polarity)
    assert seen["from zero", ""] > 5


def test_limits_are_passed_where_they_are_said_to_be(world: World) -> None:
    """Above, below and at by the value itself, and since when by the days before."""
    checked = Counter[str]()
    for item in world.told:
        words, record = item.sentence.text, item.indicator
        limits = [figure.value for figure in item.sentence.figures if figure.kind == "limit"]
        if item.language == "vi" or not limits or record.levels or item.sentence.kind not in ("threshold", "situation"):
            continue
        limit, values = limits[0], [figure for figure in item.sentence.figures if figure.kind == "value"]
        assert limit is not None
        for figure in item.sentence.figures:
            if figure.kind == "distance":
                assert figure.value == pytest.approx(abs((values[0].value or 0.0) - limit)), words
        if " units" in words and "from " not in words:
            count, every = (figure.value for figure in item.sentence.figures[1:3])
            now = [world.values[record.id, unit, item.day] for unit in UNITS]
            passed = [
                threshold
                for value in now
                if (threshold := state_of(record, value)[1]) and state_of(record, value)[0] != "ok"
            ]
            assert (count, every) == (sum(threshold.at == limit for threshold in passed), len(UNITS)), words
            checked["units"] += 1
        for figure in values:
            assert figure.value is not None
            if "right at" in words:
                checked["at"] += 1
                assert figure.value == limit, words
            elif "at or" in words:
                checked["at or"] += 1
                assert figure.value >= limit if "above" in words else figure.value <= limit, words
            elif re.search(r"\b(above|clear of)\b", words):
                checked["above"] += 1
                assert figure.value > limit or ("clear" in words and figure.value == limit), words
            else:
                checked["below"] += 1
                assert re.search(r"\b(below|short of|close to)\b", words), words
                assert figure.value < limit or ("close to" in words and figure.value == limit), words
        if " since " in words:
            assert item.sentence.unit is not None
            since = item.sentence.figures[-1 if "(by" not in words else -2]
            key, state = (record.id, item.sentence.unit), state_of(record, values[0].value)
            days = [figure.day for figure in item.sentence.figures if figure.kind == "day" and figure.day != item.day]
            first = days[0] if days else item.day
            assert first is not None, since
            run = [first + timedelta(days=step) for step in range((item.day - first).days + 1)]
            assert all(state_of(record, world.values[(*key, day)]) == state for day in run), words
            eve = world.values.get((*key, first - timedelta(days=1)))
            assert state_of(record, eve) != state, words
            assert ("or earlier" in words) == (eve is None and not _known_before(world, key, first)), words
            checked["since"] += 1
    assert min(checked[kind] for kind in ("at", "at or", "above", "below", "since", "units")) > 5, checked


def _known_before(world: World, key: tuple[str, str], day: date) -> bool:
    return any(world.values[(*key, FIRST + timedelta(days=step))] is not None for step in range((day - FIRST).days))


def test_records_and_extremes_hold_for_every_day_and_unit(world: World) -> None:
    checked = Counter[str]()
    for item in world.told:
        words = item.sentence.text
        if item.language == "vi" or item.sentence.kind != "extreme":
            continue
        record, figures = item.indicator, item.sentence.figures
        values = [figure for figure in figures if figure.kind == "value"]
        assert all(figure.value is not None for figure in values)
        shown = [rounded(figure.value or 0.0, record.decimals) for figure in values]
        if "since" in words:
            highest, (unit, now) = "highest" in words, (values[0].unit, shown[0])
            since = next(figure.day for figure in figures if figure.kind == "day")
            assert unit is not None and since is not None
            between = [since + timedelta(days=step) for step in range(1, (item.day - since).days)]
            known = [value for day in between if (value := world.values[record.id, unit, day]) is not None]
            assert all(
                rounded(value, record.decimals) < now if highest else rounded(value, record.decimals) > now
                for value in known
            ), words
            then = rounded(world.values[record.id, unit, since] or 0.0, record.decimals)
            assert "begin" in words or (then >= now if highest else then <= now), words
            missing = [figure.value for figure in figures if figure.kind == "days"]
            assert missing == ([len(between) - len(known)] if len(known) < len(between) else []), words
            checked["record"] += 1
        elif "ranged" in words or "stood highest" in words:
            here = [reading for (name, unit, day), reading in world.readings.items() if name == record.id]
            own = [reading.value for reading in here if reading.day == item.day and reading.unit != "77"]
            known = [value for value in own if value is not None]
            if "ranged" in words:
                assert {max(values, key=_value).value, min(values, key=_value).value} == {max(known), min(known)} or {
                    max(shown),
                    min(shown),
                } == {rounded(max(known), record.decimals), rounded(min(known), record.decimals)}, words
                checked["range"] += 1
            else:
                assert values[0].value == max(known) and len(values) <= MOST_NAMED, words
                checked["together"] += 1
    assert min(checked[kind] for kind in ("record", "range", "together")) > 2, checked


def _value(figure: Figure) -> float:
    return figure.value or 0.0


def test_sums_made_here_are_what_is_said(world: World) -> None:
    """Positivity and the mean of cases from the sheets themselves, past the whole of the product."""
    sheets: dict[tuple[str, str, date], float | None] = {}
    for measure, stratum, unit, day, value, _ in many_situations().observations:
        if not stratum:
            sheets[measure, unit, day] = value

    def week(measure: str, unit: str, day: date) -> list[float | None]:
        return [sheets.get((measure, unit, day - timedelta(days=back))) for back in range(7)]

    checked = 0
    for item in world.told:
        for figure in item.sentence.figures:
            if figure.kind != "value" or figure.unit in (None, "77") or figure.day is None or figure.value is None:
                continue
            assert figure.unit is not None
            if figure.indicator == "positivity_7d":
                results, positives = (
                    week(f"tests.{name}", figure.unit, figure.day) for name in ("results_returned", "positives")
                )
                pairs = [(a, b) for a, b in zip(results, positives, strict=True) if a is not None and b is not None]
                if len(pairs) == 7:
                    assert figure.value == pytest.approx(100 * sum(b for _, b in pairs) / sum(a for a, _ in pairs))
                    checked += 1
            elif figure.indicator == "cases_new":
                assert figure.value == sheets["case_counts.cases", figure.unit, figure.day]
                checked += 1
    assert checked > 1000


def since_when(world: World, sentence: Sentence) -> list[str]:
    """The days since which units are past a limit that are not the first of their run."""
    wrong = []
    for figure, after in zip(sentence.figures, sentence.figures[1:], strict=False):
        if sentence.kind != "decision" or figure.kind != "value" or not figure.indicator or not figure.unit:
            continue
        record, key = INDICATORS[figure.indicator], (figure.indicator, figure.unit)
        if key[0] not in IDS or record.levels or figure.day is None or after.kind not in ("day", "days"):
            continue
        back = int(after.value or 0) - 1
        first = after.day if after.kind == "day" and after.day is not None else figure.day - timedelta(days=back)
        state, eve = (
            state_of(record, figure.value),
            state_of(record, world.values.get((*key, first - timedelta(days=1)))),
        )
        if state_of(record, world.values[(*key, first)]) != state or (after.kind == "day" and eve == state):
            wrong.append(f"{figure.unit} since {first}")
    return wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_headline_decisions_changes_and_titles_say_their_own_figures_too(world: World, language: Language) -> None:
    release, wrong, said = world.release, [], 0
    names = [unit.short_name for unit in (release.province, *release.units.leaves("77"))]
    for day in (*ASKED[:4], FIRST + timedelta(days=DAYS // 2)):
        found = [
            *headline(release, day, language),
            *decisions(release, day, language),
            *changes(release, day, language),
        ]
        found += since_words.sentences(since(release, day), language)
        titles = [ranking_finding(rank(release, name, day), language) for name in IDS]
        curves = [
            curve_finding(reading, language) for (_, unit, when), reading in world.readings.items() if when == day
        ]
        for sentence, title in [*((item, False) for item in found), *((item, True) for item in [*titles, *curves])]:
            said += 1
            record = INDICATORS[sentence.indicator] if sentence.indicator else None
            faults = list(grammar(sentence, language, title=title))
            shown = replace(sentence, text=sentence.text.replace("Ca mới", ""))
            faults += [left] if (left := unaccounted(shown, record, language, names)) else []
            for figure in sentence.figures:
                known = (figure.indicator or "", figure.unit or "", figure.day or day) in world.values
                if known or figure.kind == "day":
                    faults += [fault] if (fault := untrue(world, figure, language, decimals_of(figure))) else []
            faults += [] if title else since_when(world, sentence)
            wrong += [(fault, sentence.text) for fault in faults]
    assert not wrong[:10], f"{len(wrong)} of {said}"
    assert said > 500


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_indicator_makes_well_formed_sentences(province: Release, language: Language) -> None:
    """All records there are, in a province where every dataset is reported: their names, units and decimals."""
    names = [unit.short_name for unit in province.units.leaves("77")]
    wrong, silent = [], []
    for record in INDICATORS.values():
        found = [
            item
            for unit in ("77", "752")
            for item in statements(province, record.id, (unit,), province.last_day, language)
        ]
        silent += [] if any(figure.kind == "value" for item in found for figure in item.figures) else [record.id]
        for item in found:
            faults = [*grammar(item, language), unaccounted(item, record, language, names)]
            told = Told(item, record, province.last_day, language)
            faults += [unit_of_measurement(figure, told) for figure in item.figures if figure.kind == "value"]
            wrong += [(fault, item.text) for fault in faults if fault]
    assert not wrong[:10], len(wrong)
    assert len(silent) < len(INDICATORS) / 5, silent


def test_every_indicator_has_a_noun_phrase(world: World) -> None:
    """What stands before "là" is a thing that can be some number, not a label such as "Đang cách ly"."""
    labels = [
        record.id
        for record in INDICATORS.values()
        if not subject_of(record, "vi").startswith(NOUNS_VI) or subject_of(record, "en")[0].isupper()
    ]
    assert not labels


def test_the_sentences_of_a_page_take_a_moment(world: World) -> None:
    began = time.perf_counter()
    for name in IDS:
        statements(world.release, name, ("77",), LAST - timedelta(days=2), "vi")
    assert time.perf_counter() - began < 4, "all indicators of the province with its forty units"
