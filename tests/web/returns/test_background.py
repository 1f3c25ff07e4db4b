"""The platform reminds by itself, once a day."""

from django.core.management import call_command
from django.utils import timezone

from junheng.web.jobs import chores
from junheng.web.jobs.models import Job
from junheng.web.jobs.worker import run_pending
from junheng.web.returns.models import Notice, Return, Round
from tests.web.returns.reporting import open_round
from tests.web.world import World


def test_reminders_when_ordered_twice_on_a_day_then_each_draft_is_told_once(world: World) -> None:
    open_round(world, due_in=3)

    for _ in range(2):
        call_command("remind_returns", verbosity=0)
    run_pending()

    assert Job.objects.get().result == {"told": Return.objects.count()}
    assert Notice.objects.filter(kind="reminder").count() == Return.objects.count()


def test_reminders_when_workers_see_to_their_chores_then_the_day_is_ordered_once(world: World) -> None:
    open_round(world, due_in=3)

    for _worker in range(3):
        chores.do_all()

    assert Job.objects.get().kind == "returns.remind"


def test_reminders_when_the_due_date_is_far_then_none_are_ordered(world: World) -> None:
    open_round(world, due_in=20)

    call_command("remind_returns", verbosity=0)

    assert not Job.objects.exists()


def test_reminders_when_the_round_was_locked_meanwhile_then_nobody_is_told(world: World) -> None:
    open_round(world, due_in=1)
    call_command("remind_returns", verbosity=0)
    Round.objects.update(locked_at=timezone.now())

    run_pending()

    assert Job.objects.get().result == {"told": 0}
    assert not Notice.objects.filter(kind="reminder").exists()
