"""What went wrong, as `application/problem+json` (RFC 9457) with a Chinese `detail` that says what to do next."""

import logging
from collections.abc import Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from junheng.core.errors import EngineError, JunhengError
from junheng.web.returns.errors import BlockedError, ConflictError, RefusedError

CONTENT_TYPE = "application/problem+json"
log = logging.getLogger(__name__)


class Problem(Schema):
    """出错时的回答。`code` 供程序判断;`detail` 说明原因和下一步;其余各项只在有内容时出现。"""

    type: str
    title: str
    status: int
    detail: str
    code: str
    findings: list[dict[str, Any]] | None = None
    conflicts: list[dict[str, Any]] | None = None
    lock_version: int | None = None
    errors: list[dict[str, Any]] | None = None


class KeyReusedError(JunhengError):
    """An idempotency key that was used for something else already."""


def problem(status: int, code: str, detail: str, more: Mapping[str, Any] | None = None) -> HttpResponse:
    """One problem; `more` are members beside the usual ones."""
    body = {
        "type": f"urn:junheng:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        **(more or {}),
    }
    return HttpResponse(orjson.dumps(body), status=status, content_type=CONTENT_TYPE)


def nothing_here(_request: HttpRequest | None = None) -> HttpResponse:
    """404."""
    return problem(404, "not-found", _("没有这一项,或您看不到它。地址和编号见 /api/v1/docs/。"))


def answer_refusal(_request: HttpRequest, error: JunhengError) -> HttpResponse:
    """What the platform refused, and why."""
    if isinstance(error, EngineError):
        log.error("a promise was broken", exc_info=error)
        return problem(500, "broken", str(error))
    if isinstance(error, KeyReusedError):
        return problem(422, "key-reused", str(error))
    if isinstance(error, BlockedError):
        return problem(422, "blocked", str(error), {"findings": list(error.findings)})
    if isinstance(error, ConflictError):
        told = [asdict(conflict) for conflict in error.conflicts]
        return problem(409, "conflict", str(error), {"conflicts": told, "lock_version": error.lock_version})
    if isinstance(error, RefusedError):
        return problem(409, "refused", str(error))
    return problem(422, "invalid", str(error))


def answer_invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Parameters or a body that do not fit the schema, each with its place."""
    told = [
        {"place": ".".join(str(part) for part in each["loc"]), "message": each["msg"], "kind": each["type"]}
        for each in error.errors
    ]
    places = "、".join(each["place"] for each in told[:5])
    return problem(422, "invalid", _("请求不符合接口说明:%(places)s。") % {"places": places}, {"errors": told})


def answer_http(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """Refusals that the framework makes."""
    if isinstance(error, AuthenticationError):
        detail = _("没有令牌,或令牌已过期、已撤销。请在 Authorization 头写 Bearer 和令牌;新令牌请安全管理员发放。")
        response = problem(401, "not-signed-in", detail)
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    if isinstance(error, Throttled):
        response = problem(429, "too-many-requests", _("请求过于频繁,请按 Retry-After 的秒数等待后再试。"))
        response.headers["Retry-After"] = str(error.wait)
        return response
    return problem(error.status_code, "invalid", _("请求的内容无法读取,请检查 JSON 格式。"))


def _answer_missing(request: HttpRequest, _error: Http404) -> HttpResponse:
    return nothing_here(request)


def _answer_forbidden(_request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return problem(403, "forbidden", str(error) or _("令牌代表的角色不能做这件事。请为有此权限的角色另发令牌。"))


def answer_with_problems(api: NinjaAPI) -> None:
    """Makes an API answer everything that goes wrong with a problem."""
    handlers: dict[type[Exception], Any] = {
        JunhengError: answer_refusal,
        ValidationError: answer_invalid,
        HttpError: answer_http,
        Http404: _answer_missing,
        PermissionDenied: _answer_forbidden,
    }
    for error, handler in handlers.items():
        api.add_exception_handler(error, handler)
