"""Slides of every kind, with what is hardest to draw: long titles, gaps, islands, holes, levels, many rows."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from analytics.briefing.model import (
    Band,
    Briefing,
    Cell,
    Curve,
    Fault,
    Legend,
    Line,
    Map,
    MapUnit,
    Note,
    Slide,
    Statement,
    Table,
    Tile,
    Tiles,
)
from analytics.outlines import Inset, Outline, Outlines
from analytics.wording import TIME_ZONE

DAY = date(2021, 8, 29)
LONG = (
    "Số ca mắc mới trung bình bảy ngày tăng nhanh ở Thành phố Vũng Tàu, Thị xã Phú Mỹ, huyện Long Điền và huyện "
    "Xuyên Mộc, trong khi tỷ lệ dương tính vượt ngưỡng rất nguy hiểm ở năm trên tám đơn vị của toàn tỉnh"
)
FORMULA = "=HYPERLINK(1)"
"""What a spreadsheet must take as text."""


def tile(number: int = 1, **changed: object) -> Tile:
    """A figure; every third is past its threshold, every fourth missing."""
    missing = number % 4 == 0
    told: dict[str, object] = {
        "indicator": f"indicator_{number}",
        "unit": "77",
        "label": f"Chỗ cách ly tập trung đang dùng, số {number}",
        "value": None if missing else 1100.5 + number,
        "written": "–" if missing else f"1.{100 + number},5",
        "measured_in": "chưa có báo cáo" if missing else "mẫu/100.000 dân",
        "state": "past" if number % 3 == 0 else "ok",
        "state_word": "Vượt ngưỡng" if number % 3 == 0 else "Trong ngưỡng",
        "limit": "ngưỡng 80% công suất",
        "change": "tăng 11,3 điểm so với 7 ngày trước",
        "trend": "up",
        "judgement": "worse",
        "quality": "8/8 đơn vị · 4 giờ trước · tạm tính",
        "recent": tuple(None if place in (5, 6) else 10.0 + place * number % 7 for place in range(28)),
        "provisional": (False,) * 25 + (True,) * 3,
    }
    return Tile(**{**told, **changed})  # type: ignore[arg-type]


def square(x: float, y: float, side: float) -> tuple[tuple[float, float], ...]:
    """A ring of four corners."""
    return ((x, y), (x + side, y), (x + side, y + side), (x, y + side))


def outlines() -> Outlines:
    """Four units: one with a hole that another fills, one of two parts, one an island in an inset."""
    units = (
        Outline("1", ((square(20, 20, 460), square(150, 150, 200)),), 90, 90, 60),
        Outline("2", ((square(150, 150, 200),),), 250, 250, 100),
        Outline("3", ((square(520, 20, 440),), (square(520, 500, 120),)), 740, 240, 220),
        Outline("4", ((square(860, 690, 60),),), 890, 720, 30, inset=True),
    )
    return Outlines(1000.0, 800.0, units, (Inset("4", 815.0, 630.0, 170.0, 150.0, 180),), ())


def drawn_map() -> Map:
    """A map with a class of levels, a reported 0 and a unit without data."""
    return Map(
        units=(
            MapUnit("1", "Huyện Châu Đức", "data-1", 6.9, "6,9"),
            MapUnit("2", "TP Bà Rịa", "data-5", 96.5, "96,5"),
            MapUnit("3", "TX Phú Mỹ", "none", None, "–"),
            MapUnit("4", "Côn Đảo", "zero", 0.0, "0"),
        ),
        legend=(Legend("zero", "0"), Legend("data-1", "dưới 10"), Legend("data-5", "từ 50"), Legend("none", "chưa có")),
        laid=outlines(),
        inset_notes=(("4", "cách bờ 180 km"),),
    )


def levels() -> Map:
    """Official levels without any outline: boxes in the official colours."""
    units = tuple(MapUnit(str(n), f"Đơn vị {n}", f"level-{1 + n % 4}", 1.0 + n % 4, str(1 + n % 4)) for n in range(9))
    nothing = Outlines(1000.0, 1000.0, (), (), tuple(unit.code for unit in units))
    return Map(units, (Legend("level-1", "1 · bình thường mới"), Legend("level-4", "4 · rất cao")), nothing, ())


def table(rows: int) -> Table:
    """A ranking with a bar, states, judgements and cells without a figure."""
    body = tuple(
        (
            Cell(str(n), float(n)),
            Cell(f"Huyện số {n} Ếch Ộp"),
            Cell(f"{n * 3},5", n * 3 + 0.5, "past" if n == 1 else "none"),
            Cell(f"tăng {n}%", float(n), judgement="worse") if n % 5 else Cell("chưa rõ xu hướng"),
        )
        for n in range(1, rows + 1)
    )
    heads = ("", "Đơn vị", "ca/100.000 dân/tuần", "Thay đổi so với tuần trước")
    return Table(heads, body, figures=(0, 2, 3), bar=2, note="Chưa báo cáo: Côn Đảo.")


def curve(*, columns: bool = True, count: int = 60) -> Curve:
    """Columns, a mean with a gap and two limits; the last three days are provisional."""
    days = tuple(DAY - timedelta(days=back) for back in range(count - 1, -1, -1))
    values = tuple(None if 20 <= place < 25 else 10.0 + place % 9 for place in range(count))
    mean = tuple(None if value is None else value * 0.9 for value in values)
    drawn = [Line("Ca mới mỗi ngày", values, "columns")] if columns else []
    drawn += [
        Line("Trung bình 7 ngày", mean),
        Line("ngưỡng 12 ca", (12.0,) * count, "limit", "near"),
        Line("ngưỡng 16 ca", (16.0,) * count, "limit", "past"),
    ]
    bands = (Band("Chỉ thị 16", date(2021, 7, 19), None), Band("Giãn cách", date(2021, 6, 1), date(2021, 7, 20)))
    return Curve(days, tuple(drawn), (False,) * (count - 3) + (True,) * 3, "ca/ngày", 1, bands, "3 ngày cuối tạm tính.")


def note(indicator: str = "cases_new") -> Note:
    """What stands behind a figure."""
    return Note(
        indicator, "Ca mắc mới", "Số ca có kết quả dương tính.", "Đặc tả báo cáo quốc gia", "8/8 đơn vị", "Còn bổ sung."
    )


SAID = (
    Statement("Long Điền 96,5, gấp đôi tuần trước; còn 54 ca/100.000 nữa là lên cấp 4.", "past"),
    Statement("Năm đơn vị dưới 20, Côn Đảo không có ca.", "near"),
    Statement(FORMULA),
)


def slides() -> tuple[Slide, ...]:
    """One slide of each kind and each hard case."""
    return (
        Slide("one", "Một số", "Một chỉ số", "Bà Rịa, 29/8/2021", (Tiles((tile(),)),), SAID[:1], (note(),)),
        Slide("eight", "Tám số", LONG, "Bà Rịa", (Tiles(tuple(tile(n) for n in range(1, 9))),), SAID, (note(),)),
        Slide("map", "Bản đồ", "Ca mới tập trung ở Bà Rịa", "8/8 đơn vị", (drawn_map(),), SAID, (note("incidence"),)),
        Slide("levels", "Bản đồ", "Cấp độ dịch", "", (levels(),)),
        Slide("table", "Xếp hạng: [2021]/tháng 8 của toàn tỉnh", "Xếp hạng", "29/8/2021", (table(20),), (), (note(),)),
        Slide("long", "Xếp hạng", "Tám mươi xã", "", (table(80),)),
        Slide("curve", "Ca bệnh", "Ca mới tăng 18%", "60 ngày", (Tiles((tile(1), tile(2))), curve()), SAID, (note(),)),
        Slide("line", "Xét nghiệm", "Đi ngang", "60 ngày", (curve(columns=False),)),
        Slide("said", "Quyết định", "Ba việc", "", (), SAID),
        Slide("gone", "Mưa", "Mưa: chưa có số liệu", "", missing="Bản này chưa có số liệu mưa. Xem trang Nguồn."),
    )


def sample(*made: Slide, **changed: object) -> Briefing:
    """A briefing of these slides, of every kind where none is given."""
    told: dict[str, object] = {
        "release_id": "20210829T180000-1a2b3c4d5e6f",
        "title": "Báo cáo tình hình dịch",
        "place": "Tỉnh Bà Rịa - Vũng Tàu",
        "day": DAY,
        "as_of": datetime(2021, 8, 29, 14, 5, tzinfo=TIME_ZONE),
        "history": False,
        "stamp": "Số liệu đến 14:05 ngày 29/8/2021",
        "demonstration": "Dữ liệu minh họa",
        "language": "vi",
        "slides": made or slides(),
        "faults": (Fault(7, "Dòng 7: không có chỉ số mưa"),),
    }
    return Briefing(**{**told, **changed})  # type: ignore[arg-type]
