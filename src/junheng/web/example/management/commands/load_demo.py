"""`junheng manage load_demo`: the example county on an empty platform, with people, three years of runs and an open round.

Where it stands already, only the passwords are made anew, because the old ones were kept nowhere."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from junheng import api
from junheng.web.access.roles import Role
from junheng.web.example.people import Person, renew, settle
from junheng.web.example.places import is_planted, plant
from junheng.web.example.plans import example_forecast, example_scenario
from junheng.web.example.years import FATES, open_season, past_years
from junheng.web.jobs.worker import run_pending
from junheng.web.organisations.models import Kind, Organisation

YEARS = 3


@contextmanager
def _untold_jobs() -> Iterator[None]:
    """The command says what happens in its own words: the log of the jobs it runs keeps to warnings meanwhile."""
    log = logging.getLogger("junheng.web.jobs")
    level = log.level
    log.setLevel(logging.WARNING)
    try:
        yield
    finally:
        log.setLevel(level)


class Command(BaseCommand):
    """Refuses when there is anything else in the tree already."""

    help = "在空的平台上建立虚构的示例县:机构、账号（口令当场生成、只显示一次）、三年评估和一轮进行中的填报。"

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        """Loads it and prints the sign-ins."""
        if is_planted():
            self.stdout.write("示例县已经在平台里,只重新生成口令。")
            self._print(renew(Organisation.objects.all()))
            return
        if Organisation.objects.exists():
            raise CommandError("平台里已经有机构,示例县只能建在空的平台上。换一个 JUNHENG_DATA_DIR 再试。")
        self.stdout.write("正在建立示例县……")
        with _untold_jobs():
            self._print(self._load())

    def _load(self) -> list[Person]:
        """Everything but the passwords on the screen; gives the people."""
        latest, history = api.demo_county()
        county = plant([latest])[0]
        people, schools = self._people(county)
        office = next(person for person in people if person.role == Role.COUNTY_OFFICE)
        years = [*history[1 - YEARS :], latest]
        runs = past_years(county, years, standard=api.DEFAULT_STANDARD, office=office, say=self.stdout.write)
        example_scenario(county, latest, standard=api.DEFAULT_STANDARD, office=office)
        example_forecast(runs[-1], office=office)
        run_pending()
        self.stdout.write("  学生数预测和一个示例方案（单价虚构）已备好")
        opened = open_season(county, latest, standard=api.DEFAULT_STANDARD, office=office, schools=schools)
        self.stdout.write(f"  {opened.title}:进行中,截止 {opened.due_on.isoformat()}")
        return [*people, *schools]

    def _people(self, county: Organisation) -> tuple[list[Person], list[Person]]:
        places = Organisation.objects.within(county.path)
        finance = places.get(kind=Kind.DEPARTMENT, name="财政局")
        city = county.parent
        if city is None:
            raise CommandError("示例县应当在一个市的下面。")
        people = settle(
            [
                ("county", Role.COUNTY_OFFICE, county),
                ("leader", Role.LEADER, county),
                ("expert", Role.ASSESSOR, county),
                ("finance", Role.DEPARTMENT, finance),
                ("city", Role.SUPERVISOR, city),
                ("system", Role.SYSTEM_ADMIN, city),
                ("security", Role.SECURITY_ADMIN, city),
                ("audit", Role.AUDIT_ADMIN, city),
            ]
        )
        chosen = places.filter(kind=Kind.SCHOOL).order_by("code")[: len(FATES)]
        wanted = [
            (f"{word}{number}", role, school)
            for number, school in enumerate(chosen, start=1)
            for word, role in (("school", Role.REPORTER), ("principal", Role.PRINCIPAL))
        ]
        return people, settle(wanted)

    def _print(self, people: list[Person]) -> None:
        self.stdout.write("\n账号（口令只在这里显示一次,虚构,仅供示例）")
        for person in people:
            self.stdout.write(f"  {person.login:<12} {person.password:<16} {person.role.label} · {person.place.name}")
