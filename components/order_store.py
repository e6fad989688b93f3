"""The tables that hold orders, their payment, and the stock."""

from typing import NotRequired, TypedDict

import pulumi

from components.table import Table


class OrderStoreArgs(TypedDict):
    """`deletion_protection` keeps every table from being deleted, also by `pulumi destroy`."""

    deletion_protection: NotRequired[pulumi.Input[bool]]


class OrderStore(pulumi.ComponentResource):
    """CustomerOrders, CustomerPaymentSession, Inventory, Reservations and ManualReview."""

    orders: Table
    sessions: Table
    inventory: Table
    reservations: Table
    manual_review: Table

    def __init__(
        self, name: str, args: OrderStoreArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("orders:index:OrderStore", name, None, opts)
        protection = args.get("deletion_protection", True)
        child = pulumi.ResourceOptions(parent=self)
        self.orders = Table(
            "CustomerOrders",
            {
                "attributes": {
                    "OrderId": "S",
                    "CustomerId": "S",
                    "CreatedAt": "S",
                    "Unpublished": "S",
                    "UpdatedAt": "S",
                },
                "hash_key": "OrderId",
                "indexes": {
                    "CustomerOrderHistory": {"hash_key": "CustomerId", "range_key": "CreatedAt"},
                    "UnpublishedOutcomes": {"hash_key": "Unpublished", "range_key": "UpdatedAt"},
                },
                "deletion_protection": protection,
            },
            child,
        )
        self.sessions = Table(
            "CustomerPaymentSession",
            {
                "attributes": {"SessionId": "S"},
                "hash_key": "SessionId",
                "deletion_protection": protection,
            },
            child,
        )
        self.inventory = Table(
            "Inventory",
            {
                "attributes": {"ProductId": "S"},
                "hash_key": "ProductId",
                "deletion_protection": protection,
            },
            child,
        )
        self.reservations = Table(
            "Reservations",
            {
                "attributes": {"OrderId": "S", "Expiring": "S", "ExpiresAt": "N"},
                "hash_key": "OrderId",
                "indexes": {
                    "ExpiringReservations": {"hash_key": "Expiring", "range_key": "ExpiresAt"}
                },
                "deletion_protection": protection,
            },
            child,
        )
        self.manual_review = Table(
            "ManualReview",
            {
                "attributes": {"OrderId": "S", "Step": "S"},
                "hash_key": "OrderId",
                "range_key": "Step",
                "deletion_protection": protection,
            },
            child,
        )
        self.register_outputs({})
