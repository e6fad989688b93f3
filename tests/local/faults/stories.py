"""Orders that kept every rule, to be spoilt one way at a time."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers.notifications.rules.mails import mail
from local.faults.story import Story
from local.result import Result
from local.scenario import Scenario

ORDER = "0f5a4a3e-0000-4000-8000-000000000001"
EXECUTION = f"arn:aws:states:us-east-1:0:execution:orders:{ORDER}"
FULFILLMENT = f"arn:aws:states:us-east-1:0:execution:fulfillment:{ORDER}"
EMAIL = "jane.roe@example.com"
CARD = "4242 4242 4242 4242"
_LINES = [{"itemId": "laptop", "quantity": 2}]
_ROW = {"OrderId": ORDER, "Email": EMAIL, "OrderTotal": 2000, "Currency": "USD"}
_SCENARIO = Scenario(
    "an order",
    "order_processing",
    {"paymentDetails": {"cardNumber": CARD}},
    stock={"laptop": 10},
    follow=True,
    sweep=True,
)


def event(kind: str, sequence: int, state: str, reason: str = "") -> dict[str, Any]:
    detail = {
        "orderId": ORDER,
        "reason": reason,
        "eventId": f"{ORDER}:{state}",
        "sequence": sequence,
    }
    return {"detail-type": kind, "detail": detail, "id": "e", "time": "2026-01-01T00:00:00Z"}


def topics(*kinds: str) -> list[dict[str, str]]:
    """What came to the topics of events of these types."""
    return [
        {
            "topic": "SupportAlerts" if kind == "ManualReviewRequired" else "OrderNotifications",
            "message": json.dumps({"detail-type": kind}),
        }
        for kind in kinds
    ]


def mailed(kind: str, row: Mapping[str, Any]) -> dict[str, Any]:
    return {"to": EMAIL, "subject": mail(kind, row).subject, "body": "", "id": "m", "time": ""}


def paid(operation: str) -> dict[str, Any]:
    return {"operation": operation, "amount": 2000, "currency": "USD", "idempotencyKey": operation}


def review(execution: str = EXECUTION, step: str = "Reconcile") -> dict[str, Any]:
    return {
        "OrderId": ORDER,
        "ReviewId": f"{step} {execution}",
        "Step": step,
        "ExecutionArn": execution,
    }


def review_event(row: dict[str, Any]) -> dict[str, Any]:
    detail = {"orderId": ORDER, "reason": "", "eventId": f"{ORDER}:{row['ReviewId']}"}
    return {"detail-type": "ManualReviewRequired", "detail": detail, "id": "r", "time": ""}


def _result(**changes: Any) -> Result:
    return replace(
        Result("an order", "order_processing", "SUCCEEDED", execution=EXECUTION), **changes
    )


def fulfilled(**changes: Any) -> Story:
    """An order that was paid and shipped."""
    row = {**_ROW, "State": "FULFILLED", "PaymentStatus": "Successful"}
    shipment = {
        "FulfillmentCenterId": "fc-1",
        "SendStatus": "SENT",
        "InventoryUpdatedAt": "now",
        "Products": [{"id": "laptop", "quantity": 2}],
    }
    result = _result(
        order=row,
        session={"PaymentStatus": "Success"},
        reservation={"Status": "COMMITTED", "Items": _LINES},
        ledger={"Status": "CAPTURED"},
        payments=[paid("authorize"), paid("capture")],
        stock={"laptop": {"onHand": 8, "reserved": 0}},
        events=[event("OrderProcessed", 1, "PROCESSED"), event("OrderFulfilled", 2, "FULFILLED")],
        emails=[mailed("OrderProcessed", row), mailed("OrderFulfilled", row)],
        topics=topics("OrderProcessed", "OrderFulfilled"),
        shipments=[shipment],
        followed=[run("fulfillment", FULFILLMENT)],
        fulfillmentRequests=[request()],
        deadLetters={"mails-dead-letters": []},
    )
    return Story(_SCENARIO, replace(result, **changes))


def refused(**changes: Any) -> Story:
    """An order that was out of stock."""
    row = {
        **_ROW,
        "State": "FAILED",
        "Reason": "OutOfStock",
        "PaymentStatus": "Unsuccessful",
        "ClosedAt": "now",
        "ClosedBy": EXECUTION,
    }
    result = _result(
        status="FAILED",
        error="OutOfStock",
        order=row,
        reservation={"Status": "RELEASED"},
        ledger={"Status": "VOIDED"},
        payments=[paid("authorize"), paid("void")],
        stock={"laptop": {"onHand": 10, "reserved": 0}},
        events=[event("OrderRejected", 1, "FAILED", "OutOfStock")],
        emails=[mailed("OrderRejected", row)],
        topics=topics("OrderRejected"),
        deadLetters={"mails-dead-letters": []},
    )
    return Story(_SCENARIO, replace(result, **changes))


def cancelled(**changes: Any) -> Story:
    """An order that was cancelled once it was paid."""
    row = {
        **_ROW,
        "State": "CANCELLED",
        "Reason": "OrderCancelled",
        "PaymentStatus": "Refunded",
        "ClosedAt": "now",
        "ClosedBy": "cancel_order",
    }
    result = _result(
        order=row,
        session={"PaymentStatus": "Refunded"},
        reservation={"Status": "RELEASED", "Items": _LINES},
        ledger={"Status": "REFUNDED"},
        payments=[paid("authorize"), paid("capture"), paid("refund")],
        stock={"laptop": {"onHand": 10, "reserved": 0}},
        events=[
            event("OrderProcessed", 1, "PROCESSED"),
            event("OrderCancelled", 3, "CANCELLED", "OrderCancelled"),
        ],
        emails=[mailed("OrderProcessed", row), mailed("OrderCancelled", row)],
        topics=topics("OrderProcessed", "OrderCancelled"),
        deadLetters={"mails-dead-letters": []},
    )
    return Story(_SCENARIO, replace(result, **changes))


def broken_down(**changes: Any) -> Story:
    """An order whose execution was stopped, and that the reconciler undid."""
    found = refused()
    row = {**found.row, "Reason": "ProcessingError"}
    note = review()
    result = replace(
        found.result,
        status="ABORTED",
        error=None,
        order=row,
        manualReview=[note],
        events=[event("OrderRejected", 1, "FAILED", "ProcessingError"), review_event(note)],
        emails=[mailed("OrderRejected", row)],
        topics=topics("OrderRejected", "ManualReviewRequired"),
    )
    return Story(_SCENARIO, replace(result, **changes))


def run(workflow: str, execution: str, status: str = "SUCCEEDED") -> dict[str, Any]:
    return {"workflow": workflow, "execution": execution, "status": status, "error": None}


def request(key: str = f"{ORDER}:fc-1:1") -> dict[str, Any]:
    return {"messageType": "ShipmentRequested", "idempotencyKey": key}


def changed(story: Story, **columns: Any) -> Story:
    """The same with other columns in the order's row; None takes one away."""
    row = {**story.row, **columns}
    kept = {name: value for name, value in row.items() if value is not None}
    return Story(story.scenario, replace(story.result, order=kept))


def disturbed(story: Story, **changes: Any) -> Story:
    """The same in another scenario."""
    return Story(replace(story.scenario, **changes), story.result)
