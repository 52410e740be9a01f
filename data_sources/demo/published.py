"""The published figures that the demonstration must show as of their dates, each with where it was published.

Sources: [A] VietNamNet, 31/8/2021 and 23/9/2021, on the province's platforms; [B] bulletin of the provincial centre
for disease control of 21/8/2021; [C] daily counts of the General Department of Preventive Medicine; [D] count of
22/1/2022; [E] snapshot of the national vaccination platform, about 5/8/2021; [F] PLoS NTD 10.1371/journal.pntd.0010048;
[G] launch of the programme "Sóng và máy tính cho em", 12/9/2021.
"""

from __future__ import annotations

from datetime import date

# [A] as of 29/8/2021
PLATFORMS_AS_OF = date(2021, 8, 29)
RESIDENTS_18_PLUS = 823_373
HEALTH_BOOK_INSTALLS = 82_502
HEALTH_BOOK_RANK = 6
DOSES_GIVEN = 234_637
DOSES_ENTERED = 220_066
DOSES_ENTERED_RANK = 12
HIGHEST_ENTERED_UNIT, HIGHEST_ENTERED_PERCENT = "753", 99.02
LOWEST_ENTERED_UNITS, LOWEST_ENTERED_PERCENT = ("747", "754"), 88.00
TRACED_F0, CONTACTS_FOUND, F0_NEEDING_MAP = 157, 216, 45
TRACING_STARTS = {"747": date(2021, 8, 13), "748": date(2021, 8, 20), "754": date(2021, 8, 27)}
# [A] 1/9/2021: over this share of doses entered, after the youth volunteers' work
VOLUNTEERS_AS_OF, VOLUNTEERS_ENTERED_PERCENT = date(2021, 9, 1), 90.0
# [A] from this day the provincial reporting software was used by health units
SOFTWARE_START = date(2021, 8, 11)
# [A] the sampling platform was tried in these districts first
SAMPLING_PILOTS = ("747", "748")
# [A] automatic messages to all subscribers of the province, by month
SMS_SENDS_OF_MONTH = {8: 4, 9: 1, 10: 1, 11: 1, 12: 1}
# [A] as of 23/9/2021 the aid application had a new category
SCHOOL_SUPPLIES_SINCE = date(2021, 9, 23)

# [G] national, 12/9/2021: provinces that teach online, their pupils, and those without a computer (rounded)
SCHOOLING_DAY = date(2021, 9, 12)
SCHOOLING_PROVINCES, PUPILS_ONLINE, PUPILS_WITHOUT_DEVICE = 26, 7_350_000, 1_500_000

# [E] cumulative doses on the national platform
SNAPSHOT_DAY = date(2021, 8, 5)
SNAPSHOT_DOSES, SNAPSHOT_FIRST_DOSES = 40_437, 39_567

# [B] as of 21/8/2021
BULLETIN_DAY = date(2021, 8, 21)
OUTBREAK_START = date(2021, 6, 28)
CASES_SINCE_START = 2_821
BULLETIN_CASES = {"752": 39, "747": 11, "753": 1}
BULLETIN_LONG_DIEN = {"quarantine": 6, "locked_down_area": 33}
BULLETIN_RECOVERED = 62
BULLETIN_IN_QUARANTINE_SITES = 2_826

# [C] new cases of the province on single days, and the first of three sums from 27/4 to 14/9/2021 (3,962; 3,915; 4,016)
CASES_OF_DAY = {date(2021, 8, 20): 57, date(2021, 8, 25): 75, date(2021, 8, 28): 35, date(2021, 8, 31): 64}
WAVE_START, SUMMER_END = date(2021, 4, 27), date(2021, 9, 14)
CASES_TO_SUMMER_END = 3_962

# [D] 30,320 cases and 335 deaths by 22/1/2022. The end of December is extrapolated backwards from it: about 110
# cases and 1.6 deaths a day in January leave these for the end of the demonstration.
CASES_BY_YEAR_END = 27_900
DEATHS_BY_YEAR_END = 300
# About 40 deaths are in the series of [C] by mid-September.
DEATHS_TO_SUMMER_END = 42

# [F] mean serial interval of the Delta variant in days, first and last
SERIAL_INTERVAL_FIRST_DAYS, SERIAL_INTERVAL_LAST_DAYS = 5.19, 3.78
