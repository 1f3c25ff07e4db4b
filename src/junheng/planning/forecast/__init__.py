"""The forecast of pupils and teachers: from past years to a chosen year, with simulated futures.

    from junheng.planning.forecast import Options, backtest, forecast, history_of, risks
    history = history_of([*past_facts, facts])
    found = forecast(history, Options(to_year=2029))
"""

from junheng.planning.forecast.history import History, history_from_counts, history_of
from junheng.planning.forecast.model import Forecast, forecast, futures, quantile_pupils
from junheng.planning.forecast.options import (
    Change,
    Closure,
    HousingProject,
    Opening,
    Options,
    Shift,
    Transfer,
)

__all__ = [
    "Change",
    "Closure",
    "Forecast",
    "History",
    "HousingProject",
    "Opening",
    "Options",
    "Shift",
    "Transfer",
    "forecast",
    "futures",
    "history_from_counts",
    "history_of",
    "quantile_pupils",
]
