"""What tests do to a deployed stack by hand."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from local import evidence
from local.functions import names
from local.history import journey, read_history
from local.holding import Holds, Place
from local.injecting import document
from local.rows import typed
from local.scenario import Fault, FunctionFault, Scenario
from local.settling import settle
from local.stack import Stack
from local.waiting import await_end

PATIENCE_SECONDS = 20
_NONE = Scenario("by hand", "order_processing", {})


def put(stack: Stack, table: str, **row: Any) -> None:
    stack.cloud.client("dynamodb").put_item(TableName=stack.table(table), Item=typed(row))


def change(stack: Stack, table: str, key: dict[str, str], **columns: Any) -> None:
    """Set columns of a row, as somebody else would; None takes a column away."""
    kept = {name: value for name, value in columns.items() if value is not None}
    gone = [f"#{name}" for name in columns if name not in kept]
    sets = ", ".join(f"#{name} = :{name}" for name in kept)
    values = {f":{name}": value for name, value in kept.items()}
    stack.cloud.client("dynamodb").update_item(
        TableName=stack.table(table),
        Key=typed(dict(key)),
        UpdateExpression=" ".join(
            [f"SET {sets}"] * bool(kept) + [f"REMOVE {', '.join(gone)}"] * bool(gone)
        ),
        ExpressionAttributeNames={f"#{name}": name for name in columns},
        **({"ExpressionAttributeValues": typed(values)} if values else {}),
    )


def put_stock(stack: Stack, on_hand: int = 100, reserved: int = 0, item: str = "item-1") -> None:
    row = {"ProductId": item, "OnHand": on_hand, "Reserved": reserved}
    put(stack, "Inventory", **row, Price=1000, Currency="USD", FulfillmentCenterId="fc-1")


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
    put(stack, "CustomerOrders", **{**row, **more})


def arn_of(stack: Stack, workflow: str, name: str) -> str:
    """The ARN that an execution of this name has, whether or not there is one."""
    machine = str(stack.outputs["stateMachines"][workflow])
    return f"{machine.replace(':stateMachine:', ':execution:')}:{name}"


def start(
    stack: Stack, given: Any, name: str | None = None, workflow: str = "order_processing"
) -> str:
    """Start an execution, named after the order that goes in unless another name is given."""
    started = stack.cloud.client("stepfunctions").start_execution(
        stateMachineArn=stack.outputs["stateMachines"][workflow],
        name=name or given["orderId"],
        input=json.dumps(given),
    )
    return str(started["executionArn"])


def fulfill(stack: Stack, session: str, name: str | None = None) -> str:
    return start(stack, {"SessionId": session}, name or session, "fulfillment")


def finish(stack: Stack, order: dict[str, Any], name: str | None = None) -> dict[str, Any]:
    """The order's row when an execution of its has ended."""
    await_end(stack, start(stack, order, name))
    return row_of(stack, order["orderId"])


def row_of(stack: Stack, order_id: str) -> dict[str, Any]:
    row = evidence.order_row(stack, order_id)
    assert row is not None, f"there is no order {order_id}"
    return row


def ended(stack: Stack, execution: str) -> dict[str, Any]:
    """How an execution ended, when all that it caused has settled."""
    found = await_end(stack, execution)
    settle(stack.cloud, stack.queues)
    return found


def await_that(holds: Callable[[], Any], what: str) -> Any:
    """What is waited for, once it is there."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if found := holds():
            return found
        time.sleep(0.02)
    raise AssertionError(f"{what}: not within {PATIENCE_SECONDS} s")


def path(stack: Stack, execution: str) -> list[str]:
    """The states that an execution has entered, in their order."""
    return list(journey(read_history(stack.cloud.client("stepfunctions"), execution)).path)


@contextmanager
def struck(
    stack: Stack, *faults: Fault | FunctionFault, workflow: str = "order_processing"
) -> Iterator[None]:
    """The faults strike meanwhile; a state is one of `workflow` unless it names another."""
    scenario = Scenario(_NONE.name, workflow, {})
    stack.cloud.inject([document(stack, scenario, fault) for fault in faults])
    try:
        yield
    finally:
        stack.cloud.inject([])


@contextmanager
def holding(stack: Stack, state: str, workflow: str = "order_processing") -> Iterator[Any]:
    """The next execution to call what a state calls stands there until this is left.

    Yields a function that waits for it and answers its ARN.
    """
    holds = Holds(stack)
    holds.place(Place(workflow, state))
    try:
        yield lambda: await_that(lambda: holds.standing(workflow), f"nothing stands at {state}")
    finally:
        holds.lift(workflow)


def stop(stack: Stack, execution: str, error: str = "") -> None:
    """Stop an execution, and wait until what that causes has settled."""
    named = {"error": error} if error else {}
    stack.cloud.client("stepfunctions").stop_execution(executionArn=execution, **named)
    ended(stack, execution)


def invoke(stack: Stack, module: str, event: Any = None) -> Any:
    """What the function of a module of the handlers answers, which is no error."""
    payload = json.dumps(event or {}).encode()
    answer = stack.cloud.client("lambda").invoke(FunctionName=names(stack)[module], Payload=payload)
    found = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, found
    return found


def batch(*bodies: Any) -> dict[str, Any]:
    """Messages as Lambda brings them from a queue, for the first time."""
    records = [
        {
            "messageId": str(number),
            "eventSource": "aws:sqs",
            "body": json.dumps(body),
            "attributes": {"ApproximateReceiveCount": "1"},
        }
        for number, body in enumerate(bodies)
    ]
    return {"Records": records}


def sweep(stack: Stack, order_id: str) -> Any:
    """What the sweep of orders answers to whom this one has waited for long."""
    change(stack, "CustomerOrders", {"OrderId": order_id}, UpdatedAt="2020-01-01T00:00:00.000Z")
    answered = invoke(stack, "sweep_orders")
    settle(stack.cloud, stack.queues)
    return answered


def expire(stack: Stack, order_id: str, at: int = 1) -> None:
    """Let a reservation run out long ago, or at another time in seconds."""
    change(stack, "Reservations", {"OrderId": order_id}, ExpiresAt=at)
