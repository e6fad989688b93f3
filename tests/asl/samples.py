"""Definitions that several tests start from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from asl import check, loads

VALID = sorted((Path(__file__).parent / "valid").glob("*.json"))
LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:Work"


def load(name: str) -> dict[str, Any]:
    """One of the valid definitions, by its file's name."""
    path = Path(__file__).parent / "valid" / f"{name}.json"
    document: dict[str, Any] = loads(path.read_text("utf-8"), name)
    return document


def machine(state: dict[str, Any], **others: dict[str, Any]) -> dict[str, Any]:
    """A JSONata machine whose first state is called Work."""
    return {"QueryLanguage": "JSONata", "StartAt": "Work", "States": {"Work": state, **others}}


def task(resource: str, arguments: Any = None, **fields: Any) -> dict[str, Any]:
    """A Task that ends its machine."""
    request = {} if arguments is None else {"Arguments": arguments}
    return {
        "Type": "Task",
        "Resource": resource,
        "TimeoutSeconds": 60,
        **request,
        **fields,
        "End": True,
    }


def integration(api: str, arguments: Any = None, **fields: Any) -> dict[str, Any]:
    """A Task on a service integration that ends its machine."""
    return task(f"arn:aws:states:::{api}", arguments, **fields)


END = {"Type": "Succeed"}
PASS = {"Type": "Pass", "End": True}


def jsonpath(state: dict[str, Any], **others: dict[str, Any]) -> dict[str, Any]:
    """A JSONPath machine whose first state is called Work."""
    return {"StartAt": "Work", "States": {"Work": state, **others}}


def sentences(definition: Any, **options: Any) -> list[str]:
    """What the checks say of a definition."""
    return [str(problem) for problem in check(definition, **options)]


def output(expression: str) -> dict[str, Any]:
    """A JSONata machine whose one state has this expression as output, its delimiters left out."""
    return machine({**PASS, "Output": f"{{% {expression} %}}"})


def computed(path: str) -> dict[str, Any]:
    """A JSONPath machine whose one state has this path or intrinsic function as a parameter."""
    return jsonpath({**PASS, "Parameters": {"a.$": path}})


def assert_told_apart(illegal: Any, sentence: str, legal: Any) -> None:
    """The checks refuse the one for this reason, and the other for none."""
    assert_refused(illegal, sentence)
    assert sentences(legal) == []


def assert_refused(definition: Any, sentence: str) -> None:
    """The checks name the state and say this."""
    found = sentences(definition)
    assert any(sentence in text for text in found), found
    assert all(text.startswith("State ") for text in found)
