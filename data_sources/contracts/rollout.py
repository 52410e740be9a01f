"""Which platform is live in which unit, since when, with how many people trained and accounts in use."""

from __future__ import annotations

from data_sources.contracts.common import DAY, UNIT, count
from data_sources.contracts.model import Choice, Column, Contract, Measure

PLATFORMS = (
    Choice(
        value="reporting",
        vi="Phần mềm báo cáo F0, F1, F2",
        en="Case reporting software",
        written_as=("phan mem bao cao", "bao cao f0 f1 f2", "phan mem bao cao f0 f1 f2"),
    ),
    Choice(
        value="vaccination",
        vi="Nền tảng tiêm chủng",
        en="Vaccination platform",
        written_as=("tiem chung", "nen tang quan ly tiem chung"),
    ),
    Choice(
        value="sampling",
        vi="Lấy mẫu và trả kết quả",
        en="Sampling and results platform",
        written_as=("lay mau", "xet nghiem", "lay mau xet nghiem", "nen tang lay mau"),
    ),
    Choice(value="tracing", vi="Hỗ trợ truy vết", en="Tracing support", written_as=("truy vet", "ho tro truy vet")),
    Choice(
        value="health_book",
        vi="Sổ Sức khỏe điện tử",
        en="E-health book",
        written_as=("so suc khoe", "so suc khoe dien tu", "sskdt"),
    ),
    Choice(value="declaration", vi="Khai báo y tế", en="Health declarations", written_as=("khai bao y te", "kbyt")),
    Choice(
        value="checkin", vi="Quét mã QR", en="QR check-in", written_as=("ma qr", "qr", "quet ma qr", "diem kiem dich")
    ),
    Choice(
        value="aid", vi="Zalo Connect", en="Zalo Connect", written_as=("zalo connect", "ket noi cuu tro", "cuu tro")
    ),
    Choice(
        value="schooling",
        vi="Học trực tuyến",
        en="Online schooling",
        written_as=("hoc truc tuyen", "day hoc truc tuyen"),
    ),
)
PLANNED_AHEAD_DAYS = 730
"""A plan reaches two years ahead at most; a later day is a slip of the keyboard."""


def _flag(name: str, expression: str, vi: str, en: str) -> Measure:
    return Measure(name=name, kind="stock", expression=expression, vi=vi, en=en)


ROLLOUT = Contract(
    dataset="rollout",
    vi="Triển khai nền tảng",
    en="Platform rollout",
    grain="platform x unit x day",
    key=("unit", "day", "platform"),
    renewed_rarely=True,
    columns=(
        UNIT,
        DAY,
        Column(
            name="platform",
            type="choice",
            vi="Nền tảng",
            en="Platform",
            required=True,
            choices=PLATFORMS,
            headers=("nen tang", "phan mem", "he thong"),
        ),
        Column(
            name="planned_on",
            type="day",
            vi="Ngày dự kiến",
            en="Planned on",
            ahead_days=PLANNED_AHEAD_DAYS,
            headers=("du kien", "ngay du kien", "ke hoach", "ngay ke hoach"),
        ),
        Column(
            name="started_on",
            type="day",
            vi="Ngày bắt đầu",
            en="Started on",
            headers=("bat dau", "ngay bat dau", "ngay trien khai", "trien khai tu"),
        ),
        count(
            "trained_staff",
            "Cán bộ đã tập huấn",
            "Trained staff",
            headers=("da tap huan", "so can bo tap huan", "tap huan"),
        ),
        count(
            "active_accounts",
            "Tài khoản hoạt động",
            "Active accounts",
            headers=("tai khoan", "so tai khoan", "tai khoan dung"),
        ),
    ),
    measures=(
        _flag(
            "planned",
            "CASE WHEN planned_on IS NOT NULL OR started_on IS NOT NULL THEN 1 END",
            "Nền tảng trong kế hoạch",
            "Platforms planned",
        ),
        _flag(
            "overdue",
            "CASE WHEN planned_on <= day AND COALESCE(started_on > day, TRUE) THEN 1"
            " WHEN COALESCE(planned_on, started_on) IS NOT NULL THEN 0 END",
            "Nền tảng quá hạn",
            "Platforms overdue",
        ),
        _flag(
            "started",
            "CASE WHEN started_on <= day THEN 1 WHEN COALESCE(planned_on, started_on) IS NOT NULL THEN 0 END",
            "Nền tảng đã chạy",
            "Platforms started",
        ),
        _flag("trained_staff", "trained_staff", "Cán bộ đã tập huấn", "Trained staff"),
        _flag("active_accounts", "active_accounts", "Tài khoản hoạt động", "Active accounts"),
    ),
    cuts=((), ("platform",)),
    shown=("unit", "day", "platform", "planned_on", "started_on", "trained_staff", "active_accounts"),
    example={
        "unit": "754",
        "day": "2021-08-29",
        "platform": "tracing",
        "planned_on": "2021-08-27",
        "started_on": "2021-08-27",
        "trained_staff": "46",
        "active_accounts": "38",
    },
)
