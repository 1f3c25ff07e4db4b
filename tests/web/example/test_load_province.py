"""The example province, as small as it can be."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from junheng.web.accounts.models import User
from junheng.web.evaluations.models import Run
from junheng.web.organisations.models import Kind, Organisation
from junheng.web.returns.models import Round


@pytest.mark.django_db
def test_load_province_when_one_county_is_asked_for_then_it_is_there_with_its_years_and_people() -> None:
    out = StringIO()
    call_command("load_province", counties=1, years=1, stdout=out)

    county = Organisation.objects.get(kind=Kind.COUNTY)
    kinds = [place.kind for place in Organisation.objects.filter(path__in=[county.path[:8], county.path[:16]])]
    assert sorted(kinds) == [Kind.CITY, Kind.PROVINCE]
    assert [(run.organisation, run.year, run.is_trial) for run in Run.objects.all()] == [(county, 2025, False)]
    assert Run.objects.get().is_finished
    assert Round.objects.get().county == county
    printed = {line.split()[0]: line.split()[1] for line in out.getvalue().splitlines()[1:]}
    assert set(printed) == {"province", "city", "county1"}
    assert all(User.objects.get(login=login).check_password(password) for login, password in printed.items())


def test_load_province_when_other_organisations_are_there_then_it_refuses(world) -> None:
    with pytest.raises(CommandError, match="只能建在空的平台上"):
        call_command("load_province", counties=1, years=1, stdout=StringIO())


@pytest.mark.django_db
@pytest.mark.parametrize("sizes", [{"counties": 0}, {"counties": 101}, {"years": 0}, {"years": 5}])
def test_load_province_when_the_size_is_out_of_range_then_it_refuses(sizes: dict[str, int]) -> None:
    with pytest.raises(CommandError, match="县数应在 1 至 100 之间"):
        call_command("load_province", **sizes, stdout=StringIO())

    assert not Organisation.objects.exists()
