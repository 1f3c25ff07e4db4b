"""What an actor may see of forecasts, scenarios and plans. Everything starts here.

The county office sees all of its county's. Leaders and supervisors see finished forecasts and the plans that were adopted.
Schools see their own part of the plan that is in force.
"""

from django.db.models import Exists, OuterRef, QuerySet

from junheng.web.access.actor import Actor
from junheng.web.access.roles import Permission, may
from junheng.web.evaluations.models import Run
from junheng.web.evaluations.queries import finished, visible_runs
from junheng.web.organisations.models import BLOCK, Kind, Organisation, after
from junheng.web.plans.models import Adoption, CostCurves, Forecast, Plan, PlanFile, Scenario


def own_county(actor: Actor) -> Organisation | None:
    """The county an actor belongs to; None above the counties."""
    paths = [actor.own_path[:end] for end in range(BLOCK, len(actor.own_path) + 1, BLOCK)]
    return Organisation.objects.filter(path__in=paths, kind=Kind.COUNTY).first()


def visible_counties(actor: Actor) -> QuerySet[Organisation]:
    """The counties of whose forecasts and plans an actor may see something."""
    counties = Organisation.objects.filter(kind=Kind.COUNTY).order_by("code", "name")
    return counties.within(actor.area_path) if may(actor.role, Permission.SEE_PLANS) else counties.none()


def base_runs(actor: Actor, county: Organisation) -> QuerySet[Run]:
    """The finished runs of a county that a forecast or plan can rest on, the one that stands for the latest year first."""
    return finished(visible_runs(actor).filter(organisation=county))


def visible_forecasts(actor: Actor) -> QuerySet[Forecast]:
    """The forecasts an actor may open, without their data, newest first."""
    forecasts = Forecast.objects.filter(organisation__in=visible_counties(actor).order_by()).select_related(
        "organisation", "run__organisation"
    )
    forecasts = forecasts.defer("run__summary", "run__versions")
    return forecasts if may(actor.role, Permission.EDIT_PLANS) else forecasts.filter(finished_at__isnull=False)


def visible_scenarios(actor: Actor) -> QuerySet[Scenario]:
    """The scenarios an actor may open: those of the own county, for who may edit them."""
    scenarios = Scenario.objects.filter(removed_at=None).select_related("organisation")
    if not may(actor.role, Permission.EDIT_PLANS):
        return scenarios.none()
    return scenarios.filter(organisation__in=visible_counties(actor).order_by())


def visible_plans(actor: Actor) -> QuerySet[Plan]:
    """The plans an actor may open, newest first: all of the own county for its office, else those ever adopted."""
    plans = Plan.objects.filter(organisation__in=visible_counties(actor).order_by()).select_related(
        "organisation", "run", "scenario"
    )
    plans = plans.defer("run__summary", "run__versions", "run__missing", "run__figures")
    plans = plans.annotate(is_adopted=Exists(Adoption.objects.filter(plan=OuterRef("pk"), replaced_at=None)))
    if may(actor.role, Permission.EDIT_PLANS):
        return plans
    return plans.filter(Exists(Adoption.objects.filter(plan=OuterRef("pk"))))


def finished_plans(actor: Actor) -> QuerySet[Plan]:
    """The plans an actor may open that have an answer."""
    return visible_plans(actor).filter(finished_at__isnull=False)


def visible_files(actor: Actor) -> QuerySet[PlanFile]:
    """The documents of plans that an actor may download."""
    return PlanFile.objects.filter(plan__in=visible_plans(actor).order_by()).select_related("plan")


def plan_in_force(county: Organisation) -> Plan | None:
    """The plan a county follows."""
    found = Adoption.objects.filter(organisation=county, replaced_at=None).select_related("plan__organisation").first()
    return found.plan if found else None


def curves_of(plan: Plan) -> tuple[CostCurves | None, CostCurves | None]:
    """The curves of a plan that are shown, and newer ones that were asked for and are not there yet; both without their data."""
    found = CostCurves.objects.filter(plan=plan).defer("data")
    newest = found.first()
    if newest is None or newest.is_finished:
        return newest, None
    return found.filter(finished_at__isnull=False).first(), newest


def own_school(actor: Actor) -> Organisation | None:
    """The school an actor of a school belongs to."""
    if actor.organisation_id is None or not may(actor.role, Permission.SEE_OWN_MEASURES):
        return None
    return Organisation.objects.filter(pk=actor.organisation_id, kind=Kind.SCHOOL).first()


def schools_of(plan: Plan) -> QuerySet[Organisation]:
    """The schools of a plan's county."""
    schools = Organisation.objects.filter(kind=Kind.SCHOOL)
    return schools.filter(path__gte=plan.organisation.path, path__lt=after(plan.organisation.path))
