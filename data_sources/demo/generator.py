"""The whole demonstration province for one seed: the epidemic once, and from it the rows of every feed."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from data_sources.demo import (
    apps,
    broadcasting,
    case_forms,
    channel,
    checkpoints,
    contacts,
    course,
    duty,
    follow_up,
    health_books,
    hotlines,
    immunisation,
    line_list,
    national,
    people,
    platforms,
    quarantine,
    relief,
    residents,
    rumours,
    sampling,
    schooling,
    spread,
    telecom,
    tracing,
    wards,
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
    posts = channel.posts(epidemic)
    school_devices = schooling.forms(seed)
    stays = quarantine.stays(epidemic, courses, around, turned)
    trails = tracing.trail_points(epidemic, courses, needing_map, everyone.code, traced, isolated_at)
    followed = follow_up.followed(epidemic, courses, around, turned)
    ways = follow_up.found_by(followed, traced, everyone.code)
    named = follow_up.rows(epidemic, followed, ways, everyone, traced)
    met = apps.meetings(epidemic, everyone, named, isolated_at)
    frames = {
        "phan_mem_ca_benh": line_list.rows(epidemic, courses, around, turned, everyone),
        "bao_cao_ngay": case_forms.forms(epidemic, courses),
        "xet_nghiem": sampling.forms(epidemic, courses, around, turned, patients.occupation),
        "truy_vet": traced,
        "vet_di_chuyen": trails,
        "theo_doi_f1": named,
        "bluezone": apps.encounters(epidemic, met),
        "quet_qr": apps.checkins(epidemic, met, trails),
        "qr_bluezone": apps.counts(epidemic, named),
        "dieu_tri": wards.forms(epidemic, courses, wards.stays(epidemic, courses, isolated_at)),
        "khai_bao_y_te": checkpoints.forms(epidemic),
        "khu_cach_ly": quarantine.forms(seed, stays),
        "tiem_chung": immunisation.forms(seed),
        "so_suc_khoe": health_books.forms(seed),
        "di_bien_dong": telecom.forms(epidemic),
        "tong_dai": hotlines.forms(epidemic, posts),
        "kenh_zalo": channel.rows(epidemic, posts),
        "tin_nhan": broadcasting.rows(seed),
        "tin_sai": rumours.rows(epidemic, posts),
        "zalo_connect": relief.rows(epidemic),
        "thiet_bi_hoc_tap": school_devices,
        "trien_khai": platforms.rows(seed),
        "dan_so": residents.districts(),
        "toan_quoc_ca_benh": national.case_counts(seed),
        "toan_quoc_tiem_chung": national.vaccination(seed),
        "toan_quoc_so_suc_khoe": national.health_book(seed),
        "toan_quoc_dan_so": residents.others(),
        "toan_quoc_thiet_bi": schooling.others(seed, school_devices),
    }
    frames["che_do_bao_cao"] = duty.submissions(seed, frames)
    return Demonstration(seed=seed, epidemic=epidemic, frames=frames)
