"""What tests read off a result, and off everything that the stack keeps of an order."""

import json
from typing import Any

from local import evidence, tables
from local.faults.judging import judge
from local.observer import Observer
from local.queues import take
from local.result import Result
from local.scenario import Scenario
from local.stack import Stack

REVIEW = "ManualReviewRequired"
_UNFOLLOWED = "the order is PROCESSED, neither fulfilled nor with a review of its fulfillment"
_OF_OTHERS = "there is no order, and it has shipments"


def operations(result: Result) -> list[str]:
    """What was done at the gateway, in its order."""
    return [entry["operation"] for entry in result.payments]


def ledger(stack: Stack, order_id: str) -> list[str]:
    """The same of an order whose scenario nobody ran."""
    return [entry["operation"] for entry in evidence.payments(stack, order_id)]


def published(result: Result) -> list[str]:
    """The types of the events, sorted."""
    return sorted(event["detail-type"] for event in result.events)


def outcomes(result: Result) -> list[str]:
    """The types of the events about the order itself, sorted."""
    return [kind for kind in published(result) if kind != REVIEW]


def steps(result: Result) -> list[str]:
    """What the order's reviews are about, sorted."""
    return sorted(review["Step"] for review in result.manualReview)


def order(result: Result) -> dict[str, Any]:
    assert result.order is not None, result
    return result.order


def violations(scenario: Scenario, result: Result) -> list[str]:
    """Every rule that a scenario broke.

    What nobody followed is not fulfilled, and a session that another system paid has an order only
    when it is fulfilled; until then a review says what became of its shipments.
    """
    allowed = [] if scenario.follow else [_UNFOLLOWED]
    if scenario.workflow == "fulfillment" and result.manualReview:
        allowed.append(_OF_OTHERS)
    return [
        f"{found.rule}: {found.seen}"
        for found in judge(scenario, result)
        if found.seen not in allowed
    ]


def rows(stack: Stack, order_id: str) -> dict[str, Any]:
    """Every row of an order, by table."""
    return {
        "CustomerOrders": evidence.order_row(stack, order_id),
        "CustomerPaymentSession": evidence.session_row(stack, order_id),
        "Reservations": evidence.reservation_row(stack, order_id),
        "PaymentGateway": evidence.ledger_row(stack, order_id),
        "ManualReview": evidence.manual_review(stack, order_id),
        "Shipments": evidence.shipments(stack, order_id),
        "Notifications": tables.row(stack, "Notifications", {"OrderId": order_id}),
    }


def watch(stack: Stack) -> Observer:
    """An observer of the bus from now on."""
    found = Observer(stack.cloud, stack.outputs["eventBus"], stack.outputs["topics"])
    found.forget()
    return found


def heard(stack: Stack) -> list[dict[str, Any]]:
    """Every event on the bus since somebody watched, about whichever order; it is forgotten."""
    sqs = stack.cloud.client("sqs")
    url = sqs.get_queue_url(QueueName="observed")["QueueUrl"]
    found = [json.loads(message) for message in take(sqs, url)]
    return [event for event in found if "detail-type" in event]
