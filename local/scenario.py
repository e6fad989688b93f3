"""A scenario: what is given, what goes in, and how it must end."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from local.documents import BadDocument, read_document

MAX_AMOUNT = 999_999_999_999
MAX_NAME = 128
FAULT_TIMES = ("before", "after")
CALLBACKS = {
    "payment": ("succeeded", "failed", "none", "twice", "late", "forged", "garbage"),
    "shipping": ("available", "unavailable", "none", "twice", "late", "forged", "garbage"),
}


@dataclass(frozen=True)
class Fault:
    """The named state's call fails with `error`, `times` times (0: always), before or after it."""

    state: str
    error: str
    when: str = "before"
    times: int = 0


@dataclass(frozen=True)
class Scenario:
    """One run of one workflow; `stock` in pieces, `prices` in minor units, both by item."""

    name: str
    workflow: str
    input: Any
    stock: Mapping[str, int] = field(default_factory=dict)
    prices: Mapping[str, int] = field(default_factory=dict)
    sessions: tuple[Mapping[str, Any], ...] = ()
    callbacks: Mapping[str, str] = field(default_factory=dict)
    follow: bool = False
    faults: tuple[Fault, ...] = ()
    expect: Mapping[str, Any] | None = None


def read_scenario(path: Path, workflows: Mapping[str, Collection[str]]) -> Scenario:
    """The scenario in a file.

    Args:
        path: a JSON file with one scenario.
        workflows: the Task states, which faults may name, by the name of their workflow.

    Raises:
        BadDocument: one sentence that names the file, the field and what is wrong with it.
    """
    document = read_document(path)
    try:
        return _scenario(document, path.stem, workflows)
    except _Wrong as error:
        raise BadDocument(f"{path}: {error}") from error


class _Wrong(ValueError):
    pass


def _scenario(
    document: Any, default_name: str, workflows: Mapping[str, Collection[str]]
) -> Scenario:
    known = {"name", "workflow", "given", "input", "callbacks", "follow", "faults", "expect"}
    fields = _object(document, "the scenario", known)
    for required in ("workflow", "input"):
        if required not in fields:
            raise _Wrong(f"the field {required!r} is missing; a bare input is not a scenario")
    given = _object(fields.get("given") or {}, "given", {"stock", "prices", "sessions"})
    workflow = _typed(fields["workflow"], str, "workflow", "text")
    if workflow not in workflows:
        raise _Wrong(f"workflow is {workflow!r}; it must be one of {', '.join(workflows)}")
    return Scenario(
        name=_typed(fields.get("name", default_name), str, "name", "text"),
        workflow=workflow,
        input=fields["input"],
        stock=_amounts(given.get("stock"), "given.stock", "pieces"),
        prices=_amounts(given.get("prices"), "given.prices", "minor units"),
        sessions=tuple(_list(given.get("sessions"), "given.sessions", _session)),
        callbacks=_callbacks(fields.get("callbacks") or {}),
        follow=_typed(fields.get("follow", False), bool, "follow", "true or false"),
        faults=tuple(
            _list(fields.get("faults"), "faults", partial(_fault, tasks=workflows[workflow]))
        ),
        expect=_expect(fields.get("expect")),
    )


def _object(value: Any, where: str, known: Collection[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Wrong(f"{where} must be a JSON object")
    if unknown := sorted(set(value) - set(known)):
        allowed = ", ".join(sorted(known))
        raise _Wrong(f"{where} has the unknown field {unknown[0][:60]!r}; it may have {allowed}")
    return value


def _typed(value: Any, kind: type, where: str, words: str) -> Any:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise _Wrong(f"{where} must be {words}")
    return value


def _list(value: Any, where: str, read: Callable[[Any, str], Any]) -> list[Any]:
    items = _typed(value if value is not None else [], list, where, "a list")
    return [read(item, f"{where}[{index}]") for index, item in enumerate(items)]


def _amounts(value: Any, where: str, unit: str) -> dict[str, int]:
    amounts = _typed(value if value is not None else {}, dict, where, "an object by item")
    for item, amount in amounts.items():
        if _typed(amount, int, f"{where}.{item}", f"a whole number of {unit}") < 0:
            raise _Wrong(f"{where}.{item} is {amount}; it must not be negative")
        if amount > MAX_AMOUNT:
            raise _Wrong(f"{where}.{item[:60]} is too large; it may be {MAX_AMOUNT} at most")
        if not 0 < len(item) <= MAX_NAME:
            raise _Wrong(f"{where} has an item of {len(item)} characters; 1 to {MAX_NAME} may be")
    return dict(amounts)


def _session(value: Any, where: str) -> dict[str, Any]:
    session: dict[str, Any] = _typed(value, dict, where, "an object")
    if not isinstance(session.get("SessionId"), str):
        raise _Wrong(f"{where}.SessionId must be text")
    return session


def _callbacks(value: Any) -> dict[str, str]:
    callbacks = _object(value, "callbacks", CALLBACKS)
    for service, answer in callbacks.items():
        if answer not in CALLBACKS[service]:
            allowed = ", ".join(CALLBACKS[service])
            raise _Wrong(f"callbacks.{service} is {answer!r}; it must be one of {allowed}")
    return callbacks


def _fault(value: Any, where: str, tasks: Collection[str]) -> Fault:
    fields = _object(value, where, {"state", "error", "when", "times"})
    when = fields.get("when", "before")
    if when not in FAULT_TIMES:
        raise _Wrong(f"{where}.when is {when!r}; it must be before or after")
    times = _typed(fields.get("times", 0), int, f"{where}.times", "a whole number, 0 for always")
    if times < 0:
        raise _Wrong(f"{where}.times is {times}; it must not be negative")
    state = _typed(fields.get("state"), str, f"{where}.state", "the name of a Task state")
    if state not in tasks:
        raise _Wrong(f"{where}.state is {state!r}; the Task states are {', '.join(sorted(tasks))}")
    error = _typed(fields.get("error"), str, f"{where}.error", "the name of an error")
    return Fault(state=state, error=error, when=when, times=times)


def _expect(value: Any) -> dict[str, Any] | None:
    return None if value is None else dict(_typed(value, dict, "expect", "an object"))
