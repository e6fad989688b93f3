"""The tables that hold orders, their payment, the stock, and what waits or was published."""

from typing import NotRequired, TypedDict

import pulumi

from components.aws.table import Table, TableArgs
from workflows.checkout import definition as checkout


class OrderStoreArgs(TypedDict):
    """`deletion_protection` keeps every table from being deleted, also by `pulumi destroy`."""

    deletion_protection: NotRequired[pulumi.Input[bool]]


class OrderStore(pulumi.ComponentResource):
    """CustomerOrders with all that belongs to an order, and Inventory."""

    orders: Table
    sessions: Table
    inventory: Table
    reservations: Table
    manual_review: Table
    carts: Table
    pending_callbacks: Table
    notifications: Table
    idempotency_keys: Table
    shipments: Table

    def __init__(
        self, name: str, args: OrderStoreArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("orders:index:OrderStore", name, None, opts)
        self._protection = args.get("deletion_protection", True)
        self.orders = self._table(
            "CustomerOrders",
            {
                "attributes": {
                    "OrderId": "S",
                    "CustomerId": "S",
                    "CreatedAt": "S",
                    "Waiting": "S",
                    "UpdatedAt": "S",
                },
                "hash_key": "OrderId",
                "indexes": {
                    "CustomerOrderHistory": {"hash_key": "CustomerId", "range_key": "CreatedAt"},
                    "WaitingOrders": {"hash_key": "Waiting", "range_key": "UpdatedAt"},
                },
                "stream": True,
            },
        )
        self.reservations = self._table(
            "Reservations",
            {
                "attributes": {"OrderId": "S", "Expiring": "S", "ExpiresAt": "N"},
                "hash_key": "OrderId",
                "indexes": {
                    "ExpiringReservations": {"hash_key": "Expiring", "range_key": "ExpiresAt"}
                },
            },
        )
        self.sessions = self._table("CustomerPaymentSession", _by("SessionId"))
        self.inventory = self._table("Inventory", _by("ProductId"))
        self.manual_review = self._table(
            "ManualReview",
            {
                "attributes": {"OrderId": "S", "ReviewId": "S", "OpenSince": "S"},
                "hash_key": "OrderId",
                "range_key": "ReviewId",
                "indexes": {"OpenReviews": {"hash_key": "OrderId", "range_key": "OpenSince"}},
                "stream": True,
            },
        )
        self.carts = self._table("Carts", _by("CartId"))
        self.pending_callbacks = self._table(
            "PendingCallbacks", {**_by("OrderId", "Step"), "expires": "ExpiresAt"}
        )
        self.notifications = self._table("Notifications", _by("OrderId"))
        self.idempotency_keys = self._table(
            "IdempotencyKeys", {**_by("IdempotencyKey"), "expires": "ExpiresAt"}
        )
        self.shipments = self._table("Shipments", _by("OrderId", "FulfillmentCenterId"))
        self.register_outputs({})

    def _table(self, name: str, args: TableArgs) -> Table:
        protected: TableArgs = {**args, "deletion_protection": self._protection}
        return Table(name, protected, pulumi.ResourceOptions(parent=self))

    def names(self) -> dict[str, pulumi.Output[str]]:
        """The physical name of every table by its name in this project."""
        return {
            "CustomerOrders": self.orders.name,
            "CustomerPaymentSession": self.sessions.name,
            "Inventory": self.inventory.name,
            "Reservations": self.reservations.name,
            "ManualReview": self.manual_review.name,
            "Carts": self.carts.name,
            "PendingCallbacks": self.pending_callbacks.name,
            "Notifications": self.notifications.name,
            "IdempotencyKeys": self.idempotency_keys.name,
            "Shipments": self.shipments.name,
        }


def _by(hash_key: str, range_key: str | None = None) -> TableArgs:
    """A table by one or two text keys."""
    if range_key is None:
        return {"attributes": {hash_key: "S"}, "hash_key": hash_key}
    keys = {hash_key: "S", range_key: "S"}
    return {"attributes": keys, "hash_key": hash_key, "range_key": range_key}


def closing_environment(store: OrderStore) -> dict[str, pulumi.Input[str]]:
    """What a function needs in its environment to close an order of either kind."""
    return {
        "ORDERS_TABLE": store.orders.name,
        "RESERVATIONS_TABLE": store.reservations.name,
        "INVENTORY_TABLE": store.inventory.name,
        "MANUAL_REVIEW_TABLE": store.manual_review.name,
        "CARTS_TABLE": store.carts.name,
        "PENDING_CALLBACKS_TABLE": store.pending_callbacks.name,
        "OUTSIDE_SERVICES": "simulated",
        "CHECKOUT_SECONDS": str(checkout.TIMEOUT_SECONDS),
    }
