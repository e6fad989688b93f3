"""Recovery as registered: which machines are known, by whom, and how often the sweeps run."""

import json

import pytest

from components.aws import queue
from components.orders.recovery import SWEEP_SECONDS, UNHAPPY
from handlers.recovery.reconcile_order import RECONCILIATIONS
from handlers.recovery.rules import ended_execution as executions
from handlers.shared import batches
from tests.components.conftest import Registered, environment, granted
from workflows import DEFINITIONS

SWEEPS = ("sweep-executions", "sweep-orders")
STATES = "arn:aws:sfn:eu-west-1:111122223333:"


@pytest.mark.parametrize("function", ["reconcile-order", "sweep-executions"])
def test_a_machine_is_known_by_its_arn_and_by_how_it_is_reconciled(
    stack: Registered, function: str
) -> None:
    known = json.loads(environment(stack, function)["RECONCILED_MACHINES"])

    assert known == {f"{STATES}{name.replace('_', '-')}": name for name in DEFINITIONS}
    assert set(known.values()) == set(RECONCILIATIONS)


def test_the_machines_are_given_as_json_that_does_not_change_by_itself(stack: Registered) -> None:
    text = environment(stack, "reconcile-order")["RECONCILED_MACHINES"]

    assert text == json.dumps(json.loads(text), sort_keys=True)


def test_what_ends_unhappily_is_the_same_for_the_rule_and_for_the_sweep() -> None:
    assert UNHAPPY == executions.UNHAPPY


def test_the_reconciler_looks_at_executions_of_the_known_machines_one_message_at_a_time(
    stack: Registered,
) -> None:
    source = stack.named("lambda/eventSourceMapping:EventSourceMapping", "reconcile-order-source")

    assert source["eventSourceArn"].endswith(":unhappy-executions")
    assert source["batchSize"] == 1
    described = [
        statement["Resource"]
        for statement in stack.statements("iam/rolePolicy:RolePolicy", "reconcile-order-policy")
        if statement["Action"] == ["states:DescribeExecution"]
    ]
    assert len(described) == len(DEFINITIONS)


def test_the_reconciler_knows_when_a_message_comes_for_the_last_time() -> None:
    assert queue.RECEIVES == batches.LAST_RECEIVE


def test_the_sweep_of_executions_lists_every_machines_and_queues_them_for_the_reconciler(
    stack: Registered,
) -> None:
    may = granted(stack, "sweep-executions")

    assert may == {
        "states:ListExecutions": sorted(name.replace("_", "-") for name in DEFINITIONS),
        "sqs:SendMessage": ["unhappy-executions"],
    }
    queue_url = environment(stack, "sweep-executions")["UNHAPPY_QUEUE_URL"]
    assert queue_url == "https://queue/unhappy-executions"


def test_only_the_rule_and_the_sweep_may_send_to_the_reconciler(stack: Registered) -> None:
    senders = {
        name
        for name, statement in stack.policies()
        if "sqs:SendMessage" in statement["Action"]
        and statement["Resource"][0].endswith(":unhappy-executions")
    }
    _, allow = stack.statements("sqs/queuePolicy:QueuePolicy", "unhappy-executions")

    assert senders == {"sweep-executions-policy"}
    assert allow["Condition"]["ArnEquals"]["aws:SourceArn"].endswith(":unhappy-executions")


def test_the_sweep_of_orders_finds_waiting_orders_and_expired_reservations_by_their_indexes(
    stack: Registered,
) -> None:
    may = granted(stack, "sweep-orders")

    assert may["dynamodb:Query"] == [
        "CustomerOrders/index/WaitingOrders",
        "ManualReview",
        "Reservations/index/ExpiringReservations",
    ]
    assert may["sqs:SendMessage"] == ["PurchaseQueue"]
    assert may["states:DescribeExecution"] == ["*", "*"]


@pytest.mark.parametrize("sweep", SWEEPS)
def test_a_sweep_runs_every_five_minutes_and_never_twice_at_once(
    stack: Registered, sweep: str
) -> None:
    schedule = stack.named("scheduler/schedule:Schedule", sweep)
    function = stack.named("lambda/function:Function", sweep)

    assert schedule["scheduleExpression"] == "rate(5 minutes)"
    assert schedule["target"]["arn"].endswith(f":{sweep}")
    assert function["timeout"] == SWEEP_SECONDS < 5 * 60


def test_there_are_two_schedules_and_each_may_invoke_its_own_function_only(
    stack: Registered,
) -> None:
    assert len(stack.of("scheduler/schedule:Schedule")) == 2
    invoking = [
        (name, [arn.rpartition(":")[2] for arn in statement["Resource"]])
        for name, statement in stack.policies()
        if statement["Action"] == ["lambda:InvokeFunction"] and name.startswith("sweep-")
    ]
    assert sorted(invoking) == [(f"{sweep}-policy", [sweep]) for sweep in SWEEPS]


@pytest.mark.parametrize("function", ["reconcile-order", "sweep-orders"])
def test_who_closes_orders_may_compensate_them_and_open_reviews_but_not_pay_or_publish(
    stack: Registered, function: str
) -> None:
    may = granted(stack, function)

    assert "PaymentGateway" in may["dynamodb:UpdateItem"]
    assert "ManualReview" in may["dynamodb:PutItem"]
    assert "CustomerPaymentSession" not in {table for on in may.values() for table in on}
    assert not [action for action in may if action.startswith("events:")]


def test_a_reserved_stock_is_released_by_every_function_that_closes_orders(
    stack: Registered,
) -> None:
    for function in ("reconcile-order", "sweep-orders", "cancel-order", "fail-checkout"):
        updates = granted(stack, function)["dynamodb:UpdateItem"]
        assert {"Reservations", "Inventory", "CustomerOrders"} <= set(updates), function
