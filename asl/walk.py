"""Every state machine of a definition, the bodies of Map and Parallel states included.

Nothing is assumed of the document: what is not a state machine is passed over. Checks say what is
wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

JSONATA: Final = "JSONata"
JSONPATH: Final = "JSONPath"
STANDARD: Final = "STANDARD"
EXPRESS: Final = "EXPRESS"
PROCESSORS: Final = ("ItemProcessor", "Iterator")


class Machine(NamedTuple):
    """A state machine, or a body: a Map's processor or a branch of a Parallel."""

    document: Mapping[Any, Any]
    owner: str | None
    """The state whose body it is; None for the definition itself."""
    language: str
    """The query language of its states, unless one names its own."""
    execution_type: str
    """STANDARD or EXPRESS; the children of a distributed Map may differ from their parent."""

    @property
    def states(self) -> Mapping[Any, Any]:
        """Its states by name; empty where `States` is no object."""
        states = self.document.get("States")
        return states if isinstance(states, Mapping) else {}


class Visit(NamedTuple):
    """One state where it stands."""

    name: str
    state: Mapping[Any, Any]
    language: str
    machine: Machine


def machines(definition: Any, execution_type: str = STANDARD) -> Iterator[Machine]:
    """The definition and every body in it, in the order written.

    A state without a QueryLanguage of its own takes that of the whole definition, in a body too.
    """
    if not isinstance(definition, Mapping):
        return
    language = JSONATA if definition.get("QueryLanguage") == JSONATA else JSONPATH
    pending = [Machine(definition, None, language, execution_type)]
    while pending:
        machine = pending.pop()
        yield machine
        pending.extend(reversed(list(_body_machines(machine))))


def states(definition: Any) -> Iterator[Visit]:
    """Every state of the definition that is an object, those of bodies after their machine's."""
    for machine in machines(definition):
        yield from visits(machine)


def visits(machine: Machine) -> Iterator[Visit]:
    """The states of one machine that are objects."""
    for name, state in machine.states.items():
        if isinstance(state, Mapping):
            own = state.get("QueryLanguage")
            language = own if own in (JSONATA, JSONPATH) else machine.language
            yield Visit(str(name), state, language, machine)


def bodies(state: Mapping[Any, Any]) -> list[Mapping[Any, Any]]:
    """The machines inside one state: a Map's processor, a Parallel's branches, otherwise none."""
    branches = state.get("Branches") if state.get("Type") == "Parallel" else None
    found = list(branches) if isinstance(branches, list) else []
    if state.get("Type") == "Map":
        found += [state[field] for field in PROCESSORS if field in state]
    return [body for body in found if isinstance(body, Mapping)]


def _body_machines(machine: Machine) -> Iterator[Machine]:
    for name, state in machine.states.items():
        for body in bodies(state) if isinstance(state, Mapping) else ():
            kind = _execution_type(body) or machine.execution_type
            yield Machine(body, str(name), machine.language, kind)


def _execution_type(body: Mapping[Any, Any]) -> str | None:
    config = body.get("ProcessorConfig")
    if not isinstance(config, Mapping) or config.get("Mode") != "DISTRIBUTED":
        return None
    return EXPRESS if config.get("ExecutionType") == EXPRESS else STANDARD
