"""Forecasts, scenarios, plans with their files and cost curves, and which plan a county has adopted."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from junheng.web.evaluations.models import Run
from junheng.web.organisations.models import Organisation


class Forecast(models.Model):
    """One forecast of a county from the facts of a run and of earlier years. Never changed once it is finished.

    `assumptions` are what people added (docs/forecast.md), `years` the years of facts it rests on, `data` the compressed JSON
    of `junheng.api.forecast_data` with the past of the county, `workbook` the stored name of its file.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="forecasts")
    run = models.ForeignKey(Run, models.PROTECT, related_name="forecasts")
    to_year = models.PositiveIntegerField()
    assumptions = models.JSONField(default=dict)
    job_id = models.BigIntegerField(default=0)
    created_by = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    finished_at = models.DateTimeField(null=True)
    years = models.JSONField(default=list)
    data = models.BinaryField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    workbook = models.CharField(max_length=100, blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["organisation", "-id"])]

    def __str__(self) -> str:
        return f"{self.organisation_id} → {self.to_year} · {self.pk}"

    @property
    def is_finished(self) -> bool:
        """True once there is something to show."""
        return self.finished_at is not None


class Scenario(models.Model):
    """What a county asks the planner: prices, budgets, limits, goal. `data` is `junheng.api.planning.scenario_data`.

    `what_ifs` are facts that are taken as changed: `{"table", "key": {field: value}, "field", "value", "label"}`.
    `lock_version` rises with every write; a form that was opened before somebody else's write is refused.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="scenarios")
    title = models.CharField(max_length=80)
    data = models.JSONField(default=dict)
    what_ifs = models.JSONField(default=list)
    lock_version = models.PositiveIntegerField(default=1)
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="copies")
    is_example = models.BooleanField(default=False)
    created_by = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_by = models.CharField(max_length=100)
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        """The one changed last in front."""

        ordering: ClassVar = ["-changed_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "title"], condition=models.Q(removed_at=None), name="plans_scenario_title_once"
            )
        ]

    def __str__(self) -> str:
        return self.title


class PlanStatus(models.TextChoices):
    """How the search for a plan ended."""

    OPTIMAL = "optimal", _("已证明最省")
    FEASIBLE = "feasible", _("有方案")
    INFEASIBLE = "infeasible", _("没有方案")
    NOTHING = "nothing", _("限时内没有找到方案")
    REFUSED = "refused", _("有问题待改正")


class Plan(models.Model):
    """One answer of the planner to a scenario on the facts of a run. Until `finished_at` it waits for its job; then it never
    changes.

    `scenario_title`, `scenario_data` and `what_ifs` are the scenario as it was when the plan was asked for. `trail` is how the
    search went: `[seconds, cost, bound, optimality_gap]` in 万元. `stop_asked_at`: somebody wants the best plan found so far.
    `figures` is the little that lists and comparisons show; everything else is in the body. `hash` binds scenario, facts and
    answer.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="plans")
    scenario = models.ForeignKey(Scenario, models.PROTECT, related_name="plans")
    run = models.ForeignKey(Run, models.PROTECT, related_name="plans")
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="followers")
    scenario_title = models.CharField(max_length=80)
    scenario_data = models.JSONField(default=dict)
    what_ifs = models.JSONField(default=list)
    target_year = models.PositiveIntegerField(null=True)
    job_id = models.BigIntegerField(default=0)
    created_by = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)
    stop_asked_at = models.DateTimeField(null=True)
    trail = models.JSONField(default=list)

    finished_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=12, choices=PlanStatus.choices, blank=True)
    figures = models.JSONField(default=dict)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["organisation", "-id"])]

    def __str__(self) -> str:
        return f"{self.scenario_title} · {self.pk}"

    @property
    def is_finished(self) -> bool:
        """True once there is an answer."""
        return self.finished_at is not None

    @property
    def has_plan(self) -> bool:
        """True when the answer is a plan that can be followed."""
        return self.status in {PlanStatus.OPTIMAL, PlanStatus.FEASIBLE}

    @property
    def code(self) -> str:
        """What people call the plan by: the first 16 digits of its hash."""
        return self.hash[:16]


class PlanBody(models.Model):
    """What a finished plan says, as compressed canonical JSON of `junheng.api.planning.plan_data`. Written once."""

    plan = models.OneToOneField(Plan, models.PROTECT, primary_key=True, related_name="body")
    data = models.BinaryField()


class PlanFile(models.Model):
    """One document of a plan. `path` is its random name below the folder for files; `school` is set for that of one school."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="files")
    school = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        """A file stands once in a plan."""

        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "name"], name="plans_file_once_a_plan")]


class CostCurves(models.Model):
    """What another target year, budget or number of passing school stages would cost for the scenario of a plan, and whether its
    shifts and mergers make it cheaper. Never changed once it is finished.

    `data` is compressed JSON: `curves` and `options` of `junheng.api.planning`. `stop_asked_at`: somebody wants what there is so
    far; then points may be missing.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="cost_curves")
    job_id = models.BigIntegerField(default=0)
    created_by = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)
    stop_asked_at = models.DateTimeField(null=True)

    finished_at = models.DateTimeField(null=True)
    data = models.BinaryField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.plan_id} · {self.pk}"

    @property
    def is_finished(self) -> bool:
        """True once there is something to show."""
        return self.finished_at is not None


class Adoption(models.Model):
    """That a county decided to follow a plan. Rows stay for ever; the one without `replaced_at` is in force."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="adoptions")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="adoptions")
    adopted_by = models.CharField(max_length=100)
    adopted_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        """One is in force."""

        ordering: ClassVar = ["-adopted_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation"], condition=models.Q(replaced_at=None), name="plans_one_adopted_a_county"
            )
        ]
