"""How a checkout ends when anything goes wrong, at whatever stage.

FailCheckout writes the final state, cancels at the payment service, releases the stock, frees the
cart and closes the order; it may run again and again. Where it cannot, the execution fails with
what is known, and the reconciler goes on.
"""

from typing import Any

from asl import catch, invoke
from workflows.shared.expressions import MESSAGE, jsonata
from workflows.shared.retries import FUNCTION

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


def to_failure(stage: str) -> list[dict[str, Any]]:
    """The Catch of a task on the way to success.

    Args:
        stage: how far the checkout had come: create, payment, record, shipping or confirm.
    """
    none_yet: dict[str, Any] = {"order": {}} if stage == "create" else {}
    return [catch(["States.ALL"], "FailCheckout", Assign={**failed(stage), **none_yet})]


def failed(stage: str) -> dict[str, Any]:
    """What a Catch assigns: `$failure`, and `$failed` where FailCheckout does not answer.

    Args:
        stage: how far the checkout had come.
    """
    error, cause = jsonata(_CAUGHT), jsonata(MESSAGE)
    return {
        "failure": {"stage": stage, "error": error, "cause": cause},
        "failed": {"reason": _REASONS.get(stage, "ProcessingError"), "cause": cause},
    }


def fail(fail_checkout: str) -> dict[str, Any]:
    """The states that fail the order and compensate it, or find that it stands."""
    return {
        "FailCheckout": invoke(
            fail_checkout,
            jsonata(
                "$merge([{'checkout': $states.context.Execution.Input,"
                " 'executionArn': $states.context.Execution.Id}, $failure,"
                " $exists($order.orderId) ? {'order': $order} : {}])"
            ),
            retry_on=FUNCTION,
            Assign={"failed": jsonata("$states.result.Payload")},
            Catch=[catch(["States.ALL"], "RejectOrder")],
            Next="DoesOrderStand",
        ),
        "DoesOrderStand": {
            "Type": "Choice",
            "Choices": [{"Condition": jsonata("$failed.stands"), "Next": "OrderStands"}],
            "Default": "RejectOrder",
        },
        "OrderStands": {
            "Type": "Succeed",
            "Output": {
                "orderId": jsonata("$failed.orderId"),
                "state": jsonata("$failed.state"),
            },
        },
        "RejectOrder": {
            "Type": "Fail",
            "Error": jsonata("$failed.reason"),
            "Cause": jsonata("$failed.cause"),
        },
    }
