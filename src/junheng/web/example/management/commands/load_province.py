"""`junheng manage load_province`: a whole fictional province, to see and to measure what many counties cost."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from junheng import api
from junheng.web.access.roles import Role
from junheng.web.example.people import settle
from junheng.web.example.places import plant
from junheng.web.example.province import PER_CITY, counties_of
from junheng.web.example.years import past_years
from junheng.web.organisations.models import Organisation

MOST = 100


class Command(BaseCommand):
    """Refuses when there is anything in the tree already."""

    help = "在空的平台上建立一个虚构的省:至多 100 个县,每县约 120 所学校,用来看和量省级页面。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many counties and years."""
        parser.add_argument("--counties", type=int, default=MOST, help="县的个数（1–100）。")
        parser.add_argument("--years", type=int, default=4, help="年数（1–4）。")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Loads county after county and prints the sign-ins."""
        if Organisation.objects.exists():
            raise CommandError("平台里已经有机构,示例省只能建在空的平台上。换一个 JUNHENG_DATA_DIR 再试。")
        if not (1 <= options["counties"] <= MOST and 1 <= options["years"] <= 4):
            raise CommandError("县数应在 1 至 100 之间,年数应在 1 至 4 之间。")
        drawn = counties_of(options["counties"], options["years"])
        counties = plant([years[-1] for years in drawn], per_city=PER_CITY)
        top = counties[0].parent and counties[0].parent.parent
        if top is None:
            raise CommandError("示例县应当在省、市的下面。")
        wanted = [("province", Role.SUPERVISOR, top), ("city", Role.SUPERVISOR, counties[0].parent)]
        wanted += [(f"county{number}", Role.COUNTY_OFFICE, county) for number, county in enumerate(counties, start=1)]
        people = settle((login, role, place) for login, role, place in wanted if place is not None)
        for county, years, office in zip(counties, drawn, people[2:], strict=True):
            past_years(county, years, standard=api.DEFAULT_STANDARD, office=office, say=lambda _: None)
            self.stdout.write(f"  {county.name}:{len(years)}年")
        for person in people[:3]:
            self.stdout.write(f"  {person.login:<12} {person.password:<16} {person.role.label} · {person.place.name}")
