"""The gaps on the screen: what a stage lacks, what its school must add, and nothing twice."""

from fractions import Fraction

import pytest

from junheng import api
from junheng.cli.printing import print_gaps, print_verdict
from tests.reports.small_evaluation import NINE_YEAR, few_rooms


@pytest.fixture(scope="module")
def evaluation() -> api.Evaluation:
    return api.evaluate(few_rooms())


def test_gaps_when_resources_are_shared_then_the_stage_and_the_school_are_told_apart(evaluation, capsys):
    print_gaps(evaluation, api.gaps(evaluation))

    shown = capsys.readouterr().out
    # 5 rooms, of which 166/397 are the primary stage's
    assert "多媒体教室:本学段到标准缺2间,到底线缺2间；全校应增加:到标准5间,到底线3间  可暂留在底线" in shown
    assert "骨干教师:到标准缺1人,到底线缺1人\n" in shown
    assert "约" not in shown


def test_gaps_when_prices_are_given_then_the_cost_of_both_stages_counts_what_they_share_once(evaluation, capsys):
    prices = dict.fromkeys((entry.id for entry in evaluation.standard.indicators), Fraction(10))

    print_gaps(evaluation, api.gaps(evaluation, prices))

    shown = capsys.readouterr().out
    # primary: a backbone teacher and 3 rooms to the floor; junior: a teacher for PE or art and 4 rooms; 4 rooms serve both
    assert f"{NINE_YEAR}（小学）不达标  约40元（全校各学段一并补足约60元）" in shown
    assert f"{NINE_YEAR}（初中）不达标  约50元（全校各学段一并补足约60元）" in shown


def test_verdict_when_two_stages_lack_the_same_rooms_then_the_sum_has_them_once(evaluation, capsys):
    print_verdict(evaluation, api.gaps(evaluation))

    assert (
        "不达标学校合计应增加:骨干教师1人，体艺教师1人，仪器设备108272.73元，多媒体教室5间\n" in capsys.readouterr().out
    )
