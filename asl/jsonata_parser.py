"""JSONata as Step Functions parses it: version 2.0.6, without operators of later versions.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from jsonata.jexception import JException
from jsonata.parser import Parser

_LATER: Final = {"??": "$exists(a) ? a : b", "?:": "a ? a : b"}
"""Operators that came with JSONata 2.1, and what says the same in 2.0.6."""
_UNKNOWN_OPERATOR: Final = "S0204"


class ExpressionError(ValueError):
    """An expression that does not parse; the message says why and is not a whole sentence."""


class _Parser(Parser):  # type: ignore[misc]  # the library has no types
    """The library's parser without the operators that JSONata 2.0.6 lacks."""

    def __init__(self) -> None:
        super().__init__()
        for operator in _LATER:
            self.symbol_table[operator] = None


@lru_cache(maxsize=1024)
def parse(text: str) -> Any:
    """The syntax tree of an expression without its delimiters.

    Raises:
        ExpressionError: if it is not JSONata, or nested too deeply to parse.
    """
    try:
        return _Parser().parse(text)
    except JException as error:
        raise ExpressionError(_reason(error)) from error
    except RecursionError as error:
        raise ExpressionError("it is nested too deeply") from error
    except Exception as error:  # the library answers some bad input with errors of its own making
        raise ExpressionError(f"the parser gives up on it ({error})") from error


def _reason(error: JException) -> str:
    if error.error == _UNKNOWN_OPERATOR and error.current in _LATER:
        return (
            f"Step Functions has JSONata 2.0.6, which lacks the operator {error.current!r}: "
            f"write {_LATER[error.current]!r}"
        )
    return str(error)
