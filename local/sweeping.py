"""The schedules of the stack, run as if hours had passed."""

import json
from collections.abc import Callable, Collection

from botocore.exceptions import ClientError

from local.functions import scheduled
from local.rows import typed
from local.stack import Stack

_ROUNDS = 2  # what a round begins, such as a retry, the next one finds
ATTEMPTS = 3  # AWS Lambda, "Asynchronous invocation": a function that fails is retried twice
_LONG_AGO = "2020-01-01T00:00:00.000Z"


_SCHEDULE = ("Name", "GroupName", "ScheduleExpression", "FlexibleTimeWindow", "Target")


def pause(stack: Stack) -> None:
    """Disable the stack's schedules: a scenario runs them when it says so, and only then."""
    scheduler = stack.cloud.client("scheduler")
    for each in scheduler.list_schedules()["Schedules"]:
        found = scheduler.get_schedule(Name=each["Name"], GroupName=each["GroupName"])
        same = {field: found[field] for field in _SCHEDULE}
        scheduler.update_schedule(**same, State="DISABLED")


def sweep(stack: Stack, order_id: str | None, settle: Callable[[], None]) -> list[str]:
    """Let an order's rows be old, and invoke every scheduled function; both twice.

    Args:
        stack: whose schedules.
        order_id: the order; None if there is none on record.
        settle: waits for what they caused.

    Returns:
        A sentence for each function that failed however often it was retried.
    """
    return sweep_all(stack, [] if order_id is None else [order_id], settle)


def sweep_all(stack: Stack, order_ids: Collection[str], settle: Callable[[], None]) -> list[str]:
    """Let many orders' rows be old, and invoke every scheduled function; both twice.

    Args:
        stack: whose schedules.
        order_ids: the orders.
        settle: waits for what they caused.

    Returns:
        A sentence for each function that failed however often it was retried.
    """
    errors = []
    for _ in range(_ROUNDS):
        for order_id in order_ids:
            age(stack, order_id)
        for module, name in scheduled(stack).items():
            error = _invoke(stack, name)
            errors += [f"{module}: {error}"] if error else []
        settle()
    return errors


def age(stack: Stack, order_id: str) -> None:
    """Let a waiting order be untouched for long, and its reservation be expired."""
    _update(stack, "CustomerOrders", order_id, "UpdatedAt", _LONG_AGO, "Waiting")
    _update(stack, "Reservations", order_id, "ExpiresAt", 1, "Expiring")


def _update(
    stack: Stack, table: str, order_id: str, column: str, value: object, waits: str
) -> None:
    """Set a column of an order's row that has another one."""
    dynamodb = stack.cloud.client("dynamodb")
    try:
        dynamodb.update_item(
            TableName=stack.table(table),
            Key=typed({"OrderId": order_id}),
            UpdateExpression="SET #column = :value",
            ConditionExpression="attribute_exists(#waits)",
            ExpressionAttributeNames={"#column": column, "#waits": waits},
            ExpressionAttributeValues=typed({":value": value}),
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return  # nothing waits


def _invoke(stack: Stack, name: str) -> str | None:
    """The error of a function; None if it succeeded, perhaps after having been retried."""
    error = None
    for _ in range(ATTEMPTS):
        error = _attempt(stack, name)
        if error is None:
            return None
    return error


def _attempt(stack: Stack, name: str) -> str | None:
    try:
        answer = stack.cloud.client("lambda").invoke(FunctionName=name, Payload=b"{}")
    except ClientError as error:
        return str(error)
    document = json.loads(answer["Payload"].read())
    if "FunctionError" not in answer:
        return None
    return f"{document.get('errorType')}: {document.get('errorMessage')}"
