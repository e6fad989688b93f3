"""A shop's warehouses in moto's tables, and centres that hear what a queue would bring them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from handlers.fulfillment.adapters.shipment_rows import Shipments
from handlers.fulfillment.adapters.shipment_stock import ShipmentStock
from handlers.fulfillment.rules.arrival import BusinessDays
from handlers.fulfillment.rules.center_messages import CenterMessage
from handlers.fulfillment.rules.payment_session import parse_session
from handlers.fulfillment.rules.shipment import Shipment
from handlers.fulfillment.rules.shipment_canceller import CancellingShipments, Failure
from handlers.fulfillment.rules.shipment_planner import Plan, Planning
from handlers.fulfillment.rules.shipment_sender import Sending
from handlers.orders.adapters.order_rows import Orders
from handlers.orders.adapters.reviews import Reviews
from handlers.shared.adapters.dynamodb import Row, plain, read, typed
from handlers.shared.rules.errors import ServiceUnavailable
from handlers.stock.adapters.catalogue import Catalogue
from handlers.stock.adapters.reservations import Stock
from tests.handlers.checkouts import Fused
from tests.handlers.fakes import Fuse

ORDER = "0b0e7b1c-6a0e-4c39-9d0a-5b1f0f2f4a11"
EXECUTION = f"arn:aws:states:us-east-1:123456789012:execution:ship:{ORDER}"
AGAIN = f"{EXECUTION}-2"
PLANNED_AT = datetime(2026, 1, 2, 12, tzinfo=UTC)  # a Friday


def product(item: str = "p1", center: str | None = "fc-1", **fields: Any) -> dict[str, Any]:
    """A product as a session names it."""
    known = {"id": item, "name": f"Product {item}", "price": 500, "quantity": 2}
    return {**known, **({} if center is None else {"fulfillmentCenterId": center}), **fields}


def session(*products: dict[str, Any], **columns: Any) -> dict[str, Any]:
    """A paid session's row."""
    known = {"SessionId": ORDER, "CustomerId": "c-1", "PaymentStatus": "Success"}
    return {**known, "Products": list(products), **columns}


@dataclass
class Centers:
    """A FIFO queue, and what its readers make of it: a key counts once, a cancelled one never."""

    fuse: Fuse = field(default_factory=Fuse)
    heard: list[CenterMessage] = field(default_factory=list)
    down: bool = False

    def send(self, message: CenterMessage) -> None:
        self.fuse.before()
        if self.down and message.body["messageType"] == "ShipmentRequested":
            raise ServiceUnavailable("down")
        known = {each.deduplication_id for each in self.heard}
        if message.deduplication_id not in known:
            self.heard.append(message)
        self.fuse.after()

    def keys(self, message_type: str) -> list[str]:
        """The idempotency keys of a type of messages, in order."""
        bodies = [message.body for message in self.heard]
        return [str(b["idempotencyKey"]) for b in bodies if b["messageType"] == message_type]

    @property
    def shipping(self) -> set[str]:
        """What is shipped in the end."""
        return set(self.keys("ShipmentRequested")) - set(self.keys("ShipmentCancelled"))


@dataclass
class LabelBucket:
    """A bucket of labels."""

    fuse: Fuse = field(default_factory=Fuse)
    labels: dict[str, bytes] = field(default_factory=dict)
    bucket: str = "labels"

    def write(self, key: str, label: bytes) -> None:
        self.fuse.before()
        self.labels[key] = label
        self.fuse.after()


class Warehouse:
    """Everything a fulfillment touches, over one client; `centers` may be shared with another."""

    def __init__(
        self, client: Any, fuse: Fuse | None = None, centers: Centers | None = None
    ) -> None:
        self.plain_client = client
        self.client = Fused(client, fuse or Fuse())
        self.centers = Centers(fuse or Fuse(), centers.heard if centers else [])
        self.labels = LabelBucket(fuse or Fuse())
        self.now = PLANNED_AT
        self.orders = Orders(self.client, "CustomerOrders")
        self.reviews = Reviews(self.client, "ManualReview", lambda: self.now)
        self.shipments = Shipments(self.client, "Shipments", lambda: self.now, lambda _: None)
        self.stock = ShipmentStock(self.shipments, "Inventory", lambda _: None)
        self.sending = Sending(self.shipments, self.labels, self.centers)
        self.cancelling = CancellingShipments(self.shipments, self.centers, self.reviews)
        self.planning = Planning(
            orders=self.orders,
            reservations=Stock(self.client, "Reservations", "Inventory"),
            catalogue=Catalogue(self.client, "Inventory"),
            shipments=self.shipments,
            arrivals=BusinessDays({"default": 3, "fc-far": 9}),
            clock=lambda: self.now,
        )

    def plan(self, *products: dict[str, Any], **columns: Any) -> Plan:
        return self.planning.plan(parse_session(session(*products, **columns)))

    def shipment(self, *products: dict[str, Any]) -> Shipment:
        """The one shipment of a session of these products, planned."""
        (planned,) = self.plan(*(products or (product(),))).shipments
        return planned

    def execute(self, *products: dict[str, Any], execution: str = EXECUTION) -> bool:
        """What an execution of the machine does between claiming and recording."""
        failed = [
            (shipment, failures)
            for shipment in self.plan(*(products or (product(),))).shipments
            if (failures := self._fulfill(shipment))
        ]
        for shipment, failures in failed:
            self.cancelling.cancel(shipment, failures, execution)
        return not failed

    def cancel(self, shipment: Shipment, *failures: Failure, execution: str = EXECUTION) -> bool:
        """Cancels a shipment of an execution that failed."""
        return self.cancelling.cancel(shipment, failures, execution)

    def _fulfill(self, shipment: Shipment) -> Sequence[Failure]:
        parts: dict[str, Callable[[Shipment], object]] = {
            "UpdateInventory": self.stock.take,
            "SendToFulfillmentCenter": self.sending.send,
        }
        return [
            Failure(step, type(error).__name__, str(error))
            for step, do in parts.items()
            if (error := _raised(do, shipment))
        ]

    def put(self, table: str, **row: Any) -> None:
        self.plain_client.put_item(TableName=table, Item=typed(row))

    def stocked(self, **on_hand: int) -> "Warehouse":
        for name, pieces in on_hand.items():
            self.put("Inventory", ProductId=name, OnHand=pieces, Reserved=0)
        return self

    def reserved(self, status: str = "COMMITTED", **held: int) -> "Warehouse":
        """An order whose reservation took the pieces from ten of each."""
        items = [{"itemId": name, "quantity": pieces} for name, pieces in held.items()]
        self.put("Reservations", OrderId=ORDER, Status=status, Items=items)
        for name, pieces in held.items():
            self.put("Inventory", ProductId=name, OnHand=10 - pieces, Reserved=pieces)
        return self

    def forget(self) -> None:
        """Removes what is known of shipments, and their reviews."""
        for table, range_key in (
            ("Shipments", "FulfillmentCenterId"),
            ("ManualReview", "ReviewId"),
        ):
            for row in self.rows(table):
                key = typed({name: row[name] for name in ("OrderId", range_key)})
                self.plain_client.delete_item(TableName=table, Key=key)

    def held(self, name: str = "p1") -> tuple[int, int]:
        """A product's OnHand and Reserved."""
        row = read(self.plain_client, "Inventory", ProductId=name)
        assert row is not None
        return row["OnHand"], row["Reserved"]

    def row(self, center: str = "fc-1") -> Row:
        found = read(self.plain_client, "Shipments", OrderId=ORDER, FulfillmentCenterId=center)
        assert found is not None
        return found

    def review(self, step: str = "Fulfill fc-1", execution: str = EXECUTION) -> Row:
        key = {"OrderId": ORDER, "ReviewId": f"{step} {execution}"}
        return read(self.plain_client, "ManualReview", **key) or {}

    def rows(self, table: str) -> list[Row]:
        return [plain(item) for item in self.plain_client.scan(TableName=table)["Items"]]


def _raised(do: Callable[[Shipment], object], shipment: Shipment) -> Exception | None:
    try:
        do(shipment)
    except Exception as error:
        return error
    return None
