"""Background work."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext as in_page_language
from django.utils.translation import gettext_lazy as _

from junheng.web.organisations.models import Organisation


class State(models.TextChoices):
    """Where a job stands. The last three are ends."""

    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("进行中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("失败")
    CANCELLED = "cancelled", _("已取消")


ENDS = frozenset({State.DONE, State.FAILED, State.CANCELLED})


class Job(models.Model):
    """One piece of work for one organisation.

    `attempts` counts how often a worker has taken it; it also tells a worker that has been given up for dead and comes back
    that the job is no longer its own. `heartbeat_at` is when the worker was last seen alive. `done` of `total` steps, with
    `label` for the present one, is what people see; `total` 0: not known yet. `error` is a Chinese sentence for people,
    never a traceback. `result` is what the body returned; its "page", if any, is the address of what was made, and "said"
    sentences about it for people, each a Chinese message with its values: `[[message, {name: value}], …]`.

    A worker does not know who will read: `step`, `problem` and `said` give the words in the language of the page.
    """

    kind = models.CharField(max_length=60)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    created_by = models.CharField(max_length=100)
    created_by_id = models.BigIntegerField(null=True)
    key = models.CharField(max_length=64, unique=True)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    label = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(default=dict, blank=True)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Workers look for the oldest that waits; pages list those of an organisation, newest first."""

        indexes: ClassVar = [models.Index(fields=["state", "id"]), models.Index(fields=["organisation", "-id"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def has_ended(self) -> bool:
        """True when nothing more will happen to the job."""
        return self.state in ENDS

    @property
    def percent(self) -> int | None:
        """How far it is, 0 to 100; None while the number of steps is not known."""
        return min(100, 100 * self.done // self.total) if self.total else None

    @property
    def page(self) -> str:
        """The address inside the platform of what was made, empty when there is none."""
        address = self.result.get("page", "") if isinstance(self.result, dict) else ""
        return address if isinstance(address, str) and address.startswith("/") and address[1:2] != "/" else ""

    @property
    def said(self) -> str:
        """What the body says of its result to people; empty when it says nothing."""
        told = self.result.get("said", ()) if isinstance(self.result, dict) else ()
        return (
            str(told)
            if isinstance(told, str)
            else "".join(in_page_language(message) % values for message, values in told)
        )

    @property
    def step(self) -> str:
        """The present step as people read it; names of places stay as they are."""
        return in_page_language(self.label)

    @property
    def problem(self) -> str:
        """Why it failed, as people read it."""
        return in_page_language(self.error).replace("%(number)s", str(self.pk))
