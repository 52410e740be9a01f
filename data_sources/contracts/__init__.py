"""The contracts of every dataset, in one explicit registry."""

from __future__ import annotations

from data_sources.contracts.case_counts import CASE_COUNTS
from data_sources.contracts.cases import CASES
from data_sources.contracts.health_book import HEALTH_BOOK
from data_sources.contracts.mobility import MOBILITY
from data_sources.contracts.model import Contract, ContractError
from data_sources.contracts.population import POPULATION
from data_sources.contracts.quarantine_sites import QUARANTINE_SITES
from data_sources.contracts.tests import TESTS
from data_sources.contracts.traces import TRACES
from data_sources.contracts.trail_points import TRAIL_POINTS
from data_sources.contracts.vaccination import VACCINATION

CONTRACTS: dict[str, Contract] = {
    contract.dataset: contract
    for contract in (
        CASE_COUNTS,
        CASES,
        VACCINATION,
        TESTS,
        MOBILITY,
        HEALTH_BOOK,
        TRACES,
        TRAIL_POINTS,
        POPULATION,
        QUARANTINE_SITES,
    )
}

__all__ = ["CONTRACTS", "Contract", "ContractError"]
