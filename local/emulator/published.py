"""State machines as started: the machine itself, a version of it, or what an alias points at."""

import copy
from typing import Any


def published(backend: Any, arn: str) -> Any:
    """The machine to start for an ARN, with the definition and role of the version meant.

    Raises:
        moto.stepfunctions.exceptions.StateMachineDoesNotExist: there is none.
    """
    base, _, qualifier = arn.rpartition(":")
    if arn.count(":") < 7:
        return backend.describe_state_machine(arn)
    machine = backend.describe_state_machine(base)
    number = _version_number(machine, qualifier)
    if number not in machine.versions:
        return backend.describe_state_machine(arn)
    version, view = machine.versions[number], copy.copy(machine)
    view.definition, view.roleArn = version.definition, version.roleArn
    view.started_as = {"stateMachineVersionArn": f"{base}:{number}"}
    if not qualifier.isnumeric():
        view.started_as["stateMachineAliasArn"] = arn
    return view


def started_as(machine: Any) -> dict[str, str]:
    """The ARNs of the version and alias that an execution's machine was started by, if any."""
    return dict(vars(machine).get("started_as", {}))


def _version_number(machine: Any, qualifier: str) -> int:
    """The version meant; of an alias the one its first route leads to, or 0 if there is none."""
    if qualifier.isnumeric():
        return int(qualifier)
    if qualifier not in machine.aliases:
        return 0
    route = machine.aliases[qualifier].routing_configuration[0]
    return int(route["stateMachineVersionArn"].rpartition(":")[2])


def starting(backend: Any, machine: Any) -> Any:
    """The backend, answering this machine when asked which one to start."""
    return _Starting(backend, machine)


class _Starting:
    def __init__(self, backend: Any, machine: Any) -> None:
        self._backend = backend
        self._machine = machine

    def describe_state_machine(self, _arn: str) -> Any:
        return self._machine

    def __getattr__(self, name: str) -> Any:
        return getattr(self._backend, name)
