"""Evaluates an expression in this very process, however long it takes.

`workers` does so in processes that are ended when it takes too long.
"""

import functools
import json
import math
from collections.abc import Mapping
from typing import Any

from jsonata import Utils
from jsonata.jexception import JException

from local.emulator.expressions import aws_functions, numbers
from local.emulator.expressions.dialect import Dialect
from local.emulator.expressions.failure import OUT_OF_MEMORY, JsonataError, LimitExceeded

__all__ = ["JsonataError", "evaluate", "evaluate_text"]

_THREW = "threw an error during evaluation"


def evaluate(expression: str, variables: Mapping[str, Any]) -> Any:
    """The JSON value of an expression.

    Args:
        expression: JSONata, without the surrounding `{% %}`.
        variables: JSON values by name, without the dollar sign.

    Raises:
        JsonataError: it does not parse, fails, or yields nothing or something that is not JSON.
    """
    value = evaluate_text(expression, json.dumps(variables))
    return json.loads(value, parse_float=numbers.read)


def evaluate_text(expression: str, variables: str) -> str:
    """The value of an expression as a JSON document; its variables are the members of another.

    Raises:
        JsonataError: as `evaluate`.
    """
    try:
        return _document(_parsed(expression).value(aws_functions.load(variables)))
    except JsonataError:
        raise
    except LimitExceeded as error:
        raise JsonataError(f"{_THREW}: {error}") from error
    except MemoryError as error:
        raise JsonataError(f"{_THREW}: {OUT_OF_MEMORY}") from error
    except Exception as error:
        raise JsonataError(f"{_THREW}. {_sentence(error)}") from error


@functools.lru_cache(maxsize=4096)
def _parsed(expression: str) -> Dialect:
    return Dialect(expression)


def _document(result: Any) -> str:
    if result is None:
        raise JsonataError("returned nothing (undefined).")
    try:
        return json.dumps(result, default=_null, allow_nan=False)
    except TypeError as error:
        raise JsonataError("returned an unsupported result type.") from error
    except ValueError:
        return json.dumps(_finite(result), default=_null)


def _null(value: Any) -> None:
    if value is not Utils.NULL_VALUE:
        raise TypeError(type(value))


def _finite(value: Any) -> Any:
    """The same value with numbers that JSON does not have as texts, as AWS writes them."""
    if isinstance(value, dict):
        return {name: _finite(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return numbers.name(value)
    return value


def _sentence(error: Exception) -> str:
    """An error by JSONata's code and sentence, if it has one."""
    code = getattr(error, "error", None)
    known = code in JException.error_codes
    return f"{code}: {error}".replace("Object", "function") if known else str(error)
