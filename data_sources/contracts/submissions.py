"""The reporting duty: which form was due from which unit for which day, when it came, and how good it was."""

from __future__ import annotations

from data_sources.contracts.common import DAY, UNIT, count
from data_sources.contracts.model import Choice, Column, Contract, Measure

FORMS = (
    Choice(value="case_counts", vi="Báo cáo ca bệnh ngày", en="Daily cases", written_as=("ca benh",)),
    Choice(value="tests", vi="Báo cáo xét nghiệm", en="Tests", written_as=("xet nghiem",)),
    Choice(value="vaccination", vi="Báo cáo tiêm chủng", en="Vaccination", written_as=("tiem chung",)),
    Choice(value="health_book", vi="Báo cáo Sổ Sức khỏe điện tử", en="E-health book", written_as=("so suc khoe",)),
    Choice(value="quarantine_sites", vi="Báo cáo khu cách ly", en="Quarantine sites", written_as=("khu cach ly",)),
    Choice(value="treatment", vi="Báo cáo điều trị", en="Treatment", written_as=("dieu tri",)),
    Choice(value="declarations", vi="Báo cáo khai báo y tế", en="Health declarations", written_as=("khai bao y te",)),
    Choice(value="hotline", vi="Báo cáo đường dây nóng", en="Hotline", written_as=("duong day nong",)),
    Choice(value="devices", vi="Báo cáo máy tính cho em", en="Devices for pupils", written_as=("may tinh cho em",)),
    Choice(value="mobility", vi="Báo cáo di biến động", en="Mobility", written_as=("di bien dong",)),
    Choice(value="tracing_counts", vi="Báo cáo QR và Bluezone", en="QR and Bluezone", written_as=("qr bluezone",)),
    Choice(value="other", vi="Báo cáo khác", en="Other report", written_as=("khac",)),
)
"""Forms by the dataset they carry."""

SUBMISSIONS = Contract(
    dataset="submissions",
    vi="Chế độ báo cáo",
    en="Reporting duty",
    grain="form x unit x day",
    key=("form", "unit", "day"),
    columns=(
        Column(
            name="form",
            type="choice",
            vi="Biểu mẫu",
            en="Form",
            required=True,
            choices=FORMS,
            headers=("bieu mau", "mau", "loai bao cao"),
        ),
        UNIT,
        DAY,
        Column(
            name="due_at", type="time", vi="Hạn gửi", en="Due at", required=True, headers=("han gui", "han bao cao")
        ),
        Column(name="received_at", type="time", vi="Nhận lúc", en="Received at", headers=("nhan luc", "ngay nhan")),
        count("rows", "Số dòng", "Rows", headers=("so dong",)),
        count("required_fields", "Ô bắt buộc", "Required fields", headers=("o bat buoc", "truong bat buoc")),
        count(
            "required_filled",
            "Ô bắt buộc đã điền",
            "Required fields filled",
            headers=("o bat buoc da dien", "truong bat buoc da dien"),
        ),
        count("rows_rejected", "Dòng bị trả lại", "Rows rejected", headers=("dong loi", "dong bi tra lai")),
    ),
    measures=(
        Measure(name="due", kind="flow", expression="1", vi="Báo cáo đến hạn", en="Reports due"),
        Measure(
            name="received",
            kind="flow",
            expression="CASE WHEN received_at IS NOT NULL THEN 1 ELSE 0 END",
            vi="Báo cáo đã nhận",
            en="Reports received",
        ),
        Measure(
            name="on_time",
            kind="flow",
            expression="CASE WHEN received_at <= due_at THEN 1 ELSE 0 END",
            vi="Báo cáo đúng hạn",
            en="Reports on time",
        ),
        Measure(name="rows", kind="flow", expression='"rows"', vi="Số dòng", en="Rows"),
        Measure(
            name="required_fields", kind="flow", expression="required_fields", vi="Ô bắt buộc", en="Required fields"
        ),
        Measure(
            name="required_filled",
            kind="flow",
            expression="required_filled",
            vi="Ô bắt buộc đã điền",
            en="Required fields filled",
        ),
        Measure(
            name="rows_rejected", kind="flow", expression="rows_rejected", vi="Dòng bị trả lại", en="Rows rejected"
        ),
    ),
    cuts=((), ("form",)),
    line_list=True,
    not_above=(("required_filled", "required_fields"),),
    shown=(
        "form",
        "unit",
        "day",
        "due_at",
        "received_at",
        "rows",
        "required_fields",
        "required_filled",
        "rows_rejected",
    ),
    example={
        "form": "case_counts",
        "unit": "752",
        "day": "2021-08-21",
        "due_at": "2021-08-21T20:30:00+07:00",
        "received_at": "2021-08-21T19:05:00+07:00",
        "rows": "4",
        "required_fields": "12",
        "required_filled": "12",
        "rows_rejected": "0",
    },
)
