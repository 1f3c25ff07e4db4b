"""Scenarios: made, copied, changed, removed. Every write is refused when somebody else has written since the form was opened."""

import copy as copies
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.api import planning
from junheng.core.errors import InputError
from junheng.web.access.actor import Actor
from junheng.web.audit import chain
from junheng.web.organisations.models import Kind, Organisation
from junheng.web.plans.kept import digest_of
from junheng.web.plans.models import Plan, Scenario

MOST_LETTERS = 80
LEAST_QUANTILE, MOST_QUANTILE = 1, 99
MOST_WHAT_IFS = 200


class ChangedMeanwhileError(InputError):
    """Somebody else has changed the scenario since the form was opened."""


class WrongTitleError(InputError):
    """A title that is empty, too long or taken."""


@transaction.atomic
def create(
    *, by: Actor, county: Organisation, title: str, data: Mapping[str, Any] | None = None, is_example: bool = False
) -> Scenario:
    """A new scenario, blank unless data are given: usual values where there are any, no price and no budget.

    InputError for a place that is no county, and for a title that is empty, too long, or taken.
    """
    if county.kind != Kind.COUNTY:
        raise InputError(_("方案只能为县（市、区）编制。"))
    given = copies.deepcopy(dict(data)) if data is not None else planning.blank_scenario()
    return _make(by, county, title, given, is_example=is_example)


@transaction.atomic
def copy(*, by: Actor, scenario: Scenario, title: str) -> Scenario:
    """A new scenario like another one, under its own title. InputError as `create`."""
    return _make(by, scenario.organisation, title, copies.deepcopy(scenario.data), source=scenario)


@transaction.atomic
def steadier(*, by: Actor, plan: Plan, quantile: int) -> Scenario:
    """The scenario of a plan, as it was then, with pupils that so many in a hundred futures do not exceed.

    The one made before when it still says the same. InputError as `create`, or for a quantile that nobody can plan for.
    """
    if not LEAST_QUANTILE <= quantile <= MOST_QUANTILE:
        words = {"least": LEAST_QUANTILE, "most": MOST_QUANTILE}
        raise InputError(_("预测情形应在 %(least)s 与 %(most)s 之间。") % words)
    ending = f" · {quantile}%"
    title = plan.scenario_title[: MOST_LETTERS - len(ending)] + ending
    data = copies.deepcopy(plan.scenario_data)
    data["pupils"] = {**(data.get("pupils") or {}), "source": "forecast", "quantile": quantile}
    known = Scenario.objects.filter(organisation=plan.organisation, title=title, removed_at=None).first()
    if known is not None and (known.data, known.what_ifs) == ({**data, "title": title}, plan.what_ifs):
        return known
    return _make(by, plan.organisation, title, data, source=plan.scenario, what_ifs=plan.what_ifs)


def _make(
    by: Actor,
    county: Organisation,
    title: str,
    data: dict[str, Any],
    *,
    source: Scenario | None = None,
    is_example: bool = False,
    what_ifs: list[Any] | None = None,
) -> Scenario:
    supposed = what_ifs if what_ifs is not None else source.what_ifs if source else []
    Organisation.objects.select_for_update().get(pk=county.pk)
    name = _title(county, title)
    scenario = Scenario.objects.create(
        organisation=county,
        title=name,
        data={**data, "title": name},
        what_ifs=copies.deepcopy(supposed),
        copied_from=source,
        is_example=is_example or (source is not None and source.is_example),
        created_by=by.name,
        changed_by=by.name,
        changed_at=timezone.now(),
    )
    after = {"title": name, "data": digest_of(scenario.data)} | ({"copied_from": source.pk} if source else {})
    _record(by, "scenario.create", scenario, {}, after)
    return scenario


def _title(county: Organisation, title: str, own: int | None = None) -> str:
    """The title without blanks around it; WrongTitleError when it will not do."""
    name = title.strip()
    if not name:
        raise WrongTitleError(_("请给方案起个名称。"))
    if len(name) > MOST_LETTERS:
        raise WrongTitleError(_("方案名称不能超过 %(count)s 个字。") % {"count": MOST_LETTERS})
    others = Scenario.objects.filter(organisation=county, title=name, removed_at=None)
    if any(entry.pk != own for entry in others.only("pk")):
        raise WrongTitleError(_("已有同名的方案，请换一个名称。"))
    return name


@transaction.atomic
def change(*, by: Actor, scenario_id: int, lock_version: int, data: Mapping[str, Any]) -> Scenario:
    """The scenario with other data; whatever is still wrong in them is kept as it was typed, so that nothing is lost.

    ChangedMeanwhileError when `lock_version` is no longer the present one; InputError for a title that will not do.
    """
    scenario = _locked(scenario_id, lock_version)
    name = _title(scenario.organisation, str(data.get("title") or ""), own=scenario.pk)
    before = {"title": scenario.title, "data": digest_of(scenario.data)}
    told = _differences(scenario.data, {**data, "title": name})
    scenario.title, scenario.data, scenario.is_example = name, {**data, "title": name}, False
    _write(scenario, by)
    _record(by, "scenario.change", scenario, before, {"title": name, "data": digest_of(scenario.data), **told})
    return scenario


@transaction.atomic
def change_what_ifs(
    *, by: Actor, scenario_id: int, lock_version: int, what_ifs: Sequence[Mapping[str, Any]]
) -> Scenario:
    """The scenario with another list of facts that are taken as changed. Errors as `change`, and for too many of them."""
    scenario = _locked(scenario_id, lock_version)
    if len(what_ifs) > MOST_WHAT_IFS:
        raise InputError(_("一个方案最多假设改动 %(count)s 个数。") % {"count": MOST_WHAT_IFS})
    before = {"count": len(scenario.what_ifs)}
    scenario.what_ifs = [dict(entry) for entry in what_ifs]
    _write(scenario, by)
    after = {"count": len(scenario.what_ifs), "data": digest_of({"what_ifs": scenario.what_ifs})}
    _record(by, "scenario.change_what_ifs", scenario, before, after)
    return scenario


@transaction.atomic
def remove(*, by: Actor, scenario_id: int) -> None:
    """Takes a scenario off the list; plans that were made from it keep all they need. Nothing happens to a removed one."""
    scenario = Scenario.objects.select_for_update().get(pk=scenario_id)
    if scenario.removed_at is not None:
        return
    scenario.removed_at = timezone.now()
    scenario.save(update_fields=["removed_at"])
    _record(by, "scenario.remove", scenario, {"title": scenario.title}, {})


def _locked(scenario_id: int, lock_version: int) -> Scenario:
    scenario = Scenario.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=scenario_id)
    if scenario.removed_at is not None:
        raise InputError(_("这个方案已经删除。"))
    if scenario.lock_version != lock_version:
        who = {"name": scenario.changed_by}
        raise ChangedMeanwhileError(
            _("%(name)s 在您打开之后改过这个方案，您的改动没有保存。请对照现在的内容再改。") % who
        )
    return scenario


def _write(scenario: Scenario, by: Actor) -> None:
    scenario.lock_version += 1
    scenario.changed_by, scenario.changed_at = by.name, timezone.now()
    scenario.save()


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, str]:
    """The first entries that differ, path → new value as text, for the audit."""
    told: dict[str, str] = {}
    old, new = _flat(before), _flat(after)
    for path in sorted({*old, *new}):
        if old.get(path) != new.get(path) and len(told) < 20:
            told[path] = str(new.get(path))[:80]
    return told


def _flat(data: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in data.items():
        if isinstance(value, Mapping):
            found.update(_flat(value, f"{prefix}{name}."))
        else:
            found[f"{prefix}{name}"] = value
    return found


def _record(by: Actor, action: str, scenario: Scenario, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    chain.record(
        by=by,
        action=action,
        organisation_id=scenario.organisation_id,
        subject=f"scenario:{scenario.pk}",
        before=dict(before),
        after=dict(after),
    )
