"""planner: the least-cost plan of uneven counties, its optimality gap and time, against an office and a model without cones."""

import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from bench.planner_counties import uneven_county, uneven_problem
from bench.planner_rivals import Habit, linearised, office_plan
from bench.registry import Benchmark, Measure, Run
from bench.timing import Spread
from junheng.planning.plan.planner import Planner, problem_findings
from junheng.planning.plan.problem import Problem
from junheng.planning.plan.solver import Effort

_WAN = 1_000_000
_GAP = 0.004
_NEAR = 0.03
_KIB_IN_GIB = 2**20
_TARGETS: dict[int, tuple[float, float, float, float | None]] = {
    1: (0.5, 25.0, 120.0, 6.0),
    4: (1.0, 300.0, 300.0, None),
    9: (1.0, 600.0, 600.0, None),
}


@dataclass(frozen=True)
class _Result:
    """One county: seconds waited and of the processor, optimality gap, seconds to a plan within 3 % of the bound, the share
    of building, and the rivals."""

    seconds: float
    processor: float
    optimality_gap: float
    first: float
    first_processor: float
    build: float
    to_office: dict[Habit, float | None]
    to_free_office: dict[Habit, float]
    to_linear: float | None
    linear_seconds: float
    broken: int

    @property
    def text(self) -> str:
        """One line."""
        offices = " ".join("-" if share is None else f"{share:.3f}" for share in self.to_office.values())
        offices += f", free of budgets {self.to_free_office[Habit.BY_HAND]:.3f}"
        first = f"{self.first:.1f} s ({self.first_processor:.1f})"
        times = f"waited {self.seconds:.1f} s, processor {self.processor:.1f} s, near in {first}"
        return (
            f"optimality gap {100 * self.optimality_gap:.3f} %, {times}, building {self.build:.4f}, ÷ offices {offices}"
        )


def measure(spec: Benchmark, run: Run) -> Iterator[Measure]:
    """Counties one after the other, each planned, scheduled, put into facts and judged.

    `seconds` only ends a search that does not get there: on a machine with much other work most of what is waited is waiting.
    Each county is told on the error stream when it is done.
    """
    effort = float(spec.size("seconds", run))
    parts, every = spec.size("parts", run), spec.size("every", run)
    problems = [
        uneven_problem(uneven_county(spec.seed + number, parts, every)) for number in range(spec.size("counties", run))
    ]
    compared = spec.size("compared", run)
    results = []
    for place, problem in enumerate(problems):
        results.append(_one(problem, effort, is_compared=place < compared))
        print(f"  +{place} {results[-1].text}", file=sys.stderr, flush=True)
    seconds = [entry.seconds for entry in results]
    targets = _TARGETS[parts]
    yield Measure(
        "optimality gap, worst", Spread.of([100 * max(entry.optimality_gap for entry in results)]), "%", targets[0]
    )
    yield Measure("  optimality gap", Spread.of([100 * entry.optimality_gap for entry in results]), "%")
    yield Measure("plan, scheduled and judged", Spread.of(seconds), "s", targets[1])
    yield Measure("  the slowest", Spread.of([max(seconds)]), "s", targets[2])
    processor = Spread.of([entry.processor for entry in results])
    yield Measure("  time of the processor", processor, "s", note="on a quiet machine what is waited")
    yield Measure("first plan within 3 % of the bound", Spread.of([entry.first for entry in results]), "s", targets[3])
    first = Spread.of([entry.first_processor for entry in results])
    yield Measure("  time of the processor", first, "s", note="on a quiet machine what is waited")
    yield Measure("building the model ÷ all", Spread.of([entry.build for entry in results]), "×", 0.1)
    yield from _rivals(results)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB_IN_GIB
    yield Measure("peak memory of this process", Spread.of([memory]), "GiB", 1.5)


def _rivals(results: list[_Result]) -> Iterator[Measure]:
    for habit in Habit:
        target, name = (0.7, "cost ÷ the office's plan") if habit is Habit.BY_HAND else (None, "  ÷ that of an office:")
        kept = [share for entry in results if (share := entry.to_office[habit]) is not None]
        if kept:
            beaten = (
                f"; {len(results) - len(kept)} offices had no way within the budgets"
                if len(kept) < len(results)
                else ""
            )
            note = " ".join(f"{share:.2f}" for share in sorted(kept)) + beaten
            yield Measure(f"{name} {habit.value}", Spread.of(kept), "×", target, note)
    for habit in Habit:
        free = sorted(entry.to_free_office[habit] for entry in results)
        note = " ".join(f"{share:.2f}" for share in free)
        yield Measure(f"  ÷ office free of budgets and lead times: {habit.value}", Spread.of(free), "×", note=note)
    met = [entry for entry in results if entry.to_linear is not None]
    if not met:
        return
    yield Measure("cost ÷ the model without cones", Spread.of([entry.to_linear or 0.0 for entry in met]), "×")
    note = "of 14 a county; such a plan would be refused"
    yield Measure("  coefficients that it breaks", Spread.of([float(entry.broken) for entry in met]), "", note=note)
    slower = [entry.seconds / entry.linear_seconds for entry in met]
    yield Measure("time ÷ the model without cones", Spread.of(slower), "×", note="it is neither scheduled nor judged")


def _one(problem: Problem, seconds: float, *, is_compared: bool) -> _Result:
    told: list[tuple[float, float, float]] = []
    started, busy = time.perf_counter(), time.process_time()

    def spent() -> tuple[float, float]:
        return time.perf_counter() - started, time.process_time() - busy

    findings = problem_findings(problem)
    planner = Planner.of(problem)
    built = spent()[1]
    effort = Effort(seconds, _GAP, progress=lambda cost, _: told.append((cost, *spent())))
    answer = planner.answer(effort)
    plan = answer.plan
    took, worked = spent()
    if plan is None:
        raise RuntimeError(f"{answer.text} ({seconds:g} s, {len(findings)} findings)")
    bound = plan.bound_fen / _WAN
    near = [(waited, used) for cost, waited, used in told if cost <= bound * (1 + _NEAR)]
    cost = plan.cost_fen / _WAN
    offices = {habit: office_plan(problem, habit) for habit in Habit}
    rival = linearised(problem, Effort(seconds, _GAP)) if is_compared else None
    return _Result(
        seconds=took,
        processor=worked,
        optimality_gap=plan.optimality_gap,
        first=min(near, default=(took, worked))[0],
        first_processor=min(near, default=(took, worked))[1],
        build=built / worked,
        to_office={habit: cost / office.kept if office.kept else None for habit, office in offices.items()},
        to_free_office={habit: cost / office.free for habit, office in offices.items()},
        to_linear=cost / rival.cost if rival else None,
        linear_seconds=rival.seconds if rival else took,
        broken=rival.broken if rival else 0,
    )


BENCHMARK = Benchmark(
    name="planner",
    compares="ten uneven counties of 120 schools × 4 years, with an office's plan and a model without cones",
    seed=20260700,
    sizes={"counties": 10, "parts": 1, "every": 1, "seconds": 600, "compared": 2},
    small_sizes={"counties": 1, "parts": 1, "every": 6, "seconds": 240, "compared": 1},
    measure=measure,
)
LARGE = Benchmark(
    name="planner-large",
    compares="one uneven county of 480 schools × 4 years",
    seed=20260750,
    sizes={"counties": 1, "parts": 4, "every": 1, "seconds": 900, "compared": 0},
    small_sizes={"counties": 1, "parts": 4, "every": 32, "seconds": 240, "compared": 0},
    measure=measure,
)
HUGE = Benchmark(
    name="planner-huge",
    compares="one uneven county of 1 080 schools × 4 years",
    seed=20260770,
    sizes={"counties": 1, "parts": 9, "every": 1, "seconds": 1500, "compared": 0},
    small_sizes={"counties": 1, "parts": 9, "every": 72, "seconds": 240, "compared": 0},
    measure=measure,
)
OFFICE = Benchmark(
    name="planner-office",
    compares="thirty other uneven counties of 120 schools × 4 years, with three kinds of offices",
    seed=20260800,
    sizes={"counties": 30, "parts": 1, "every": 1, "seconds": 600, "compared": 0},
    small_sizes={"counties": 1, "parts": 1, "every": 6, "seconds": 240, "compared": 0},
    measure=measure,
)
