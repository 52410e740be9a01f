"""The feeds the demonstration serves: for each, its dataset, address, format, headers and words.

`config.toml` beside this file declares the same headers and words from the reader's side; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

ISSUED_AT = "issued_at"


@dataclass(frozen=True, kw_only=True)
class Feed:
    """One feed as its owner publishes it."""

    name: str
    dataset: str
    path: str
    format: Literal["json", "csv"]
    headers: dict[str, str]
    """ours = theirs, in their order."""
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    """For a choice column: our value = their word."""
    delimiter: str = ","
    byte_order_mark: bool = False
    day_format: Literal["iso", "dd/mm/yyyy"] = "iso"
    grouped_numbers: bool = False
    """Whole numbers as 1.234, others with a decimal comma."""
    national: bool = False
    """Units are provinces, not districts."""


DETECTION_WORDS = {
    "community": "Cộng đồng",
    "quarantine": "Cách ly tập trung",
    "locked_down_area": "Khu phong tỏa",
    "hospital_screening": "Sàng lọc CSYT",
    "arrival": "Nhập cảnh",
    "unknown": "Chưa phân loại",
}
OUTCOME_WORDS = {
    "in_treatment": "Đang điều trị",
    "recovered": "Khỏi bệnh",
    "died": "Tử vong",
    "transferred": "Chuyển tỉnh khác",
}
SEVERITY_WORDS = {
    "asymptomatic": "Không triệu chứng",
    "mild": "Nhẹ",
    "moderate": "Trung bình",
    "severe": "Nặng",
    "critical": "Nguy kịch",
}
OCCUPATION_WORDS = {
    "worker": "Công nhân",
    "fisher": "Ngư dân",
    "trader": "Buôn bán",
    "driver": "Lái xe",
    "health_worker": "NVYT",
    "student": "Học sinh",
    "farmer": "Nông dân",
    "office": "Công chức, văn phòng",
    "other": "Khác",
}
EXPOSURE_WORDS = {
    "household": "Gia đình",
    "workplace": "Công ty, nhà máy",
    "market": "Chợ, cảng cá",
    "health_facility": "Cơ sở y tế",
    "travel": "Về từ vùng dịch",
    "other": "Khác",
    "unknown": "Chưa rõ nguồn",
}
GROUP_WORDS = {
    "F1": "F1",
    "F2": "F2",
    "health_worker": "NVYT",
    "suspect": "Ca nghi ngờ",
    "hospital_screening": "Sàng lọc bệnh viện",
    "community_screening": "Sàng lọc cộng đồng",
    "locked_down_area": "Khu phong tỏa",
    "quarantine": "Khu cách ly",
    "arrival": "Nhập cảnh",
}
PLACE_WORDS = {
    "home": "Nơi ở",
    "work": "Nơi làm việc",
    "market": "Chợ",
    "store": "Cửa hàng",
    "health": "Cơ sở y tế",
    "school": "Trường học",
    "food": "Quán ăn",
    "transport": "Bến xe",
    "worship": "Nơi thờ tự",
}
FOUND_BY_WORDS = {"interview": "Phỏng vấn", "qr": "Quét mã QR", "bluezone": "Bluezone"}

FEEDS = (
    Feed(
        name="phan_mem_ca_benh",
        dataset="cases",
        path="/api/cases",
        format="json",
        headers={
            "case_code": "ma_ca",
            "f_class": "loai_f",
            "source_case": "ma_ca_nguon",
            "unit": "quan_huyen",
            "commune": "xa_phuong",
            "day": "ngay",
            "detection": "noi_phat_hien",
            "onset": "ngay_khoi_phat",
            "sampled_at": "lay_mau_luc",
            "result_at": "ket_qua_luc",
            "isolated_at": "cach_ly_luc",
            "outcome": "ket_cuc",
            "outcome_day": "ngay_ket_cuc",
            "severity": "muc_do",
            "symptoms": "trieu_chung",
            "age": "tuoi",
            "sex": "gioi_tinh",
            "occupation": "nghe_nghiep",
            "exposure": "loai_tiep_xuc",
            "name": "ho_ten",
            "phone": "dien_thoai",
            "address": "dia_chi",
            "birth_date": "ngay_sinh",
            ISSUED_AT: ISSUED_AT,
        },
        words={
            "detection": DETECTION_WORDS,
            "outcome": OUTCOME_WORDS,
            "severity": SEVERITY_WORDS,
            "sex": {"female": "Nữ", "male": "Nam"},
            "occupation": OCCUPATION_WORDS,
            "exposure": EXPOSURE_WORDS,
        },
    ),
    Feed(
        name="bao_cao_ngay",
        dataset="case_counts",
        path="/api/case-counts",
        format="json",
        headers={
            "unit": "don_vi",
            "day": "ngay_bao_cao",
            "detection": "noi_phat_hien",
            "cases": "ca_moi",
            "deaths": "tu_vong",
            "recovered": "khoi_benh",
            ISSUED_AT: ISSUED_AT,
        },
        words={"detection": DETECTION_WORDS},
    ),
    Feed(
        name="xet_nghiem",
        dataset="tests",
        path="/api/tests",
        format="json",
        headers={
            "unit": "don_vi",
            "day": "ngay",
            "method": "phuong_phap",
            "target_group": "doi_tuong",
            "people_sampled": "so_nguoi_lay_mau",
            "samples": "so_mau",
            "results_returned": "da_tra_ket_qua",
            "positives": "duong_tinh",
            "result_hours_p50": "gio_cho_trung_vi",
            "result_hours_p90": "gio_cho_p90",
            ISSUED_AT: ISSUED_AT,
        },
        words={"method": {"pcr": "RT-PCR", "rapid": "Test nhanh"}, "target_group": GROUP_WORDS},
    ),
    Feed(
        name="truy_vet",
        dataset="traces",
        path="/api/traces",
        format="json",
        headers={
            "case_code": "ma_ca",
            "unit": "quan_huyen",
            "day": "ngay",
            "traced_at": "truy_vet_luc",
            "found_by": "nguon",
            "contacts_found": "so_f1",
            "needs_movement_map": "can_ban_do",
            ISSUED_AT: ISSUED_AT,
        },
        words={"found_by": FOUND_BY_WORDS},
    ),
    Feed(
        name="vet_di_chuyen",
        dataset="trail_points",
        path="/api/trail-points",
        format="json",
        headers={
            "case_code": "ma_ca",
            "visited_at": "thoi_diem",
            "longitude": "kinh_do",
            "latitude": "vi_do",
            "place_kind": "loai_noi",
            "point_source": "nguon",
            ISSUED_AT: ISSUED_AT,
        },
        words={"place_kind": PLACE_WORDS, "point_source": FOUND_BY_WORDS},
    ),
    Feed(
        name="khu_cach_ly",
        dataset="quarantine_sites",
        path="/api/quarantine-sites",
        format="json",
        headers={
            "unit": "don_vi",
            "day": "ngay",
            "site": "ten_khu",
            "site_kind": "hinh_thuc",
            "capacity": "suc_chua",
            "present": "dang_cach_ly",
            "arrived": "moi_vao",
            "left": "hoan_thanh",
            "f0_found": "so_f0",
            ISSUED_AT: ISSUED_AT,
        },
        words={"site_kind": {"site": "Tập trung", "home": "Tại nhà"}},
    ),
    Feed(
        name="tiem_chung",
        dataset="vaccination",
        path="/files/tiem-chung.csv",
        format="csv",
        headers={
            "unit": "Địa phương",
            "day": "Ngày tiêm",
            "dose_number": "Mũi số",
            "age_group": "Nhóm tuổi",
            "vaccine": "Loại vắc xin",
            "doses_given": "Số mũi đã tiêm",
            "doses_entered": "Số mũi đã nhập hệ thống",
            "people_first": "Người tiêm mũi 1",
            "people_full": "Người tiêm đủ liều",
            "people_booster": "Người tiêm nhắc",
            "stock_received": "Vắc xin nhận",
            "stock_left": "Vắc xin còn",
            ISSUED_AT: "Cập nhật lúc",
        },
        words={
            "dose_number": {"1": "Mũi 1", "2": "Mũi 2", "3": "Mũi nhắc", "all": "Tất cả"},
            "age_group": {
                "12-17": "12-17 tuổi",
                "18-49": "18-49 tuổi",
                "50-64": "50-64 tuổi",
                "65+": "Từ 65 tuổi",
                "all": "Tất cả",
            },
        },
        delimiter=";",
        byte_order_mark=True,
        day_format="dd/mm/yyyy",
        grouped_numbers=True,
    ),
    Feed(
        name="so_suc_khoe",
        dataset="health_book",
        path="/files/so-suc-khoe.csv",
        format="csv",
        headers={
            "unit": "Đơn vị",
            "day": "Ngày",
            "installs": "Số máy cài",
            "active": "Đang hoạt động",
            ISSUED_AT: "Cập nhật lúc",
        },
        day_format="dd/mm/yyyy",
        grouped_numbers=True,
    ),
    Feed(
        name="di_bien_dong",
        dataset="mobility",
        path="/files/di-bien-dong.csv",
        format="csv",
        headers={
            "unit": "district",
            "day": "date",
            "active_subscribers": "active",
            "stationary_subscribers": "single_locality",
            "known_home_subscribers": "known_home",
            "out_of_home_subscribers": "out_of_home",
            ISSUED_AT: "generated_at",
        },
    ),
    Feed(
        name="dan_so",
        dataset="population",
        path="/files/dan-so.csv",
        format="csv",
        headers={
            "unit": "Quận huyện",
            "day": "Thời điểm",
            "residents": "Dân số",
            "residents_18_plus": "Dân số từ 18 tuổi",
            "residents_65_plus": "Dân số từ 65 tuổi",
            ISSUED_AT: "Cập nhật lúc",
        },
        day_format="dd/mm/yyyy",
        grouped_numbers=True,
    ),
    Feed(
        name="toan_quoc_ca_benh",
        dataset="case_counts",
        path="/files/toan-quoc/ca-benh.csv",
        format="csv",
        headers={
            "unit": "Tỉnh thành",
            "day": "Ngày",
            "detection": "Phân loại",
            "cases": "Ca mắc mới",
            "deaths": "Tử vong",
            "recovered": "Khỏi bệnh",
            ISSUED_AT: "Cập nhật lúc",
        },
        words={"detection": DETECTION_WORDS},
        delimiter=";",
        day_format="dd/mm/yyyy",
        grouped_numbers=True,
        national=True,
    ),
    Feed(
        name="toan_quoc_tiem_chung",
        dataset="vaccination",
        path="/files/toan-quoc/tiem-chung.csv",
        format="csv",
        headers={
            "unit": "Tỉnh thành",
            "day": "Ngày",
            "doses_given": "Đã tiêm",
            "doses_entered": "Đã nhập",
            "people_first": "Người tiêm mũi 1",
            "people_full": "Người tiêm đủ liều",
            "people_booster": "Người tiêm nhắc",
            ISSUED_AT: "Cập nhật lúc",
        },
        day_format="dd/mm/yyyy",
        national=True,
    ),
    Feed(
        name="toan_quoc_so_suc_khoe",
        dataset="health_book",
        path="/files/toan-quoc/so-suc-khoe.csv",
        format="csv",
        headers={"unit": "Tỉnh thành", "day": "Ngày", "installs": "Số máy cài", ISSUED_AT: "Cập nhật lúc"},
        day_format="dd/mm/yyyy",
        grouped_numbers=True,
        national=True,
    ),
    Feed(
        name="toan_quoc_dan_so",
        dataset="population",
        path="/files/toan-quoc/dan-so.csv",
        format="csv",
        headers={
            "unit": "Tỉnh thành",
            "day": "Thời điểm",
            "residents": "Dân số",
            "residents_18_plus": "Dân số từ 18 tuổi",
            "residents_65_plus": "Dân số từ 65 tuổi",
            ISSUED_AT: "Cập nhật lúc",
        },
        day_format="dd/mm/yyyy",
        national=True,
    ),
)
BY_PATH = {feed.path: feed for feed in FEEDS}
BY_NAME = {feed.name: feed for feed in FEEDS}
