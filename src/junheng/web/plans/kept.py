"""What was computed once and is kept as compressed JSON; unpacked, it stays in memory for the next who asks."""

import json
import zlib
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from junheng.core.digest import canonical_json, sha256_of
from junheng.core.errors import EngineError
from junheng.web.evaluations.kept import Kept
from junheng.web.plans.models import CostCurves, Forecast, Plan, PlanBody

_MOST = 12
"""Forecasts and plans kept in memory; of a county of 120 schools each takes a few MB."""

_kept: Kept[Mapping[str, Any]] = Kept(_MOST)


def packed(data: Mapping[str, Any]) -> bytes:
    """Plain data as compressed canonical JSON: the same data, the same bytes."""
    return zlib.compress(canonical_json(data))


def unpacked(content: bytes) -> Any:
    """The data of `packed`."""
    return json.loads(zlib.decompress(content))


def digest_of(data: Mapping[str, Any]) -> str:
    """One hash over plain data."""
    return sha256_of(data)


def forecast_of(forecast: Forecast) -> Mapping[str, Any]:
    """What a finished forecast says. EngineError when it is not what was kept."""
    return _kept.get(("forecast", forecast.pk, forecast.digest), lambda: _checked(forecast.data, forecast.digest))


def body_of(plan: Plan) -> Mapping[str, Any]:
    """What a finished plan says. EngineError when it is not what was kept."""

    def read() -> Mapping[str, Any]:
        content = PlanBody.objects.values_list("data", flat=True).get(plan=plan)
        return _checked(content, plan.figures["digest"])

    return _kept.get(("plan", plan.pk, plan.hash), read)


def curves_of(found: CostCurves) -> Mapping[str, Any]:
    """What finished curves say: `curves` and `options`. EngineError when it is not what was kept."""

    def read() -> Mapping[str, Any]:
        content = CostCurves.objects.values_list("data", flat=True).get(pk=found.pk)
        return _checked(content, found.digest)

    return _kept.get(("curves", found.pk, found.digest), read)


def _checked(content: bytes | memoryview | None, digest: str) -> Mapping[str, Any]:
    problem = _("保存的结果已损坏或被改动,不能显示。请联系系统管理员。")
    try:
        data: Mapping[str, Any] = unpacked(bytes(content or b""))
    except (zlib.error, ValueError) as error:
        raise EngineError(problem) from error
    if digest_of(data) != digest:
        raise EngineError(problem)
    return data
