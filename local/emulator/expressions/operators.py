"""The operators of JSONata, where jsonata-python's differ from the reference implementation's."""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from jsonata import Jsonata, Utils
from jsonata.jexception import JException

from local.emulator.expressions import array_functions, numbers, texts
from local.emulator.expressions.failure import OUT_OF_MEMORY, LimitExceeded

MOST_ITEMS = 873_782
"""Items of an array; on AWS one more is refused."""

_ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": numbers.divided,
    "%": numbers.remainder,
}
_COMPARISON: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Operators(Jsonata):  # type: ignore[misc]
    """The evaluator, as the library calls its parts."""

    def evaluate_literal(self, expr: Any) -> Any:
        """A literal; two escapes may write one character of a text."""
        value = super().evaluate_literal(expr)
        return _joined(value) if isinstance(value, str) and not value.isascii() else value

    def evaluate_numeric_expression(self, lhs: Any, rhs: Any, op: str | None) -> Any:
        """A sum, difference, product, quotient or remainder of doubles."""
        for side, code in ((lhs, "T2001"), (rhs, "T2002")):
            if side is not None and not Utils.is_numeric(side):
                raise JException(code, -1, op, side)
        if lhs is None or rhs is None:
            return None
        return numbers.tidy(_ARITHMETIC[str(op)](float(lhs), float(rhs)))

    def evaluate_comparison_expression(self, lhs: Any, rhs: Any, op: str | None) -> Any:
        """Whether a number or text is less or greater; a text by its UTF-16 units."""
        if not isinstance(lhs, str) or not isinstance(rhs, str):
            return super().evaluate_comparison_expression(lhs, rhs, op)
        return _COMPARISON[str(op)](array_functions.units(lhs), array_functions.units(rhs))

    def evaluate_includes_expression(self, lhs: Any, rhs: Any) -> bool:
        """Whether a value is among others, by identity: no object equals another."""
        if lhs is None or rhs is None:
            return False
        return any(_is_same(lhs, item) for item in (rhs if isinstance(rhs, list) else [rhs]))

    def evaluate_range_expression(self, lhs: Any, rhs: Any) -> Any:
        """The integers from one to another; nothing if there are none."""
        for side, code in ((lhs, "T2003"), (rhs, "T2004")):
            if side is not None and not (numbers.is_number(side) and float(side).is_integer()):
                raise JException(code, -1, side)
        if lhs is None or rhs is None or lhs > rhs:
            return None
        if rhs - lhs + 1 > MOST_ITEMS:
            raise LimitExceeded(OUT_OF_MEMORY)
        return Utils.create_sequence_from_iter(range(int(lhs), int(rhs) + 1))

    def evaluate_string_concat(self, lhs: Any, rhs: Any) -> str:
        """Two values as one text."""
        return (texts.string(lhs) or "") + (texts.string(rhs) or "")

    def evaluate_sort_expression(self, expr: Any, input: Any, environment: Any) -> Any:  # noqa: A002
        """The order-by operator."""
        is_tuples = isinstance(input, Utils.JList) and input.tuple_stream
        wrapper = Jsonata.ComparatorWrapper(self, expr, environment, is_tuples)
        return array_functions.sort(input, wrapper.compare)


def _is_same(left: Any, right: Any) -> bool:
    if numbers.is_number(left) and numbers.is_number(right):
        return bool(left == right)
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    return left is right


def _joined(text: str) -> str:
    """A text whose characters beyond the first plane were written as two escapes."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
