"""Free text that would name or reach a person is found; what only looks like it is left alone."""

from __future__ import annotations

import pytest

from data_sources.personal_text import find_personal


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Gọi 0912345678 để biết", "phone"),
        ("liên hệ 091.234.5678", "phone"),
        ("+84 912 345 678", "phone"),
        ("(0254) 3 852 345", "phone"),
        ("０９１２３４５６７８", "phone"),
        ("09\u200b12345678", "phone"),
        ("09–1234–5678", "phone"),
        ("CCCD 077199001234", "identity"),
        ("CMND 273 123 456", "identity"),
        ("hộ chiếu C1234567", "identity"),
        ("thẻ DN4797912345678", "identity"),
        ("số tài khoản 1903 1234 5678 90", "identity"),
        ("gửi tram.yte@example.vn", "mail"),
        ("https://example.vn/f0/0912345678", "phone"),
    ],
)
def test_found(text: str, kind: str) -> None:
    found = find_personal(text)
    assert found is not None
    assert found.kind == kind
    assert len(found.shown) <= 4


@pytest.mark.parametrize(
    "text",
    [
        "Chỉ thị 16 từ 18/7/2021, theo 08/CT-UBND",
        "Hỗ trợ 1.500.000.000 đồng cho 123.456.789 lượt",
        "Đường dây nóng 1022, 1900 9095 và 115",
        "https://baochinhphu.vn/chi-thi-16-102296456789.htm",
        "Tiêm 12.345 mũi ngày 29/8/2021 18:00, lô 20210829",
        "F0 tại chợ Long Điền; 5K; vắc xin AZD1222",
    ],
)
def test_left_alone(text: str) -> None:
    assert find_personal(text) is None
