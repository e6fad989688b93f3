"""Which permissions roles use, for tests that look for permissions that nobody uses."""

from collections.abc import Iterable
from typing import Any

from ministack.core import iam_evaluator

Use = tuple[str, str, str]

_used: set[Use] = set()
_decide = iam_evaluator.evaluate


def record() -> None:
    """From now on, remember what roles are allowed, and nothing from before."""
    _used.clear()
    iam_evaluator.evaluate = _evaluate


def used() -> list[Use]:
    """Role, action and resource of every request of a role that was allowed, each once."""
    return sorted(_used)


def _evaluate(context: Any, *policies: Iterable[Any]) -> Any:
    result = _decide(context, *policies)
    if result.decision == "Allow" and context.principal_type == "AssumedRole":
        _used.add((_role(context.principal_arn), context.action, context.resource_arn))
    return result


def _role(principal_arn: str) -> str:
    """The name of a role, from its own ARN or from that of one of its sessions."""
    kind, _, name = principal_arn.rpartition(":")[2].partition("/")
    return name.partition("/")[0] if kind == "assumed-role" else name.rpartition("/")[2]
