"""For every check one county in which it finds something, and one just beside it in which it does not.

The comment says the arithmetic where there is any. `past` edits last year's facts; without it there are none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.core.check_county import PRIMARY, SECONDARY, SQUARE_METRE, WAN_YUAN, YUAN, Edit, add, drop, put


@dataclass(frozen=True)
class Sample:
    """Edits that a check finds, and edits at the edge that it does not."""

    code: str
    found: Sequence[Edit]
    edge: Sequence[Edit] = ()
    past: Sequence[Edit] | None = None


NOW: tuple[Edit, ...] = ()
STRANGER = "9900000099"

SCHOOLS = [
    Sample("check-school-required", [put("schools", area_type=None)], [put("schools", township=None)]),
    Sample("check-school-negative", [put("schools", book_count=-1)], [put("schools", book_count=0)]),
    Sample("check-school-id-duplicate", [add("schools")], [add("schools", school_id=STRANGER)]),
    Sample("check-school-id-format", [put("schools", school_id="990000001")], [put("schools", school_id="0123456789")]),
    Sample(
        "check-school-name-repeated",
        [add("schools", school_id=STRANGER)],
        [add("schools", school_id=STRANGER, township="白水镇")],
    ),
    Sample(
        "check-school-parent-unknown",
        [put("schools", parent_school_id=STRANGER)],
        [put("schools", parent_school_id=SECONDARY)],
    ),
    Sample(
        "check-school-parent-itself",
        [put("schools", parent_school_id=PRIMARY)],
        [put("schools", parent_school_id=SECONDARY)],
    ),
    Sample(
        "check-school-private-organiser",
        [put("schools", organiser_type="10")],
        [put("schools", organiser_type="10", ownership="private")],
    ),
    Sample("check-school-built-year", [put("schools", built_year=2025)], [put("schools", built_year=2024)]),
    Sample(
        "check-school-dense-not-urban",
        [put("schools", is_dense_inner_city=True)],
        [put("schools", is_dense_inner_city=True, area_type="urban")],
    ),
    Sample(
        "check-school-leased-area-not-counted",
        [put("schools", leased_sports_area=1, is_dense_inner_city=None)],
        [put("schools", leased_sports_area=1, is_dense_inner_city=True)],
    ),
    Sample(
        "check-school-converted-area-not-counted",
        [put("schools", converted_sports_area=1)],
        [put("schools", converted_sports_area=0)],
    ),
    Sample("check-school-primary-missing", [drop("stages", 0)], [put("stages", 0, student_count=0)]),
    Sample("check-school-junior-missing", [drop("stages", 1)], [put("stages", 1, student_count=0)]),
    Sample(
        "check-school-primary-unexpected",
        [put("schools", school_type="junior_school")],
        [put("schools", school_type="nine_year_school")],
    ),
    Sample(
        "check-school-junior-unexpected",
        [put("schools", 1, school_type="teaching_point")],
        [put("schools", 1, school_type="nine_year_school")],
    ),
    Sample("check-school-primary-empty", [put("stages", student_count=0)], [put("stages", student_count=1)]),
    Sample("check-school-junior-empty", [put("stages", 1, student_count=0)], [put("stages", 1, student_count=1)]),
    Sample(
        "check-school-teaching-point-size",
        [put("schools", school_type="teaching_point"), put("stages", student_count=None)],
        [put("schools", school_type="teaching_point"), put("stages", student_count=0)],
    ),
    Sample(
        "check-school-senior-missing",
        [put("schools", 1, senior_student_count=None)],
        [put("schools", 1, senior_student_count=0)],
    ),
    Sample(
        "check-school-senior-empty",
        [put("schools", 1, senior_student_count=0)],
        [put("schools", 1, senior_student_count=1)],
    ),
    Sample(
        "check-school-senior-unexpected",
        [put("schools", senior_student_count=1)],
        [put("schools", senior_student_count=0)],
    ),
    Sample(
        "check-school-vocational-attached",
        [put("schools", school_type="vocational_attached_class")],
        [put("schools", school_type="vocational_attached_class"), put("stages", student_count=0)],
    ),
    Sample(
        "check-school-resources-missing",
        [put("schools", indoor_sports_area=None)],
        [put("schools", indoor_sports_area=None, school_type="special_school")],
    ),
    Sample(
        "check-school-indoor-sports-exceeds",
        [put("schools", indoor_sports_area=480 * SQUARE_METRE + 1)],
        [put("schools", indoor_sports_area=480 * SQUARE_METRE)],
    ),
    Sample(  # 96 + 384 = 480 ㎡, the whole floor area; 0.01 ㎡ more cannot be
        "check-school-room-area-exceeds",
        [put("rooms", 1, area=384 * SQUARE_METRE + 1)],
        [put("rooms", 1, area=384 * SQUARE_METRE)],
    ),
    Sample(
        "check-school-equipment-impossible",
        [put("schools", equipment_value=100_000 * WAN_YUAN + 1)],
        [put("schools", equipment_value=100_000 * WAN_YUAN)],
    ),
    Sample(  # 80 pupils: 10 万元 each is 800 万元; one 分 more is odd, and as 元 it is 0.001 … no: 801 万元 → 0.0801 万元
        "check-school-equipment-unit",
        [put("schools", equipment_value=4_000 * WAN_YUAN)],  # 50 万元 each; as 元 0.005 万元 = 50 元 each
        [put("schools", equipment_value=800 * WAN_YUAN)],  # 10 万元 each
    ),
    Sample(  # 80 pupils: 39.99 ㎡ is below 0.5 ㎡ each, and 39.99 亩 are 26 660 ㎡, 333 ㎡ each
        "check-school-outdoor-area-unit",
        [put("schools", outdoor_sports_area=40 * SQUARE_METRE - 1)],
        [put("schools", outdoor_sports_area=40 * SQUARE_METRE)],
    ),
    Sample(
        "check-school-floor-area-unit",
        [put("schools", teaching_floor_area=40 * SQUARE_METRE - 1)],
        [put("schools", teaching_floor_area=40 * SQUARE_METRE)],
    ),
    Sample(  # 60 000 typed instead of 6: 750 万元 each
        "check-school-public-funds-unit",
        [put("schools", public_funds_budget=60_000 * WAN_YUAN)],
        [put("schools", public_funds_budget=800 * WAN_YUAN)],
    ),
    Sample(  # 0.0005 万元 for 80 pupils is 5 分 each; as 亿元 it would be 5 万元, 625 元 each
        "check-school-funds-quota-unit",
        [put("schools", public_funds_quota=500)],
        [put("schools", public_funds_quota=400_000)],  # 0.4 万元: 0.005 万元 each
    ),
    Sample(
        "check-school-training-exceeds",
        [put("schools", training_budget=6 * WAN_YUAN + 1)],
        [put("schools", training_budget=6 * WAN_YUAN)],
    ),
    Sample(
        "check-school-migrants-exceed",
        [put("schools", 1, migrant_student_count=191)],  # 90 junior + 100 senior
        [put("schools", 1, migrant_student_count=190)],
    ),
    Sample(
        "check-school-computers-band",
        [put("schools", computer_count=401)],  # 5 × 80 = 400
        [put("schools", computer_count=400)],
    ),
    Sample(
        "check-school-books-band",
        [put("schools", book_count=40_001)],  # 500 × 80 = 40 000
        [put("schools", book_count=40_000)],
    ),
    Sample(  # 4 × 2 classes = 8, and at least 12 more than classes: 14 − 2
        "check-school-multimedia-band",
        [put("schools", multimedia_classroom_count=14)],
        [put("schools", multimedia_classroom_count=13)],
    ),
    Sample(
        "check-school-standard-score",
        [put("schools", school_standard_score=10_001)],
        [put("schools", school_standard_score=10_000)],
    ),
    Sample(
        "check-school-core-indicators",
        [put("schools", failed_core_indicator_count=100)],
        [put("schools", failed_core_indicator_count=99)],
    ),
    Sample(  # 80 ÷ 134 < 0.6 and 54 pupils apart; 80 ÷ 133 = 0.6015
        "check-school-students-jump",
        [put("schools", previous_year_student_count=134)],
        [put("schools", previous_year_student_count=133)],
    ),
    Sample(
        "check-school-previous-students-differ",
        [put("schools", previous_year_student_count=81)],
        past=NOW,
    ),
    Sample(  # 480 → 1 500 is 3.1 times and 1 020 ㎡ more; 480 → 979 only 499 ㎡
        "check-school-floor-area-change",
        [put("schools", teaching_floor_area=1500 * SQUARE_METRE)],
        [put("schools", teaching_floor_area=979 * SQUARE_METRE)],
        past=NOW,
    ),
    Sample(  # 800 → 299 is 0.37 times and 501 ㎡ less; 800 → 560 is 0.7 times
        "check-school-sports-area-change",
        [put("schools", outdoor_sports_area=299 * SQUARE_METRE)],
        [put("schools", outdoor_sports_area=560 * SQUARE_METRE)],
        past=NOW,
    ),
    Sample(  # 20 → 51 is 2.55 times; 20 → 50 is 2.5 times
        "check-school-equipment-change",
        [put("schools", equipment_value=51 * WAN_YUAN)],
        [put("schools", equipment_value=50 * WAN_YUAN)],
        past=NOW,
    ),
]

STAGES = [
    Sample("check-stage-required", [put("stages", student_count=None)], [put("stages", class_count=None)]),
    Sample("check-stage-negative", [put("stages", staff_count=-1)], [put("stages", staff_count=0)]),
    Sample("check-stage-duplicate", [add("stages")], [add("stages", stage="junior")]),
    Sample("check-stage-school-unknown", [add("stages", school_id=STRANGER)], [add("stages", stage="junior")]),
    Sample("check-stage-staffing-missing", [put("stages", class_count=None)], [put("stages", staff_count=None)]),
    Sample(  # 0 + 1 + 5 + 2 + 1 = 9 of 8
        "check-stage-degrees-exceed",
        [put("stages", bachelor_teacher_count=5)],
        [put("stages", bachelor_teacher_count=4)],
    ),
    Sample(  # 0 + 1 + 3 + 2 + 1 = 7 of 8; one of them missing: unknown
        "check-stage-degrees-fall-short",
        [put("stages", bachelor_teacher_count=3)],
        [put("stages", bachelor_teacher_count=None)],
    ),
    Sample(
        "check-stage-backbone-exceeds",
        [put("stages", backbone_teacher_count=9)],
        [put("stages", backbone_teacher_count=8)],
    ),
    Sample(
        "check-stage-certified-exceeds",
        [put("stages", certified_teacher_count=9)],
        [put("stages", certified_teacher_count=8)],
    ),
    Sample(
        "check-stage-trained-exceeds",
        [put("stages", trained_teacher_count=9)],
        [put("stages", trained_teacher_count=8)],
    ),
    Sample(
        "check-stage-titled-exceeds", [put("stages", titled_teacher_count=9)], [put("stages", titled_teacher_count=8)]
    ),
    Sample(  # apart: 1 + 1 + 1 + 6 = 9 of 8; not said: 1 + max(6, 2) = 7
        "check-stage-arts-exceed",
        [put("stages", art_teacher_count=6)],
        [put("stages", art_teacher_count=6, is_art_count_total=None)],
    ),
    Sample(
        "check-stage-art-counted-twice",
        [put("stages", art_teacher_count=2, is_art_count_total=None)],
        [put("stages", art_teacher_count=2, is_art_count_total=False)],
    ),
    Sample(  # a total of 1 cannot hold 1 + 1
        "check-stage-art-total-too-small",
        [put("stages", art_teacher_count=1, is_art_count_total=True)],
        [put("stages", art_teacher_count=2, is_art_count_total=True)],
    ),
    Sample("check-stage-teachers-exceed-staff", [put("stages", staff_count=7)], [put("stages", staff_count=8)]),
    Sample(
        "check-stage-catchment-exceeds",
        [put("stages", in_catchment_student_count=81)],
        [put("stages", in_catchment_student_count=80)],
    ),
    Sample("check-stage-class-sizes-differ", [put("classes", student_count=41)], [put("classes", student_count=None)]),
    Sample("check-stage-class-rows-differ", [put("stages", class_count=3)], [put("stages", class_count=None)]),
    Sample(
        "check-stage-classes-missing",
        [drop("classes", 0), drop("classes", 0)],
        [drop("classes", 0), drop("classes", 0), put("stages", student_count=0)],
    ),
    Sample("check-stage-grades-primary", [put("stages", grade_count=7)], [put("stages", grade_count=6)]),
    Sample("check-stage-grades-junior", [put("stages", 1, grade_count=5)], [put("stages", 1, grade_count=4)]),
    Sample(
        "check-stage-teachers-without-students",
        [put("stages", student_count=0)],
        [put("stages", student_count=0, full_time_teacher_count=0)],
    ),
    Sample(
        "check-stage-students-without-teachers",
        [put("stages", full_time_teacher_count=0)],
        [put("stages", full_time_teacher_count=1)],
    ),
    Sample(  # 80 ÷ 1 = 80 > 40; 80 ÷ 2 = 40
        "check-stage-pupil-teacher-band",
        [put("stages", full_time_teacher_count=1)],
        [put("stages", full_time_teacher_count=2)],
    ),
    Sample(  # 81 ÷ 1 > 80; 80 ÷ 1 = 80
        "check-stage-class-average-band",
        [put("stages", class_count=1, student_count=81)],
        [put("stages", class_count=1, student_count=80)],
    ),
    Sample("check-stage-size", [put("stages", student_count=8001)], [put("stages", student_count=8000)]),
    Sample(  # 80 → 130 is 1.625 times and 50 more; 80 → 129 only 49 more
        "check-stage-students-change",
        [put("stages", student_count=130)],
        [put("stages", student_count=129)],
        past=NOW,
    ),
    Sample(  # 8 → 18 is 2.25 times and 10 more; 8 → 17 only 9 more
        "check-stage-teachers-change",
        [put("stages", full_time_teacher_count=18)],
        [put("stages", full_time_teacher_count=17)],
        past=NOW,
    ),
    Sample(  # 2 → 8 is 4 times and 6 more; 2 → 7 only 5 more
        "check-stage-classes-change",
        [put("stages", class_count=8)],
        [put("stages", class_count=7)],
        past=NOW,
    ),
]

CLASSES_AND_ROOMS = [
    Sample("check-class-required", [put("classes", class_name=None)]),
    Sample("check-class-duplicate", [add("classes")], [add("classes", class_name="2班")]),
    Sample("check-class-stage-unknown", [put("classes", stage="junior")], [put("classes", school_id=None)]),
    Sample("check-class-size", [put("classes", student_count=121)], [put("classes", student_count=120)]),
    Sample("check-class-grade-range", [put("classes", 2, grade=10)], [put("classes", 2, grade=9)]),
    Sample("check-class-grade-primary", [put("classes", grade=7)], [put("classes", grade=6)]),
    Sample("check-class-grade-junior", [put("classes", 2, grade=1)], [put("classes", 2, grade=6)]),
    Sample("check-room-required", [put("rooms", purpose=None)]),
    Sample("check-room-negative", [put("rooms", area=-1)], [put("rooms", area=0)]),
    Sample("check-room-duplicate", [add("rooms")], [add("rooms", room_name="音乐教室2")]),
    Sample("check-room-school-unknown", [put("rooms", school_id=STRANGER)], [put("rooms", school_id=SECONDARY)]),
    Sample("check-room-area-band", [put("rooms", area=20 * SQUARE_METRE - 1)], [put("rooms", area=20 * SQUARE_METRE)]),
]

COHORTS = [
    Sample("check-cohort-required", [put("cohorts", school_id=None)]),
    Sample("check-cohort-negative", [put("cohorts", death_count=-1)], [put("cohorts", death_count=0)]),
    Sample("check-cohort-duplicate", [add("cohorts")], [add("cohorts", school_id=STRANGER)]),
    Sample("check-cohort-school-unknown", [put("cohorts", school_id=PRIMARY)]),
    Sample("check-cohort-incomplete", [put("cohorts", death_count=None)]),
    Sample(  # 100 + 3 came, 104 left; 103 left
        "check-cohort-losses-exceed",
        [put("cohorts", transferred_out_count=104)],
        [put("cohorts", transferred_out_count=103)],
    ),
    Sample(
        "check-cohort-transfers-exceed",
        [put("cohorts", transferred_in_count=101)],
        [put("cohorts", transferred_in_count=100)],
    ),
    Sample(  # (100 − 3 + 4) ÷ 100 = 101 %; (99 − 3 + 4) ÷ 100 = 100 %
        "check-cohort-retention",
        [put("cohorts", graduate_count=100)],
        [put("cohorts", graduate_count=99)],
    ),
]

COUNTY = [
    Sample("check-county-rows", [drop("county")]),
    Sample("check-county-required", [put("county", county_name=None)], [put("county", population=None)]),
    Sample("check-county-negative", [put("county", village_count=-1)], [put("county", village_count=0)]),
    Sample("check-county-code-format", [put("county", county_code="99000")], [put("county", county_code="010001")]),
    Sample("check-county-year", [put("county", year=24)], [put("county", year=2012)]),
    Sample(
        "check-county-recognised-format",
        [put("county", basic_balance_recognised_on="2016年")],
        [put("county", basic_balance_recognised_on=None)],
    ),
    Sample(
        "check-county-recognised-late",
        [put("county", basic_balance_recognised_on="2025-01-01")],
        [put("county", basic_balance_recognised_on="2024-12-31")],
    ),
    Sample(
        "check-county-population-band",
        [put("county", population=5_000_001)],
        [put("county", population=5_000_000)],
    ),
    Sample(
        "check-county-rural-exceeds",
        [put("county", rural_population=300_001)],
        [put("county", rural_population=300_000)],
    ),
    Sample(
        "check-county-gdp-band",
        [put("county", gdp_per_capita=3000 * YUAN - 1, fiscal_revenue_per_capita=0)],
        [put("county", gdp_per_capita=3000 * YUAN, fiscal_revenue_per_capita=0)],
    ),
    Sample(
        "check-county-revenue-exceeds",
        [put("county", fiscal_revenue_per_capita=52_300 * YUAN + 1)],
        [put("county", fiscal_revenue_per_capita=52_300 * YUAN)],
    ),
    Sample(
        "check-county-rural-income-band",
        [put("county", rural_income_per_capita=2 * YUAN)],
        [put("county", rural_income_per_capita=1000 * YUAN)],
    ),
    Sample(
        "check-county-urban-income-band",
        [put("county", urban_income_per_capita=4 * YUAN)],
        [put("county", urban_income_per_capita=3000 * YUAN)],
    ),
    Sample(
        "check-county-teacher-pay-band",
        [put("county", average_teacher_pay=986)],
        [put("county", average_teacher_pay=20_000 * YUAN)],
    ),
    Sample(
        "check-county-servant-pay-band",
        [put("county", average_civil_servant_pay=962)],
        [put("county", average_civil_servant_pay=20_000 * YUAN)],
    ),
    Sample(  # 98 600 × 1.4 = 138 040
        "check-county-teacher-pay-change",
        [put("county", average_teacher_pay=138_040 * YUAN + 1)],
        [put("county", average_teacher_pay=138_040 * YUAN)],
        past=NOW,
    ),
    Sample(
        "check-county-primary-norm-band",
        [put("county", primary_public_funds_norm=300 * YUAN - 1)],
        [put("county", primary_public_funds_norm=300 * YUAN)],
    ),
    Sample(
        "check-county-junior-norm-band",
        [put("county", junior_public_funds_norm=10_000 * YUAN + 1)],
        [put("county", junior_public_funds_norm=10_000 * YUAN)],
    ),
    Sample(  # 120 × 20 万元 = 2 400 万元
        "check-county-special-funds-band",
        [put("county", special_school_public_funds=2400 * WAN_YUAN + 1)],
        [put("county", special_school_public_funds=2400 * WAN_YUAN)],
    ),
    Sample(  # 60 × 0.05 万元 = 3 万元
        "check-county-inclusive-funds-band",
        [put("county", inclusive_public_funds=3 * WAN_YUAN - 1)],
        [put("county", inclusive_public_funds=3 * WAN_YUAN)],
    ),
    Sample(
        "check-county-rotated-exceeds",
        [put("county", rotated_teacher_count=1001)],
        [put("county", rotated_teacher_count=1000)],
    ),
    Sample(
        "check-county-rotated-backbone-exceeds",
        [put("county", rotated_backbone_count=121)],
        [put("county", rotated_backbone_count=120)],
    ),
    Sample(
        "check-county-quota-allotted-exceeds",
        [put("county", senior_high_quota_allotted=1601)],
        [put("county", senior_high_quota_allotted=1600)],
    ),
    Sample(
        "check-county-quota-rural-exceeds",
        [put("county", senior_high_quota_rural=961)],
        [put("county", senior_high_quota_rural=960)],
    ),
    Sample(  # 812 + 49 = 861 of 860
        "check-county-migrants-exceed",
        [put("county", migrant_in_purchased_count=49)],
        [put("county", migrant_in_purchased_count=48)],
    ),
    Sample(
        "check-county-disabled-exceed",
        [put("county", disabled_enrolled_count=143)],
        [put("county", disabled_enrolled_count=142)],
    ),
    Sample(
        "check-county-disabled-special-exceed",
        [put("county", disabled_in_special_school_count=139)],
        [put("county", disabled_in_special_school_count=138)],
    ),
    Sample(
        "check-county-labour-share",
        [put("county", labour_hours_share=10_001)],
        [put("county", labour_hours_share=10_000)],
    ),
    Sample(
        "check-county-primary-hours",
        [put("county", primary_hours_in_school=1201)],
        [put("county", primary_hours_in_school=1200)],
    ),
    Sample(
        "check-county-junior-hours",
        [put("county", junior_hours_in_school=299)],
        [put("county", junior_hours_in_school=300)],
    ),
    Sample(
        "check-county-government-score",
        [put("county", government_work_score=10_001)],
        [put("county", government_work_score=10_000)],
    ),
]

OTHERS = [
    Sample("check-subject-required", [put("county_subjects", is_monitored=None)]),
    Sample("check-subject-duplicate", [add("county_subjects")], [add("county_subjects", subject="science")]),
    Sample(
        "check-subject-variation-range",
        [put("county_subjects", variation=10_001)],
        [put("county_subjects", variation=10_000)],
    ),
    Sample(
        "check-subject-result-incomplete",
        [put("county_subjects", variation=None)],
        [put("county_subjects", variation=None, level=None)],
    ),
    Sample(
        "check-subject-result-missing",
        [put("county_subjects", variation=None, level=None)],
        [put("county_subjects", variation=None, level=None, is_monitored=False)],
    ),
    Sample(
        "check-subject-result-unexpected",
        [put("county_subjects", is_monitored=False)],
        [put("county_subjects", is_monitored=False, variation=None, level=None)],
    ),
    Sample("check-spending-required", [put("county_years", spending_year=None)]),
    Sample(
        "check-spending-negative",
        [put("county_years", spending_student_count=-1)],
        [put("county_years", spending_student_count=0)],
    ),
    Sample("check-spending-duplicate", [add("county_years")], [add("county_years", spending_year=2024)]),
    Sample(
        "check-spending-year-range",
        [put("county_years", spending_year=2025)],
        [put("county_years", spending_year=2024)],
    ),
    Sample(  # 2018, 2020 … 2023 has a gap; 2020 … 2024 has none
        "check-spending-years",
        [put("county_years", spending_year=2018)],
        [put("county_years", spending_year=2024)],
    ),
    Sample(  # 40 000 × 30 万元 = 1 200 000 万元
        "check-spending-band",
        [put("county_years", general_education_spending=1_200_000 * WAN_YUAN + 1)],
        [put("county_years", general_education_spending=1_200_000 * WAN_YUAN)],
    ),
    Sample("check-survey-required", [put("survey_groups", group=None)]),
    Sample("check-survey-negative", [put("survey_groups", visited_count=-1)], [put("survey_groups", visited_count=0)]),
    Sample("check-survey-duplicate", [add("survey_groups")], [add("survey_groups", group="teacher")]),
    Sample(
        "check-survey-valid-exceeds", [put("survey_groups", valid_count=201)], [put("survey_groups", valid_count=200)]
    ),
    Sample(
        "check-survey-satisfied-exceeds",
        [put("survey_groups", satisfied_count=191)],
        [put("survey_groups", satisfied_count=190)],
    ),
    Sample(
        "check-survey-visits-exceed",
        [put("survey_groups", visit_satisfied_count=21)],
        [put("survey_groups", visit_satisfied_count=20)],
    ),
    Sample(
        "check-survey-response-band",
        [put("survey_groups", valid_count=99, satisfied_count=90)],
        [put("survey_groups", valid_count=100, satisfied_count=90)],
    ),
    Sample("check-judgement-required", [put("judgements", item_id=None)]),
    Sample("check-judgement-negative", [put("judgements", points=-1)], [put("judgements", points=0)]),
    Sample("check-judgement-duplicate", [add("judgements")], [add("judgements", item_id="other")]),
    Sample("check-judgement-points", [put("judgements", points=10_001)], [put("judgements", points=10_000)]),
    Sample(
        "check-judgement-unsupported",
        [put("judgements", assessor=None)],
        [put("judgements", assessor=None, result=None, points=None)],
    ),
    Sample(
        "check-judgement-date-format",
        [put("judgements", assessed_on="10月15日")],
        [put("judgements", assessed_on=None)],
    ),
]

SAMPLES = {sample.code: sample for sample in (*SCHOOLS, *STAGES, *CLASSES_AND_ROOMS, *COHORTS, *COUNTY, *OTHERS)}
