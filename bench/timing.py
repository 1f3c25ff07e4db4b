"""Measuring by turns: A B A B …, and comparing what was measured in the same turn."""

import gc
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

Samples = Sequence[float]


@dataclass(frozen=True)
class Spread:
    """Median and range of several measurements."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Samples) -> "Spread":
        """The spread of at least one value."""
        return cls(median(values), min(values), max(values))


def ratio(above: Samples, below: Samples) -> Spread:
    """The spread of above ÷ below, turn by turn: noise that lasts longer than a turn cancels out."""
    return Spread.of([a / b for a, b in zip(above, below, strict=True)])


def take_turns(candidates: Mapping[str, Callable[[], object]], turns: int) -> dict[str, list[float]]:
    """Seconds of every candidate in every turn. One more turn comes first and is thrown away: it warms caches."""
    seconds: dict[str, list[float]] = {name: [] for name in candidates}
    for turn in range(turns + 1):
        for name, run in candidates.items():
            gc.collect()
            started = time.perf_counter()
            run()
            if turn:
                seconds[name].append(time.perf_counter() - started)
    return seconds


def fresh_process(*command: str) -> None:
    """Runs a command to its end; CalledProcessError with its output when it fails."""
    subprocess.run(command, check=True, capture_output=True)


def fresh_python(*arguments: str) -> None:
    """Runs this Python with arguments in a fresh process."""
    fresh_process(sys.executable, *arguments)


def fixed_loop() -> int:
    """A yardstick of pure Python work that never changes: about 0.1 s on a desk computer."""
    total = 0
    for number in range(2_000_000):
        total += number * number % 7
    return total
