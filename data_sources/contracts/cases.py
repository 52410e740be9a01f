"""The line list of confirmed cases (F0), their contacts (F1) and contacts of contacts (F2); one row a person."""

from __future__ import annotations

from data_sources.contracts.common import DAY, DETECTION, SEXES, UNIT
from data_sources.contracts.model import Choice, Column, Contract, Measure

F_CLASSES = (
    Choice(value="F0", vi="Ca bệnh (F0)", en="Confirmed case", written_as=("f0", "ca benh", "duong tinh")),
    Choice(value="F1", vi="Tiếp xúc gần (F1)", en="Close contact", written_as=("f1",)),
    Choice(value="F2", vi="Tiếp xúc của tiếp xúc gần (F2)", en="Contact of a contact", written_as=("f2",)),
)
SEVERITIES = (
    Choice(value="asymptomatic", vi="Không triệu chứng", en="Asymptomatic", written_as=("khong trieu chung",)),
    Choice(value="mild", vi="Nhẹ", en="Mild", written_as=("nhe",)),
    Choice(value="moderate", vi="Trung bình", en="Moderate", written_as=("vua", "trung binh")),
    Choice(value="severe", vi="Nặng", en="Severe", written_as=("nang",)),
    Choice(value="critical", vi="Nguy kịch", en="Critical", written_as=("nguy kich", "rat nang")),
    Choice(value="unknown", vi="Không rõ", en="Not stated", written_as=("khong ro",)),
)
OUTCOMES = (
    Choice(value="in_treatment", vi="Đang điều trị", en="In treatment", written_as=("dang dieu tri", "isolated")),
    Choice(value="recovered", vi="Khỏi bệnh", en="Recovered", written_as=("khoi", "ra vien", "released")),
    Choice(value="died", vi="Tử vong", en="Died", written_as=("tu vong", "mat", "deceased")),
    Choice(value="transferred", vi="Chuyển đi", en="Transferred", written_as=("chuyen di", "chuyen vien")),
    Choice(value="unknown", vi="Không rõ", en="Not stated", written_as=("khong ro",)),
)
OCCUPATIONS = (
    Choice(value="worker", vi="Công nhân", en="Factory worker", written_as=("cong nhan",)),
    Choice(value="fisher", vi="Ngư dân", en="Fisher", written_as=("ngu dan",)),
    Choice(value="trader", vi="Buôn bán", en="Trader", written_as=("buon ban", "tieu thuong")),
    Choice(value="driver", vi="Lái xe", en="Driver", written_as=("lai xe", "tai xe", "shipper")),
    Choice(value="health_worker", vi="Nhân viên y tế", en="Health worker", written_as=("nvyt", "nhan vien y te")),
    Choice(value="student", vi="Học sinh, sinh viên", en="Pupil or student", written_as=("hoc sinh", "sinh vien")),
    Choice(value="farmer", vi="Nông dân", en="Farmer", written_as=("nong dan",)),
    Choice(value="office", vi="Văn phòng", en="Office worker", written_as=("van phong", "cong chuc")),
    Choice(value="other", vi="Khác", en="Other", written_as=("khac", "tu do", "noi tro")),
    Choice(value="unknown", vi="Không rõ", en="Not stated", written_as=("khong ro",)),
)
EXPOSURES = (
    Choice(
        value="household",
        vi="Trong gia đình",
        en="Household",
        written_as=("gia dinh", "nguoi nha", "contact with patient"),
    ),
    Choice(value="workplace", vi="Nơi làm việc", en="Workplace", written_as=("cong ty", "nha may", "noi lam viec")),
    Choice(value="market", vi="Chợ, cảng cá", en="Market or fishing port", written_as=("cho", "cang ca")),
    Choice(value="health_facility", vi="Cơ sở y tế", en="Health facility", written_as=("benh vien", "csyt")),
    Choice(
        value="travel",
        vi="Từ vùng dịch về",
        en="Travel from affected area",
        written_as=("vung dich", "overseas inflow"),
    ),
    Choice(value="other", vi="Khác", en="Other", written_as=("khac", "etc")),
    Choice(value="unknown", vi="Chưa rõ nguồn", en="Unknown source", written_as=("chua ro", "khong ro")),
)

CASES = Contract(
    dataset="cases",
    vi="Danh sách F0, F1, F2",
    en="Line list of cases and contacts",
    grain="person",
    key=("case_code",),
    columns=(
        Column(
            name="case_code",
            type="person",
            vi="Mã ca",
            en="Case code",
            required=True,
            headers=("ma ca", "ma benh nhan", "ma so", "patient_id"),
        ),
        Column(
            name="f_class",
            type="choice",
            vi="Phân loại F",
            en="F class",
            choices=F_CLASSES,
            default="F0",
            headers=("phan loai f", "loai f"),
        ),
        Column(
            name="source_case",
            type="person",
            vi="Mã ca nguồn",
            en="Source case",
            headers=("ma ca nguon", "nguon lay", "infected_by"),
        ),
        UNIT,
        Column(
            name="commune",
            type="text",
            vi="Xã, phường nơi ở",
            en="Commune of residence",
            headers=("xa phuong", "xa", "phuong"),
        ),
        DAY,
        DETECTION,
        Column(name="onset", type="day", vi="Ngày khởi phát", en="Onset", headers=("ngay khoi phat",)),
        Column(name="sampled_at", type="time", vi="Lấy mẫu lúc", en="Sampled at", headers=("ngay lay mau",)),
        Column(name="result_at", type="time", vi="Có kết quả lúc", en="Result at", headers=("ngay co ket qua",)),
        Column(
            name="interviewed_at",
            type="time",
            vi="Phỏng vấn lúc",
            en="Interviewed at",
            headers=("phong van luc", "dieu tra luc", "ngay dieu tra"),
        ),
        Column(name="isolated_at", type="time", vi="Cách ly lúc", en="Isolated at", headers=("ngay cach ly",)),
        Column(
            name="outcome",
            type="choice",
            vi="Kết cục",
            en="Outcome",
            choices=OUTCOMES,
            default="unknown",
            headers=("tinh trang", "ket qua dieu tri"),
        ),
        Column(name="outcome_day", type="day", vi="Ngày kết cục", en="Outcome day", headers=("ngay ra vien",)),
        Column(
            name="severity",
            type="choice",
            vi="Mức độ",
            en="Severity",
            choices=SEVERITIES,
            default="unknown",
            headers=("muc do",),
        ),
        Column(name="symptoms", type="text", vi="Triệu chứng", en="Symptoms", headers=("trieu chung",)),
        Column(
            name="age",
            type="integer",
            vi="Tuổi",
            en="Age",
            measured_in="năm",
            minimum=0,
            maximum=120,
            headers=("tuoi",),
        ),
        Column(
            name="sex",
            type="choice",
            vi="Giới tính",
            en="Sex",
            choices=SEXES,
            default="unknown",
            headers=("gioi tinh", "gioi"),
        ),
        Column(
            name="occupation",
            type="choice",
            vi="Nghề nghiệp",
            en="Occupation",
            choices=OCCUPATIONS,
            default="unknown",
            headers=("nghe nghiep",),
        ),
        Column(
            name="exposure",
            type="choice",
            vi="Loại tiếp xúc",
            en="Kind of contact",
            choices=EXPOSURES,
            default="unknown",
            headers=("loai tiep xuc", "yeu to dich te"),
        ),
        Column(name="name", type="text", vi="Họ tên", en="Name", personal=True, headers=("ho va ten", "ho ten")),
        Column(
            name="phone",
            type="code",
            vi="Điện thoại",
            en="Phone",
            personal=True,
            headers=("so dien thoai", "dien thoai", "sdt"),
        ),
        Column(name="address", type="text", vi="Địa chỉ", en="Address", personal=True, headers=("dia chi", "noi o")),
        Column(name="birth_date", type="day", vi="Ngày sinh", en="Birth date", personal=True, headers=("ngay sinh",)),
    ),
    measures=(
        Measure(name="f0", kind="flow", expression="CASE WHEN f_class = 'F0' THEN 1 END", vi="F0 mới", en="New F0"),
        Measure(name="f1", kind="flow", expression="CASE WHEN f_class = 'F1' THEN 1 END", vi="F1 mới", en="New F1"),
        Measure(name="f2", kind="flow", expression="CASE WHEN f_class = 'F2' THEN 1 END", vi="F2 mới", en="New F2"),
        Measure(
            name="f0_died",
            kind="flow",
            expression="CASE WHEN f_class = 'F0' AND outcome = 'died' THEN 1 END",
            vi="F0 tử vong",
            en="F0 who died",
        ),
        Measure(
            name="f0_result_isolated_24h",
            kind="flow",
            expression="CASE WHEN f_class = 'F0' AND isolated_at <= result_at + INTERVAL 24 HOUR THEN 1 END",
            vi="F0 cách ly trong 24 giờ sau kết quả",
            en="F0 isolated within 24 hours of the result",
        ),
        Measure(
            name="f0_with_isolation_times",
            kind="flow",
            expression="CASE WHEN f_class = 'F0' AND isolated_at IS NOT NULL AND result_at IS NOT NULL THEN 1 END",
            vi="F0 có giờ kết quả và giờ cách ly",
            en="F0 with result and isolation times",
        ),
        Measure(
            name="f0_interviewed_isolated_24h",
            kind="flow",
            expression=(
                "CASE WHEN f_class = 'F0' AND greatest(interviewed_at, isolated_at) <= result_at + INTERVAL 24 HOUR"
                " AND interviewed_at IS NOT NULL AND isolated_at IS NOT NULL THEN 1 END"
            ),
            vi="F0 phỏng vấn và cách ly trong 24 giờ sau kết quả",
            en="F0 interviewed and isolated within 24 hours of the result",
        ),
        Measure(
            name="f0_with_interview_times",
            kind="flow",
            expression=(
                "CASE WHEN f_class = 'F0' AND interviewed_at IS NOT NULL AND isolated_at IS NOT NULL"
                " AND result_at IS NOT NULL THEN 1 END"
            ),
            vi="F0 có giờ kết quả, phỏng vấn và cách ly",
            en="F0 with times of result, interview and isolation",
        ),
        Measure(
            name="f0_transferred",
            kind="flow",
            expression="CASE WHEN f_class = 'F0' AND outcome = 'transferred' THEN 1 END",
            vi="F0 chuyển đi",
            en="F0 transferred out",
            dated_by="outcome_day",
            dated_else="day",
        ),
        Measure(
            name="f0_tested_72h",
            kind="flow",
            expression=(
                "CASE WHEN f_class = 'F0' AND onset IS NOT NULL AND sampled_at IS NOT NULL"
                " AND CAST(sampled_at AS DATE) <= onset + 3 THEN 1 END"
            ),
            vi="F0 có triệu chứng được lấy mẫu trong 72 giờ",
            en="Symptomatic F0 sampled within 72 hours of onset",
        ),
        Measure(
            name="f0_with_onset",
            kind="flow",
            expression="CASE WHEN f_class = 'F0' AND onset IS NOT NULL AND sampled_at IS NOT NULL THEN 1 END",
            vi="F0 có ngày khởi phát và giờ lấy mẫu",
            en="F0 with onset and sampling time",
        ),
    ),
    cuts=((), ("detection",)),
    line_list=True,
    example={
        "case_code": "BRVT-000123",
        "f_class": "F0",
        "source_case": "BRVT-000101",
        "unit": "752",
        "commune": "Thị trấn Long Hải",
        "day": "2021-08-21",
        "detection": "quarantine",
        "onset": "2021-08-18",
        "age": "34",
        "sex": "female",
        "occupation": "worker",
        "exposure": "household",
    },
)
