"""Residents of a unit by year: the denominators of every rate."""

from __future__ import annotations

from data_sources.contracts.common import DAY, UNIT, count
from data_sources.contracts.model import Contract, Measure

POPULATION = Contract(
    dataset="population",
    vi="Dân số",
    en="Population",
    grain="unit x day from which it holds",
    key=("unit", "day"),
    renewed_rarely=True,
    columns=(
        UNIT,
        DAY,
        count("residents", "Dân số", "Residents", headers=("dan so", "tong dan so", "pop", "population")),
        count(
            "residents_18_plus", "Dân số từ 18 tuổi", "Residents 18 and over", headers=("dan so tu 18 tuoi", "pop_18")
        ),
        count("residents_65_plus", "Dân số từ 65 tuổi", "Residents 65 and over", headers=("dan so tu 65 tuoi",)),
    ),
    measures=(
        Measure(name="residents", kind="stock", expression="residents", vi="Dân số", en="Residents"),
        Measure(
            name="residents_18_plus",
            kind="stock",
            expression="residents_18_plus",
            vi="Dân số từ 18 tuổi",
            en="Residents 18+",
        ),
        Measure(
            name="residents_65_plus",
            kind="stock",
            expression="residents_65_plus",
            vi="Dân số từ 65 tuổi",
            en="Residents 65+",
        ),
    ),
    not_above=(("residents_18_plus", "residents"), ("residents_65_plus", "residents_18_plus")),
    example={"unit": "747", "day": "2019-04-01", "residents": "357124", "residents_18_plus": "256000"},
)
