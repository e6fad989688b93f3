"""Orders that executions left behind, in real tables, and Step Functions as functions ask it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from handlers.orders.adapters.order_rows import Orders
from handlers.payments.adapters.simulated_gateway import SimulatedGateway
from handlers.shared.adapters.dynamodb import Row, plain, read, typed
from handlers.stock.adapters.reservations import Stock
from tests.handlers.bus import bus_event

ID = "o-1"
INPUT: dict[str, Any] = {
    "orderId": ID,
    "customerId": "c-1",
    "email": "a@example.com",
    "currency": "USD",
    "orderTotal": 700,
    "items": [
        {"itemId": "a", "price": 500, "quantity": 1, "itemDescription": "Lamp"},
        {"itemId": "b", "price": 100, "quantity": 2},
    ],
    "payment": {"token": "tok_visa", "cardType": "VISA", "last4": "4242"},
    "requestedAt": "2026-01-01T11:00:00.000Z",
}
DESCRIBED = {
    "CustomerId": "c-1",
    "Email": "a@example.com",
    "OrderTotal": 700,
    "Currency": "USD",
    "CreatedAt": "2026-01-01T11:00:00.000Z",
    "Items": [
        {"itemId": "a", "price": 500, "quantity": 1, "itemDescription": "Lamp"},
        {"itemId": "b", "price": 100, "quantity": 2},
    ],
}
"""What an order's row says of INPUT."""

_PRODUCTS = {"a", "b"}
_REGION = "us-east-1:123456789012"


def machine(name: str = "orders") -> str:
    """The ARN of a machine: orders, checkout or ship; others are none of the project's."""
    return f"arn:aws:states:{_REGION}:stateMachine:{name}"


def execution(name: str = ID, of: str = "orders") -> str:
    """The ARN of an execution of a machine."""
    return f"arn:aws:states:{_REGION}:execution:{of}:{name}"


ARN = execution()
ANOTHER = execution(f"{ID}-2")


@dataclass
class Held:
    """What an order of order processing holds, of five pieces of each of its products.

    Attributes:
        client: a DynamoDB client.
        id: the order.
    """

    client: Any
    id: str = ID

    def __post_init__(self) -> None:
        self.orders = Orders(self.client, "CustomerOrders")
        self.gateway = SimulatedGateway(self.client, "PaymentGateway")
        self.stock = Stock(self.client, "Reservations", "Inventory", sleep=lambda _: None)

    def put(self, table: str, **row: Any) -> None:
        self.client.put_item(TableName=table, Item=typed(row))

    def put_row(self, state: str, **columns: Any) -> Row:
        """The order's row; one that is refused or cancelled is ARN's decision, and not closed."""
        row = {"OrderId": self.id, "State": state, "UpdatedAt": "2026-01-01T12:00:00.000Z"}
        if state in ("PENDING", "FAILED", "CANCELLED"):
            row["Waiting"] = "yes"
        if state in ("FAILED", "CANCELLED"):
            row |= {"Reason": "OutOfStock", "Cause": "why", "ExecutionArn": ARN}
        found = {**row, **columns}
        self.put("CustomerOrders", **found)
        return found

    def reserve(self, status: str = "RESERVED", **columns: Any) -> "Held":
        for product, quantity in (("a", 1), ("b", 2)):
            self.put("Inventory", ProductId=product, OnHand=5 - quantity, Reserved=quantity)
        items = [{"itemId": "a", "quantity": 1}, {"itemId": "b", "quantity": 2}]
        known = {"OrderId": self.id, "Status": status, "Items": items, "ExecutionArn": ARN}
        self.put("Reservations", **{**known, **columns})
        return self

    def authorize(self) -> "Held":
        self.gateway.authorize(self.id, 700, "USD", "tok_visa")
        return self

    def capture(self) -> "Held":
        self.authorize().gateway.capture(self.id, 700, "USD")
        return self

    def spoil(self) -> "Held":
        """The Inventory row contradicts the reservation."""
        self.put("Inventory", ProductId="b", OnHand=5, Reserved=0)
        return self

    def correct(self) -> "Held":
        """The Inventory row agrees with the reservation again."""
        self.put("Inventory", ProductId="b", OnHand=3, Reserved=2)
        return self

    @property
    def row(self) -> Row:
        found = read(self.client, "CustomerOrders", OrderId=self.id)
        assert found is not None
        return found

    @property
    def reservation(self) -> str | None:
        """The reservation's Status, if there is one."""
        found = read(self.client, "Reservations", OrderId=self.id)
        return None if found is None else str(found["Status"])

    @property
    def on_hand(self) -> dict[str, tuple[int, int]]:
        """OnHand and Reserved by product, of the order's two."""
        rows = {row["ProductId"]: row for row in self.rows("Inventory")}
        return {
            name: (rows[name]["OnHand"], rows[name]["Reserved"]) for name in _PRODUCTS & rows.keys()
        }

    @property
    def operations(self) -> list[str]:
        """What the ledger says of the order's money."""
        row = read(self.client, "PaymentGateway", Id=self.id) or {"Entries": []}
        return [entry["operation"] for entry in row["Entries"]]

    @property
    def reviews(self) -> dict[str, Row]:
        """Every review, by its id."""
        return {row["ReviewId"]: row for row in self.rows("ManualReview")}

    def rows(self, table: str) -> list[Row]:
        return [plain(item) for item in self.client.scan(TableName=table)["Items"]]

    def assert_undone(self, state: str = "FAILED", *, by: str = ARN) -> None:
        """The order of a capture is refunded, released and closed."""
        row = self.row
        assert (row["State"], row["ClosedBy"], row["PaymentStatus"]) == (state, by, "Refunded")
        assert "ClosedAt" in row
        assert "Waiting" not in row
        assert self.operations == ["authorize", "capture", "refund"]
        assert (self.reservation, self.on_hand) == ("RELEASED", {"a": (5, 0), "b": (5, 0)})

    def assert_held(self) -> None:
        """Nothing of the order was given back."""
        assert self.operations == ["authorize", "capture"]
        assert self.on_hand == {"a": (4, 1), "b": (3, 2)}


@dataclass
class States:
    """A Step Functions client: its executions by ARN, the latest first in a list."""

    known: dict[str, dict[str, Any]] = field(default_factory=dict)
    page: int = 100

    def put(
        self,
        arn: str = ARN,
        status: str = "FAILED",
        given: Any = INPUT,
        *,
        started: timedelta = timedelta(minutes=10),
        stopped: timedelta = timedelta(minutes=5),
        **more: Any,
    ) -> str:
        """An execution, its input as JSON text or as what that says; returns its ARN."""
        *_, of, _name = arn.split(":")
        now = datetime.now(UTC)
        ended = {} if status in ("RUNNING", "PENDING_REDRIVE") else {"stopDate": now - stopped}
        self.known[arn] = {
            "executionArn": arn,
            "stateMachineArn": machine(of),
            "status": status,
            "input": given if isinstance(given, str) else json.dumps(given),
            "startDate": now - started,
            **ended,
            **more,
        }
        return arn

    def describe_execution(self, *, executionArn: str) -> dict[str, Any]:  # noqa: N803
        if executionArn not in self.known:
            error = {"Code": "ExecutionDoesNotExist", "Message": executionArn}
            raise ClientError({"Error": error}, "DescribeExecution")
        return self.known[executionArn]

    def get_paginator(self, operation: str) -> "States":
        assert operation == "list_executions"
        return self

    def paginate(
        self,
        *,
        stateMachineArn: str,  # noqa: N803
        statusFilter: str,  # noqa: N803
    ) -> Iterator[Mapping[str, Any]]:
        found = sorted(
            (
                each
                for each in self.known.values()
                if (each["stateMachineArn"], each["status"]) == (stateMachineArn, statusFilter)
            ),
            key=lambda each: each["startDate"],
            reverse=True,
        )
        for start in range(0, len(found) or 1, self.page):
            yield {"executions": found[start : start + self.page]}


def ended(arn: str = ARN, **more: Any) -> dict[str, Any]:
    """The status event of an execution, which says what it likes beside the ARN."""
    detail = {"executionArn": arn, "status": "ABORTED", "error": None, "cause": None}
    return bus_event("Step Functions Execution Status Change", **{**detail, **more})


def delivery(*bodies: Any, times: int = 1) -> dict[str, Any]:
    """An SQS batch whose messages come for the `times`-th time; they are called m-0, m-1, ..."""
    return {
        "Records": [
            {
                "messageId": f"m-{place}",
                "eventSource": "aws:sqs",
                "attributes": {"ApproximateReceiveCount": str(times)},
                "body": body if isinstance(body, str) else json.dumps(body),
            }
            for place, body in enumerate(bodies)
        ]
    }
