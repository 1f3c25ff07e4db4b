"""forecast: the demo county's pupils for five years with 2 000 simulations, and what is done with them."""

from collections.abc import Iterator

from bench.registry import Benchmark, Measure, Run
from bench.timing import Spread, fixed_loop, ratio, take_turns
from junheng import api
from junheng.planning.forecast import Options, backtest, forecast, history_of, quantile_pupils, risks

_YEARS = 5


def measure(spec: Benchmark, run: Run) -> Iterator[Measure]:
    """Milliseconds of each step, and the error of the back-test ÷ that of carrying the last year forward."""
    facts, past = api.demo_county()
    history = history_of([*past, facts])
    options = Options(facts.year + _YEARS, simulations=spec.size("simulations", run), seed=spec.seed)
    standard = api.standard_of(api.DEFAULT_STANDARD)
    found = forecast(history, options)
    seconds = take_turns(
        {
            "forecast": lambda: forecast(history, options),
            "loop": fixed_loop,
            "history from facts": lambda: history_of([*past, facts]),
            "one quantile of every stage": lambda: quantile_pupils(found, 0.9),
            "risks of every rule": lambda: risks(found, facts, standard),
            "back-test": lambda: backtest(history, options),
        },
        spec.size("turns", run),
    )
    note = f"{options.simulations} simulations × {len(found.rows)} stages of 120 schools × {_YEARS} years"
    yield Measure("forecast", _milliseconds(seconds["forecast"]), "ms", 50.0, note)
    yield Measure("forecast ÷ fixed loop", ratio(seconds["forecast"], seconds["loop"]), "×")
    for name in list(seconds)[2:]:
        yield Measure(f"  {name}", _milliseconds(seconds[name]), "ms")
    tried = backtest(history, options)
    for ahead in (1, 2):
        score = tried.score(None, ahead)
        note = f"{score.mape:.1%} and {score.naive_mape:.1%}; {score.coverage:.0%} of {tried.level:.0%} intervals held"
        error = score.mape / score.naive_mape
        yield Measure(f"error ÷ naive, {ahead} ahead", Spread(error, error, error), "×", 1.0, note)


def _milliseconds(seconds: list[float]) -> Spread:
    return Spread.of([value * 1000 for value in seconds])


BENCHMARK = Benchmark(
    name="forecast",
    compares="pupils of 120 schools five years ahead, simulated, with a fixed limit and the naive forecast",
    seed=20260101,
    sizes={"turns": 15, "simulations": 2000},
    small_sizes={"turns": 2, "simulations": 200},
    measure=measure,
)
