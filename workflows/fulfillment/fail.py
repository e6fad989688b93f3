"""How a fulfillment ends that cannot go on: a review is opened, and nothing done is undone.

The order is paid. Which of its groups are on their way stays so; what failed is cancelled at its
fulfillment centre, noted with what is done and what to do, and done by a later execution.

The states expect the variables `$order`, of which `orderId` and `customerId` are read, and
`$failure`: `{step, reason, cause, done, toDo}`.
"""

from typing import Any

from asl import call, catch, invoke
from workflows.shared import review_row
from workflows.shared.expressions import MESSAGE, jsonata
from workflows.shared.retries import FUNCTION, TIMEOUT

NOTHING_SENT = "nothing was taken from the stock or sent to a fulfillment centre"
FIND_AND_RESUME = "find the cause, then start <orderId>-<n>: it does only what is missing"
_MOST = 2000
"""Characters of a cause, of which each failed group adds a sentence."""


def failure(
    step: str,
    *,
    done: str,
    to_do: str,
    reason: str = "ProcessingError",
    cause: str = jsonata(f"$substring({MESSAGE}, 0, {_MOST})"),
) -> dict[str, Any]:
    """The whole of `$failure`, as every state that assigns it must, whichever reads it then.

    Args:
        step: the state that failed.
        done: what has been done by then.
        to_do: what a human does.
        reason: the error that the execution ends with.
        cause: one sentence, by default the caught one's.
    """
    return {"step": step, "reason": reason, "cause": cause, "done": done, "toDo": to_do}


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
)
"""CancelShipments opens a review for each group."""


def fail(cancel_shipments: str, manual_review: str) -> dict[str, Any]:
    """The states that cancel what failed, open a review, and fail."""
    return {
        "CancelShipments": _cancel(cancel_shipments),
        "RecordManualReview": _record(manual_review),
        "FailFulfillment": {
            "Type": "Fail",
            "Error": jsonata("$failure.reason"),
            "Cause": jsonata("$failure.cause"),
        },
    }


def _cancel(cancel_shipments: str) -> dict[str, Any]:
    """Cancels the failed groups and opens their reviews; if it cannot, one review says so."""
    uncancelled = to_review(
        ["States.ALL"],
        "CancelShipments",
        done="some groups were fulfilled; the failed ones were perhaps not cancelled",
        to_do="see each centre's row in Shipments, then start <orderId>-<n>",
    )
    return invoke(
        cancel_shipments,
        {"groups": jsonata("$failed"), "executionArn": jsonata("$states.context.Execution.Id")},
        retry_on=FUNCTION,
        Assign={"failure": _GROUPS_FAILED},
        Catch=[uncancelled],
        Next="FailFulfillment",
    )


def _record(manual_review: str) -> dict[str, Any]:
    """Opens the review; where it cannot, the reconciler finds none of this execution."""
    request = review_row.review(
        manual_review,
        order="$order.orderId",
        customer="$order.customerId",
        failure="$failure",
        step="$failure.step",
    )
    return call(
        "dynamodb:putItem",
        request,
        retry_on=TIMEOUT,
        Catch=[catch(["States.ALL"], "FailFulfillment")],
        Next="FailFulfillment",
    )
