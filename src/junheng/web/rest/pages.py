"""The page that shows the OpenAPI document to people, without a script and without asking another server."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from junheng.web.access.pages import public
from junheng.web.rest.api import API


@public
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Every operation with its parameters, body and answer, and every shape."""
    schema = API.get_openapi_schema()
    groups: dict[str, list[dict[str, Any]]] = {}
    for address, methods in schema["paths"].items():
        for method, told in methods.items():
            groups.setdefault(told["tags"][0], []).append(_operation(address, method, told))
    shapes = sorted(schema["components"]["schemas"].items())
    listed = [(name, shape, _fields(shape)) for name, shape in shapes]
    context = {"schema": schema, "groups": groups, "shapes": listed, "names": [name for name, _shape in shapes]}
    return render(request, "rest/docs.html", context)


def _operation(address: str, method: str, told: dict[str, Any]) -> dict[str, Any]:
    content = told.get("requestBody", {}).get("content", {})
    answers = [
        (status, _type(next(iter(answer["content"].values()))["schema"]))
        for status, answer in told["responses"].items()
        if "content" in answer and status != "4XX"
    ]
    return {
        "id": told["operationId"],
        "address": address,
        "method": method.upper(),
        "summary": told["summary"],
        "description": told["description"],
        "parameters": [_parameter(each) for each in told["parameters"]],
        "body": [(kind, _type(each["schema"])) for kind, each in content.items()],
        "answers": answers,
    }


def _parameter(told: dict[str, Any]) -> dict[str, Any]:
    shape = told["schema"]
    return {
        "name": told["name"],
        "place": told["in"],
        "is_required": told["required"],
        "type": _type(shape),
        "description": told.get("description") or shape.get("description", ""),
    }


def _fields(shape: dict[str, Any]) -> list[tuple[str, str, bool, str]]:
    required = shape.get("required", ())
    return [
        (name, _type(field), name in required, field.get("description", ""))
        for name, field in shape.get("properties", {}).items()
    ]


def _type(shape: dict[str, Any]) -> str:
    """A schema in a few words: `list of X`, `integer or null`, the name of a shape."""
    if "$ref" in shape:
        return str(shape["$ref"]).rpartition("/")[2]
    if "anyOf" in shape:
        return " | ".join(_type(each) for each in shape["anyOf"])
    if "allOf" in shape:
        return " & ".join(_type(each) for each in shape["allOf"])
    kind = str(shape.get("format") or shape.get("type", "any"))
    return f"[{_type(shape.get('items', {}))}]" if kind == "array" else kind
