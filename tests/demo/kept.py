"""The demo county, built and evaluated once per test process: neither ever changes, and each takes a second or two."""

from functools import cache

from junheng import api
from junheng.core.facts import Facts


@cache
def demo_county() -> tuple[Facts, tuple[Facts, ...]]:
    """What `api.demo_county` gives."""
    return api.demo_county()


@cache
def demo_evaluation() -> api.Evaluation:
    """Its evaluation by the default standard."""
    return api.evaluate(demo_county()[0])
