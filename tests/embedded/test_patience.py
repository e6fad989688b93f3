"""What passes by itself is waited out: five failures of every task in a row change no order."""

import json
import re
from collections.abc import Sequence
from typing import Any

import pytest

from local.result import Result
from local.scenario import Fault, Scenario
from tests.embedded.conftest import Judge, Orders
from tests.embedded.test_checkout import scenario as checkout
from tests.embedded.test_fulfillment import scenario as fulfillment

OF_FUNCTIONS = (
    "States.Timeout",
    "Lambda.Unknown",
    "Runtime.ExitError",
    "Lambda.ClientExecutionTimeoutException",
    "ServiceUnavailable",
)
OF_TABLES = (
    "States.Timeout",
    "DynamoDB.InternalServerError",
    "DynamoDB.ThrottlingException",
    "DynamoDB.ProvisionedThroughputExceededException",
    "DynamoDB.SdkClientException",
)
OF_REQUESTS = ("Sandbox.Timedout", *OF_FUNCTIONS[1:])
"""A service that does not call back has answered: only a request that failed is made again."""

FUNCTIONS = (
    "AuthorizePayment",
    "CapturePayment",
    "VoidPayment",
    "ReleaseStock",
    "CreateOrder",
    "FailCheckout",
    "PlanShipments",
    "UpdateInventory",
    "SendToFulfillmentCenter",
    "CancelShipments",
)
REQUESTS = ("RequestPayment", "RequestShipping")
SHORT = {"stock": {"item-1": 0}}
UNPAID = {"session": {"PaymentStatus": "Pending"}}

PROCESSED = ("AuthorizePayment", "ReserveStock", "CapturePayment", "RecordOrder")
REFUSED = ("AuthorizePayment", "ReadStock", "RecordRefusal", "VoidPayment", "ReleaseStock")
CONFIRMED = ("CreateOrder", "RequestPayment", "RecordPayment", "RequestShipping", "ConfirmOrder")
FULFILLED = (
    "ClaimSession",
    "PlanShipments",
    "UpdateInventory",
    "SendToFulfillmentCenter",
    "RecordFulfillment",
)
WAYS: dict[str, tuple[str, tuple[str, ...], dict[str, Any]]] = {
    "processed": ("order_processing", PROCESSED, {}),
    "refused": ("order_processing", (*REFUSED, "CloseOrder"), SHORT),
    "confirmed": ("checkout", CONFIRMED, {}),
    "unpaid": ("checkout", ("FailCheckout",), {"callbacks": {"payment": "failed"}}),
    "fulfilled": ("fulfillment", FULFILLED, {"centers": 1}),
    "short": ("fulfillment", ("UpdateInventory", "CancelShipments"), {"centers": 1, **SHORT}),
    "not paid": ("fulfillment", ("ClaimSession", "ReadSession", "RefuseSession"), UNPAID),
}
"""Ways through the machines: the workflow, the tasks that fail, and what is given."""


def scenario(orders: Orders, way: str, *faults: Fault) -> Scenario:
    workflow, _, given = WAYS[way]
    make = {"order_processing": orders.scenario, "checkout": checkout, "fulfillment": fulfillment}
    return make[workflow](*faults, **given)


def five(tasks: Sequence[str], when: str) -> list[Fault]:
    """Every task fails five times in a row, each time otherwise."""
    return [
        Fault(task, error, when, times=1)
        for task in tasks
        for error in (
            OF_FUNCTIONS if task in FUNCTIONS else OF_REQUESTS if task in REQUESTS else OF_TABLES
        )
    ]


VARYING = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\d(T[\d:.]+Z)?|cart-\d+"
    r"|[0-9a-f]{32}|\b\d{10}\b"
)
"""Ids, times, carts, keys, and times in seconds."""


def caused(result: Result) -> Any:
    """Everything that an execution caused, but for ids, carts and times."""
    ending = {"status": result.status, "error": result.error, "stock": result.stock}
    rows = [result.order, result.session, result.reservation, result.ledger, result.shipments]
    heard = [result.manualReview, sorted(map(_heard, result.events)), result.topics]
    mails = [(mail["to"], mail["subject"], mail["body"]) for mail in result.emails]
    text = json.dumps([ending, rows, heard, mails, result.fulfillmentRequests], sort_keys=True)
    return json.loads(VARYING.sub("0", text))


def _heard(event: dict[str, Any]) -> str:
    return json.dumps([event["detail-type"], event["detail"]], sort_keys=True)


@pytest.mark.parametrize("way", WAYS)
def test_five_failures_of_every_task_in_a_row_change_nothing_but_the_number_of_transitions(
    runner: Judge, orders: Orders, way: str
) -> None:
    tasks = WAYS[way][1]
    usual = runner.run(scenario(orders, way))
    before = runner.run(scenario(orders, way, *five(tasks, "before")))
    after = runner.run(scenario(orders, way, *five(tasks, "after")))

    assert before.faultsFired == [1] * 5 * len(tasks)
    assert sorted(before.path) == sorted(usual.path)
    assert before.transitions == usual.transitions + 5 * len(tasks)
    assert any(after.faultsFired)
    assert caused(before) == caused(after) == caused(usual)
