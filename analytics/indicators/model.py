"""The record of an indicator: everything any surface needs to compute, rank, draw, explain or print it.

A record that is half declared is refused at import, with the name of what is missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from analytics.indicators.methods import Combination, Method, Share
from analytics.risk_rules import LevelName
from data_sources.contracts import CONTRACTS
from data_sources.contracts.model import Measure, MeasureKind

Polarity = Literal["higher_is_better", "higher_is_worse", "neither"]
Population = Literal["population", "population_18_plus"]
ANY_AGE = -1
"""A stock that is carried from its newest day however old: a census."""

UNCONFIRMED = "chưa xác nhận"
INDICATOR_ID = re.compile(r"^[a-z][a-z0-9_]*$")


class IndicatorError(ValueError):
    """A record is incomplete or contradicts the contracts; raised at import."""


@dataclass(frozen=True)
class Part:
    """One measure in one stratum, added to or subtracted from a term."""

    measure: str
    stratum: str = ""
    sign: Literal[1, -1] = 1
    optional: bool = False
    """True where a source that never states the stratum counts as 0 of it, instead of leaving the term unknown."""

    def __post_init__(self) -> None:
        """Refuse a measure or a stratum that no contract declares."""
        measure_of(self.measure)
        contract = CONTRACTS[self.measure.split(".")[0]]
        pairs = [piece.partition("=") for piece in self.stratum.split("|")] if self.stratum else []
        if tuple(name for name, _, _ in pairs) not in contract.cuts:
            raise IndicatorError(f"{self.measure}: {self.stratum!r} is not one of the contract's cuts {contract.cuts}")
        for name, _, value in pairs:
            choices = [choice.value for choice in contract.column(name).choices]
            if choices and value not in choices:
                raise IndicatorError(f"{self.measure}: {name} has no choice {value!r}; it has {', '.join(choices)}")

    @property
    def dataset(self) -> str:
        """The dataset the measure belongs to."""
        return self.measure.split(".")[0]


def measure_of(name: str) -> Measure:
    """The contract's measure called "dataset.name"; IndicatorError where there is none."""
    dataset, _, short = name.partition(".")
    for measure in CONTRACTS[dataset].measures if dataset in CONTRACTS else ():
        if measure.name == short:
            return measure
    raise IndicatorError(f"no contract declares the measure {name!r}")


@dataclass(frozen=True)
class Term:
    """A numerator or a denominator: a signed sum of parts."""

    parts: tuple[Part, ...]
    carry_days: int = 0
    """How old a stock may be and still stand for the day; ANY_AGE for no limit. Flows are never carried."""
    fallback: Population | None = None
    """The column of the unit register that stands in where the dataset has no value."""

    def __post_init__(self) -> None:
        """Refuse parts of different kinds, or a term that would always be absent."""
        if not any(part.sign == 1 and not part.optional for part in self.parts):
            raise IndicatorError(f"a term needs at least one part that is added and required: {self.parts}")
        kinds = {measure_of(part.measure).kind for part in self.parts}
        if len(kinds) > 1:
            raise IndicatorError(f"a term cannot mix flows, stocks and published figures: {self.parts}")

    @cached_property
    def kind(self) -> MeasureKind:
        """Whether the term is summed over days, stands at a day, or is only published."""
        return measure_of(self.parts[0].measure).kind

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """The measures it is made of, each once."""
        return tuple(dict.fromkeys(part.measure for part in self.parts))

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The measures without which there is no value."""
        return tuple(dict.fromkeys(part.measure for part in self.parts if not part.optional))

    @cached_property
    def datasets(self) -> tuple[str, ...]:
        """The datasets it is read from."""
        return tuple(dict.fromkeys(part.dataset for part in self.parts))


@dataclass(frozen=True)
class Formula:
    """One way to compute an indicator; a record lists them in order and the first that the data allow is used."""

    numerator: Term
    denominator: Term | None = None
    scale: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a published figure that would be divided, and a scale that is no scale."""
        if self.numerator.kind == "published" and self.denominator is not None:
            raise IndicatorError(f"{self.numerator.measures}: a published figure is shown as it is, never divided")
        if self.scale <= 0:
            raise IndicatorError(f"{self.numerator.measures}: scale {self.scale} must be above 0")

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures of numerator and denominator."""
        return self.numerator.measures + (self.denominator.measures if self.denominator else ())


@dataclass(frozen=True, kw_only=True)
class Window:
    """The days a figure is about: `days` up to and with the day, or everything since the data begin."""

    days: int | None
    how: Literal["sum", "mean"] = "sum"


DAY = Window(days=1)
WEEK = Window(days=7)
WEEK_MEAN = Window(days=7, how="mean")
FORTNIGHT = Window(days=14)
SINCE_START = Window(days=None)


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """A named limit; past it the figure wears `state`: near (amber) or past (red)."""

    at: float
    state: Literal["near", "past"]
    vi: str
    en: str
    source: str
    inclusive: bool = True
    """True where the limit itself already counts as passed."""
    to_confirm: bool = False
    """True where the limit still waits for the health department's word; every screen that explains it says so."""


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One indicator, declared once."""

    id: str
    theme: str
    vi: str
    en: str
    definition_vi: str
    definition_en: str
    formulas: tuple[Formula, ...] = ()
    window: Window = DAY
    method: Method = field(default_factory=Share)
    inputs: tuple[str, ...] = ()
    """Other indicators this one is made of; then `combination` says how and there are no formulas."""
    optional_inputs: tuple[str, ...] = ()
    """Further inputs without which there is still a value; the combination says what they change."""
    leaf_inputs: tuple[str, ...] = ()
    """Indicators of the units below, for figures that only an area made of units has."""
    combination: Combination | None = None
    levels: tuple[LevelName, ...] = ()
    """The words of a figure that is a level from 1 up, drawn in the official colours; empty for all others."""
    polarity: Polarity
    measured_in_vi: str
    measured_in_en: str
    decimals: int
    change_in: Literal["percent", "points"] = "percent"
    """How a change is told: in percent of the earlier value, or as a plain difference (of shares, slopes, levels)."""
    rank_first: Literal["highest", "lowest"] = "highest"
    """Rank 1 is the worst where higher is worse, the leader where higher is better; so it is the highest by default."""
    thresholds: tuple[Threshold, ...] = ()
    cuts: tuple[float, ...] = ()
    """The four limits between the five classes of a map; empty where they are taken from the values."""
    interval: Literal["poisson", "wilson", "none"] = "none"
    """How the 95% interval of a value follows from its numerator and denominator; none for figures without chance."""
    flat_percent: float = 5.0
    """A change smaller than this share of the earlier value is flat."""
    least_denominator: float = 0.0
    small_numbers: Literal["exact", "suppressed"] = "exact"
    """exact: officially published by district and day; suppressed: shown by the small-number rule of finer cuts."""
    reporting_delay_days: int
    compare_days: int = 7
    comparable: bool = True
    """False where units must not be ranked against each other."""
    province_wide: bool = False
    """True where the source speaks of the province as a whole: the units below have no figure of their own."""
    caveat_vi: str
    caveat_en: str
    source: str
    confirmed_by: str = UNCONFIRMED
    confirmed_on: str = UNCONFIRMED

    def __post_init__(self) -> None:
        """Refuse a record that is half declared, naming what is missing."""
        if not INDICATOR_ID.match(self.id):
            raise IndicatorError(f"{self.id!r}: an id is lower case letters, digits and underscores")
        for name in (
            *("theme", "vi", "en", "definition_vi", "definition_en", "measured_in_vi", "measured_in_en"),
            *("caveat_vi", "caveat_en", "source", "confirmed_by", "confirmed_on"),
        ):
            if not str(getattr(self, name)).strip():
                raise IndicatorError(f"{self.id}: {name} is missing")
        if bool(self.formulas) == bool(self.inputs):
            raise IndicatorError(f"{self.id}: declare either formulas or inputs with their combination")
        if bool(self.inputs) != (self.combination is not None):
            raise IndicatorError(f"{self.id}: inputs and combination belong together")
        if (self.optional_inputs or self.leaf_inputs) and not self.inputs:
            raise IndicatorError(f"{self.id}: optional inputs and those of the units below come beside inputs")
        if self.decimals < 0 or self.reporting_delay_days < 0 or self.compare_days < 1 or self.flat_percent < 0:
            raise IndicatorError(
                f"{self.id}: decimals, reporting_delay_days, compare_days and flat_percent must not be negative"
            )
        if self.window.days is not None and self.window.days < 1:
            raise IndicatorError(f"{self.id}: a window is at least one day")
        if list(self.cuts) != sorted(set(self.cuts)) or len(self.cuts) not in (0, 4):
            raise IndicatorError(f"{self.id}: cuts must be four rising limits, or none")
        if self.measured_in_en == "%" and self.change_in != "points":
            raise IndicatorError(f"{self.id}: the change of a percentage is told in points, not in percent of itself")
        if self.thresholds and self.polarity == "neither":
            raise IndicatorError(f"{self.id}: a threshold needs a polarity, to say on which side of it trouble lies")
        for threshold in self.thresholds:
            if not (threshold.vi and threshold.en and threshold.source):
                raise IndicatorError(f"{self.id}: the threshold at {threshold.at} needs vi, en and source")
        if self.interval != "none" and any(formula.numerator.kind == "published" for formula in self.formulas[:1]):
            raise IndicatorError(f"{self.id}: a published figure has no counts to take an interval from")

    @property
    def dataset(self) -> str:
        """The dataset of the first formula's numerator; for a combination, the ids of its inputs stand in `inputs`."""
        return self.formulas[0].numerator.parts[0].dataset if self.formulas else ""

    @property
    def datasets(self) -> tuple[str, ...]:
        """Every dataset a formula may read, in order of preference."""
        return tuple(dict.fromkeys(name.split(".")[0] for formula in self.formulas for name in formula.measures))

    @property
    def made_of(self) -> tuple[str, ...]:
        """The indicators a combination reads: its inputs, the optional ones, and those of the units below."""
        return (*self.inputs, *self.optional_inputs, *self.leaf_inputs)

    @property
    def ranked_by(self) -> str:
        """The indicator whose ranking tells most about this one: itself, or the one its units below are read by."""
        return self.leaf_inputs[0] if self.leaf_inputs else self.id

    @cached_property
    def worsening_thresholds(self) -> tuple[Threshold, ...]:
        """The thresholds in the order in which a worsening value passes them."""
        worse_up = self.polarity == "higher_is_worse"
        return tuple(sorted(self.thresholds, key=lambda item: item.at, reverse=not worse_up))

    @property
    def scale(self) -> float:
        """What the ratio is multiplied by: 1, 100, 100,000."""
        return self.formulas[0].scale if self.formulas else 1.0

    def name(self, language: str) -> str:
        """The name in `language` (vi or en)."""
        return self.vi if language == "vi" else self.en

    def definition(self, language: str) -> str:
        """The definition in `language`."""
        return self.definition_vi if language == "vi" else self.definition_en

    def measured_in(self, language: str) -> str:
        """The unit of measurement in `language`."""
        return self.measured_in_vi if language == "vi" else self.measured_in_en

    def caveat(self, language: str) -> str:
        """What a reader must know before using the figure."""
        return self.caveat_vi if language == "vi" else self.caveat_en


def of(measure: str, *strata: str, carry_days: int = 0) -> Term:
    """The sum of `strata` of one measure, or its total."""
    return Term(tuple(Part(measure, stratum) for stratum in strata or ("",)), carry_days=carry_days)


RESIDENTS = Term((Part("population.residents"),), carry_days=ANY_AGE, fallback="population")
RESIDENTS_18_PLUS = Term((Part("population.residents_18_plus"),), carry_days=ANY_AGE, fallback="population_18_plus")


RESIDENTS_65_PLUS = Term((Part("population.residents_65_plus"),), carry_days=ANY_AGE)


def formulas(numerators: tuple[Term, ...], over: Term | None = None, scale: float = 1.0) -> tuple[Formula, ...]:
    """One formula for each way to count the numerator, over one denominator."""
    return tuple(Formula(numerator, over, scale) for numerator in numerators)
