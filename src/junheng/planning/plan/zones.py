"""Zones within which teachers move: so drawn that no move within one is farther than a limit.

Teachers move through a pool, not from school to school, so a distance cannot be asked of a single move. Instead schools are put
into zones in which any two are near enough. That keeps every move within the limit; near schools of two zones exchange nobody,
so a plan may be somewhat dearer than with distances by pair.
"""

from collections.abc import Callable, Mapping

from junheng.planning.plan.catchments import Point, metres_between

Metres = Callable[[str, str], float]


def zones_within(points: Mapping[str, Point], farthest: int) -> Mapping[str, str]:
    """School → zone, named after its first school, from longitudes and latitudes; straight lines, see `metres_between`."""
    return zones_of(points, farthest, lambda one, other: metres_between(points[one], points[other]))


def zones_of(schools: Mapping[str, object], farthest: int, metres: Metres) -> Mapping[str, str]:
    """The same with distances of the user's own, by roads for instance.

    The two zones whose farthest schools are nearest are joined again and again while these are within the limit; ties by name.
    """
    zones = {school: [school] for school in sorted(schools)}
    apart = {(one, other): metres(one, other) for one in zones for other in zones if one < other}
    while apart:
        (one, other), least = min(apart.items(), key=lambda entry: (entry[1], entry[0]))
        if least > farthest:
            break
        zones[one] += zones.pop(other)
        for third in zones:
            if third != one:
                kept, gone = (min(one, third), max(one, third)), (min(other, third), max(other, third))
                apart[kept] = max(apart[kept], apart[gone])
        apart = {pair: length for pair, length in apart.items() if other not in pair}
    return {school: zone for zone, members in zones.items() for school in members}
