"""What passes by itself is waited out: five failures of every task in a row change no order."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

import pytest

from local.machines import task_states
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
NOT_PAID = {"session": {"PaymentStatus": "Pending"}}

PROCESSED = ("AuthorizePayment", "ReserveStock", "CapturePayment", "RecordOrder")
FOUND = ("RecordCancellation", "ReadOrder")
"""A record whose answer is lost finds itself by these."""
REFUSED = ("AuthorizePayment", "ReadStock", "RecordRefusal", "VoidPayment", "ReleaseStock")
CONFIRMED = ("CreateOrder", "RequestPayment", "RecordPayment", "RequestShipping", "ConfirmOrder")
FULFILLED = (
    "ClaimSession",
    "PlanShipments",
    "UpdateInventory",
    "SendToFulfillmentCenter",
    "RecordFulfillment",
)
UNPAID = ("ClaimSession", "ReadSession", "RefuseSession", "ReadStanding")


@dataclass(frozen=True)
class Way:
    """A way through a machine.

    Attributes:
        workflow: the machine.
        tasks: the tasks that fail five times.
        given: what makes it go this way.
        undone: those of them that have no effect on this way, so that no answer can be lost.
        broken: a task that fails for good, so that there is a review.
    """

    workflow: str
    tasks: tuple[str, ...]
    given: dict[str, Any] = field(default_factory=dict)
    undone: tuple[str, ...] = ()
    broken: str = ""

    def scenario(self, orders: Orders, *faults: Fault) -> Scenario:
        make = {"checkout": checkout, "fulfillment": fulfillment}.get(self.workflow)
        lasting = [Fault(self.broken, "Some.Error")] if self.broken else []
        return (make or orders.scenario)(*faults, *lasting, **self.given)

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
        return "after" if lost and task not in self.undone else "before"


def _errors(task: str) -> tuple[str, ...]:
    return OF_FUNCTIONS if task in FUNCTIONS else OF_REQUESTS if task in REQUESTS else OF_TABLES


WAYS = {
    "processed": Way("order_processing", (*PROCESSED, *FOUND), undone=("RecordCancellation",)),
    "refused": Way("order_processing", (*REFUSED, "CloseOrder"), SHORT),
    "reviewed": Way("order_processing", ("RecordManualReview",), broken="AuthorizePayment"),
    "confirmed": Way("checkout", CONFIRMED),
    "unpaid": Way("checkout", ("FailCheckout",), {"callbacks": {"payment": "failed"}}),
    "fulfilled": Way("fulfillment", (*FULFILLED, "ReadOrder"), {"centers": 1}),
    "short": Way(
        "fulfillment",
        ("UpdateInventory", "CancelShipments"),
        {"centers": 1, **SHORT},
        undone=("UpdateInventory",),
    ),
    "not planned": Way("fulfillment", ("RecordManualReview",), broken="PlanShipments"),
    "not paid": Way("fulfillment", UNPAID, NOT_PAID, undone=("ClaimSession",)),
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


def test_every_task_of_every_machine_fails_on_some_way() -> None:
    failing = {(way.workflow, task) for way in WAYS.values() for task in way.tasks}

    assert failing == {(name, task) for name, tasks in task_states().items() for task in tasks}


@pytest.mark.parametrize("way", WAYS)
def test_five_failures_of_every_task_in_a_row_change_nothing_but_the_number_of_transitions(
    judge: Judge, orders: Orders, way: str
) -> None:
    usual = judge.run(WAYS[way].scenario(orders))
    faults = WAYS[way].five()
    disturbed = judge.run(WAYS[way].scenario(orders, *faults))

    assert {*disturbed.faultsFired} == {1}
    assert disturbed.transitions >= usual.transitions + len(faults)
    assert caused(disturbed) == caused(usual)
