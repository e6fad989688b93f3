"""Every case, from what the bases reach: each error at each call, each action after each call.

They come in the order of the definitions, not of a path: branches race. Where several bases of a
workflow reach a task, the first gets every error; the others are struck once and always by errors
that are retried and by ones that are not.
"""

from collections.abc import Iterator, Sequence
from itertools import product

from local.faults import errors
from local.faults.cases import Case, Document
from local.faults.errors import Error
from local.faults.reach import Reach, Target, targets
from workflows import DEFINITIONS

FUNCTION = "function"
_WHEN = ("before", "after")
_ONCE, _THRICE, _ALWAYS = 1, 3, 0
_TIMES = {_ONCE: "once", _THRICE: "three times", _ALWAYS: "always"}
_FEW = (errors.TIMEOUT, errors.UNKNOWN)
_ACTIONS = ("stop", "cancel", "again")


def singles(reached: Sequence[Reach]) -> list[Case]:
    """A case for each single disturbance."""
    found: list[Case] = []
    known: set[tuple[str, str]] = set()
    own_errors = {name: errors.of_machine(render()) for name, render in DEFINITIONS.items()}
    for reach in reached:
        tasks = targets(reach.base)
        for named in (name for name in tasks if name in reach.tasks):
            is_first = (reach.base.workflow, named) not in known
            known.add((reach.base.workflow, named))
            found += _faults(reach, tasks[named], is_first)
            found += _actions(reach, named, own_errors[tasks[named].workflow] if is_first else ())
        for function in reach.functions:
            if ("", function) not in known:
                known.add(("", function))
                found += _function_faults(reach, function)
    return found


def _faults(reach: Reach, target: Target, is_first: bool) -> Iterator[Case]:
    every = errors.of_task(target.state)
    times = _TIMES if is_first else (_ONCE, _ALWAYS)
    kinds = every if is_first else _one_each(every)
    for error, when, count in product(kinds, _WHEN, times):
        fault = {"state": target.named, "error": error.name, "when": when, "times": count}
        what = f"{error.name} {when} {target.named}, {_TIMES[count]}"
        yield Case(error.kind, reach.base, what, faults=[fault], path=reach.tasks)


def _one_each(every: Sequence[Error]) -> list[Error]:
    return [next(error for error in every if error.kind == kind) for kind in _FEW]


def _function_faults(reach: Reach, function: str) -> Iterator[Case]:
    for error, when, count in product(errors.of_function(), _WHEN, (_ONCE, _THRICE)):
        fault = {"function": function, "error": error.name, "when": when, "times": count}
        what = f"{error.name} {when} {function}, {_TIMES[count]}"
        yield Case(FUNCTION, reach.base, what, faults=[fault], path=reach.tasks)


def _actions(reach: Reach, named: str, own_errors: Sequence[str]) -> Iterator[Case]:
    for do in _ACTIONS:
        yield _action(reach, do, named)
    for error in own_errors:
        yield _action(reach, "stop", named, error)


def _action(reach: Reach, do: str, named: str, error: str | None = None) -> Case:
    action: Document = {"do": do, "after": named, **({"error": error} if error else {})}
    what = f"{do} with {error} after {named}" if error else f"{do} after {named}"
    return Case(do, reach.base, what, actions=[action], path=reach.tasks)
