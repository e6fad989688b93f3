"""Evaluates JSONata as Step Functions does, by jsonata-python.

Functions beside JSONata's own, and what is not supported ($eval), follow AWS's "Transforming data
with JSONata in Step Functions".
"""

import copy
import functools
import hashlib
import json
import math
import random
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from jsonata import Jsonata, Utils


class JsonataError(Exception):
    """The expression could not be evaluated; the text is the evaluator's reason."""


def evaluate(expression: str, variables: Mapping[str, Any]) -> Any:
    """The JSON value of an expression.

    Args:
        expression: JSONata, without the surrounding `{% %}`.
        variables: JSON values by name, without the dollar sign.

    Raises:
        JsonataError: it does not parse, fails, or yields nothing or something that is not JSON.
    """
    try:
        program = _of_this_thread(_parse(expression))
        result = program.evaluate(None, {name: _bound(value) for name, value in variables.items()})
    except Exception as error:
        raise JsonataError(f"threw an error during evaluation. {error}") from error
    if result is None:
        raise JsonataError("returned nothing (undefined).")
    return _to_json(result)


@functools.lru_cache(maxsize=4096)
def _parse(expression: str) -> Any:
    program = Jsonata(expression)
    program.set_output_convert_nulls(False)  # tells null from nothing
    program.set_validate_input(False)
    for name, function in _FUNCTIONS.items():
        program.register_lambda(name, function)
    program.assign("eval", Utils.NULL_VALUE)
    return program


def _of_this_thread(program: Any) -> Any:
    """A parsed program is shared; what an evaluation writes to is a copy of its surface."""
    mine = copy.copy(program)
    Jsonata.CURRENT.jsonata = mine
    return mine


def _bound(value: Any) -> Any:
    return Utils.NULL_VALUE if value is None else value


def _to_json(result: Any) -> Any:
    try:
        return json.loads(json.dumps(result, default=_null, allow_nan=False), parse_float=_number)
    except (TypeError, ValueError) as error:
        raise JsonataError("returned an unsupported result type.") from error


def _null(value: Any) -> None:
    if value is not Utils.NULL_VALUE:
        raise TypeError(type(value))


def _number(text: str) -> float | int:
    """JSON has one kind of number: 5.0 is written as 5."""
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _partition(values: list[Any], size: float) -> list[list[Any]]:
    if not size or size < 0 or size != int(size):
        raise ValueError("$partition: the size must be a positive integer")
    step = int(size)
    return [values[start : start + step] for start in range(0, len(values), step)]


def _range(first: float, last: float, step: float) -> list[float]:
    if step == 0:
        raise ValueError("$range: the step must not be 0")
    count = math.floor((last - first) / step) + 1
    return [first + step * index for index in range(max(0, count))]


_ALGORITHMS = {
    "MD5": hashlib.md5,
    "SHA-1": hashlib.sha1,
    "SHA-256": hashlib.sha256,
    "SHA-384": hashlib.sha384,
    "SHA-512": hashlib.sha512,
}


def _hash(value: Any, algorithm: str) -> str:
    if algorithm not in _ALGORITHMS:
        raise ValueError(f"$hash: the algorithm must be one of {', '.join(_ALGORITHMS)}")
    text = value if isinstance(value, str) else json.dumps(value, default=_null)
    return _ALGORITHMS[algorithm](text.encode()).hexdigest()


def _random(seed: float | None = None) -> float:
    source = random.Random(seed) if seed is not None else random  # noqa: S311 - AWS's is no secret
    return source.random()


def _parse_json(text: str) -> Any:
    return _bound(json.loads(text))


def _uuid() -> str:
    return str(uuid.uuid4())


_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "partition": _partition,
    "range": _range,
    "hash": _hash,
    "random": _random,
    "uuid": _uuid,
    "parse": _parse_json,
}
