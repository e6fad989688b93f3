"""Retry and Catch rules, and the names of the errors they list.

Source: Amazon States Language specification, "Errors"; AWS Step Functions Developer Guide,
"Handling errors in Step Functions workflows".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from asl.checks.kinds import is_number
from asl.checks.objects import object_problems
from asl.checks.problems import shown
from asl.checks.shapes import CATCH, RETRY
from asl.walk import Visit

ALL: Final = "States.ALL"


def recovery_problems(visit: Visit) -> Iterator[str]:
    """What is wrong with a state's Retry and Catch."""
    for field, shape in (("Retry", RETRY), ("Catch", CATCH)):
        rules = visit.state.get(field)
        if not isinstance(rules, list):
            continue
        for index, rule in enumerate(rules):
            where = f"{field}[{index}]"
            yield from object_problems(rule, shape, visit.language, where)
            if isinstance(rule, Mapping):
                yield from _error_problems(rule.get("ErrorEquals"), where)
                yield from _all_problems(rule.get("ErrorEquals"), index, len(rules), where)
                yield from _delay_problems(rule, where)


def _error_problems(errors: Any, where: str) -> Iterator[str]:
    for error in errors if isinstance(errors, list) else []:
        if not isinstance(error, str) or not error:
            yield f"{where}.ErrorEquals must list error names, not {shown(error)}"


def _all_problems(errors: Any, index: int, count: int, where: str) -> Iterator[str]:
    if not isinstance(errors, list) or ALL not in errors:
        return
    if len(errors) > 1:
        yield f"{where}.ErrorEquals must list {ALL} alone"
    if index < count - 1:
        yield f"{where} catches {ALL} and must be the last rule, or those after it never apply"


def _delay_problems(rule: Mapping[Any, Any], where: str) -> Iterator[str]:
    interval, longest = rule.get("IntervalSeconds", 1), rule.get("MaxDelaySeconds")
    if is_number(interval) and is_number(longest) and longest <= interval:
        yield (
            f"{where}.MaxDelaySeconds must be greater than IntervalSeconds, "
            f"but {longest} is not greater than {interval}"
        )
