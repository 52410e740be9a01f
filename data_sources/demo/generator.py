"""The whole demonstration province for one seed: the epidemic once, and from it the rows of every feed."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from data_sources.demo import (
    case_forms,
    contacts,
    course,
    health_books,
    immunisation,
    line_list,
    national,
    people,
    quarantine,
    residents,
    sampling,
    spread,
    telecom,
    tracing,
)
from data_sources.demo.draws import stream
from data_sources.demo.spread import Epidemic

SEED = 2021


@dataclass(frozen=True)
class Demonstration:
    """The epidemic and, for each feed by name, its rows in our columns with `issued_at`, before any dirt."""

    seed: int
    epidemic: Epidemic
    frames: dict[str, pd.DataFrame]


def generate(seed: int = SEED) -> Demonstration:
    """The demonstration for a seed; the same seed gives the same rows."""
    epidemic = spread.epidemic(seed)
    patients = people.draw(stream(seed, "people"), epidemic.unit)
    courses = course.course(epidemic, patients)
    around = contacts.contacts(epidemic, courses)
    turned = contacts.turned(epidemic)
    everyone = line_list.registry(epidemic, courses, around, turned, patients)
    listed = line_list.listed_contacts(epidemic, around, turned)
    traced, needing_map = tracing.traces(epidemic, courses, everyone.code, listed)
    isolated_at = contacts.isolation_times(courses, turned)
    stays = quarantine.stays(epidemic, courses, around, turned)
    frames = {
        "phan_mem_ca_benh": line_list.rows(epidemic, courses, around, turned, everyone),
        "bao_cao_ngay": case_forms.forms(epidemic, courses),
        "xet_nghiem": sampling.forms(epidemic, courses, around, turned, patients.occupation),
        "truy_vet": traced,
        "vet_di_chuyen": tracing.trail_points(epidemic, courses, needing_map, everyone.code, traced, isolated_at),
        "khu_cach_ly": quarantine.forms(seed, stays),
        "tiem_chung": immunisation.forms(seed),
        "so_suc_khoe": health_books.forms(seed),
        "di_bien_dong": telecom.forms(epidemic),
        "dan_so": residents.districts(),
        "toan_quoc_ca_benh": national.case_counts(seed),
        "toan_quoc_tiem_chung": national.vaccination(seed),
        "toan_quoc_so_suc_khoe": national.health_book(seed),
        "toan_quoc_dan_so": residents.others(),
    }
    return Demonstration(seed=seed, epidemic=epidemic, frames=frames)
