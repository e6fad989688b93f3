"""Faults as the embedded cloud takes them: by machine, or by function."""

from dataclasses import replace
from typing import Any

from local.functions import names, scheduled
from local.injecting import document, fired, injecting
from local.scenario import Fault, FunctionFault, Scenario
from local.stack import Stack
from tests.local import doubles

FUNCTION = "aws:lambda/function:Function"
SCHEDULE = "aws:scheduler/schedule:Schedule"
SCENARIO = Scenario("an order", "order_processing", {}, faults=(Fault("RecordOrder", "E"),))


def stack(**cloud: Any) -> Stack:
    handlers = {"sweep_orders": "sweep-orders-7", "notify_user": "notify-user-3"}
    functions = [
        doubles.registration(
            FUNCTION,
            module,
            {"handler": f"handlers.{module}.handler"},
            name=name,
            arn=f"arn:{name}",
        )
        for module, name in handlers.items()
    ]
    target = {"arn": "arn:sweep-orders-7"}
    schedule = doubles.registration(SCHEDULE, "sweep-orders", {"target": target}, target=target)
    machines = {"order_processing": "arn:orders", "fulfillment": "arn:fulfillment"}
    return doubles.stack([*functions, schedule], {"stateMachines": machines}, **cloud)


def test_a_state_is_struck_in_its_own_machine_only() -> None:
    own = document(stack(), SCENARIO, Fault("RecordOrder", "E", "after", 2))
    followed = document(stack(), SCENARIO, Fault("fulfillment/RecordOrder", "E"))

    assert own == {
        "machine": "arn:orders",
        "state": "RecordOrder",
        "error": "E",
        "when": "after",
        "times": 2,
    }
    assert (followed["machine"], followed["state"]) == ("arn:fulfillment", "RecordOrder")


def test_a_function_is_struck_under_the_name_that_it_was_deployed_with() -> None:
    struck = document(stack(), SCENARIO, FunctionFault("notify_user", "E", times=1))

    assert struck == {"function": "notify-user-3", "error": "E", "when": "before", "times": 1}


def test_faults_strike_until_the_scenario_is_over() -> None:
    injected: list[Any] = []
    cloud = stack(inject=injected.append, fired=lambda: [3])

    with injecting(cloud, SCENARIO):
        assert fired(cloud, SCENARIO) == [3]

    assert [len(faults) for faults in injected] == [1, 0]


def test_without_faults_the_cloud_is_not_asked() -> None:
    quiet, asked = replace(SCENARIO, faults=()), stack()

    with injecting(asked, quiet):
        assert fired(asked, quiet) == []


def test_the_functions_of_schedules_are_found_by_what_the_schedules_invoke() -> None:
    assert scheduled(stack()) == {"sweep_orders": "sweep-orders-7"}
    assert set(names(stack())) == {"sweep_orders", "notify_user"}
