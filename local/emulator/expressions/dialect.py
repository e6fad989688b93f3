"""An expression in AWS's dialect: JSONata 2.0.6 with AWS's functions, within AWS's limits."""

import copy
import time
from collections.abc import Mapping
from typing import Any

from jsonata import Jsonata, Utils
from jsonata.jexception import JException
from jsonata.parser import Parser

from local.emulator.expressions import functions
from local.emulator.expressions.context import NO_CONTEXT, TopLevel
from local.emulator.expressions.failure import OUT_OF_MEMORY, STACK_OVERFLOW, LimitExceeded
from local.emulator.expressions.operators import MOST_ITEMS, Operators
from local.emulator.expressions.patterns import Pattern

DEEPEST = 100
"""Evaluations within one another; on AWS the 101st is refused."""

MOST_BYTES = 6_990_256
"""What one value may hold on AWS, measured: 2^22 characters pass, 2^23 do not."""

_MOST: Mapping[type, int] = {
    str: MOST_BYTES,
    list: MOST_ITEMS,
    Utils.JList: MOST_ITEMS,
    dict: MOST_ITEMS,
}
_LATER = ("??", "?:")  # operators of later versions
_HOOKS = ("__evaluate_entry", "__evaluate_exit")


class _Unknown(Parser.Infix):  # type: ignore[misc]
    """An operator that this version does not have."""

    def led(self, _left: Any) -> Any:
        raise JException("S0204", self.position, self.value)


class _Frame(Jsonata.Frame):  # type: ignore[misc]
    """The variables of a scope. The library looks here for hooks of its own that are not used."""

    def lookup(self, name: str) -> Any:
        """The value of a variable, of this scope or one around it."""
        frame = None if name in _HOOKS else self
        while frame is not None:
            if name in frame.bindings:
                return frame.bindings[name]
            frame = frame.parent
        return None


def _parser() -> Any:
    parser = Parser()
    for operator in _LATER:
        parser.symbol_table.pop(operator)
        parser.register(_Unknown(parser, operator, 40))
    return parser


class Dialect(TopLevel, Operators):
    """A parsed expression; evaluate a copy, since an evaluation writes to it."""

    _functions = Jsonata.Frame(None)
    _functions.bindings.update(functions.every())

    def __init__(self, expression: str) -> None:
        """Parse an expression.

        Raises:
            JException: it is no JSONata 2.0.6.
        """
        self.parser = _parser()
        self.ast = self.parser.parse(expression, Pattern)
        self.errors = self.input = None
        self.environment = self.create_frame(self._functions)
        self.timestamp = 0
        self._depth = 0

    def create_frame(self, enclosing_environment: Any = None) -> Any:
        """A scope within another."""
        return _Frame(enclosing_environment)

    def value(self, variables: Mapping[str, Any]) -> Any:
        """The value of the expression, None for nothing.

        Raises:
            JException: it fails.
            LimitExceeded: it is nested too deeply, or a value in it is too large.
        """
        mine = copy.copy(self)
        Jsonata.CURRENT.jsonata = mine  # whom the library's functions ask
        mine.timestamp = round(time.time() * 1000)
        frame = mine.create_frame(self.environment)
        frame.bindings.update(variables)
        return mine.eval(self.ast, NO_CONTEXT, frame)

    def eval(self, expr: Any, input: Any, environment: Any) -> Any:  # noqa: A002 - the library's
        """Evaluate a part of the expression, within the limits."""
        if self._depth >= DEEPEST:
            raise LimitExceeded(STACK_OVERFLOW)
        outer = self.environment
        self._depth += 1
        try:
            result = self._eval(expr, input, environment)
        finally:
            self._depth -= 1
            self.environment = outer
        if (most := _MOST.get(type(result))) and len(result) > most:
            raise LimitExceeded(OUT_OF_MEMORY)
        return result
