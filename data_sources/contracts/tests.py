"""Samples, results and positives by unit, day, method and target group."""

from __future__ import annotations

from data_sources.contracts.common import DAY, UNIT, count
from data_sources.contracts.model import Choice, Column, Contract, Measure

METHODS = (
    Choice(
        value="rapid",
        vi="Xét nghiệm nhanh",
        en="Rapid antigen",
        written_as=("test nhanh", "nhanh", "rtk-ag", "khang nguyen"),
    ),
    Choice(value="pcr", vi="PCR", en="PCR", written_as=("rt-pcr", "realtime pcr", "rt pcr")),
    Choice(value="unknown", vi="Không rõ phương pháp", en="Method not stated", written_as=("khong ro",)),
)
TARGET_GROUPS = (
    Choice(value="F1", vi="F1", en="F1"),
    Choice(value="F2", vi="F2", en="F2"),
    Choice(value="health_worker", vi="Nhân viên y tế", en="Health worker", written_as=("nvyt",)),
    Choice(value="suspect", vi="Ca nghi ngờ", en="Suspect", written_as=("nghi ngo",)),
    Choice(
        value="hospital_screening",
        vi="Sàng lọc bệnh viện",
        en="Hospital screening",
        written_as=("sang loc benh vien", "sang loc csyt"),
    ),
    Choice(
        value="community_screening",
        vi="Sàng lọc cộng đồng",
        en="Community screening",
        written_as=("sang loc cong dong", "cong dong"),
    ),
    Choice(value="locked_down_area", vi="Khu phong tỏa", en="Locked-down area", written_as=("phong toa",)),
    Choice(value="quarantine", vi="Khu cách ly", en="Quarantine", written_as=("cach ly",)),
    Choice(value="arrival", vi="Nhập cảnh", en="Arrival", written_as=("nhap canh",)),
    Choice(value="other", vi="Khác", en="Other", written_as=("khac",)),
    Choice(value="all", vi="Mọi đối tượng", en="All groups", written_as=("tong", "tat ca")),
)


def _weighted(column: str, which_vi: str, which_en: str) -> Measure:
    """A published quantile times the results it is of: what can be added, where quantiles cannot."""
    return Measure(
        name=f"{column}_weighted",
        kind="flow",
        expression=f"{column} * results_returned",
        vi=f"Giờ chờ ({which_vi}) nhân số kết quả",
        en=f"Hours to result ({which_en}) times results",
    )


def _with_hours(column: str, which_vi: str, which_en: str) -> Measure:
    return Measure(
        name=f"results_with_{column}",
        kind="flow",
        expression=f"CASE WHEN {column} IS NOT NULL THEN results_returned END",
        vi=f"Kết quả có ghi giờ chờ ({which_vi})",
        en=f"Results with hours ({which_en})",
    )


TESTS = Contract(
    dataset="tests",
    vi="Lấy mẫu và kết quả xét nghiệm",
    en="Sampling and results",
    grain="unit x day x method x target group",
    key=("unit", "day", "method", "target_group"),
    columns=(
        UNIT,
        DAY,
        Column(
            name="method",
            type="choice",
            vi="Phương pháp",
            en="Method",
            choices=METHODS,
            default="unknown",
            headers=("phuong phap",),
        ),
        Column(
            name="target_group",
            type="choice",
            vi="Đối tượng",
            en="Target group",
            choices=TARGET_GROUPS,
            default="all",
            headers=("doi tuong", "nhom doi tuong"),
        ),
        count("people_sampled", "Người được lấy mẫu", "People sampled", headers=("so nguoi", "nguoi lay mau")),
        count("samples", "Mẫu", "Samples", headers=("so mau", "tong so mau")),
        count("results_returned", "Kết quả đã trả", "Results returned", headers=("da co ket qua", "ket qua")),
        count("positives", "Dương tính", "Positives", headers=("duong tinh", "so duong tinh", "mau duong tinh")),
        Column(
            name="result_hours_p50",
            type="number",
            vi="Giờ chờ kết quả (trung vị)",
            en="Hours to result (median)",
            measured_in="giờ",
            minimum=0,
            maximum=720,
            headers=("gio cho trung vi", "thoi gian tra ket qua"),
        ),
        Column(
            name="result_hours_p90",
            type="number",
            vi="Giờ chờ kết quả (p90)",
            en="Hours to result (p90)",
            measured_in="giờ",
            minimum=0,
            maximum=1440,
        ),
    ),
    measures=(
        Measure(
            name="people_sampled",
            kind="flow",
            expression="people_sampled",
            vi="Người được lấy mẫu",
            en="People sampled",
        ),
        Measure(name="samples", kind="flow", expression="samples", vi="Mẫu", en="Samples"),
        Measure(
            name="results_returned",
            kind="flow",
            expression="results_returned",
            vi="Kết quả đã trả",
            en="Results returned",
        ),
        Measure(name="positives", kind="flow", expression="positives", vi="Dương tính", en="Positives"),
        _weighted("result_hours_p50", "trung vị", "median"),
        _weighted("result_hours_p90", "p90", "p90"),
        _with_hours("result_hours_p50", "trung vị", "median"),
        _with_hours("result_hours_p90", "p90", "p90"),
    ),
    cuts=((), ("method",), ("target_group",), ("method", "target_group")),
    not_above=(("positives", "results_returned"),),
    example={
        "unit": "747",
        "day": "2021-08-21",
        "method": "pcr",
        "target_group": "F1",
        "people_sampled": "410",
        "samples": "395",
        "results_returned": "388",
        "positives": "11",
        "result_hours_p50": "18",
    },
)
