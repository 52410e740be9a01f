"""What changed since the last meeting: nothing against itself, sums that add up, numbers that are the figures'."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from analytics.briefing.since import MEETING_DAYS, Since, since
from analytics.briefing.since_words import sentences
from analytics.indicators import INDICATORS
from analytics.phrases import Figure, Sentence
from analytics.ranking import rank
from analytics.readings import counts, history, read, state_of
from analytics.release import Release, open_release
from analytics.wording import LANGUAGES, Language
from tests.analytics.many_situations import FIRST, LAST, many_situations
from tests.analytics.release_fixture import SmallRelease, at
from tests.analytics.sentence_rules import day_written, grammar, parsed, unaccounted
from tests.analytics.test_sentence_truth import BETTER, FALL, RISE, WORSE

PAIRS = [
    (LAST - timedelta(days=back), LAST - timedelta(days=back + apart))
    for back in (0, 1, 9, 30, 61, 95)
    for apart in (1, MEETING_DAYS, 21)
]


def corrected(seed: int) -> SmallRelease:
    """Many situations, told late, corrected up and down and withdrawn, some of it after the last day."""
    made, random = many_situations(), np.random.default_rng(seed)
    for place in random.choice(len(made.observations), 900, replace=False).tolist():
        measure, stratum, unit, day, value, issued = made.observations[place]
        later = issued + timedelta(hours=int(random.integers(3, 24 * 12)))
        told = None if random.random() < 0.1 else max(0.0, float(value or 0.0) + int(random.integers(-3, 6)))
        made.observations.append((measure, stratum, unit, day, told, min(later, made.as_of)))
    return made


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    data = tmp_path_factory.mktemp("since")
    corrected(4).write(data)
    return open_release(data, "briefing")


@pytest.fixture(scope="module")
def found(release: Release) -> list[Since]:
    return [since(release, day, before) for day, before in PAIRS]


def test_a_picture_against_itself_is_nothing(release: Release) -> None:
    for day in (LAST, LAST - timedelta(days=40)):
        same = since(release, day, day, before=release)
        assert same.nothing
        assert not same.ranks
        assert not same.crossings
        for language in LANGUAGES:
            (only,) = sentences(same, language)
            assert only.text.startswith("Không có gì" if language == "vi" else "Nothing")


def test_the_meeting_is_a_week_before_and_as_it_was_known_then(release: Release) -> None:
    weekly = since(release)
    assert (weekly.day, weekly.before_day) == (LAST, LAST - timedelta(days=7))
    assert weekly.before.known is not None
    assert weekly.before.known.date() == weekly.before_day
    with pytest.raises(ValueError, match="after"):
        since(release, LAST - timedelta(days=2), LAST)


def test_new_days_and_corrections_make_the_difference_exactly(release: Release, found: list[Since]) -> None:
    corrections = 0
    for one in found:
        for item in one.counts:
            whole = history(one.release, item.indicator, (item.unit,), FIRST, one.day)[item.unit]
            assert item.total_now == sum(value or 0.0 for value in whole)
            told = history(release, item.indicator, (item.unit,), FIRST, one.before_day, one.before_day)[item.unit]
            assert item.total_then == sum(value or 0.0 for value in told)
            assert item.new + item.added - item.taken_away == item.total_now - item.total_then
            assert all(change.day > one.before_day for change in item.new_days)
            assert all(change.day <= one.before_day for change in item.revised)
            corrections += len(item.revised)
    assert corrections > 100


def test_another_release_and_a_moment_of_this_one_say_the_same(release: Release, tmp_path: Path) -> None:
    day, before_day = LAST, LAST - timedelta(days=9)
    made = corrected(4)
    end = at(f"{before_day} 23:59")
    made.observations = [row for row in made.observations if row[5] <= end]
    made.tables = {name: [row for row in rows if name != "coverage"] for name, rows in made.tables.items()}
    made.as_of = max(row[5] for row in made.observations)
    made.write(tmp_path)
    by_release = since(release, day, before_day, before=open_release(tmp_path, "briefing"))
    by_moment = since(release, day, before_day)
    assert by_release.counts == by_moment.counts
    assert by_release.crossings == by_moment.crossings
    assert by_release.ranks == by_moment.ranks
    assert by_release.levels == by_moment.levels
    assert by_release.reporting == by_moment.reporting
    for language in LANGUAGES:
        assert sentences(by_release, language) == sentences(by_moment, language)


def test_ranks_limits_and_levels_are_those_of_the_two_pictures(found: list[Since]) -> None:
    kinds: Counter[str] = Counter()
    for one in found:
        for moved in one.ranks:
            now, then = (
                next(row for row in rank(picture, moved.indicator, day).rows if row.unit == moved.unit)
                for picture, day in ((one.release, one.day), (one.before, one.before_day))
            )
            assert (now.rank, then.rank) == (moved.rank, moved.before)
            if now.rank_low is not None and then.rank_high is not None:
                possible = set(range(now.rank_low, (now.rank_high or 0) + 1))
                assert possible.isdisjoint(range(then.rank_low or 1, then.rank_high + 1)), "beyond chance"
            kinds["rank"] += 1
        for item in one.crossings:
            indicator = INDICATORS[item.indicator]
            values = [
                counts(picture, item.indicator, (item.unit,), day)[item.unit].value
                for picture, day in ((one.release, one.day), (one.before, one.before_day))
            ]
            assert values == [item.now, item.then]
            rising = indicator.polarity == "higher_is_worse"
            beyond = [(value >= item.threshold.at) if rising else (value <= item.threshold.at) for value in values]  # type: ignore[operator]
            assert beyond[0] or not item.passed
            assert state_of(indicator, item.now) != state_of(indicator, item.then)
            kinds["passed" if item.passed else "left"] += 1
        for level in one.levels:
            assert level.now != level.then
            kinds["level"] += 1
    assert min(kinds[kind] for kind in ("rank", "passed", "left", "level")) > 5, kinds


def expected(one: Since, figure: Figure) -> set[float]:
    """What a number may be by the two pictures, worked out anew from them; empty for what is a limit or a count."""
    if figure.indicator is None or figure.unit is None or figure.kind != "value":
        return set()
    pictures = ((one.release, one.day), (one.before, one.before_day))
    values = [
        read(picture, (figure.indicator,), (figure.unit,), day)[figure.indicator, figure.unit].value
        for picture, day in pictures
        if day == figure.day
    ]
    return {value for value in values if value is not None}


def counted(one: Since, figure: Figure) -> set[float]:
    """The numbers that a count of an indicator and unit may be."""
    told = [item for item in one.counts if (item.indicator, item.unit) == (figure.indicator, figure.unit)]
    numbers = {number for item in told for number in (item.new, item.added, item.taken_away, len(item.new_days))}
    numbers |= {abs(change.added) for item in told for change in item.revised if change.day == figure.day}
    ranks = [item for item in one.ranks if (item.indicator, item.unit) == (figure.indicator, figure.unit)]
    return {float(number) for number in numbers | {item.rank for item in ranks} | {item.before for item in ranks}}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_of_every_sentence_is_its_figures_own(found: list[Since], language: Language) -> None:
    said = [(one, item) for one in found for item in sentences(one, language)]
    assert len(said) > 250
    names = [unit.short_name for unit in found[0].release.units.leaves("77")] + ["QR"]
    wrong: list[tuple[str, str]] = []
    for one, item in said:
        indicator = INDICATORS[item.indicator] if item.indicator else None
        wrong += [(fault, item.text) for fault in grammar(item, language)]
        if left := unaccounted(item, indicator, language, names):
            wrong.append((left, item.text))
        for figure in item.figures:
            wrong += [(fault, item.text) for fault in untrue(one, figure, language)]
        wrong += [(fault, item.text) for fault in misjudged(one, item, language)]
    assert not wrong[:10], f"{len(wrong)} of {len(said)}"


def untrue(one: Since, figure: Figure, language: Language) -> list[str]:
    """What is wrong with a number: not the figure's, or written otherwise than it is."""
    if figure.kind == "day":
        days = {one.before_day, *(item.since for item in one.crossings)}
        days |= {change.day for item in one.counts for change in item.revised}
        known = figure.day is not None and figure.day in days
        return [] if known and figure.written in day_written(figure.day or LAST, language) else [f"day {figure}"]
    if figure.value is None:
        return [f"no value behind {figure}"]
    if figure.kind == "value" and figure.value not in expected(one, figure):
        return [f"not the indicator's: {figure}"]
    if figure.kind in ("count", "days") and figure.value not in counted(one, figure):
        return [f"not counted: {figure}"]
    if figure.kind == "limit" and figure.value not in {item.threshold.at for item in one.crossings}:
        return [f"no limit of a crossing: {figure}"]
    number = parsed(figure.written, language)
    if figure.kind == "limit" or number is None:
        return []
    decimals = INDICATORS[figure.indicator].decimals if figure.indicator and figure.kind == "value" else 0
    near = abs(float(number) - figure.value) <= 0.5 * 10**-decimals + 1e-9
    return [] if near else [f"written otherwise: {figure}"]


def misjudged(one: Since, item: Sentence, language: Language) -> list[str]:
    """What is wrong with the verb: a direction or judgement that the two pictures do not bear out."""
    change = next((x for x in one.figures if (x.indicator, x.unit) == (item.indicator, item.unit)), None)
    if item.kind != "change" or change is None or item.indicator in ("cases_new", "deaths_new"):
        return []
    rises, falls = (bool(words[language].search(item.text)) for words in (RISE, FALL))
    worse, better = (bool(words[language].search(item.text)) for words in (WORSE, BETTER))
    faults = []
    if (rises and change.trend != "up") or (falls and change.trend != "down"):
        faults.append("a direction that is not the trend's")
    if (worse or better) and change.trend not in ("up", "down"):
        faults.append("judged where the trend is unknown")
    bad = (change.trend == "up") == (change.polarity == "higher_is_worse")
    if (worse and not bad) or (better and bad) or ((worse or better) and change.polarity == "neither"):
        faults.append("the wrong judgement")
    return faults


def test_a_correction_that_turns_the_trend_round_leaves_it_unknown(tmp_path: Path) -> None:
    made = SmallRelease(as_of=at("2021-08-29 18:00")).unit("752", population=100_000)
    made.observe("case_counts.cases", "752", date(2021, 8, 1), [40.0] * 22 + [60.0] * 7)
    made.observe("case_counts.cases", "752", date(2021, 8, 16), [90.0] * 7, issued=at("2021-08-27 10:00"))
    made.write(tmp_path)
    compared = since(open_release(tmp_path, "leader"))
    curve = next(item for item in compared.figures if item.indicator == "cases_new_7d_mean")
    assert (curve.then.value, curve.revised, curve.now.value, curve.trend) == (40.0, 90.0, 60.0, "unknown")
    told = next(item.text for item in sentences(compared, "vi") if item.indicator == "cases_new_7d_mean")
    assert "chưa so sánh được" in told
    assert not re.search(r"tăng|giảm|xấu|cải thiện", told)


def test_who_began_to_report_and_who_fell_silent(tmp_path: Path) -> None:
    made = SmallRelease(as_of=at("2021-08-29 18:00")).unit("752", population=9_000).unit("753", population=9_000)
    made.observe("case_counts.cases", "752", date(2021, 8, 1), [1.0] * 20)
    made.observe("case_counts.cases", "753", date(2021, 8, 24), [1.0] * 6)
    made.write(tmp_path)
    compared = since(open_release(tmp_path, "leader"), date(2021, 8, 29), date(2021, 8, 20))
    assert [(item.unit, item.what) for item in compared.reporting] == [("752", "stopped"), ("753", "started")]
    told = [item.text for item in sentences(compared, "vi") if item.kind == "gap"]
    assert told[0].startswith("752 không gửi")
    assert told[1].startswith("753 đã gửi")


@pytest.mark.parametrize(
    ("then", "now", "verb", "judged"),
    [(20.0, 60.0, "tăng", "xấu đi"), (60.0, 20.0, "giảm", "tạm tính"), (40.0, 41.0, "chưa đổi rõ rệt", "")],
)
def test_the_verb_and_the_judgement_follow_the_polarity(
    tmp_path: Path, then: float, now: float, verb: str, judged: str
) -> None:
    made = SmallRelease(as_of=at("2021-08-29 18:00")).unit("752", population=100_000)
    made.observe("case_counts.cases", "752", date(2021, 8, 1), [then] * 22 + [now] * 7)
    # Positivity falls and is told at once; its polarity is the same and a fall is an improvement.
    made.observe("tests.results_returned", "752", date(2021, 8, 1), [1000.0] * 29)
    made.observe("tests.positives", "752", date(2021, 8, 1), [90.0] * 22 + [30.0] * 7)
    made.write(tmp_path)
    newest = open_release(tmp_path, "leader")
    told = {item.indicator: item.text for item in sentences(since(newest), "vi")}
    assert verb in told["cases_new_7d_mean"]
    assert judged in told["cases_new_7d_mean"]
    assert ("xấu đi" in told["cases_new_7d_mean"]) == (judged == "xấu đi")
    reading = read(newest, ("positivity_7d",), ("77",), newest.last_day)["positivity_7d", "77"]
    assert "giảm từ 9,0% xuống 3,0%" in told["positivity_7d"]
    assert ("tạm tính" if reading.quality.provisional else "cải thiện") in told["positivity_7d"]
    english = {item.indicator: item.text for item in sentences(since(newest), "en")}
    assert "worse" not in english["positivity_7d"]
    before = since(newest, date(2021, 8, 22), date(2021, 8, 15))
    assert all(" rose " not in item.text and " fell " not in item.text for item in sentences(before, "en"))


def test_a_fall_that_is_final_is_an_improvement_where_a_rise_is_bad(tmp_path: Path) -> None:
    made = SmallRelease(as_of=at("2021-09-20 18:00")).unit("752", population=100_000)
    made.observe("case_counts.cases", "752", date(2021, 8, 1), [60.0] * 22 + [20.0] * 7 + [20.0] * 22)
    made.observe("tests.results_returned", "752", date(2021, 8, 1), [1000.0] * 51)
    made.observe("tests.positives", "752", date(2021, 8, 1), [90.0] * 22 + [10.0] * 29)
    made.write(tmp_path)
    compared = since(open_release(tmp_path, "leader"), date(2021, 8, 29))
    told = {item.indicator: item for item in sentences(compared, "vi") if item.kind == "change"}
    assert "giảm" in told["cases_new_7d_mean"].text
    assert told["cases_new_7d_mean"].text.endswith(", cải thiện.")
    left = [item for item in compared.crossings if (item.indicator, item.unit) == ("positivity_7d", "752")]
    assert left
    assert all((item.passed, item.then, item.now) == (False, 9.0, 1.0) for item in left)
    said = [
        item for item in sentences(compared, "vi") if item.kind == "threshold" and item.indicator == "positivity_7d"
    ]
    assert all("không còn vượt" in item.text and item.severity == "information" for item in said)
