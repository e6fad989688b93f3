"""The OpenAPI document, and whether an answer is one that it describes."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

ROOT = "urn:orders"
DOCUMENT: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "docs" / "openapi.yaml").read_text(encoding="utf-8")
)
_REGISTRY: Registry[Any] = Registry().with_resource(ROOT, DRAFT202012.create_resource(DOCUMENT))


def operation(route: str) -> dict[str, Any]:
    """The operation of a route such as `POST /orders`."""
    method, path = route.split(" ")
    found: dict[str, Any] = DOCUMENT["paths"][path][method.lower()]
    return found


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    """A part of the document, or what it refers to."""
    while "$ref" in part:
        found: Any = DOCUMENT
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found
    return part


def require(value: Any, schema: Mapping[str, Any]) -> None:
    """Fails unless the value is what the schema, written within the document, describes."""
    errors = [error.message for error in _validator(schema).iter_errors(value)]
    assert not errors, f"{value} is not as the document says: {errors}"


def describes(name: str, value: Any) -> bool:
    """Whether a value is of one of the document's named schemas."""
    return bool(_validator({"$ref": f"#/components/schemas/{name}"}).is_valid(value))


def require_described(route: str, answer: Mapping[str, Any]) -> None:
    """Fails unless the document describes this answer of this route."""
    responses = operation(route)["responses"]
    status = str(answer["statusCode"])
    assert status in responses, f"{route} answers {status}, which the document does not know"
    response = resolved(responses[status])
    kind = answer["headers"]["content-type"]
    assert kind in response["content"], f"{route} answers {status} as {kind}"
    require(json.loads(answer["body"]), response["content"][kind]["schema"])
    for name, header in response.get("headers", {}).items():
        assert name.lower() in answer["headers"] or not header["required"]
        require(answer["headers"][name.lower()], header["schema"])


def _validator(schema: Mapping[str, Any]) -> Any:
    """References within the document stay as they are written: `#/components/...`."""
    text = re.sub(r'"#/', f'"{ROOT}#/', json.dumps(schema))
    return Draft202012Validator(
        json.loads(text), registry=_REGISTRY, format_checker=Draft202012Validator.FORMAT_CHECKER
    )
