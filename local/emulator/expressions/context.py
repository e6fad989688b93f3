"""The top level of an expression, which has no context: no `$`, `$$` or name by itself.

AWS's "Transforming data with JSONata in Step Functions" has neither; AWS refuses them when a
machine is created, here they fail when they are evaluated.
"""

from typing import Any, NoReturn

from jsonata import Jsonata
from jsonata.jexception import JException

NO_CONTEXT = object()
"""What the top level has for its input."""


class TopLevel(Jsonata):  # type: ignore[misc]
    """The evaluator's parts that look at the context."""

    def evaluate_name(self, expr: Any, input: Any, environment: Any) -> Any:  # noqa: A002
        """A member of the context."""
        if input is NO_CONTEXT:
            _refuse(str(expr.value))
        return super().evaluate_name(expr, input, environment)

    def evaluate_variable(self, expr: Any, input: Any, environment: Any) -> Any:  # noqa: A002
        """A variable, of which `$` is the context and `$$` that of the top level."""
        if expr.value == "$" or (expr.value == "" and input is NO_CONTEXT):
            _refuse(f"${expr.value}")
        return super().evaluate_variable(expr, input, environment)

    def evaluate_wildcard(self, expr: Any, input: Any) -> Any:  # noqa: A002
        """All members of the context."""
        if input is NO_CONTEXT:
            _refuse("*")
        return super().evaluate_wildcard(expr, input)

    def evaluate_descendants(self, expr: Any, input: Any) -> Any:  # noqa: A002
        """The context and all that is in it."""
        if input is NO_CONTEXT:
            _refuse("**")
        return super().evaluate_descendants(expr, input)

    def apply_inner(self, proc: Any, args: Any, input: Any, environment: Any) -> Any:  # noqa: A002
        """Call a function; one that would take an argument from the context gets nothing."""
        given = None if input is NO_CONTEXT else input
        return super().apply_inner(proc, args, given, environment)


def _refuse(name: str) -> NoReturn:
    raise JException("D3137", -1, f"Reference to '{name}' at the top level is not supported.")
