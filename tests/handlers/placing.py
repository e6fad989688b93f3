"""A shop with a catalogue, to which orders come by HTTP and by queue."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3

from handlers.shared.adapters.dynamodb import Row, plain, read, typed
from handlers.shared.rules.clock import timestamp

CUSTOMER = "c-id-56392"
CARD = {
    "name": "Ada Lovelace",
    "cardType": "MASTERCARD",
    "cardNumber": "5555 5555 5555 4444",
    "expiration": "08/29",
}
ORDER: dict[str, Any] = {
    "customerId": CUSTOMER,
    "email": "ada@example.com",
    "address": "221B Baker Street",
    "orderContents": {
        "items": [
            {"itemId": "lamp", "price": 19.99, "quantity": 3, "itemDescription": "A lamp"},
            {"itemId": "bulb", "price": "0.50"},
        ]
    },
    "orderTotal": 60.47,
    "paymentDetails": CARD,
}
ORDER_ID = "11111111-2222-4333-8444-555555555555"
MESSAGE: dict[str, Any] = {
    "orderId": ORDER_ID,
    "customerId": CUSTOMER,
    "itemList": [{"itemId": "lamp", "price": 1999, "quantity": 3}],
    "paymentStatus": "Paid",
    "orderTotal": 5997,
    "currency": "USD",
    "payment": {"token": "tok_visa", "cardType": "AMEX", "last4": "9999"},
}
ITEMS = [
    {"itemId": "lamp", "price": 1999, "quantity": 3, "itemDescription": "A lamp"},
    {"itemId": "bulb", "price": 50, "quantity": 1, "itemDescription": None},
]


def ago(**duration: float) -> str:
    """A time in the past as rows carry it."""
    return timestamp(datetime.now(UTC) - timedelta(**duration))


class Store:
    """The tables and the queue, as tests look at them."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.sqs = boto3.client("sqs")
        self.queue = self.sqs.create_queue(QueueName="purchases")["QueueUrl"]
        for item, price in (("lamp", 1999), ("bulb", 50)):
            self.put("Inventory", ProductId=item, OnHand=9, Reserved=0, Price=price, Currency="USD")

    def put(self, table: str, **row: Any) -> None:
        self.client.put_item(TableName=table, Item=typed(row))

    def rows(self, table: str) -> list[Row]:
        return [plain(item) for item in self.client.scan(TableName=table)["Items"]]

    def order(self, order_id: str = ORDER_ID) -> Row:
        found = read(self.client, "CustomerOrders", OrderId=order_id)
        assert found is not None
        return found

    def put_order(self, **columns: Any) -> Row:
        """A PENDING order that has waited for ten minutes, but for what is given; None removes."""
        at = ago(minutes=10)
        row: Row = {
            "OrderId": ORDER_ID,
            "State": "PENDING",
            "OrderStatus": "Pending",
            "PaymentStatus": "Pending",
            "ShippingStatus": "Pending",
            "CustomerId": CUSTOMER,
            "Email": "ada@example.com",
            "Address": None,
            "OrderTotal": 6047,
            "Currency": "USD",
            "Items": ITEMS,
            "Payment": {"token": "tok_visa", "cardType": "VISA", "last4": "4242"},
            "CreatedAt": at,
            "UpdatedAt": at,
            "Waiting": "yes",
            **columns,
        }
        given = {name: value for name, value in row.items() if value is not None}
        self.put("CustomerOrders", **given)
        return given

    def messages(self) -> list[dict[str, Any]]:
        """The messages that were sent since the last look."""
        found = []
        while answer := self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            for message in answer:
                found.append(json.loads(message["Body"]))
                self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
        return found
