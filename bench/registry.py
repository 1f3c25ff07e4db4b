"""What a benchmark is and what it reports. The list of all of them is in `bench.__main__`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.timing import Spread


@dataclass(frozen=True)
class Run:
    """One run of the benchmarks: small or full sizes, and the folder where synthetic data is kept between runs."""

    is_small: bool
    folder: Path


@dataclass(frozen=True)
class Measure:
    """One line of the results. `target` is the most that is allowed; None for figures that promise nothing."""

    what: str
    value: Spread
    unit: str
    target: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """ok, over, or nothing when nothing is promised."""
        if self.target is None:
            return ""
        return "ok" if self.value.median <= self.target else "over"


@dataclass(frozen=True)
class Benchmark:
    """A frozen specification. `sizes` and `small_sizes` are passed to `measure`; the seed makes the same data every time."""

    name: str
    compares: str
    seed: int
    sizes: Mapping[str, int]
    small_sizes: Mapping[str, int]
    measure: Callable[["Benchmark", Run], Iterator[Measure]]

    def size(self, name: str, run: Run) -> int:
        """One size for this run."""
        return (self.small_sizes if run.is_small else self.sizes)[name]
