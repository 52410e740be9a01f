"""The reporting duty: forms on time, forms missing, fields filled and rows sent back."""

from __future__ import annotations

from analytics.indicators.model import WEEK, Formula, Indicator, Part, Term, Threshold, formulas, of

DUTY_SOURCE = "Sổ theo dõi chế độ báo cáo của tỉnh"
DUTY_VI = "Đếm theo biểu mẫu và ngày; biểu mẫu chưa tới hạn không tính."
DUTY_EN = "Counted by form and day; forms not yet due are left out."
ASKED_VI = "Nơi không có sổ theo dõi, ô bắt buộc là ô mà phần lớn báo cáo của biểu mẫu có điền."
ASKED_EN = "Without a register, the fields that most reports of a form state are taken as required."


def _share(
    id: str, vi: str, en: str, formula: Formula, definitions: tuple[str, str], limit: float,
    caveats: tuple[str, str] = (DUTY_VI, DUTY_EN),
) -> Indicator:  # fmt: skip
    return Indicator(
        id=id,
        theme="quality",
        vi=vi,
        en=en,
        definition_vi=definitions[0],
        definition_en=definitions[1],
        formulas=(formula,),
        window=WEEK,
        polarity="higher_is_better",
        measured_in_vi="%",
        measured_in_en="%",
        change_in="points",
        decimals=1,
        thresholds=(
            Threshold(
                at=limit,
                state="near",
                vi=f"mức {limit:.0f}%",
                en=f"mark of {limit:.0f}%",
                source="Chờ Ban Chỉ đạo tỉnh xác nhận",
                inclusive=False,
                to_confirm=True,
            ),
        ),
        cuts=(80.0, 90.0, 95.0, 99.0),
        reporting_delay_days=1,
        caveat_vi=caveats[0],
        caveat_en=caveats[1],
        source=DUTY_SOURCE,
    )


def _count(id: str, vi: str, en: str, term: Term, definitions: tuple[str, str], units: tuple[str, str]) -> Indicator:
    return Indicator(
        id=id,
        theme="quality",
        vi=vi,
        en=en,
        definition_vi=definitions[0],
        definition_en=definitions[1],
        formulas=formulas((term,)),
        window=WEEK,
        polarity="higher_is_worse",
        measured_in_vi=units[0],
        measured_in_en=units[1],
        decimals=0,
        reporting_delay_days=1,
        caveat_vi=DUTY_VI,
        caveat_en=DUTY_EN,
        source=DUTY_SOURCE,
    )


DUTY = (
    _share(
        "on_time_share",
        "Báo cáo đúng hạn",
        "Reports on time",
        Formula(of("submissions.on_time"), of("submissions.due"), 100),
        ("Báo cáo nhận đúng hạn trên báo cáo đến hạn, 7 ngày.", "Reports received on time over reports due, 7 days."),
        90.0,
    ),
    _share(
        "required_filled_share",
        "Ô bắt buộc đã điền",
        "Required fields filled",
        Formula(of("submissions.required_filled"), of("submissions.required_fields"), 100),
        (
            "Ô bắt buộc đã điền trên ô bắt buộc của các báo cáo đã nhận, 7 ngày.",
            "Required fields filled over required fields of the reports received, 7 days.",
        ),
        95.0,
        (f"{DUTY_VI} {ASKED_VI}", f"{DUTY_EN} {ASKED_EN}"),
    ),
    _count(
        "reports_missing",
        "Báo cáo chưa nhận",
        "Reports missing",
        Term((Part("submissions.due"), Part("submissions.received", sign=-1))),
        (
            "Báo cáo đã đến hạn trong 7 ngày mà chưa nhận được.",
            "Reports due in the last 7 days that have not come.",
        ),
        ("báo cáo", "reports"),
    ),
    _count(
        "rows_rejected",
        "Dòng bị trả lại",
        "Rows rejected",
        of("submissions.rows_rejected"),
        ("Số dòng báo cáo bị trả lại vì sai, 7 ngày.", "Rows of reports sent back as wrong, 7 days."),
        ("dòng", "rows"),
    ),
)
