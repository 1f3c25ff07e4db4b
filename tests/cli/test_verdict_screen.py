"""The verdict in a screenful, for every packaged standard and for what a county seldom is."""

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from junheng import api
from junheng.cli.verdict_screen import show_verdict
from junheng.core.blockers import find_blockers
from junheng.core.findings import Finding, Level, Location
from junheng.core.rounding import printed
from junheng.core.standard import DispersionMode
from junheng.core.verdict import Outcome
from tests.core.builders import facts_of, school, stage
from tests.demo.kept import demo_county

STANDARDS = {standard.id: standard for standard in api.standards()}
VISITORS = STANDARDS[api.DEFAULT_STANDARD].exceptions[0]


def shown(evaluation: api.Evaluation, width: int = 160) -> str:
    told = StringIO()
    show_verdict(Console(file=told, width=width), evaluation, api.gaps(evaluation))
    return told.getvalue()


@pytest.fixture(scope="module")
def facts():
    return demo_county()[0]


@pytest.mark.parametrize("name", STANDARDS)
def test_screen_when_a_standard_is_applied_then_its_parts_and_at_most_ten_tasks_of_a_kind(facts, name):
    evaluation = api.evaluate(facts, name)
    standard, verdict = evaluation.standard, evaluation.verdict

    text = shown(evaluation)

    assert f"结论:{'✓✗?'[[Outcome.MET, Outcome.NOT_MET, Outcome.CANNOT_TELL].index(verdict.outcome)]} " in text
    assert ("所达标" in text) == (standard.school_rule is not None)
    assert ("差异系数" in text) == bool(verdict.dispersion)
    blockers = find_blockers(verdict, standard)
    for outcome in (Outcome.NOT_MET, Outcome.CANNOT_TELL):
        count = sum(entry.outcome is outcome for entry in blockers)
        assert (f"另有{count - 10}项" in text) == (count > 10)
    assert (f"junheng standards show {name}" in text) == any(entry.text.endswith("（尚未审核）") for entry in blockers)


def test_screen_when_the_mean_of_the_coefficients_is_judged_then_its_limit_is_shown_once(facts):
    name = next(
        entry.id
        for entry in STANDARDS.values()
        if entry.dispersion and entry.dispersion.mode is not DispersionMode.EACH
    )
    evaluation = api.evaluate(facts, name)

    lines = [line.split() for line in shown(evaluation).splitlines() if line.startswith(("小学", "初中"))]

    assert [line[-1] for line in lines] == [printed(entry.limit, 2) for entry in evaluation.verdict.composites]
    assert lines


def test_screen_when_all_is_met_then_nothing_is_listed(facts):
    evaluation = api.evaluate(facts)
    met = replace(
        evaluation.verdict,
        outcome=Outcome.MET,
        parts=tuple(replace(part, outcome=Outcome.MET) for part in evaluation.verdict.parts),
        schools=(),
        dispersion=(),
        composites=(),
        items=(),
        vetoes=(),
    )

    text = shown(replace(evaluation, verdict=met))

    assert "先解决" not in text
    assert "尚不能判定" not in text
    assert "0/0所达标" in text


def test_screen_when_printing_would_change_a_verdict_or_an_exception_was_used_then_it_is_said(facts):
    evaluation = api.evaluate(facts)
    items = tuple(
        replace(entry, is_rounding_sensitive=number < 2) for number, entry in enumerate(evaluation.verdict.items)
    )
    changed = replace(evaluation.verdict, items=items, exceptions_used=(VISITORS.id,))

    before, after = shown(evaluation), shown(replace(evaluation, verdict=changed))

    assert "使用了例外条款" not in before
    assert f"使用了例外条款:{VISITORS.name}" in after
    assert "处若按打印的四舍五入数值判定,结论会不同" in after


def test_screen_when_warnings_are_not_explained_then_they_are_counted_and_the_first_are_told(facts):
    warnings = tuple(Finding(Level.WARNING, "code", f"第{number}处可疑。", "", Location()) for number in range(1, 6))
    infos = (Finding(Level.INFO, "code", "不必处理。", "", Location()),)

    text = shown(replace(api.evaluate(facts), findings=(*infos, *warnings)))

    assert "数据有5处警告没有书面说明" in text
    assert "3. 第3处可疑。" in text
    assert "第4处可疑" not in text
    assert "不必处理" not in text
    assert "警告" not in shown(api.evaluate(facts))


def test_screen_when_judgements_name_what_the_standard_does_not_have_then_they_are_told():
    rows = [{"item_id": name, "result": "met"} for name in ("layout_planing", "layout_and_planning")]
    text = shown(api.evaluate(facts_of(judgements=rows)))
    assert "有1个编号不属于本标准,没有采用:layout_planing" in text


def test_screen_when_one_stage_of_a_school_is_left_out_then_it_is_no_school():
    schools = [school("1", "nine_year_school"), school("2", "special_school")]
    stages = [stage("1"), stage("1", "junior", student_count=0), stage("2")]
    text = shown(api.evaluate(facts_of(schools=schools, stages=stages)))
    assert "不纳入评估1所、另有1个学段" in text
