"""One scenario for the example county, so that its pages have something to show. Every price is made up, and says so."""

from collections.abc import Mapping

from junheng.api import planning
from junheng.core.facts import Facts
from junheng.web.evaluations.models import Run
from junheng.web.example.people import Person
from junheng.web.organisations.models import Organisation
from junheng.web.plans.actions import forecasts, scenarios
from junheng.web.plans.models import Forecast, Scenario

TITLE = "示例方案（单价和预算都是虚构的）"
YEARS_AHEAD = 3
BUDGET = 1_500
"""万元 a year."""

PRICES: Mapping[str, int] = {
    "move_teacher": 5_000,
    "rotate_teacher": 1_000,
    "hire_teacher": 90_000,
    "hire_pe_art_teacher": 80_000,
    "upgrade_degree": 10_000,
    "grant_backbone": 20_000,
    "train_pe_art": 15_000,
    "build_floor_area": 3_000,
    "build_sports_area": 400,
    "buy_equipment": 1,
    "fit_multimedia_room": 50_000,
    "open_class": 200_000,
    "fit_music_room": 150_000,
    "fit_fine_art_room": 120_000,
    "renew_equipment": 1,
}
"""元, round and fictional: only there to be replaced by a county's own."""


def example_scenario(county: Organisation, facts: Facts, *, standard: str, office: Person) -> Scenario:
    """The scenario that the demo loads: to the standard in three years, on round fictional prices."""
    return scenarios.create(
        by=office.actor,
        county=county,
        title=TITLE,
        data=scenario_data(facts.year, standard),
        is_example=True,
    )


def scenario_data(base_year: int, standard: str) -> dict[str, object]:
    """The data of the example scenario for facts of a year."""
    target = base_year + YEARS_AHEAD
    data = planning.blank_scenario()
    source = data["sources"]["hire_teacher"]
    data |= {
        "standard": standard,
        "target_year": target,
        "money": "limited",
        "budgets": [{"year": year, "source": source, "amount": BUDGET} for year in range(base_year + 1, target + 1)],
        "discount_rate": 3,
        "disruption": 0,
    }
    data["prices"] |= {measure: price for measure, price in PRICES.items() if measure in data["prices"]}
    return data


def example_forecast(run: Run, *, office: Person) -> Forecast:
    """A forecast of the latest year, ordered; it is there once the worker has run."""
    return forecasts.start(by=office.actor, run=run, to_year=run.year + YEARS_AHEAD + 1)
