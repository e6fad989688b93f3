"""What a checkout does when anything goes wrong, at whatever stage.

FailCheckout writes the final state, cancels at the payment service, releases the stock and frees
the cart; it may run again and again, here and in the reconciler. Then the outcome is told, and
the execution fails with the order's reason.
"""

from typing import Any

from asl import catch, invoke
from workflows.events import publish, put_event
from workflows.expressions import MESSAGE, jsonata
from workflows.unanswered import FUNCTION

_TOLD = {"reason": jsonata("$failed.reason"), "cause": jsonata("$failed.cause")}
_CAUGHT = "$states.errorOutput.Error"
_REASONS = {
    "create": jsonata(
        f"{_CAUGHT} in ['OutOfStock', 'PriceMismatch', 'InvalidOrder']"
        f" ? {_CAUGHT} : 'ProcessingError'"
    ),
    "payment": "PaymentFailed",
    "shipping": "ShippingFailed",
}
"""Why a checkout failed at a stage, technical errors of the others aside; as FailCheckout says."""

_UNRECORDED = catch(
    ["States.ALL"],
    "ReportUnrecorded",
    Assign={
        "failed": {"reason": jsonata("$reason"), "cause": "the failure could not be recorded"},
    },
)
# The reconciler then calls no other, if the call named the order.
_SUPPORT_TOLD = (
    "$exists($order.orderId)"
    " ? $merge([$failed, {'cause': $failed.cause & '; support was told'}]) : $failed"
)


def to_failure(stage: str) -> list[dict[str, Any]]:
    """The Catch of a task on the way to success.

    It assigns `$failure`, and `$reason` for an execution that cannot hear FailCheckout's.

    Args:
        stage: how far the checkout had come: create, payment, record, shipping or confirm.
    """
    failure = {
        "stage": stage,
        "error": jsonata(_CAUGHT),
        "cause": jsonata(MESSAGE),
    }
    known: dict[str, Any] = {"failure": failure, "reason": _REASONS.get(stage, "ProcessingError")}
    none_yet: dict[str, Any] = {"order": {}} if stage == "create" else {}
    return [catch(["States.ALL"], "FailCheckout", Assign={**known, **none_yet})]


def fail(fail_checkout: str) -> dict[str, Any]:
    """The states that record the failure and give everything back."""
    return {
        "FailCheckout": invoke(
            fail_checkout,
            jsonata(
                "$merge([{'checkout': $states.context.Execution.Input,"
                " 'executionArn': $states.context.Execution.Id}, $failure,"
                " $exists($order.orderId) ? {'order': $order} : {}])"
            ),
            retry_on=["TableContended", *FUNCTION],
            Assign={
                "failed": jsonata("$states.result.Payload"),
                "order": jsonata("$states.result.Payload"),
            },
            Catch=[_UNRECORDED],
            Next="WhatToTell",
        ),
        "WhatToTell": {
            "Type": "Choice",
            "Choices": [
                {"Condition": jsonata("$failed.stands"), "Next": "PublishOrderConfirmed"},
                {"Condition": jsonata("$not($failed.recorded)"), "Next": "RejectOrder"},
                {"Condition": jsonata("$failed.review"), "Next": "RequestManualReview"},
            ],
            "Default": "PublishFailure",
        },
    }


def tell(bus: str) -> dict[str, Any]:
    """The states that call a human where one is needed, tell the failure, and fail."""
    return {
        "RequestManualReview": publish(
            bus,
            "ManualReviewRequired",
            {
                **_TOLD,
                "step": "FailCheckout",
                "uncompensated": jsonata("$failed.uncompensated"),
            },
            Catch=[catch(["States.ALL"], "PublishFailure")],
            Next="PublishFailure",
        ),
        "PublishFailure": publish(
            bus,
            jsonata("$failed.detailType"),
            {**_TOLD, "refunded": jsonata("$failed.refunded")},
            Catch=[catch(["States.ALL"], "RejectOrder")],
            Next="RejectOrder",
        ),
        "ReportUnrecorded": _report_unrecorded(bus),
        "RejectOrder": {
            "Type": "Fail",
            "Error": jsonata("$failed.reason"),
            "Cause": jsonata("$failed.cause"),
        },
    }


def _report_unrecorded(bus: str) -> dict[str, Any]:
    """Calls a human about a checkout that may not even have an order."""
    detail = {
        "orderId": jsonata("$exists($order.orderId) ? $order.orderId : ''"),
        "customerId": jsonata("$string($states.context.Execution.Input.CartId)"),
        "executionArn": jsonata("$states.context.Execution.Id"),
        "reason": jsonata("$failed.reason"),
        "step": "FailCheckout",
        "cause": "the failure could not be recorded; the reconciler goes on",
    }
    return put_event(
        bus,
        "ManualReviewRequired",
        detail,
        Assign={"failed": jsonata(_SUPPORT_TOLD)},
        Catch=[catch(["States.ALL"], "RejectOrder")],
        Next="RejectOrder",
    )
