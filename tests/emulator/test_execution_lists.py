"""Executions are listed and described as on AWS; marked tests are a patch's contract."""

from typing import Any

import pytest

from tests.emulator.bench import Bench, jsonata, until
from tests.emulator.contracts import contract

_DONE = jsonata({"Done": {"Type": "Succeed"}})
_FAIL = jsonata({"Stop": {"Type": "Fail"}})
_WAIT = jsonata({"Wait": {"Type": "Wait", "Seconds": 20, "End": True}}, TimeoutSeconds=5)


def _listed(bench: Bench, machine: str, **fields: Any) -> list[dict[str, Any]]:
    states = bench.cloud.client("stepfunctions")
    pages = states.get_paginator("list_executions").paginate(stateMachineArn=machine, **fields)
    return [item for page in pages for item in page["executions"]]


def _arns(items: list[dict[str, Any]]) -> list[str]:
    return [item["executionArn"] for item in items]


def test_executions_are_listed_newest_first_page_by_page(bench: Bench) -> None:
    machine = bench.machine(_DONE)
    started = [bench.start(machine) for _ in range(5)]
    until(lambda: all(bench.cloud.has_ended(each) for each in started))
    states = bench.cloud.client("stepfunctions")
    first = states.list_executions(stateMachineArn=machine, maxResults=2)
    assert _arns(first["executions"]) == started[:2:-1]
    later = bench.start(machine)
    second = states.list_executions(
        stateMachineArn=machine, maxResults=2, nextToken=first["nextToken"]
    )
    assert _arns(second["executions"]) == started[2:0:-1], "a page goes on where the last ended"
    whole = _listed(bench, machine, PaginationConfig={"PageSize": 2})
    assert _arns(whole) == [later, *reversed(started)]
    assert "nextToken" not in states.list_executions(stateMachineArn=machine)


def test_executions_are_listed_by_status(bench: Bench) -> None:
    machine = bench.machine(_WAIT)
    stopped, late = bench.start(machine), bench.start(machine)
    states = bench.cloud.client("stepfunctions")
    states.stop_execution(executionArn=stopped)
    assert _arns(_listed(bench, machine, statusFilter="ABORTED")) == [stopped]
    assert _arns(_listed(bench, machine, statusFilter="RUNNING")) == [late]
    bench.ended(late)
    assert _arns(_listed(bench, machine, statusFilter="TIMED_OUT")) == [late]
    assert _listed(bench, machine, statusFilter="FAILED") == []


@contract("execution_lists")
def test_an_ended_execution_is_listed_with_when_it_ended(bench: Bench) -> None:
    machine = bench.machine(_WAIT)
    execution = bench.start(machine)
    (running,) = _listed(bench, machine)
    assert (running["status"], "stopDate" in running) == ("RUNNING", False)
    described = bench.ended(execution)
    (ended,) = _listed(bench, machine)
    assert (ended["status"], ended["stopDate"]) == ("TIMED_OUT", described["stopDate"])
    assert (ended["redriveCount"], "redriveDate" in ended) == (0, False)


def test_a_redriven_execution_is_listed_with_when(bench: Bench) -> None:
    machine = bench.machine(_FAIL)
    execution = bench.start(machine)
    bench.ended(execution)
    states = bench.cloud.client("stepfunctions")
    date = states.redrive_execution(executionArn=execution)["redriveDate"]
    bench.ended(execution)
    (item,) = _listed(bench, machine, statusFilter="FAILED")
    assert (item["redriveCount"], item["redriveDate"]) == (1, date)


@pytest.mark.parametrize("by", ["alias", "version"])
def test_an_execution_is_of_its_machine_however_it_was_started(bench: Bench, by: str) -> None:
    machine = bench.machine(_DONE, publish=True)
    states = bench.cloud.client("stepfunctions")
    version = f"{machine}:1"
    route = [{"stateMachineVersionArn": version, "weight": 100}]
    alias = states.create_state_machine_alias(name="live", routingConfiguration=route)
    arn = alias["stateMachineAliasArn"] if by == "alias" else version
    execution = bench.start(arn)
    found = bench.ended(execution)
    assert found["stateMachineArn"] == machine
    assert found["stateMachineVersionArn"] == version
    assert found.get("stateMachineAliasArn") == (arn if by == "alias" else None)
    (item,) = _listed(bench, machine)
    assert (item["executionArn"], item["stateMachineArn"]) == (execution, machine)


def test_who_runs_is_known_of_every_machine_at_once(bench: Bench) -> None:
    machines = [bench.machine(_WAIT) for _ in range(2)]
    executions = [bench.start(machine) for machine in machines]

    assert set(executions) <= set(bench.cloud.running())
    for execution in executions:
        bench.ended(execution)
    assert not set(executions) & set(bench.cloud.running())


def test_executions_that_have_ended_are_forgotten_and_those_that_run_are_not(bench: Bench) -> None:
    machine, resting = bench.machine(_DONE), bench.machine(_WAIT)
    ended, runs = bench.start(machine), bench.start(resting)
    bench.ended(ended)
    bench.cloud.forget_ended()

    assert (_listed(bench, machine), _arns(_listed(bench, resting))) == ([], [runs])
    states = bench.cloud.client("stepfunctions")
    with pytest.raises(states.exceptions.ExecutionDoesNotExist):
        states.describe_execution(executionArn=ended)
    bench.ended(runs)
