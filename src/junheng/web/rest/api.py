"""The API of version 1: its operations, its OpenAPI document and its root."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path, re_path, reverse
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from junheng.web.access.pages import Access, public
from junheng.web.rest.keys import BearerToken
from junheng.web.rest.operations import documents, filling, jobs, organisations, returns, runs, uploads, verdicts
from junheng.web.rest.problems import CONTENT_TYPE, Problem, answer_with_problems, nothing_here

DESCRIPTION = (
    "与网页同样的权限。令牌由安全管理员在“接口令牌”页发放,代表一个人的一个角色,写在 Authorization: Bearer 头里。"
    "每个写操作都带 Idempotency-Key 头。列表用 limit、offset 分页。出错时回答 application/problem+json。"
)
ROUTERS = (organisations, returns, filling, uploads, runs, verdicts, documents, jobs)
FILE = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


class Api(NinjaAPI):
    """Names operations after their functions; the first line of a docstring is the summary, the rest the description."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name of the function."""
        return operation.view_func.__name__

    def get_openapi_schema(self, **named: Any) -> OpenAPISchema:
        """The OpenAPI document, with the problem that every operation may answer."""
        schema = super().get_openapi_schema(**named)
        schema["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        problem = {
            "description": "出错",
            "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for told in (told for methods in schema["paths"].values() for told in methods.values()):
            told["summary"], _, rest = str(told["description"]).partition("\n")
            told["description"] = rest.strip()
            for status, answer in told["responses"].items():
                answer["description"] = "成功" if status < 300 else answer["description"]
                if told["operationId"].startswith("download_"):
                    answer["content"] = FILE
            told["responses"] = {str(status): answer for status, answer in told["responses"].items()}
            told["responses"]["4XX"] = problem
        return schema


API = Api(
    title="均衡平台接口",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api-v1",
    docs_url=None,
    docs_decorator=public,
)
answer_with_problems(API)
for _module in ROUTERS:
    API.add_router("", _module.router)


def operations() -> Mapping[str, Access]:
    """What each operation asks for, by its name."""
    found: dict[str, Access] = {}
    for router in API._get_bound_routers():
        for view in router.path_operations.values():
            for operation in view.operations:
                token = operation.auth_callbacks[0]
                assert isinstance(token, BearerToken)
                found[operation.view_func.__name__] = token.access
    return found


@public
def root(_request: HttpRequest) -> HttpResponse:
    """Where to read on."""
    return JsonResponse({"openapi": reverse("api-v1:openapi-json"), "docs": reverse("api-docs")})


@csrf_exempt
@public
def nothing(request: HttpRequest) -> HttpResponse:
    """A problem for every address of the API that leads nowhere."""
    return nothing_here(request)


def urls() -> tuple[list[Any], str, str]:
    """The routes, with a root and an end of our own."""
    made, app, namespace = API.urls
    kept = [entry for entry in made if getattr(entry, "name", "") != "api-root"]
    return [*kept, path("", root, name="api-root"), re_path(r"^.*$", nothing, name="nothing")], app, namespace
