"""What order processing does with an order that it refuses.

The final state is written first, by a conditional write that only one execution can win and that
keeps out a PROCESSED that lands late. Only then is the payment voided and the stock released
(`compensation`), so an order whose record stands is never compensated; only then is anyone told
(`rejection`). A crash in between leaves a FAILED row that is not yet Compensated, which the
reconciler finishes.

The states expect the variables `$order` and `$refusal`: `{step, reason, cause, review}`, where
`review` says that something technical went wrong in `step`, so that a human must look.
"""

from typing import Any

from asl import call, catch
from workflows.expressions import jsonata
from workflows.order_row import order_row, statuses
from workflows.unanswered import CALL

_UNDECIDED = (
    "attribute_not_exists(OrderId) OR #State = :pending"
    " OR (#State = :failed AND ExecutionArn = :execution AND Compensated = :not_yet)"
)
# An order that another execution or the reconciler refused is told as they recorded it.
_REFUSED_BEFORE = (
    "($row := $states.result.Item; $merge([$refusal, $row.State.S in ['FAILED', 'CANCELLED']"
    " ? {'reason': $row.Reason.S, 'cause': $row.Cause.S} : {}]))"
)


def record_refusal(orders: str) -> dict[str, Any]:
    """The states that make an order FAILED, unless it is final already and stands."""
    return {"RecordRefusal": _record(orders), **_read(orders)}


def unrecorded(step: str, cause: str, reason: str = jsonata("$refusal.reason")) -> dict[str, Any]:
    """A Catch that leaves an order of which nobody knows how it stands to the reconciler.

    Args:
        step: the state that failed.
        cause: a sentence that no record has, by which the reconciler knows that nobody was told.
        reason: the execution's error, by default the refusal that may or may not be recorded.
    """
    why = {"step": step, "reason": reason, "cause": cause, "review": True}
    return catch(["States.ALL"], "ReportUnrecorded", Assign={"refusal": why})


def _record(orders: str) -> dict[str, Any]:
    failed = order_row(
        "FAILED",
        **statuses("Failed", "Unsuccessful", "Unsuccessful"),
        Reason={"S": jsonata("$refusal.reason")},
        Cause={"S": jsonata("$refusal.cause")},
        Compensated={"BOOL": False},
    )
    return call(
        "dynamodb:putItem",
        {
            "TableName": orders,
            "Item": failed,
            "ConditionExpression": _UNDECIDED,
            "ExpressionAttributeNames": {"#State": "State"},
            "ExpressionAttributeValues": {
                ":pending": {"S": "PENDING"},
                ":failed": {"S": "FAILED"},
                ":execution": {"S": jsonata("$states.context.Execution.Id")},
                ":not_yet": {"BOOL": False},
            },
        },
        retry_on=CALL,
        Catch=[
            catch(["DynamoDB.ConditionalCheckFailedException"], "ReadOrder"),
            unrecorded("RecordRefusal", "the refusal could not be recorded"),
        ],
        Next="CompensateOrder",
    )


def _read(orders: str) -> dict[str, Any]:
    stands = jsonata("$states.input.state in ['PROCESSED', 'FULFILLED']")
    return {
        "ReadOrder": call(
            "dynamodb:getItem",
            {
                "TableName": orders,
                "Key": {"OrderId": {"S": jsonata("$order.orderId")}},
                "ConsistentRead": True,
            },
            retry_on=CALL,
            Assign={"refusal": jsonata(_REFUSED_BEFORE)},
            Output={"state": jsonata("$states.result.Item.State.S")},
            Catch=[unrecorded("ReadOrder", "the order could not be read; it may stand")],
            Next="DoesOrderStand",
        ),
        "DoesOrderStand": {
            "Type": "Choice",
            "Choices": [{"Condition": stands, "Next": "PublishOrderProcessed"}],
            "Default": "CompensateOrder",
        },
    }
