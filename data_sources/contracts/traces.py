"""Traced cases: one row for each F0 whose contacts were looked for."""

from __future__ import annotations

from data_sources.contracts.common import DAY, UNIT, count
from data_sources.contracts.model import Choice, Column, Contract, Measure

FOUND_BY = (
    Choice(value="bluezone", vi="Bluezone", en="Bluezone"),
    Choice(value="qr", vi="Mã QR", en="QR check-in", written_as=("qr code", "quet ma")),
    Choice(value="interview", vi="Phỏng vấn", en="Interview", written_as=("phong van", "dieu tra")),
    Choice(value="unknown", vi="Không rõ", en="Not stated", written_as=("khong ro",)),
)

TRACES = Contract(
    dataset="traces",
    vi="F0 đã truy vết",
    en="Traced cases",
    grain="traced F0",
    key=("case_code",),
    columns=(
        Column(
            name="case_code", type="person", vi="Mã ca", en="Case code", required=True, headers=("ma ca", "patient_id")
        ),
        UNIT,
        DAY,
        Column(name="traced_at", type="time", vi="Truy vết lúc", en="Traced at", headers=("truy vet luc",)),
        Column(
            name="found_by",
            type="choice",
            vi="Cách tìm",
            en="Found by",
            choices=FOUND_BY,
            default="unknown",
            headers=("cach truy vet", "nguon"),
        ),
        count("contacts_found", "F1 tìm được", "Contacts found", headers=("so f1", "so tiep xuc", "contact_number")),
        Column(
            name="needs_movement_map",
            type="boolean",
            vi="Cần bản đồ di chuyển",
            en="Needs a movement map",
            headers=("can ban do", "can ban do di chuyen"),
        ),
    ),
    measures=(
        Measure(name="traced_f0", kind="flow", expression="1", vi="F0 đã truy vết", en="Traced F0"),
        Measure(name="f1_found", kind="flow", expression="contacts_found", vi="F1 tìm được", en="F1 found"),
        Measure(
            name="f0_with_contacts_stated",
            kind="flow",
            expression="CASE WHEN contacts_found IS NOT NULL THEN 1 END",
            vi="F0 có ghi số F1",
            en="F0 whose number of contacts is stated",
        ),
        Measure(
            name="f0_needing_map",
            kind="flow",
            expression="CASE WHEN needs_movement_map THEN 1 END",
            vi="F0 cần bản đồ di chuyển",
            en="F0 needing a movement map",
        ),
        Measure(
            name="f0_without_contact",
            kind="flow",
            expression="CASE WHEN contacts_found = 0 THEN 1 END",
            vi="F0 chưa có F1 nào",
            en="F0 with no contact listed",
        ),
    ),
    cuts=((), ("found_by",)),
    line_list=True,
    joins=True,
    example={
        "case_code": "BRVT-000123",
        "unit": "747",
        "day": "2021-08-21",
        "found_by": "interview",
        "contacts_found": "3",
        "needs_movement_map": "true",
    },
)
