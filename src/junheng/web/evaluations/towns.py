"""The townships of a run as tiles."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from junheng.web.evaluations.models import SchoolResult


@dataclass(frozen=True, slots=True)
class Town:
    """One township: how many of its schools are met in all their stages. `level` is as of the layout's heat table."""

    name: str
    met: int
    count: int

    @property
    def query(self) -> str:
        """The filter of the table of schools that shows only this township."""
        return "?" + urlencode({"township": self.name})

    @property
    def level(self) -> str:
        """The colour of the tile: all, three quarters, half of the schools, fewer."""
        if self.met == self.count:
            return "high"
        share = self.met / self.count
        if share >= 0.75:
            return "met"
        return "near" if share >= 0.5 else "far"


def tiles_of(results: Iterable[SchoolResult]) -> list[Town]:
    """One tile per township, in the order of the school codes; schools without a township come under an empty name."""
    towns: dict[str, dict[str, bool]] = {}
    for entry in results:
        schools = towns.setdefault(entry.township, {})
        schools[entry.code] = schools.get(entry.code, True) and entry.outcome == "met"
    return [Town(name, sum(schools.values()), len(schools)) for name, schools in towns.items()]
