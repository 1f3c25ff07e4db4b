"""The example county on the platform."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from junheng.web.accounts.models import User
from junheng.web.audit.chain import verify
from junheng.web.evaluations.models import Publication, Run
from junheng.web.organisations.models import Kind, Organisation
from junheng.web.returns.models import Return, Round, State


def sign_ins(text: str) -> dict[str, str]:
    """Login → password, as printed."""
    lines = text.partition("账号")[2].splitlines()[1:]
    return {parts[0]: parts[1] for parts in map(str.split, lines) if len(parts) >= 3}


@pytest.mark.django_db
def test_load_demo_when_the_platform_is_empty_then_the_county_its_people_and_years_are_there() -> None:
    out = StringIO()
    call_command("load_demo", stdout=out)

    known = sign_ins(out.getvalue())
    county = Organisation.objects.get(kind=Kind.COUNTY)
    assert Organisation.objects.within(county.path).filter(kind=Kind.SCHOOL).count() == 120
    assert [run.year for run in Run.objects.order_by("year")] == [2023, 2024, 2025]
    assert all(run.is_finished and not run.is_trial for run in Run.objects.all())
    assert Publication.objects.count() == 3
    open_round = Round.objects.get(year=2026)
    states = Return.objects.filter(round=open_round, changed_at__isnull=False).values_list("state", flat=True)
    assert {State.APPROVED, State.AT_COUNTY, State.AT_PRINCIPAL, State.DRAFT} == set(states)
    assert len(known) == User.objects.count() == 18
    assert User.objects.get(login="county").check_password(known["county"])
    assert list(verify()) == []

    again = StringIO()
    call_command("load_demo", stdout=again)
    renewed = sign_ins(again.getvalue())
    assert set(renewed) == set(known)
    assert renewed["county"] != known["county"]
    assert User.objects.get(login="county").check_password(renewed["county"])


def test_load_demo_when_other_organisations_are_there_then_it_refuses(world) -> None:
    with pytest.raises(CommandError, match="只能建在空的平台上"):
        call_command("load_demo", stdout=StringIO())
