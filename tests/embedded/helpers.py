"""What tests do to a deployed stack by hand."""

import json
import time
from typing import Any

from local import evidence
from local.history import journey, read_history
from local.rows import typed
from local.stack import Stack
from local.waiting import await_end


def put_stock(stack: Stack, on_hand: int = 100, reserved: int = 0) -> None:
    row = {
        "ProductId": {"S": "item-1"},
        "OnHand": {"N": str(on_hand)},
        "Reserved": {"N": str(reserved)},
        "Price": {"N": "1000"},
        "Currency": {"S": "USD"},
    }
    stack.cloud.client("dynamodb").put_item(TableName=stack.table("Inventory"), Item=row)


def put_pending(stack: Stack, order_id: str, **more: Any) -> None:
    """An order's row as it stands before its machine has decided anything."""
    row = {
        "OrderId": order_id,
        "State": "PENDING",
        "OrderStatus": "Pending",
        "PaymentStatus": "Pending",
        "ShippingStatus": "Pending",
        "Waiting": "yes",
        "UpdatedAt": "2026-01-01T00:00:00.000Z",
    }
    stack.cloud.client("dynamodb").put_item(
        TableName=stack.table("CustomerOrders"), Item=typed({**row, **more})
    )


def start(stack: Stack, order: dict[str, Any], name: str | None = None) -> str:
    started = stack.cloud.client("stepfunctions").start_execution(
        stateMachineArn=stack.outputs["stateMachines"]["order_processing"],
        name=name or order["orderId"],
        input=json.dumps(order),
    )
    return str(started["executionArn"])


def finish(stack: Stack, order: dict[str, Any], name: str | None = None) -> dict[str, Any]:
    await_end(stack, start(stack, order, name))
    row = evidence.order_row(stack, order["orderId"])
    assert row is not None
    return row


def wait_for(stack: Stack, execution: str, state: str) -> None:
    states = stack.cloud.client("stepfunctions")
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if state in journey(read_history(states, execution)).path:
            return
        time.sleep(0.02)
    raise AssertionError(f"{state} was never entered")


def invoke(stack: Stack, prefix: str, event: Any = None) -> Any:
    """What a function answers, which is no error."""
    functions = stack.cloud.client("lambda").list_functions()["Functions"]
    (name,) = (f["FunctionName"] for f in functions if f["FunctionName"].startswith(prefix))
    payload = json.dumps(event or {}).encode()
    answer = stack.cloud.client("lambda").invoke(FunctionName=name, Payload=payload)
    document = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, document
    return document


def batch(*bodies: Any) -> dict[str, Any]:
    """Messages as Lambda brings them from a queue."""
    records = [
        {"messageId": str(number), "eventSource": "aws:sqs", "body": json.dumps(body)}
        for number, body in enumerate(bodies)
    ]
    return {"Records": records}


def put(stack: Stack, table: str, **row: Any) -> None:
    stack.cloud.client("dynamodb").put_item(TableName=stack.table(table), Item=typed(row))


def age(stack: Stack, order_id: str) -> None:
    stack.cloud.client("dynamodb").update_item(
        TableName=stack.table("CustomerOrders"),
        Key={"OrderId": {"S": order_id}},
        UpdateExpression="SET UpdatedAt = :then",
        ExpressionAttributeValues={":then": {"S": "2020-01-01T00:00:00.000Z"}},
    )


def age_review(stack: Stack, review: dict[str, Any]) -> None:
    stack.cloud.client("dynamodb").update_item(
        TableName=stack.table("ManualReview"),
        Key={name: {"S": review[name]} for name in ("OrderId", "Step")},
        UpdateExpression="SET CreatedAt = :then",
        ExpressionAttributeValues={":then": {"S": "2020-01-01T00:00:00.000Z"}},
    )


def expire(stack: Stack, order_id: str) -> None:
    stack.cloud.client("dynamodb").update_item(
        TableName=stack.table("Reservations"),
        Key={"OrderId": {"S": order_id}},
        UpdateExpression="SET ExpiresAt = :then",
        ExpressionAttributeValues={":then": {"N": "1"}},
    )
