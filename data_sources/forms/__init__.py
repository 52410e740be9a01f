"""The forms that districts send: which there are, their templates, and their way back.

A form is a dataset's contract seen from the side of the people who fill it in; nothing is declared twice.
"""

from __future__ import annotations

from data_sources.contracts import CONTRACTS
from data_sources.forms.model import Form

SENT_BY_DISTRICTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("case_counts", ("detection",)),
    ("cases", ()),
    ("tests", ("method", "target_group")),
    ("vaccination", ("dose_number", "age_group")),
    ("quarantine_sites", ()),
    ("treatment", ()),
    ("declarations", ()),
    ("traces", ()),
    ("contacts", ()),
    ("hotline", ("topic",)),
    ("devices", ()),
    ("health_book", ()),
)
"""Datasets in the order of the list a data steward chooses from, and the groups a form has a row for each of."""

FORMS: dict[str, Form] = {
    dataset: Form(contract=CONTRACTS[dataset], groups=groups)
    for dataset, groups in SENT_BY_DISTRICTS
    if dataset in CONTRACTS
}

__all__ = ["FORMS", "Form"]
