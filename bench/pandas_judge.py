"""The nation's judging in pandas, as an analyst would write it: whole tables in memory, floats, missing as NaN."""

from pathlib import Path

import numpy as np
import pandas as pd

from bench.float_polars import (
    CLASS_LIMITS,
    CV_LIMITS,
    FLOOR,
    GROUP,
    JUDGED_TYPES,
    NOT_ON_ROLL,
    REQUIRED,
    SCHOOL,
    SHARED,
    SMALLEST_POINT,
    THRESHOLDS,
    WEIGHTS,
)  # fmt: skip

_STARTS_WITH_JUNIOR = ["junior_school", "full_secondary_school"]


def judge(folder: Path, columns: dict[str, list[str]], *, since: int = 0) -> pd.DataFrame:
    """One row per county, year and stage; the same columns as `bench.float_polars.judge`."""
    schools, stages, classes = (
        pd.read_parquet(folder / f"{name}.parquet", columns=wanted, filters=[("year", ">=", since)])
        for name, wanted in columns.items()
    )
    rows = _rows(schools, stages)
    is_primary = rows["stage"] == "primary"
    values = {
        name: rows[f"r_{name}"] * rows["share"] if name in SHARED else rows[f"r_{name}"] / rows["p"]
        for name in THRESHOLDS
    }
    rows["school"] = _school_rule(values, is_primary)
    groups = _dispersion(rows, values)
    elsewhere = schools[schools["school_type"].isin(NOT_ON_ROLL)]
    classes = classes[~_numbers(classes).isin(_numbers(elsewhere))]
    limit = np.where(classes["stage"] == "primary", *CLASS_LIMITS)
    oversize = (classes["student_count"] > limit).groupby([classes[key] for key in GROUP]).sum().rename("oversize")
    return _outcome(groups.join(oversize)).reset_index()


def _numbers(rows: pd.DataFrame) -> pd.Series:
    """Year and school as one number."""
    return rows["year"].astype(np.int64) * 10**12 + rows["school_id"]


def _rows(schools: pd.DataFrame, stages: pd.DataFrame) -> pd.DataFrame:
    facts = schools[schools["school_type"].isin(JUDGED_TYPES)]
    facts = facts[["county_code", *SCHOOL, "school_type", "senior_student_count"]].assign(
        r_floor_area=facts["teaching_floor_area"] - facts["indoor_sports_area"],
        r_sports_area=facts["outdoor_sports_area"] + facts["indoor_sports_area"],
        r_equipment=facts["equipment_value"],
        r_multimedia=facts["multimedia_classroom_count"],
    )
    rows = facts.merge(_staff(stages), on=SCHOOL, how="left")
    rows = rows[~((rows["school_type"] == "teaching_point") & (rows["p"] < SMALLEST_POINT))]
    rows = rows.merge(_shares(schools, stages), on=SCHOOL, how="left")
    starts = pd.Series(np.where(rows["school_type"].isin(_STARTS_WITH_JUNIOR), "junior", "primary"), index=rows.index)
    rows["stage"] = rows["stage"].fillna(starts)
    rows["p"] = rows["p"].where(rows["p"] > 0)
    weight = rows["w_primary"].where(rows["stage"] == "primary", rows["w_junior"])
    rows["share"] = (1.0 / rows["p"]).where(rows["w_primary"].isna(), weight / rows["w_total"])
    return rows


def _staff(stages: pd.DataFrame) -> pd.DataFrame:
    is_primary = stages["stage"] == "primary"
    degrees = stages["doctor_teacher_count"] + stages["master_teacher_count"] + stages["bachelor_teacher_count"]
    all_arts = stages["music_teacher_count"] + stages["fine_art_teacher_count"] + stages["art_teacher_count"]
    arts = stages["art_teacher_count"].where(stages["is_art_count_total"], all_arts)
    return stages[[*SCHOOL, "stage"]].assign(
        p=stages["student_count"],
        r_above_standard=degrees + stages["associate_teacher_count"].where(is_primary, 0),
        r_backbone=stages["backbone_teacher_count"],
        r_pe_and_art=stages["pe_teacher_count"] + arts,
    )


def _shares(schools: pd.DataFrame, stages: pd.DataFrame) -> pd.DataFrame:
    members = schools[schools["school_type"].isin(list(WEIGHTS))][[*SCHOOL, "school_type", "senior_student_count"]]
    for place, name in enumerate(("w_primary", "w_junior", "w_senior")):
        members = members.assign(**{name: members["school_type"].map({key: w[place] for key, w in WEIGHTS.items()})})
    has_senior = members["school_type"] != "nine_year_school"
    members["senior"] = (members["senior_student_count"] * members["w_senior"]).where(has_senior, 0.0)
    rows = stages[[*SCHOOL, "stage", "student_count"]].merge(members, on=SCHOOL)
    weight = rows["w_primary"].where(rows["stage"] == "primary", rows["w_junior"])
    rows = rows.assign(weighted=rows["student_count"] * weight)
    totals = rows.groupby(SCHOOL, as_index=False).agg(
        w_primary=("w_primary", "first"),
        w_junior=("w_junior", "first"),
        senior=("senior", "first"),
        weighted=("weighted", "sum"),
        known=("weighted", "count"),
        size=("weighted", "size"),
    )
    totals["w_total"] = (totals["weighted"] + totals["senior"]).where(totals["known"] == totals["size"])
    return totals[[*SCHOOL, "w_primary", "w_junior", "w_total"]]


def _school_rule(values: dict[str, pd.Series], is_primary: pd.Series) -> pd.Series:
    limits = {name: np.where(is_primary, *THRESHOLDS[name]) for name in values}
    known = sum(value.notna().astype(int) for value in values.values())
    met = sum((value >= limits[name]).astype(int) for name, value in values.items())
    floor = sum((value >= limits[name] * FLOOR).astype(int) for name, value in values.items())
    fails = (known - met > len(values) - REQUIRED) | (known > floor)
    return pd.Series(np.where(fails, 0.0, np.where(known == len(values), 1.0, np.nan)), index=is_primary.index)


def _dispersion(rows: pd.DataFrame, values: dict[str, pd.Series]) -> pd.DataFrame:
    terms = rows[[*GROUP, "p"]].assign(
        met=rows["school"] == 1, not_met=rows["school"] == 0, unknown=rows["school"].isna(), schools=1
    )
    for name, value in values.items():
        amount = value * rows["p"]
        terms = terms.assign(**{f"s_{name}": amount, f"q_{name}": amount * value, f"c_{name}": value.notna()})
    sums = terms.groupby(GROUP).sum()
    groups = sums[["schools", "met", "not_met", "unknown"]].copy()
    for name in values:
        total = sums[f"s_{name}"]
        squared = (sums["p"] * sums[f"q_{name}"] / (total * total) - 1.0).clip(lower=0.0)
        is_defined = (sums[f"c_{name}"] == sums["schools"]) & (sums["schools"] > 1) & (total > 0)
        groups[f"cv_{name}"] = np.sqrt(squared).where(is_defined)
    return groups


def _outcome(groups: pd.DataFrame) -> pd.DataFrame:
    limit = np.where(groups.index.get_level_values("stage") == "primary", *CV_LIMITS)
    coefficients = groups[[f"cv_{name}" for name in THRESHOLDS]]
    fails = (groups["not_met"] > 0) | (coefficients.gt(limit, axis=0)).any(axis=1)
    unknown = (groups["unknown"] > 0) | coefficients.isna().any(axis=1)
    groups["resources"] = np.where(fails, 0.0, np.where(unknown, np.nan, 1.0))
    return groups
