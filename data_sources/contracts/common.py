"""Columns and choices that several contracts share, so that one thing has one name everywhere."""

from __future__ import annotations

from data_sources.contracts.model import Choice, Column

UNIT = Column(
    name="unit",
    type="unit",
    vi="Đơn vị",
    en="Unit",
    required=True,
    headers=("don vi", "dia phuong", "quan huyen", "huyen", "tinh", "ma don vi", "district", "province"),
)
DAY = Column(
    name="day",
    type="day",
    vi="Ngày",
    en="Day",
    required=True,
    headers=("ngay bao cao", "ngay so lieu", "date"),
)

DETECTIONS = (
    Choice(value="community", vi="Cộng đồng", en="Community", written_as=("cd", "ngoai cong dong")),
    Choice(
        value="quarantine", vi="Khu cách ly", en="Quarantine", written_as=("cach ly", "kcl", "khu cach ly tap trung")
    ),
    Choice(value="locked_down_area", vi="Khu phong tỏa", en="Locked-down area", written_as=("phong toa", "kpt")),
    Choice(
        value="hospital_screening",
        vi="Sàng lọc tại cơ sở y tế",
        en="Hospital screening",
        written_as=("sang loc", "sang loc csyt", "sang loc benh vien"),
    ),
    Choice(value="arrival", vi="Nhập cảnh", en="Arrival", written_as=("nhap canh", "imported", "overseas inflow")),
    Choice(value="unknown", vi="Chưa phân loại", en="Not stated", written_as=("chua ro", "khong ro", "chua phan loai")),
)
DETECTION = Column(
    name="detection",
    type="choice",
    vi="Nơi phát hiện",
    en="Detected in",
    choices=DETECTIONS,
    default="unknown",
    headers=("noi phat hien", "phan loai", "nguon phat hien"),
)

SEXES = (
    Choice(value="female", vi="Nữ", en="Female", written_as=("nu", "f", "gai")),
    Choice(value="male", vi="Nam", en="Male", written_as=("m", "trai")),
    Choice(value="unknown", vi="Không rõ", en="Not stated", written_as=("khong ro", "chua ro")),
)

SITE_LONGITUDE = Column(
    name="longitude",
    type="number",
    vi="Kinh độ",
    en="Longitude",
    measured_in="độ",
    minimum=-180,
    maximum=180,
    headers=("kinh do", "lon", "lng"),
)
SITE_LATITUDE = Column(
    name="latitude",
    type="number",
    vi="Vĩ độ",
    en="Latitude",
    measured_in="độ",
    minimum=-90,
    maximum=90,
    headers=("vi do", "lat"),
)
"""Where a public site stands; the coordinates of people's places are declared with a grid instead."""

LARGEST_COUNT = 200_000_000
"""No count of one unit's day reaches twice the population of Vietnam; a larger one is a slip of the keyboard."""


def count(
    name: str,
    vi: str,
    en: str,
    *,
    required: bool = False,
    headers: tuple[str, ...] = (),
    correctable: bool = False,
) -> Column:
    """A whole number that may be missing; only a `correctable` one may be negative, as a correction of earlier days."""
    minimum = -LARGEST_COUNT if correctable else 0
    return Column(
        name=name,
        type="integer",
        vi=vi,
        en=en,
        required=required,
        headers=headers,
        minimum=minimum,
        maximum=LARGEST_COUNT,
    )


def percent(name: str, vi: str, en: str, *, minimum: float, maximum: float) -> Column:
    """A published percentage on the scale 0-100."""
    return Column(name=name, type="number", vi=vi, en=en, measured_in="%", minimum=minimum, maximum=maximum)
