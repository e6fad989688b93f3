"""Rules that every Task of every machine keeps: what it waits for, retries and catches."""

from collections.abc import Iterator
from typing import Any

import pytest

import asl
from tests.workflows.machines import State, operation, tasks
from workflows import DEFINITIONS
from workflows.shared.retries import CANCELED, FUNCTION, INVOCATION

MACHINES = {name: render() for name, render in DEFINITIONS.items()}
TASKS = {
    f"{machine}/{name}": state
    for machine, definition in MACHINES.items()
    for name, state in tasks(definition)
}
SILENT = ("States.Timeout", "States.HeartbeatTimeout")
GROUP = ("fulfillment/UpdateInventory", "fulfillment/SendToFulfillmentCenter")


def kind(state: State) -> str:
    if state["Resource"].endswith(".waitForTaskToken"):
        return "wait"
    return "function" if operation(state).startswith("lambda:") else "service"


def of_kind(*kinds: str) -> list[str]:
    return [name for name, state in TASKS.items() if kind(state) in kinds]


def retried(state: State) -> dict[str, int]:
    """How often each error is retried."""
    return {error: rule["MaxAttempts"] for rule in state["Retry"] for error in rule["ErrorEquals"]}


def test_the_machines_have_tasks_of_every_kind() -> None:
    assert len(of_kind("function")) == 10
    assert of_kind("wait") == ["checkout/RequestPayment", "checkout/RequestShipping"]
    assert len(of_kind("service")) == 17


@pytest.mark.parametrize("name", TASKS)
def test_every_task_has_a_way_on_from_any_error(name: str) -> None:
    assert TASKS[name]["Catch"][-1]["ErrorEquals"] == ["States.ALL"]


@pytest.mark.parametrize("name", of_kind("function"))
def test_a_function_is_called_again_after_whatever_passes_by_itself(name: str) -> None:
    wanted = {*FUNCTION, *asl.transient_errors("lambda:invoke")}

    assert set(retried(TASKS[name])) == wanted
    assert {"States.Timeout", "Lambda.Unknown", "Runtime.ExitError"} < wanted
    assert "Lambda.ClientExecutionTimeoutException" in wanted


@pytest.mark.parametrize("name", of_kind("service"))
def test_a_service_is_called_again_after_its_transient_errors_and_without_an_answer(
    name: str,
) -> None:
    found = retried(TASKS[name])
    transient = asl.transient_errors(TASKS[name]["Resource"].removeprefix("arn:aws:states:::"))

    assert transient
    assert set(found) - {CANCELED} == {*transient, "States.Timeout"}
    assert {found[error] for error in transient} == {10}


@pytest.mark.parametrize("name", of_kind("wait"))
def test_a_waiting_task_is_made_again_only_where_its_invocation_failed(name: str) -> None:
    found = retried(TASKS[name])

    assert set(found) == {*INVOCATION, *asl.transient_errors("lambda:invoke")}
    assert not set(SILENT) & set(found)


@pytest.mark.parametrize("name", TASKS)
def test_what_passes_is_waited_out_ten_times_up_to_a_minute_and_in_a_group_by_both_parts(
    name: str,
) -> None:
    rule = TASKS[name]["Retry"][0]
    times = 5 if name in GROUP else 10

    assert (rule["MaxAttempts"], rule["MaxDelaySeconds"]) == (times, 60)
    assert rule["JitterStrategy"] == "FULL"


def transactions() -> Iterator[tuple[str, dict[str, int]]]:
    for name, state in TASKS.items():
        if ":transact" in state["Resource"]:
            yield name, retried(state)


def test_a_cancelled_transaction_is_tried_again_for_seconds_only() -> None:
    found = {name: rules.get(CANCELED, 0) for name, rules in transactions()}

    # Whoever reserves reads what stands after the first refusal, and pauses in a state of its own.
    assert found.pop("order_processing/ReserveStock") == 0
    assert set(found.values()) == {4}
    for name in found:
        rule = TASKS[name]["Retry"][1]
        pauses = [min(2**n, rule["MaxDelaySeconds"]) for n in range(rule["MaxAttempts"])]
        assert sum(pauses) * rule["IntervalSeconds"] <= 15


@pytest.mark.parametrize("name", of_kind("function"))
def test_a_task_waits_longer_than_its_function_and_one_more_call_of_it_may_run(name: str) -> None:
    from components.aws.function import TIMEOUT_SECONDS

    assert TASKS[name]["TimeoutSeconds"] > 2 * TIMEOUT_SECONDS


def errors_caught(state: dict[str, Any]) -> set[str]:
    return {error for rule in state["Catch"] for error in rule["ErrorEquals"]}


@pytest.mark.parametrize("name", TASKS)
def test_no_error_is_both_caught_by_its_name_and_retried_for_minutes(name: str) -> None:
    state = TASKS[name]
    patient = {error for error, times in retried(state).items() if times > 4}

    assert not errors_caught(state) & patient
