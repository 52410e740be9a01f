"""The contracts of every dataset, in one explicit registry."""

from __future__ import annotations

from data_sources.contracts.aid import AID
from data_sources.contracts.broadcasts import BROADCASTS
from data_sources.contracts.case_counts import CASE_COUNTS
from data_sources.contracts.cases import CASES
from data_sources.contracts.channel_posts import CHANNEL_POSTS
from data_sources.contracts.checkins import CHECKINS
from data_sources.contracts.contacts import CONTACTS
from data_sources.contracts.declarations import DECLARATIONS
from data_sources.contracts.devices import DEVICES
from data_sources.contracts.encounters import ENCOUNTERS
from data_sources.contracts.health_book import HEALTH_BOOK
from data_sources.contracts.hotline import HOTLINE
from data_sources.contracts.misinformation import MISINFORMATION
from data_sources.contracts.mobility import MOBILITY
from data_sources.contracts.model import Contract, ContractError
from data_sources.contracts.population import POPULATION
from data_sources.contracts.quarantine_sites import QUARANTINE_SITES
from data_sources.contracts.rollout import ROLLOUT
from data_sources.contracts.submissions import SUBMISSIONS
from data_sources.contracts.tests import TESTS
from data_sources.contracts.traces import TRACES
from data_sources.contracts.tracing_counts import TRACING_COUNTS
from data_sources.contracts.trail_points import TRAIL_POINTS
from data_sources.contracts.treatment import TREATMENT
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
        TREATMENT,
        DECLARATIONS,
        CONTACTS,
        ENCOUNTERS,
        CHECKINS,
        TRACING_COUNTS,
        SUBMISSIONS,
        HOTLINE,
        CHANNEL_POSTS,
        BROADCASTS,
        MISINFORMATION,
        AID,
        DEVICES,
        ROLLOUT,
    )
}

__all__ = ["CONTRACTS", "Contract", "ContractError"]
