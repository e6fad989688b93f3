"""A shop in moto's tables, whose every write may be the last thing its process does."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from handlers.checkout.adapters.cart_rows import Carts, CheckoutTables
from handlers.checkout.adapters.pending_callbacks import PendingCallbacks
from handlers.checkout.rules.answers import Answer
from handlers.checkout.rules.attempts import Attempts
from handlers.checkout.rules.callback_receiver import Receiving
from handlers.checkout.rules.checkout_request import Checkout, order_id, parse_checkout
from handlers.checkout.rules.failure import CheckoutFailure
from handlers.checkout.rules.late_payments import Refunds
from handlers.checkout.rules.refusals import Refusal
from handlers.orders.adapters.order_rows import Orders
from handlers.orders.adapters.reviews import Reviews
from handlers.orders.rules.compensation import Checkouts, Compensator
from handlers.orders.rules.order_closer import OrderCloser
from handlers.payments.adapters.simulated_gateway import SimulatedGateway
from handlers.payments.adapters.simulated_services import SimulatedCancellation
from handlers.payments.rules.gateway import PaymentCancellation
from handlers.recovery.rules.checkout_reconciliation import CheckoutReconciliation
from handlers.recovery.rules.reconciliation import OrderReconciliation
from handlers.shared.adapters import transient
from handlers.shared.adapters.dynamodb import Row, plain, read, typed
from handlers.shared.rules.json_text import exact
from handlers.stock.adapters.reservations import Stock
from tests.handlers.fakes import Fuse

EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:checkout:e-1"
ANOTHER = "arn:aws:states:us-east-1:123456789012:execution:checkout:e-2"
CART = "835235"
DOCUMENT: dict[str, Any] = {
    "CartId": CART,
    "Email": "ada@example.com",
    "Address": "221B Baker Street",
    "Orange": "1",
    "Banana": "2",
    "Lemon": "0",
    "total_cost": "1.27",
}
ORDER_ID = order_id(CART, 1)
PATIENCE = timedelta(minutes=15)
WRITES = ("put_item", "update_item", "delete_item", "transact_write_items")


def checkout(**fields: Any) -> Checkout:
    return parse_checkout(exact({**DOCUMENT, **fields}))


class Fused:
    """A DynamoDB client whose writes pass the fuse before and after they take effect."""

    def __init__(self, client: Any, fuse: Fuse) -> None:
        self._client = client
        self._fuse = fuse

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._client, name)
        if name not in WRITES:
            return call

        def fused(**request: Any) -> Any:
            self._fuse.before()
            answer = call(**request)
            self._fuse.after()
            return answer

        return fused


@dataclass
class Machine:
    """Tasks by token: waiting until they are answered, and what they were answered.

    `before` is run before a task looks at an answer: another process getting ahead.
    """

    waiting: set[str] = field(default_factory=set)
    answers: list[Answer] = field(default_factory=list)
    heartbeats: list[str] = field(default_factory=list)
    before: Callable[[], object] = lambda: None

    def answer(self, token: str, answer: Answer) -> bool:
        self.before()
        if token not in self.waiting:
            return False
        self.waiting.remove(token)
        self.answers.append(answer)
        return True

    def keep_alive(self, token: str) -> bool:
        if token in self.waiting:
            self.heartbeats.append(token)
        return token in self.waiting


class Shop:
    """Everything a checkout touches, over one client."""

    def __init__(self, client: Any, fuse: Fuse | None = None) -> None:
        self.plain_client = client
        self.client = client if fuse is None else Fused(client, fuse)
        self.machine, self.slept = Machine(), list[float]()
        tables = CheckoutTables("Carts", "CustomerOrders", "Reservations", "Inventory")
        self.carts = Carts(self.client, tables, PATIENCE, sleep=self.slept.append)
        self.orders = Orders(self.client, "CustomerOrders")
        self.reviews = Reviews(self.client, "ManualReview")
        self.stock = Stock(self.client, "Reservations", "Inventory", sleep=self.slept.append)
        self.callbacks = PendingCallbacks(self.client, "PendingCallbacks", PATIENCE)
        self.gateway = SimulatedGateway(self.client, "PaymentGateway")
        self.cancellation: PaymentCancellation = SimulatedCancellation(self.gateway)

    @property
    def attempts(self) -> Attempts:
        return Attempts(self.carts, self.orders)

    @property
    def compensator(self) -> Compensator:
        checkouts = Checkouts(self.callbacks, self.cancellation, self.carts)
        return Compensator(self.gateway, checkouts, self.stock, transient.passes)

    @property
    def failure(self) -> CheckoutFailure:
        return CheckoutFailure(self.orders, self.reviews, self.compensator)

    def fail(self, why: Refusal, order: str = ORDER_ID) -> Row:
        """Fails an order as its own execution does."""
        return dict(self.failure.fail(order, why, EXECUTION))

    @property
    def reconciliation(self) -> CheckoutReconciliation:
        closer = OrderCloser(self.orders, self.reviews, self.compensator)
        orders = OrderReconciliation(self.orders, self.reviews, closer)
        return CheckoutReconciliation(self.attempts, orders)

    @property
    def receiving(self) -> Receiving:
        refunds = Refunds(self.cancellation, self.reviews)
        return Receiving(self.orders, self.callbacks, self.machine, refunds, self.slept.append)

    def put(self, table: str, **row: Any) -> None:
        self.plain_client.put_item(TableName=table, Item=typed(row))

    def stocked(self, on_hand: int = 10, **columns: Any) -> "Shop":
        for item in ("Orange", "Banana"):
            self.put("Inventory", ProductId=item, OnHand=on_hand, Reserved=0, **columns)
        return self

    def paid(self, order: str = ORDER_ID) -> None:
        self.gateway.authorize(order, 127, "USD", "tok_visa")
        self.gateway.capture(order, 127, "USD")

    def set(self, order: str = ORDER_ID, **columns: Any) -> None:
        """Sets columns of an order's row, as the state machine would."""
        self.put("CustomerOrders", **{**self.row(order), **columns})

    def row(self, order: str = ORDER_ID) -> Row:
        found = read(self.plain_client, "CustomerOrders", OrderId=order)
        assert found is not None
        return found

    def cart(self, cart: str = CART) -> Row:
        found = read(self.plain_client, "Carts", CartId=cart)
        assert found is not None
        return found

    def reservation(self, order: str = ORDER_ID) -> Row:
        found = read(self.plain_client, "Reservations", OrderId=order)
        assert found is not None
        return found

    def pending(self, step: str, order: str = ORDER_ID) -> Row:
        return read(self.plain_client, "PendingCallbacks", OrderId=order, Step=step) or {}

    def review(
        self, step: str = "FailCheckout", order: str = ORDER_ID, execution: str = EXECUTION
    ) -> Row:
        key = {"OrderId": order, "ReviewId": f"{step} {execution}"}
        return read(self.plain_client, "ManualReview", **key) or {}

    def held(self, item: str) -> tuple[int, int]:
        """An item's OnHand and Reserved."""
        row = read(self.plain_client, "Inventory", ProductId=item)
        assert row is not None
        return row["OnHand"], row["Reserved"]

    def operations(self, order: str = ORDER_ID) -> list[str]:
        """What the ledger says of an order's money."""
        row = read(self.plain_client, "PaymentGateway", Id=order) or {"Entries": []}
        return [entry["operation"] for entry in row["Entries"]]

    def rows(self, table: str) -> list[Row]:
        return [plain(item) for item in self.plain_client.scan(TableName=table)["Items"]]
