"""Distances between schools as zones within which teachers move, and who goes where in a plan."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf

from junheng.core.findings import Finding, Level
from junheng.planning.plan.measures import Measure
from junheng.planning.plan.plan import Plan
from junheng.planning.plan.zones import zones_of
from junheng.planning.scenario.entries import refusal
from junheng.planning.scenario.scenario import Scenario

_MOST_NAMED = 3
Distances = Mapping[tuple[str, str], int]


def metres_between(distances: Distances, one: str, other: str) -> int | None:
    """Metres between two schools; None where nobody told."""
    return distances.get((min(one, other), max(one, other)))


def zones_for(scenario: Scenario, schools: Iterable[str]) -> Mapping[str, str]:
    """School → zone: the scenario's own zones, cut so that no two schools of one are farther apart than its limit.

    Schools whose distance nobody told are too far apart. Empty where teachers move in the whole county.
    """
    own, farthest = scenario.limits.zones, scenario.farthest_move
    if farthest is None:
        return own

    def metres(one: str, other: str) -> float:
        found = metres_between(scenario.distances, one, other)
        return inf if found is None or own.get(one) != own.get(other) else found

    return zones_of(dict.fromkeys(schools), farthest, metres)


def zone_findings(scenario: Scenario, zones: Mapping[str, str], names: Mapping[str, str]) -> tuple[Finding, ...]:
    """What a greatest distance does: how many zones it makes, and who exchanges teachers with nobody."""
    if scenario.farthest_move is None:
        return ()
    sizes: dict[str, int] = {}
    for zone in zones.values():
        sizes[zone] = sizes.get(zone, 0) + 1
    alone = [names[school] for school, zone in zones.items() if sizes[zone] == 1 and school in names]
    text = f"按最远 {scenario.farthest_move / 1000:g} 千米划成 {len(sizes)} 个教师流动片区"
    if alone:
        listed = "、".join(alone[:_MOST_NAMED]) + ("等" if len(alone) > _MOST_NAMED else "")
        text += f"；{len(alone)} 所学校没有足够近的学校，不参加调动：{listed}"
    hint = "近的学校没有划在一起的，请核对校际距离，或放宽最远距离。"
    return (refusal("distances", "plan-distance", f"{text}。", hint, Level.WARNING if alone else Level.INFO),)


@dataclass(frozen=True, slots=True)
class TeacherMove:
    """So many teachers of a stage and kind who go from one school to another in a year; `metres` apart where that is told."""

    year: int
    stage: str
    kind: int
    giver_id: str
    receiver_id: str
    count: int
    metres: int | None


def moves_of(plan: Plan, distances: Distances) -> tuple[TeacherMove, ...]:
    """Who goes where: the plan tells who leaves and who arrives in each zone; the nearest are put together first."""
    zones = plan.problem.limits.zones
    pools: dict[tuple[int, str, str, int], tuple[dict[str, int], dict[str, int]]] = {}
    for entry in plan.actions:
        if entry.measure is Measure.MOVE_TEACHER:
            key = (entry.year, entry.stage, zones.get(entry.school_id, ""), entry.kind or 0)
            sides = pools.setdefault(key, ({}, {}))
            side = sides[entry.amount > 0]
            side[entry.school_id] = side.get(entry.school_id, 0) + abs(entry.amount)
    found = [
        TeacherMove(year, stage, kind, giver, receiver, count, metres_between(distances, giver, receiver))
        for (year, stage, _zone, kind), (givers, receivers) in sorted(pools.items())
        for giver, receiver, count in paired(givers, receivers, distances)
    ]
    return tuple(sorted(found, key=lambda move: (move.year, move.stage, move.giver_id, move.receiver_id, move.kind)))


def paired(givers: dict[str, int], receivers: dict[str, int], distances: Distances) -> list[tuple[str, str, int]]:
    """Givers and receivers of one pool put together, nearest first; those of unknown distance last, by id. Counts are used up."""

    def apart(pair: tuple[str, str]) -> tuple[float, str, str]:
        metres = metres_between(distances, *pair)
        return (inf if metres is None else metres, *pair)

    found = []
    for giver, receiver in sorted(((giver, receiver) for giver in givers for receiver in receivers), key=apart):
        count = min(givers[giver], receivers[receiver])
        if count:
            givers[giver] -= count
            receivers[receiver] -= count
            found.append((giver, receiver, count))
    return found
