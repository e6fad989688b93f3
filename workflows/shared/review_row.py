"""A row of ManualReview: what a human must look at, one for each order, step and execution.

It is created on condition that it is not there, and carries what its event says: support hears of
it from the row's change alone.
"""

from typing import Any

from workflows.shared.expressions import jsonata

CREATED = "attribute_not_exists(OrderId)"


def review(table: str, *, order: str, customer: str, failure: str, step: str) -> dict[str, Any]:
    """The request of a PutItem that opens a review of this execution.

    Args:
        table: the name of ManualReview.
        order: an expression for the order's id.
        customer: an expression for the customer's id, empty text where nobody is known.
        failure: an expression for `{reason, cause, done, toDo}`.
        step: an expression for the step that failed.
    """
    execution = "$states.context.Execution.Id"
    return {
        "TableName": table,
        "Item": jsonata(
            f"($failure := {failure}; $step := {step}; $customer := {customer};"
            f" $merge([{{'OrderId': {{'S': {order}}},"
            f" 'ReviewId': {{'S': $step & ' ' & {execution}}},"
            f" 'Step': {{'S': $step}}, 'ExecutionArn': {{'S': {execution}}},"
            " 'Reason': {'S': $failure.reason}, 'Cause': {'S': $failure.cause},"
            " 'Done': {'S': $failure.done}, 'ToDo': {'S': $failure.toDo},"
            " 'CreatedAt': {'S': $now()}, 'OpenSince': {'S': $now()}},"
            " $type($customer) = 'string' and $customer != ''"
            " ? {'CustomerId': {'S': $customer}} : {}]))"
        ),
        "ConditionExpression": CREATED,
    }
