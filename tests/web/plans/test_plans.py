"""Plans are asked for once, kept as they were made, and one of a county is in force."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from junheng.core.errors import EngineError, InputError
from junheng.web.audit.chain import verify
from junheng.web.audit.models import Entry
from junheng.web.documents.files import StoredFile
from junheng.web.evaluations.models import Run, Source
from junheng.web.jobs.models import Job, State
from junheng.web.plans.actions import plans, scenarios
from junheng.web.plans.actions.plans import MadePlan
from junheng.web.plans.kept import body_of
from junheng.web.plans.models import Adoption, Plan, PlanBody
from tests.web.evaluations.county import STANDARD, YEAR
from tests.web.plans.county import answered, data, finished_plan, scenario_of


def test_start_when_asked_again_meanwhile_then_gives_the_same_plan(office, run) -> None:
    scenario = scenario_of(office, run)
    first, second = (plans.start(by=office, scenario=scenario, run=run) for _time in range(2))

    assert first == second
    assert Job.objects.filter(kind=plans.JOB).count() == 1


def test_start_when_the_scenario_has_changed_then_makes_another(office, run) -> None:
    scenario = scenario_of(office, run)
    first = plans.start(by=office, scenario=scenario, run=run)
    scenario = scenarios.change(
        by=office, scenario_id=scenario.pk, lock_version=1, data=data(title="方案甲", target_year=2030)
    )
    second = plans.start(by=office, scenario=scenario, run=run)

    assert first != second
    assert first.scenario_data["target_year"] == 2027


def test_start_when_the_job_before_has_failed_then_makes_another(office, run) -> None:
    scenario = scenario_of(office, run)
    first = plans.start(by=office, scenario=scenario, run=run)
    Job.objects.filter(pk=first.job_id).update(state=State.FAILED)

    assert plans.start(by=office, scenario=scenario, run=run) != first


def test_start_when_sent_twice_with_a_key_then_gives_the_first_even_when_it_has_finished(office, run) -> None:
    scenario = scenario_of(office, run)
    first = plans.start(by=office, scenario=scenario, run=run, key="k1")
    plans.keep(by=office, plan_id=first.pk, made=answered())

    assert plans.start(by=office, scenario=scenario, run=run, key="k1") == first
    assert plans.start(by=office, scenario=scenario, run=run, key="k2", follows=first).follows == first


def test_start_when_it_cannot_be_then_refuses(office, world, run) -> None:
    scenario = scenario_of(office, run)
    waiting = Run.objects.create(organisation=run.organisation, year=YEAR, standard=STANDARD, source=Source.TRIAL)
    foreign = Run.objects.create(
        organisation=world["neighbour"], year=YEAR, standard=STANDARD, source=Source.TRIAL, finished_at=timezone.now()
    )
    for other, words in ((waiting, "还没有完成"), (foreign, "同一个县")):
        with pytest.raises(InputError, match=words):
            plans.start(by=office, scenario=scenario, run=other)
    scenarios.remove(by=office, scenario_id=scenario.pk)
    scenario.refresh_from_db()
    with pytest.raises(InputError, match="删除"):
        plans.start(by=office, scenario=scenario, run=run)


def test_stop_when_asked_twice_then_is_one_row_and_a_finished_plan_refuses(office, run) -> None:
    plan = plans.start(by=office, scenario=scenario_of(office, run), run=run)
    asked = [plans.stop(by=office, plan_id=plan.pk).stop_asked_at for _time in range(2)]
    plans.keep(by=office, plan_id=plan.pk, made=answered())

    assert asked[0] == asked[1]
    assert Entry.objects.filter(action="plan.stop").count() == 1
    with pytest.raises(InputError, match="已经完成"):
        plans.stop(by=office, plan_id=plan.pk)


def test_keep_when_it_comes_twice_then_the_first_answer_stays(office, run) -> None:
    plan = finished_plan(office, run)
    plans.keep_trail(plan_id=plan.pk, trail=[(1.0, 2.0, 1.0, 0.5)])
    again = plans.keep(by=office, plan_id=plan.pk, made=MadePlan("nothing", {}, {}))

    assert (again.status, again.hash, again.trail) == (plan.status, plan.hash, [])
    assert body_of(plan)["cost"] == plan.figures["cost"] > 0
    verify(run.organisation_id)


def test_keep_when_there_are_documents_then_those_of_schools_find_their_school(office, world, run) -> None:
    plan = plans.start(by=office, scenario=scenario_of(office, run), run=run)
    files = [
        StoredFile("plan", "预算报告.pdf", "a.pdf", 1, "0" * 64),
        StoredFile("plan", "示例-9900000002.docx", "b.docx", 1, "0" * 64, "9900000002"),
    ]
    good = answered()
    plans.keep(by=office, plan_id=plan.pk, made=MadePlan(good.status, good.data, good.figures, files))

    assert [file.school for file in plan.files.order_by("size", "path")] == [None, world["town_school"]]


def test_body_when_it_was_altered_then_is_not_shown(office, run) -> None:
    plan = finished_plan(office, run)
    plan.hash = "altered"  # nobody has it in memory
    PlanBody.objects.filter(plan=plan).update(data=b"altered")

    with pytest.raises(EngineError, match="已损坏"):
        body_of(plan)


def test_body_when_another_was_put_in_its_place_then_is_not_shown(office, run) -> None:
    one, other = finished_plan(office, run), finished_plan(office, run, "方案乙", YEAR + 1)
    PlanBody.objects.filter(plan=one).update(data=PlanBody.objects.get(plan=other).data)
    one.hash = "moved"

    with pytest.raises(EngineError, match="已损坏"):
        body_of(one)


def test_adopt_when_another_is_in_force_then_it_is_replaced_and_stays_on_record(office, run) -> None:
    first, second = finished_plan(office, run), finished_plan(office, run, "方案乙")
    for plan in (first, first, second, first):
        plans.adopt(by=office, plan=plan)

    assert [entry.plan for entry in Adoption.objects.order_by("pk")] == [first, second, first]
    assert Adoption.objects.get(replaced_at=None).plan == first
    assert Entry.objects.filter(action="plan.adopt").count() == 3


def test_adoption_when_a_second_is_put_in_force_then_the_database_refuses(office, run) -> None:
    plan = finished_plan(office, run)
    plans.adopt(by=office, plan=plan)

    with pytest.raises(IntegrityError), transaction.atomic():
        Adoption.objects.create(organisation=run.organisation, plan=plan, adopted_by="某人", adopted_at=timezone.now())


def test_adopt_when_there_is_nothing_to_follow_then_refuses(office, run) -> None:
    none = finished_plan(office, run, "方案乙", YEAR + 1)
    supposed = finished_plan(office, run)
    Plan.objects.filter(pk=supposed.pk).update(what_ifs=[{"table": "schools"}])
    supposed.refresh_from_db()

    for plan, words in ((none, "没有得到方案"), (supposed, "假设")):
        with pytest.raises(InputError, match=words):
            plans.adopt(by=office, plan=plan)
