"""The forecast of pupils and teachers: from past years to a chosen year, with simulated futures.

from junheng.planning.forecast import Options, backtest, forecast, history_of, risks
history = history_of([*past_facts, facts])
found = forecast(history, Options(to_year=2029))
table = risks(found, facts, standard)
"""

from junheng.planning.forecast.backtest import Backtest, Score, backtest
from junheng.planning.forecast.history import History, history_from_counts, history_of
from junheng.planning.forecast.model import Forecast, forecast, futures, quantile_pupils
from junheng.planning.forecast.options import Change, Closure, HousingProject, Opening, Options, Shift, Transfer
from junheng.planning.forecast.outlook import Assumptions, CountyYear, Outlook, look_ahead
from junheng.planning.forecast.risks import Risk, RiskKind, Risks, risks
from junheng.planning.forecast.teachers import (
    TeacherAges,
    TeacherForecast,
    TeacherOptions,
    TeacherYear,
    forecast_teachers,
)

__all__ = [
    "Assumptions",
    "Backtest",
    "Change",
    "Closure",
    "CountyYear",
    "Forecast",
    "History",
    "HousingProject",
    "Opening",
    "Options",
    "Outlook",
    "Risk",
    "RiskKind",
    "Risks",
    "Score",
    "Shift",
    "TeacherAges",
    "TeacherForecast",
    "TeacherOptions",
    "TeacherYear",
    "Transfer",
    "backtest",
    "forecast",
    "forecast_teachers",
    "futures",
    "history_from_counts",
    "history_of",
    "look_ahead",
    "quantile_pupils",
    "risks",
]
