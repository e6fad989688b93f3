"""What passes by itself is waited out: five failures of every task in a row change no order."""

import json
import re
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Way:
    """A way through a machine: the tasks that fail on it, and of those the ones that never do."""

    workflow: str
    tasks: tuple[str, ...]
    given: dict[str, Any] = field(default_factory=dict)
    undone: str = ""

    def scenario(self, orders: Orders, *faults: Fault) -> Scenario:
        make = {"checkout": checkout, "fulfillment": fulfillment}.get(self.workflow)
        return (make or orders.scenario)(*faults, **self.given)

    def five(self) -> list[Fault]:
        """Every task fails five times in a row, each time otherwise, at last having had effect.

        A function has its effect on the way as well; a table's condition lets a write happen once.
        """
        return [
            Fault(task, error, self._when(task, place), times=1)
            for task in self.tasks
            for place, error in enumerate(_errors(task))
        ]

    def _when(self, task: str, place: int) -> str:
        lost = place == 4 or (task in FUNCTIONS and place % 2 == 0)
        return "after" if lost and task != self.undone else "before"


def _errors(task: str) -> tuple[str, ...]:
    return OF_FUNCTIONS if task in FUNCTIONS else OF_REQUESTS if task in REQUESTS else OF_TABLES


WAYS = {
    "processed": Way("order_processing", PROCESSED),
    "refused": Way("order_processing", (*REFUSED, "CloseOrder"), SHORT),
    "confirmed": Way("checkout", CONFIRMED),
    "unpaid": Way("checkout", ("FailCheckout",), {"callbacks": {"payment": "failed"}}),
    "fulfilled": Way("fulfillment", FULFILLED, {"centers": 1}),
    "short": Way(
        "fulfillment",
        ("UpdateInventory", "CancelShipments"),
        {"centers": 1, **SHORT},
        undone="UpdateInventory",
    ),
    "not paid": Way(
        "fulfillment", ("ClaimSession", "ReadSession", "RefuseSession"), UNPAID, "ClaimSession"
    ),
}


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
    judge: Judge, orders: Orders, way: str
) -> None:
    usual = judge.run(WAYS[way].scenario(orders))
    faults = WAYS[way].five()
    disturbed = judge.run(WAYS[way].scenario(orders, *faults))

    assert disturbed.faultsFired == [1] * len(faults)
    assert disturbed.transitions >= usual.transitions + len(faults)
    assert caused(disturbed) == caused(usual)
