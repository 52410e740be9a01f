"""Health declarations: how many, how many with symptoms, whether those were checked, and a signal above expected."""

from __future__ import annotations

from analytics.indicators.methods import ChangeOnWeekday
from analytics.indicators.model import DAY, WEEK, Formula, Indicator, Threshold, formulas, of

DECLARED, SYMPTOMATIC = of("declarations.declarations"), of("declarations.symptomatic")
CHECKED, ORDINARY = of("declarations.checked"), of("declarations.confirmed_ordinary")
CHECKPOINTS = "Hệ thống khai báo y tế, số liệu tại chốt"
TO_CONFIRM = "Chờ Sở Y tế xác nhận"
# Below a hundred declarations one cough moves the share by a whole point.
LEAST_DECLARATIONS = 100
# Below five people with symptoms one unchecked moves the share by 20 points.
LEAST_SYMPTOMATIC = 5
WEEKS = 4
SUM_VI = "Nguồn chỉ ghi từng triệu chứng thì cộng lại: người có hai triệu chứng bị tính hai lần."
SUM_EN = "Where only the symptoms are counted they are added up: a person with two counts twice."


def _of_symptomatic(
    id: str, vi: str, en: str, formula: Formula, definition_vi: str, definition_en: str, *, limit: float | None
) -> Indicator:
    thresholds = (
        ()
        if limit is None
        else (
            Threshold(
                at=limit,
                state="near",
                vi=f"mức {limit:.0f}%",
                en=f"mark of {limit:.0f}%",
                source=TO_CONFIRM,
                inclusive=False,
                to_confirm=True,
            ),
        )
    )
    return Indicator(
        id=id,
        theme="declarations",
        vi=vi,
        en=en,
        definition_vi=definition_vi,
        definition_en=definition_en,
        formulas=(formula,),
        window=WEEK,
        polarity="higher_is_better",
        measured_in_vi="%",
        measured_in_en="%",
        change_in="points",
        decimals=1,
        thresholds=thresholds,
        cuts=(80.0, 90.0, 95.0, 99.0),
        interval="wilson",
        least_denominator=LEAST_SYMPTOMATIC,
        reporting_delay_days=1,
        caveat_vi="Kiểm tra ghi sổ sáng hôm sau vẫn được tính. Không hiện khi dưới 5 người.",
        caveat_en="Checks entered on the next morning count too. Not shown below 5 people.",
        source=CHECKPOINTS,
    )


DECLARATIONS = (
    Indicator(
        id="declarations_new",
        theme="declarations",
        vi="Tờ khai y tế",
        en="Health declarations",
        definition_vi="Số tờ khai y tế trong ngày, mọi chốt.",
        definition_en="Health declarations of the day at all checkpoints.",
        formulas=formulas((DECLARED,)),
        window=DAY,
        polarity="neither",
        measured_in_vi="tờ khai",
        measured_in_en="declarations",
        decimals=0,
        reporting_delay_days=1,
        caveat_vi="Đếm lượt khai, không đếm người; theo nơi đặt chốt.",
        caveat_en="Counts declarations, not people; by where the checkpoint stands.",
        source=CHECKPOINTS,
    ),
    Indicator(
        id="symptomatic_share",
        theme="declarations",
        vi="Tỷ lệ khai có triệu chứng",
        en="Symptomatic share of declarations",
        definition_vi="Tờ khai có ho, sốt, mất mùi vị hoặc triệu chứng khác trên số tờ khai, 7 ngày.",
        definition_en="Declarations with cough, fever, loss of smell or another symptom over all, 7 days.",
        formulas=(Formula(SYMPTOMATIC, DECLARED, 100),),
        window=WEEK,
        polarity="higher_is_worse",
        measured_in_vi="%",
        measured_in_en="%",
        change_in="points",
        decimals=2,
        interval="wilson",
        least_denominator=LEAST_DECLARATIONS,
        reporting_delay_days=1,
        caveat_vi=f"Phần lớn là cảm thường: đọc cùng kết quả kiểm tra tại chốt. {SUM_VI}",
        caveat_en=f"Mostly ordinary colds: read it beside what the checks found. {SUM_EN}",
        source=CHECKPOINTS,
    ),
    Indicator(
        id="symptomatic_change",
        theme="declarations",
        vi="Khai triệu chứng so với mức thường",
        en="Symptomatic share against the usual",
        definition_vi="Tỷ lệ khai có triệu chứng 7 ngày so với trung vị của 4 tuần trước, tính đến cùng thứ.",
        definition_en="Symptomatic share of 7 days against the median of the 4 weeks before, up to the same weekday.",
        formulas=(Formula(SYMPTOMATIC, DECLARED, 100),),
        window=WEEK,
        method=ChangeOnWeekday(weeks=WEEKS, least_weeks=WEEKS),
        polarity="higher_is_worse",
        measured_in_vi="%",
        measured_in_en="%",
        change_in="points",
        decimals=0,
        thresholds=(
            Threshold(
                at=50.0,
                state="near",
                vi="mức cao hơn thường 50%",
                en="50% above the usual",
                source=TO_CONFIRM,
                to_confirm=True,
            ),
            Threshold(
                at=100.0,
                state="past",
                vi="mức gấp đôi thường lệ",
                en="twice the usual",
                source=TO_CONFIRM,
                to_confirm=True,
            ),
        ),
        reporting_delay_days=1,
        caveat_vi="Đơn vị ít tờ khai dao động mạnh; mùa cảm cúm cũng làm tăng.",
        caveat_en="Units with few declarations swing widely; a season of colds raises it too.",
        source=CHECKPOINTS,
    ),
    _of_symptomatic(
        "symptomatic_checked_share",
        "Có triệu chứng được kiểm tra",
        "Symptomatic people checked",
        Formula(CHECKED, SYMPTOMATIC, 100),
        "Người khai có triệu chứng đã được kiểm tra tại chốt trên số khai có triệu chứng, 7 ngày.",
        "People who declared symptoms and were checked at the checkpoint over all who declared any, 7 days.",
        limit=95.0,
    ),
    _of_symptomatic(
        "confirmed_ordinary_share",
        "Kiểm tra xác nhận bình thường",
        "Checked and found ordinary",
        Formula(ORDINARY, CHECKED, 100),
        "Người được kiểm tra và xác nhận bình thường trên số được kiểm tra, 7 ngày.",
        "People checked and found ordinary over all checked, 7 days.",
        limit=None,
    ),
)
