"""Between the engine's values and what calls and expressions take: casing, dates, `$states`."""

import functools
import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import botocore.session
from botocore import xform_name
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str

_session = botocore.session.Session()
_loading = threading.Lock()


def variables(env: Any) -> str:
    """What a JSONata expression sees, as a JSON document: `states` and the variables in scope."""
    outer, inner = env.variable_store._outer_scope, env.variable_store._inner_scope
    return str(to_json_str({"states": _present(env.states._states_data), **outer, **inner}))


def _present(states: Mapping[str, Any]) -> dict[str, Any]:
    """`$states` without the parts that this state does not have: they are undefined, not null."""
    optional = ("result", "errorOutput")
    return {name: part for name, part in states.items() if part is not None or name not in optional}


def to_request(
    task: Any,
    parameters: dict[str, Any],
    boto_service_name: str | None = None,
    service_action_name: str | None = None,
) -> None:
    """Rename a call's arguments, in place, from Step Functions' casing to the SDK's."""
    operation = _operation(task, boto_service_name, service_action_name)
    if operation is not None and operation.input_shape is not None:
        task._to_boto_request(parameters, operation.input_shape)


def to_result(
    task: Any,
    response: Any,
    boto_service_name: str | None = None,
    service_action_name: str | None = None,
) -> None:
    """Rename a call's result, in place, from the SDK's casing to Step Functions'; dates are ms."""
    operation = _operation(task, boto_service_name, service_action_name)
    if operation is not None and operation.output_shape is not None:
        task._from_boto_response(response, operation.output_shape)
    if isinstance(response, dict):
        for name, value in response.items():
            if isinstance(value, datetime):
                response[name] = int(value.timestamp() * 1000)


def _operation(task: Any, service: str | None, action: str | None) -> Any:
    return _model(task._get_boto_service_name(service), task._get_boto_service_action(action))


@functools.cache
def _model(service: str, action: str) -> Any:
    with _loading:
        model = _session.get_service_model(service)
    named = (name for name in model.operation_names if xform_name(name) == action)
    found = next(named, None)
    return model.operation_model(found) if found else None
