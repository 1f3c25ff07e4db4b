"""A province of example counties: the demo county of many seeds, each under a code and a name of its own."""

from collections.abc import Sequence

from junheng.core.facts import Facts, facts_from_rows
from junheng.demo.county import DEFAULT_SEED, build_demo_county
from junheng.readers.dictionary import load_dictionary

PER_CITY = 10
SEEDS = 10
"""Counties are drawn from this many seeds: drawing one takes longer than judging it."""


def counties_of(count: int, years: int) -> list[list[Facts]]:
    """The facts of `count` counties, each oldest year first; at most `years` years, at most 100 counties."""
    drawn = {}
    made = []
    for number in range(count):
        seed = DEFAULT_SEED + number % SEEDS
        if seed not in drawn:
            county = build_demo_county(seed)
            drawn[seed] = [*county.history, county.facts][-years:]
        code = f"99{99 - number // PER_CITY:02}{number % PER_CITY + 1:02}"
        made.append(_under_code(drawn[seed], code, f"示例{number + 1:03}县（虚构）"))
    return made


def _under_code(years: Sequence[Facts], code: str, name: str) -> list[Facts]:
    return [_renamed(facts, code, name) for facts in years]


def _renamed(facts: Facts, code: str, name: str) -> Facts:
    """The same facts with another county code and name; school codes begin with the county's."""
    rows = {
        table.id: [
            {field: _moved(field, row[field], code, name) for field in table.fields}
            for row in facts.table(table.id).rows(named=True)
        ]
        for table in load_dictionary().tables.values()
    }
    return facts_from_rows(load_dictionary(), county_code=code, county_name=name, year=facts.year, rows=rows)


def _moved(field: str, value: object, code: str, name: str) -> object:
    if field in {"school_id", "parent_school_id"} and isinstance(value, str):
        return code + value[len(code) :]
    return {"county_code": code, "county_name": name}.get(field, value)
