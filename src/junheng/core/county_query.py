"""The rules as queries that are translated once and run for every county.

A county has a hundred rows: nearly all the time of judging it would go into translating expressions into those of the engine.
That depends on the rules and on the columns alone, so a query is built over frames that are put in when it runs. It holds no
result: every run judges all rows anew. It runs as it is written and at once: looking for a better plan, or setting up a stream,
takes longer than a hundred rows do.
"""

from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from typing import Any

import narwhals as nw

from junheng.core.dispersion import coefficients, group_sums
from junheng.core.school_rule import judge_rows
from junheng.core.stages import Rules, stage_rows

_KEPT = 16
Frames = Mapping[str, nw.DataFrame[Any]]


def judged_rows(schools: nw.DataFrame[Any], stages: nw.DataFrame[Any], rules: Rules) -> nw.DataFrame[Any]:
    """The judged rows of one county: every school stage, also those that were not reported or are excluded."""
    return _run(_judged_rows, rules, {"schools": schools, "stages": stages})


def group_coefficients(rows: nw.DataFrame[Any], rules: Rules) -> nw.DataFrame[Any]:
    """The sums and coefficients of judged rows, one row per stage; excluded rows are left out."""
    return _run(_group_coefficients, rules, {"rows": rows})


def _judged_rows(rules: Rules, schools: Any, stages: Any) -> Any:
    return judge_rows(stage_rows(schools, stages, rules), rules)


def _group_coefficients(rules: Rules, rows: Any) -> Any:
    indicators = rules.standard.indicators
    return coefficients(group_sums(rows.filter(nw.col("exclusion") == 0), indicators), indicators)


class _Query:
    """A lazy Polars query on frames that are named now and put in later."""

    def __init__(self, build: Callable[..., Any], rules: Rules, frames: Frames) -> None:
        polars = nw.get_native_namespace(next(iter(frames.values())))
        self._plainly = {"backend": "polars", "engine": "in-memory", "optimizations": polars.QueryOptFlags.none()}
        self._frames: dict[str, Any] = {}
        self._query = build(rules, **{name: self._later(name, frame) for name, frame in frames.items()})

    def _later(self, name: str, frame: nw.DataFrame[Any]) -> nw.LazyFrame[Any]:
        polars = nw.get_native_namespace(frame)
        lazy: nw.LazyFrame[Any] = nw.from_native(
            polars.defer(lambda: self._frames[name], schema=frame.to_native().schema)
        )
        return lazy

    def run(self, frames: Frames) -> nw.DataFrame[Any]:
        """The result on these frames, which must have the columns it was built for."""
        self._frames = {name: frame.to_native() for name, frame in frames.items()}
        try:
            collected: nw.DataFrame[Any] = self._query.collect(**self._plainly)
        finally:
            self._frames = {}
        return collected


def _run(build: Callable[..., Any], rules: Rules, frames: Frames) -> nw.DataFrame[Any]:
    if not all(frame.implementation.is_polars() for frame in frames.values()):
        eager: nw.DataFrame[Any] = build(rules, **frames)
        return eager
    idle = _idle(build, rules, tuple(tuple(frame.to_native().schema.items()) for frame in frames.values()))
    try:
        query = idle.pop()
    except IndexError:
        query = _Query(build, rules, frames)
    result = query.run(frames)
    idle.append(query)
    return result


@lru_cache(maxsize=_KEPT)
def _idle(_build: Callable[..., Any], _rules: Rules, _columns: Hashable) -> list[_Query]:
    """The queries that are built and not running. One that runs is taken out, so that two threads never share one."""
    return []
