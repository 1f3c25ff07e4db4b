"""Checks an answer against the OpenAPI document: the part of JSON Schema that the document uses, and no more."""

from collections.abc import Iterator, Mapping
from typing import Any

TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
KNOWN = {
    "$ref", "anyOf", "type", "properties", "required", "items", "additionalProperties", "enum", "title", "description",
    "default", "format", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "const",
}  # fmt: skip


def faults(value: Any, shape: Mapping[str, Any], document: Mapping[str, Any], at: str = "$") -> Iterator[str]:
    """Every place where a value does not fit its shape. ValueError for a word of JSON Schema that is not known here."""
    if unknown := set(shape) - KNOWN:
        raise ValueError(f"{at}: {sorted(unknown)}")
    if "$ref" in shape:
        name = str(shape["$ref"]).rpartition("/")[2]
        yield from faults(value, document["components"]["schemas"][name], document, at)
        return
    if "anyOf" in shape:
        if all(list(faults(value, each, document, at)) for each in shape["anyOf"]):
            yield f"{at}: {value!r} fits none of {shape['anyOf']}"
        return
    if "enum" in shape and value not in shape["enum"]:
        yield f"{at}: {value!r} is not one of {shape['enum']}"
    if "type" in shape and not _is(value, shape["type"]):
        yield f"{at}: {value!r} is no {shape['type']}"
        return
    yield from _inside(value, shape, document, at)


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool) and kind != "boolean":
        return False
    return isinstance(value, TYPES[kind])


def _inside(value: Any, shape: Mapping[str, Any], document: Mapping[str, Any], at: str) -> Iterator[str]:
    if isinstance(value, list):
        for index, each in enumerate(value):
            yield from faults(each, shape.get("items", {}), document, f"{at}[{index}]")
    if not isinstance(value, dict):
        return
    yield from (f"{at}.{name}: missing" for name in shape.get("required", ()) if name not in value)
    named, others = shape.get("properties", {}), shape.get("additionalProperties", not shape.get("properties"))
    for name, each in value.items():
        if name in named:
            yield from faults(each, named[name], document, f"{at}.{name}")
        elif isinstance(others, Mapping):
            yield from faults(each, others, document, f"{at}.{name}")
        elif not others:
            yield f"{at}.{name}: not in the document"


def answer_faults(document: Mapping[str, Any], operation_id: str, answer: Any) -> list[str]:
    """Where an answer differs from what the document says about the operation: its status, its content type, its body."""
    told = next(
        each
        for methods in document["paths"].values()
        for each in methods.values()
        if each["operationId"] == operation_id
    )
    status = str(answer.status_code)
    wanted = told["responses"].get(status) or told["responses"].get(f"{status[0]}XX")
    if wanted is None:
        return [f"{operation_id}: {status} is not in the document"]
    content_type = answer.headers["Content-Type"].partition(";")[0]
    if content_type not in wanted["content"]:
        return [f"{operation_id}: {content_type} is not in the document"]
    return list(faults(answer.json(), wanted["content"][content_type]["schema"], document))
