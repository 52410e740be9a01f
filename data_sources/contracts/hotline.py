"""Calls to the province's hotlines by unit, day and topic."""

from __future__ import annotations

from data_sources.contracts.common import DAY, UNIT, count
from data_sources.contracts.model import Choice, Column, Contract, Measure

TOPICS = (
    Choice(
        value="symptoms",
        vi="Triệu chứng, F0 tại nhà",
        en="Symptoms and illness",
        written_as=("trieu chung", "suc khoe", "tu van suc khoe", "y te", "cap cuu"),
    ),
    Choice(value="testing", vi="Xét nghiệm", en="Testing", written_as=("xet nghiem", "lay mau", "ket qua xet nghiem")),
    Choice(
        value="vaccination", vi="Tiêm chủng", en="Vaccination", written_as=("tiem chung", "vac xin", "tiem vac xin")
    ),
    Choice(
        value="quarantine",
        vi="Cách ly, phong tỏa",
        en="Quarantine and lock-down",
        written_as=("cach ly", "phong toa", "cach ly phong toa"),
    ),
    Choice(
        value="travel",
        vi="Đi lại, giấy đi đường",
        en="Travel and passes",
        written_as=("di lai", "giay di duong", "luong xanh", "di duong"),
    ),
    Choice(
        value="aid",
        vi="Hỗ trợ, an sinh",
        en="Aid and relief",
        written_as=("ho tro", "an sinh", "luong thuc", "cuu tro", "an sinh xa hoi"),
    ),
    Choice(
        value="report",
        vi="Phản ánh vi phạm",
        en="Reports of breaches",
        written_as=("phan anh", "vi pham", "to giac", "phan anh vi pham"),
    ),
    Choice(value="other", vi="Khác", en="Other", written_as=("khac", "chua ro", "khong ro")),
    Choice(value="all", vi="Mọi chủ đề", en="All topics", written_as=("tong", "tat ca", "tong cong")),
)
LONGEST_WAIT_SECONDS = 7200
"""Nobody waits two hours on a telephone; a longer time is milliseconds or a clock."""


def _seconds(name: str, vi: str, en: str, headers: tuple[str, ...]) -> Column:
    return Column(
        name=name,
        type="number",
        vi=vi,
        en=en,
        measured_in="giây",
        minimum=0,
        maximum=LONGEST_WAIT_SECONDS,
        headers=headers,
    )


def _weighted(quantile: str, vi: str, en: str) -> tuple[Measure, Measure]:
    """A published quantile cannot be added up: its product with the calls it is of, and those calls, can."""
    column = f"waiting_seconds_{quantile}"
    return (
        Measure(
            name=f"waiting_{quantile}_seconds_by_answered",
            kind="flow",
            expression=f"{column} * answered",
            vi=f"Giây chờ ({vi}) nhân cuộc đã nghe",
            en=f"Seconds waited ({en}) times calls answered",
        ),
        Measure(
            name=f"answered_with_waiting_{quantile}",
            kind="flow",
            expression=f"CASE WHEN {column} IS NOT NULL THEN answered END",
            vi=f"Cuộc đã nghe có ghi giây chờ ({vi})",
            en=f"Calls answered whose wait ({en}) is stated",
        ),
    )


HOTLINE = Contract(
    dataset="hotline",
    vi="Đường dây nóng",
    en="Hotline",
    grain="unit x day x topic",
    key=("unit", "day", "topic"),
    columns=(
        UNIT,
        DAY,
        Column(
            name="topic",
            type="choice",
            vi="Chủ đề",
            en="Topic",
            choices=TOPICS,
            default="all",
            headers=("chu de", "noi dung", "nhom noi dung", "linh vuc"),
        ),
        count("calls", "Cuộc gọi đến", "Calls", required=True, headers=("so cuoc goi", "cuoc goi", "tong cuoc goi")),
        count("answered", "Cuộc đã nghe", "Answered", headers=("da nghe", "da tra loi", "cuoc tra loi", "tiep nhan")),
        _seconds(
            "waiting_seconds_p50",
            "Giây chờ (trung vị)",
            "Seconds waited (median)",
            ("thoi gian cho trung vi", "giay cho trung vi", "cho trung vi giay"),
        ),
        _seconds(
            "waiting_seconds_p90",
            "Giây chờ (p90)",
            "Seconds waited (p90)",
            ("thoi gian cho p90", "giay cho p90"),
        ),
        count(
            "passed_on_for_aid",
            "Chuyển cứu trợ",
            "Passed on for aid",
            headers=("chuyen cuu tro", "chuyen ho tro", "chuyen tiep te"),
        ),
    ),
    measures=(
        Measure(name="calls", kind="flow", expression="calls", vi="Cuộc gọi đến", en="Calls"),
        Measure(name="answered", kind="flow", expression="answered", vi="Cuộc đã nghe", en="Calls answered"),
        *_weighted("p50", "trung vị", "median"),
        *_weighted("p90", "p90", "p90"),
        Measure(
            name="passed_on_for_aid",
            kind="flow",
            expression="passed_on_for_aid",
            vi="Chuyển cứu trợ",
            en="Passed on for aid",
        ),
    ),
    cuts=((), ("topic",)),
    not_above=(
        ("answered", "calls"),
        ("passed_on_for_aid", "answered"),
        ("waiting_seconds_p50", "waiting_seconds_p90"),
    ),
    example={
        "unit": "747",
        "day": "2021-08-21",
        "topic": "aid",
        "calls": "182",
        "answered": "161",
        "waiting_seconds_p50": "24",
        "waiting_seconds_p90": "95",
        "passed_on_for_aid": "57",
    },
)
