"""How a fulfillment ends that cannot go on: a human is called, and nothing done is undone.

The order is paid. Which of its groups are on their way stays so; what failed is cancelled at its
fulfillment centre, noted with what is done and what to do, and done by a later execution.

The states expect the variables `$order`, of which `orderId` and `customerId` are told, and
`$failure`: `{step, error, cause, done, toDo, centers, reviews}`, `reviews` the steps of the rows
in ManualReview that the call for a human is about.
"""

from typing import Any

from asl import call, catch, invoke
from workflows.events import put_event
from workflows.expressions import MESSAGE, jsonata
from workflows.unanswered import CALL, FUNCTION

NOTHING_SENT = "nothing was taken from the stock or sent to a fulfillment centre"
FIND_AND_RESUME = "find the cause, then start <orderId>-<n>: it does only what is missing"
_MOST = 2000
"""Characters of a cause, of which each failed group adds a sentence."""


def failure(
    step: str,
    *,
    done: str,
    to_do: str,
    error: str = "ProcessingError",
    cause: str = jsonata(f"$substring({MESSAGE}, 0, {_MOST})"),
    centers: str = "",
    reviews: str = "",
) -> dict[str, Any]:
    """The whole of `$failure`, as every state that assigns it must, whichever reads it then.

    Args:
        step: the state that failed.
        done: what has been done by then.
        to_do: what a human does.
        error: the error that the execution ends with.
        cause: one sentence, by default the caught one's.
        centers: an expression for the centres that it is about, by default none.
        reviews: an expression for the steps of its reviews, by default the one step.
    """
    return {
        "step": step,
        "error": error,
        "cause": cause,
        "done": done,
        "toDo": to_do,
        "centers": centers or [],
        "reviews": reviews or [step],
    }


def to_review(
    errors: list[str],
    step: str,
    *,
    order: dict[str, str] | None = None,
    **known: str,
) -> dict[str, Any]:
    """A Catch that leads to a human.

    Args:
        errors: the names of the errors.
        step: the state that failed.
        order: what is known of the order, where nothing was before.
        known: what `failure` takes.
    """
    assign = {"failure": failure(step, **known), **({"order": order} if order else {})}
    return catch(errors, "RecordManualReview", Assign=assign)


_GROUPS_FAILED = failure(
    "FulfillGroups",
    done="see the review of each group",
    to_do="see the review of each group",
    cause=jsonata(
        "$substring($join([$failed.(fulfillmentCenterId & ': '"
        " & $join([parts[$not(done)].(step & ' failed with ' & error & ', ' & cause)], '; '))],"
        f" '; '), 0, {_MOST})"
    ),
    centers=jsonata("[$failed.fulfillmentCenterId]"),
    reviews=jsonata("[$states.result.Payload.reviews]"),
)
"""CancelShipments writes a review for each group."""


def fail(cancel_shipments: str, manual_review: str, bus: str) -> dict[str, Any]:
    """The states that cancel what failed, call a human, and fail."""
    return {
        "CancelShipments": _cancel(cancel_shipments),
        "RecordManualReview": _record(manual_review),
        "RequestManualReview": put_event(
            bus,
            "ManualReviewRequired",
            {
                "orderId": jsonata("$order.orderId"),
                "customerId": jsonata("$order.customerId"),
                "executionArn": jsonata("$states.context.Execution.Id"),
                "step": jsonata("$failure.step"),
                "reason": jsonata("$failure.error"),
                "cause": jsonata("$failure.cause"),
                "fulfillmentCenterIds": jsonata("$failure.centers"),
                "reviews": jsonata("$failure.reviews"),
            },
            Catch=[catch(["States.ALL"], "FailFulfillment")],
            Next="FailFulfillment",
        ),
        "FailFulfillment": {
            "Type": "Fail",
            "Error": jsonata("$failure.error"),
            "Cause": jsonata("$failure.cause"),
        },
    }


def _cancel(cancel_shipments: str) -> dict[str, Any]:
    """Cancels the failed groups and writes their reviews; if it cannot, one review says so."""
    uncancelled = to_review(
        ["States.ALL"],
        "CancelShipments",
        done="some groups were fulfilled; the failed ones were perhaps not cancelled",
        to_do="see each centre's row in Shipments, then start <orderId>-<n>",
    )
    return invoke(
        cancel_shipments,
        {"groups": jsonata("$failed")},
        retry_on=["ServiceUnavailable", "TableContended", *FUNCTION],
        Assign={"failure": _GROUPS_FAILED},
        Catch=[uncancelled],
        Next="RequestManualReview",
    )


def _record(manual_review: str) -> dict[str, Any]:
    request = {
        "TableName": manual_review,
        "Item": {
            "OrderId": {"S": jsonata("$order.orderId")},
            "Step": {"S": jsonata("$failure.step")},
            "Failed": {"S": jsonata("$failure.error & ': ' & $failure.cause")},
            "Done": {"S": jsonata("$failure.done")},
            "ToDo": {"S": jsonata("$failure.toDo")},
            "CreatedAt": {"S": jsonata("$now()")},
            "Untold": {"S": "yes"},
        },
    }
    return call(
        "dynamodb:putItem",
        request,
        retry_on=CALL,
        Catch=[catch(["States.ALL"], "RequestManualReview")],
        Next="RequestManualReview",
    )
