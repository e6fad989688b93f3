"""Fields of a state that take a value of one type only, when an expression gives it.

AWS's "Transforming data with JSONata in Step Functions", Handling expression errors: a value of
another type or out of its range is States.QueryEvaluationError, as any expression that fails.
"""

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from moto.stepfunctions.parser.asl.component.common.string.string_expression import StringJSONata
from moto.stepfunctions.parser.asl.component.common.timeouts import heartbeat, timeout
from moto.stepfunctions.parser.asl.component.state.choice.comparison import comparison
from moto.stepfunctions.parser.asl.component.state.exec.state_map import (
    max_concurrency,
    tolerated_failure,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.reader_config import (
    max_items_decl,
)
from moto.stepfunctions.parser.asl.component.state.fail import cause_decl, error_decl
from moto.stepfunctions.parser.asl.component.state.wait.wait_function import seconds, timestamp

from local.emulator.failures import query_evaluation_failure

Method = Callable[..., Any]

_LONGEST_SECONDS = 99_999_999
"""Of a timeout, a heartbeat or a wait; Amazon States Language, "Timeouts" and "Wait State"."""

_TYPES = {bool: "boolean", int: "number", float: "number", str: "string", list: "array"}


@dataclass(frozen=True)
class Field:
    """What a field takes.

    Attributes:
        name: the field's.
        type: of its value, as JSON names it.
        least: the smallest number it takes.
        most: the largest.
    """

    name: str
    type: str
    least: float = -math.inf
    most: float = math.inf

    def value(self, env: Any, expression: Any) -> Any:
        """The value of an expression, a component of the engine's.

        Raises:
            FailureEventException: it is not of the field's type or range, or has none.
        """
        expression.eval(env=env)
        value = env.stack.pop()
        where = f"The JSONata expression '{expression.literal_value}' specified for the field"
        if (found := type_of(value)) != self.type:
            raise query_evaluation_failure(
                env,
                f"{where} '{self.name}' returned an unexpected result type. "
                f"Expected '{self.type}', but was '{found}' for value: {json.dumps(value)}",
            )
        if self.type == "number" and not self.least <= value <= self.most:
            raise query_evaluation_failure(
                env, f"{where} '{self.name}' returned a value out of range: {json.dumps(value)}"
            )
        return value


def type_of(value: Any) -> str:
    """The type of a JSON value, by its name."""
    return "null" if value is None else _TYPES.get(type(value), "object")


def _pushed(field: Field) -> Method:
    def evaluate(self: Any, env: Any) -> None:
        env.stack.append(field.value(env, self.string_jsonata))

    return evaluate


def _whole(field: Field) -> Method:
    def evaluate(self: Any, env: Any) -> int:
        return int(field.value(env, self.string_jsonata))

    return evaluate


def _text(field: Field, kind: Any) -> Method:
    before = kind._eval_body

    def evaluate(self: Any, env: Any) -> None:
        if isinstance(self.string_expression, StringJSONata):
            env.stack.append(field.value(env, self.string_expression))
        else:
            before(self, env)

    return evaluate


def _moment(field: Field) -> Method:
    before = timestamp.Timestamp._get_wait_seconds

    def evaluate(self: Any, env: Any) -> Any:
        if not isinstance(self.string, StringJSONata):
            return before(self, env)
        text = field.value(env, self.string)
        if self._from_timestamp_string(text) is None:
            raise query_evaluation_failure(
                env, f"The value of the field '{field.name}' is no timestamp: {json.dumps(text)}"
            )
        return before(self, env)

    return evaluate


def _fields() -> Iterable[tuple[type, str, Method]]:
    condition, cause, error = comparison.ConditionStringJSONata, cause_decl.Cause, error_decl.Error
    counts, shares = (
        tolerated_failure.ToleratedFailureCountStringJSONata,
        tolerated_failure.ToleratedFailurePercentageStringJSONata,
    )
    span = {"least": 1, "most": _LONGEST_SECONDS}
    yield condition, "_eval_body", _pushed(Field("Condition", "boolean"))
    yield cause, "_eval_body", _text(Field("Cause", "string"), cause)
    yield error, "_eval_body", _text(Field("Error", "string"), error)
    yield timestamp.Timestamp, "_get_wait_seconds", _moment(Field("Timestamp", "string"))
    for kind, method, field in (
        (timeout.TimeoutSecondsJSONata, "_eval_seconds", _number("TimeoutSeconds", **span)),
        (heartbeat.HeartbeatSecondsJSONata, "_eval_seconds", _number("HeartbeatSeconds", **span)),
        (seconds.SecondsJSONata, "_get_wait_seconds", _number("Seconds", 0, _LONGEST_SECONDS)),
        (max_concurrency.MaxConcurrencyJSONata, "_eval_max_concurrency", _number("MaxConcurrency")),
        (max_items_decl.MaxItemsStringJSONata, "_get_value", _number("MaxItems")),
        (counts, "_eval_tolerated_failure_count", _number("ToleratedFailureCount")),
        (
            shares,
            "_eval_tolerated_failure_percentage",
            _number("ToleratedFailurePercentage", 0, 100),
        ),
    ):
        yield kind, method, _whole(field)


def _number(name: str, least: float = 0, most: float = math.inf) -> Field:
    return Field(name, "number", least, most)


FIELDS = tuple(_fields())
"""The engine's components that evaluate such a field, their methods, and what does it instead."""
