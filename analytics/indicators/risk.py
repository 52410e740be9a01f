"""Risk: community incidence, the level it gives, and the reproduction number."""

from __future__ import annotations

from analytics.indicators.cases import ALL_CASES, CASE_DELAY_DAYS, COMMUNITY_CASES, LOCAL_CASES, REPORTING_SOURCE
from analytics.indicators.combinations import Level, ProvinceLevel
from analytics.indicators.methods import ReproductionNumber
from analytics.indicators.model import DAY, RESIDENTS, WEEK, Formula, Indicator, Threshold, formulas
from analytics.province_rules import RULES_2686
from analytics.risk_rules import RULES_4800

LEVEL_LIMITS = RULES_4800.cuts[0].per_100k_week

# Delta in Guangzhou, May-June 2021: the mean is the one reported for the outbreak's beginning (PLoS NTD
# 10.1371/journal.pntd.0010048); no standard deviation was read there, 3 days is an assumption to be confirmed.
SERIAL_INTERVAL_MEAN_DAYS = 5.19
SERIAL_INTERVAL_SD_DAYS = 3.0

RISK = (
    Indicator(
        id="community_incidence_7d",
        theme="risk",
        vi="Ca cộng đồng 7 ngày trên 100.000 dân",
        en="7-day community cases per 100,000",
        definition_vi="Số ca phát hiện trong cộng đồng trong 7 ngày trên 100.000 dân.",
        definition_en="Cases found in the community in 7 days per 100,000 residents.",
        formulas=formulas(COMMUNITY_CASES, RESIDENTS, 100_000),
        window=WEEK,
        polarity="higher_is_worse",
        measured_in_vi="ca/100.000 dân/tuần",
        measured_in_en="cases per 100,000 per week",
        decimals=1,
        cuts=(10.0, *LEVEL_LIMITS),
        interval="poisson",
        reporting_delay_days=CASE_DELAY_DAYS,
        caveat_vi="Chỉ có khi nguồn ghi nơi phát hiện.",
        caveat_en="Only where the source states the place of detection.",
        source=REPORTING_SOURCE,
    ),
    Indicator(
        id="risk_level",
        theme="risk",
        vi="Cấp độ dịch",
        en="Level of risk",
        definition_vi=(
            "Cấp 1 đến 4 theo ca cộng đồng trên 100.000 dân mỗi tuần và tỷ lệ người từ 18 tuổi tiêm ít nhất một mũi; "
            "tăng một cấp khi chưa đủ 80% người từ 65 tuổi tiêm đủ liều, trừ nơi không có ca cộng đồng trong tuần."
        ),
        definition_en=(
            "Level 1 to 4 from community cases per 100,000 per week and residents 18 and over with at least one dose; "
            "one higher below 80% full coverage of those of 65 and over, except without a community case in the week."
        ),
        inputs=("community_incidence_7d", "coverage_first"),
        optional_inputs=("coverage_full_65",),
        combination=Level(),
        levels=RULES_4800.levels,
        polarity="higher_is_worse",
        measured_in_vi="cấp",
        measured_in_en="level",
        change_in="points",
        decimals=0,
        thresholds=(
            Threshold(at=3, state="near", vi="cấp 3", en="level 3", source=RULES_4800.source, to_confirm=True),
            Threshold(at=4, state="past", vi="cấp 4", en="level 4", source=RULES_4800.source, to_confirm=True),
        ),
        flat_percent=0.0,
        reporting_delay_days=CASE_DELAY_DAYS,
        caveat_vi="Nơi chưa rõ tỷ lệ tiêm của người từ 65 tuổi, cấp chưa tính điều kiện đó và có thể cao hơn một cấp.",
        caveat_en="Where coverage of those of 65 and over is unknown the level leaves it out and may be one higher.",
        source=RULES_4800.source,
    ),
    Indicator(
        id="risk_level_province",
        theme="risk",
        vi="Mức nguy cơ của tỉnh",
        en="Province's level of risk",
        definition_vi=(
            "Mức 1 đến 4 của tỉnh theo số huyện ở từng cấp và số F0 mới trong 14 ngày trên 100.000 dân "
            "(Quyết định 2686); mức cao nhất có một điều kiện đạt."
        ),
        definition_en=(
            "Level 1 to 4 of the province from how many districts stand at each level and new F0 of 14 days per "
            "100,000 (Decision 2686); the highest level of which one condition is met."
        ),
        inputs=("incidence_14d",),
        leaf_inputs=("risk_level",),
        combination=ProvinceLevel(),
        levels=RULES_2686.levels,
        polarity="higher_is_worse",
        measured_in_vi="mức",
        measured_in_en="level",
        change_in="points",
        decimals=0,
        thresholds=(
            Threshold(at=3, state="near", vi="mức 3", en="level 3", source=RULES_2686.source, to_confirm=True),
            Threshold(at=4, state="past", vi="mức 4", en="level 4", source=RULES_2686.source, to_confirm=True),
        ),
        flat_percent=0.0,
        reporting_delay_days=CASE_DELAY_DAYS,
        comparable=False,
        caveat_vi=RULES_2686.note_vi + " Chưa có số liệu về xã, phường.",
        caveat_en=RULES_2686.note_en + " Levels of communes are not known.",
        source=RULES_2686.source,
    ),
    Indicator(
        id="rt",
        theme="risk",
        vi="Hệ số lây nhiễm Rt",
        en="Reproduction number Rt",
        definition_vi=(
            "Số người trung bình một ca lây cho, ước tính trên 7 ngày (Cori và cộng sự, 2013); "
            "khoảng thế hệ trung bình 5,19 ngày, độ lệch chuẩn 3 ngày."
        ),
        definition_en=(
            "People one case infects on average, estimated over 7 days (Cori et al. 2013); "
            "serial interval of mean 5.19 days and standard deviation 3 days."
        ),
        formulas=tuple(Formula(local, every) for local, every in zip(LOCAL_CASES, ALL_CASES, strict=True)),
        window=DAY,
        method=ReproductionNumber(mean_days=SERIAL_INTERVAL_MEAN_DAYS, sd_days=SERIAL_INTERVAL_SD_DAYS),
        polarity="higher_is_worse",
        measured_in_vi="người/ca",
        measured_in_en="people per case",
        change_in="points",
        decimals=2,
        thresholds=(
            Threshold(
                at=1.0, state="near", vi="ngưỡng 1", en="limit of 1", source="Cori và cộng sự, 2013", inclusive=False
            ),
        ),
        cuts=(0.7, 1.0, 1.3, 2.0),
        reporting_delay_days=CASE_DELAY_DAYS,
        caveat_vi="Không hiện khi dưới 11 ca trong 7 ngày. Độ lệch chuẩn khoảng thế hệ là giả định, chưa xác nhận.",
        caveat_en="Not shown below 11 cases in 7 days. The serial interval's standard deviation is an assumption.",
        source="Cori và cộng sự 2013 (AJE 178:1505); khoảng thế hệ: PLoS NTD 10.1371/journal.pntd.0010048",
    ),
)
