"""Making a cart's checkout an order: the cart as a lock, and the stock reserved with it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.checkout.create_order import handler
from handlers.checkout.rules.attempts import Attempt
from handlers.checkout.rules.checkout_request import order_id
from handlers.checkout.rules.errors import CheckoutClosed
from handlers.checkout.rules.refusals import Stage, refusal
from handlers.orders.rules.errors import InvalidOrder, OutOfStock, PriceMismatch
from handlers.shared.rules.errors import BadInput, TableContended
from tests.handlers.checkouts import (
    ANOTHER,
    CART,
    DOCUMENT,
    EXECUTION,
    ORDER_ID,
    PATIENCE,
    Shop,
    checkout,
)
from tests.handlers.fakes import Crash, Fuse

LOST = refusal(Stage.CREATE, "States.Timeout", "")


def test_an_order_is_created_pending_with_its_stock_reserved(
    dynamodb: Any, context: LambdaContext
) -> None:
    shop = Shop(dynamodb).stocked()
    order = handler({"checkout": DOCUMENT, "executionArn": EXECUTION}, context)
    requested = order.pop("requestedAt")
    assert order == {
        "orderId": ORDER_ID,
        "cartId": CART,
        "customerId": CART,
        "email": "ada@example.com",
        "address": "221B Baker Street",
        "currency": "USD",
        "orderTotal": 127,
        "items": [{"itemId": "Orange", "quantity": 1}, {"itemId": "Banana", "quantity": 2}],
    }
    row = shop.row()
    assert row["CreatedAt"] == requested
    assert [row[name] for name in ("State", "OrderStatus", "PaymentStatus", "ShippingStatus")] == [
        "PENDING",
        "Pending",
        "Pending",
        "Pending",
    ]
    assert row["Waiting"] == "yes"
    assert shop.cart() == {
        "CartId": CART,
        "Attempt": 1,
        "OrderId": ORDER_ID,
        "ExecutionArn": EXECUTION,
        "Status": "OPEN",
    }
    assert shop.reservation()["Status"] == "RESERVED"
    assert shop.reservation()["Items"] == order["items"]
    assert (shop.held("Orange"), shop.held("Banana")) == ((9, 1), (8, 2))


def test_a_reservation_outlives_the_checkout_that_holds_it(dynamodb: Any) -> None:
    shop = Shop(dynamodb).stocked()
    before = datetime.now(UTC)
    shop.attempts.create(checkout(), EXECUTION)
    assert shop.reservation()["ExpiresAt"] > (before + PATIENCE).timestamp() + 60


def test_the_same_execution_gets_the_same_answer(dynamodb: Any, context: LambdaContext) -> None:
    shop = Shop(dynamodb).stocked()
    event = {"checkout": DOCUMENT, "executionArn": EXECUTION}
    assert handler(event, context) == handler(event, context)
    assert shop.held("Orange") == (9, 1)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [("OPEN", "is already being checked out"), ("CONFIRMED", "was already bought")],
)
def test_a_cart_that_is_taken_is_refused_and_nothing_is_written(
    status: str, sentence: str, dynamodb: Any
) -> None:
    shop = Shop(dynamodb).stocked()
    shop.attempts.create(checkout(), ANOTHER)
    shop.put("Carts", **{**shop.cart(), "Status": status})
    before = [shop.rows(table) for table in ("Carts", "CustomerOrders", "Reservations")]
    with pytest.raises(InvalidOrder, match=f"cart {CART} {sentence}"):
        shop.attempts.create(checkout(), EXECUTION)
    assert before == [shop.rows(table) for table in ("Carts", "CustomerOrders", "Reservations")]
    assert shop.held("Orange") == (9, 1)


def test_after_a_failure_a_new_attempt_is_a_new_order(dynamodb: Any) -> None:
    shop = Shop(dynamodb).stocked()
    shop.attempts.create(checkout(), ANOTHER)
    shop.failure.fail(ORDER_ID, LOST, ANOTHER)
    row = shop.attempts.create(checkout(), EXECUTION)
    assert (row["OrderId"], row["Attempt"]) == (order_id(CART, 2), 2)
    assert shop.cart()["Status"] == "OPEN"
    assert shop.held("Banana") == (8, 2)


@pytest.mark.parametrize("cart", [{"Status": "CONFIRMED"}, {"Attempt": 2}])
def test_a_cart_that_changed_since_it_was_read_is_not_taken(
    cart: dict[str, Any], dynamodb: Any
) -> None:
    shop = Shop(dynamodb).stocked()
    former = {"CartId": CART, "Attempt": 1, "Status": "FAILED"}
    shop.put("Carts", **{**former, **cart})
    shop.carts.open(Attempt(checkout(), 2, EXECUTION, former), {})
    assert shop.cart() == {**former, **cart}
    assert shop.held("Orange") == (10, 0)


@pytest.mark.parametrize(
    ("table", "columns"),
    [("CustomerOrders", {"State": "PENDING"}), ("Reservations", {"Status": "RELEASED"})],
)
def test_an_attempt_whose_order_or_reservation_is_there_is_not_opened(
    table: str, columns: dict[str, Any], dynamodb: Any, tables: Any
) -> None:
    """A tombstone of its stock refuses it as an order does."""
    shop = Shop(dynamodb).stocked()
    shop.put(table, OrderId=ORDER_ID, **columns)
    before = tables.rows()
    with pytest.raises(TableContended, match="kept changing"):
        shop.attempts.create(checkout(), EXECUTION)
    assert tables.rows() == before


def test_a_new_attempt_keeps_what_else_the_carts_row_says(dynamodb: Any) -> None:
    shop = Shop(dynamodb).stocked()
    shop.attempts.create(checkout(), ANOTHER)
    shop.attempts.refuse(CART, EXECUTION)
    shop.failure.fail(ORDER_ID, LOST, ANOTHER)
    shop.attempts.create(checkout(), f"{EXECUTION}-3")
    assert (shop.cart()["Refused"], shop.cart()["Attempt"]) == ({EXECUTION}, 2)


def test_no_cart_is_made_up_to_note_a_refusal(dynamodb: Any) -> None:
    shop = Shop(dynamodb)
    shop.attempts.refuse(CART, EXECUTION)
    assert shop.rows("Carts") == []


def test_an_execution_whose_attempt_was_failed_creates_nothing(dynamodb: Any) -> None:
    shop = Shop(dynamodb).stocked()
    shop.attempts.find_or_fail(checkout(), EXECUTION, LOST.columns)
    with pytest.raises(CheckoutClosed, match=ORDER_ID):
        shop.attempts.create(checkout(), EXECUTION)
    assert (shop.held("Orange"), shop.reservation()["Status"]) == ((10, 0), "RELEASED")


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (DOCUMENT | {"Email": "ada"}, "Email must be a mail address"),
        (DOCUMENT | {"Orange": "0", "Banana": 0}, "the checkout must count 1 to"),
        ("text", "the checkout must be a JSON object"),
    ],
)
def test_a_bad_shape_is_an_invalid_order_in_one_sentence(
    document: Any, sentence: str, dynamodb: Any, context: LambdaContext
) -> None:
    with pytest.raises(InvalidOrder, match=sentence):
        handler({"checkout": document, "executionArn": EXECUTION}, context)
    assert Shop(dynamodb).rows("Carts") == []


def test_a_machine_that_sends_no_execution_is_refused(context: LambdaContext) -> None:
    with pytest.raises(BadInput, match="executionArn is missing"):
        handler({"checkout": DOCUMENT}, context)


def test_prices_of_the_whole_cart_must_add_up_and_stand_in_the_order(dynamodb: Any) -> None:
    shop = Shop(dynamodb).stocked(Price=50, Currency="USD")
    row = shop.attempts.create(checkout(total_cost="1.50"), EXECUTION)
    assert [item["price"] for item in row["Items"]] == [50, 50]


@pytest.mark.parametrize(
    ("columns", "error", "sentence"),
    [
        (
            {"Price": 50, "Currency": "USD"},
            PriceMismatch,
            "total_cost is 1.27, but the catalogue's prices add up to 1.50",
        ),
        (
            {"Price": 50, "Currency": "EUR"},
            PriceMismatch,
            "no price in USD for Orange, Banana",
        ),
        ({"on_hand": 1}, OutOfStock, "not enough stock of Banana"),
        ({"on_hand": 0, "Price": 50, "Currency": "USD"}, PriceMismatch, "total_cost"),
    ],
    ids=["price", "currency", "stock", "price before stock"],
)
def test_what_the_catalogue_refuses_is_not_written(
    columns: dict[str, Any], error: type[Exception], sentence: str, dynamodb: Any
) -> None:
    shop = Shop(dynamodb).stocked(**columns)
    with pytest.raises(error, match=sentence):
        shop.attempts.create(checkout(), EXECUTION)
    assert shop.rows("Carts") == shop.rows("CustomerOrders") == shop.rows("Reservations") == []


def test_an_item_nobody_knows_is_out_of_stock(dynamodb: Any) -> None:
    with pytest.raises(OutOfStock, match="not enough stock of Fig"):
        Shop(dynamodb).stocked().attempts.create(checkout(Fig="1"), EXECUTION)


def test_a_cart_that_is_priced_in_part_is_taken_at_its_word(dynamodb: Any) -> None:
    shop = Shop(dynamodb).stocked()
    shop.put("Inventory", ProductId="Orange", OnHand=1, Reserved=0, Price=99, Currency="USD")
    row = shop.attempts.create(checkout(), EXECUTION)
    assert [item["price"] for item in row["Items"]] == [99, None]


def test_a_price_that_changes_under_the_transaction_is_judged_anew(dynamodb: Any) -> None:
    shop = Shop(dynamodb).stocked(Price=50, Currency="USD")
    catalogue = shop.carts.catalogue

    def changed(self: Any, items: list[str]) -> Any:
        seen = catalogue(items)
        shop.put("Inventory", ProductId="Orange", OnHand=9, Reserved=0, Price=60, Currency="USD")
        return seen

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(shop.carts), "catalogue", changed)
        with pytest.raises(PriceMismatch, match=r"add up to 1\.60"):
            shop.attempts.create(checkout(total_cost="1.50"), EXECUTION)
    assert shop.held("Banana") == (10, 0)


def test_a_cart_of_as_many_items_as_a_transaction_takes_is_reserved_at_once(dynamodb: Any) -> None:
    shop = Shop(dynamodb)
    names = [f"item {place}" for place in range(95)]
    for name in names:
        shop.put("Inventory", ProductId=name, OnHand=1, Reserved=0)
    shop.stocked().attempts.create(checkout(**dict.fromkeys(names, "1")), EXECUTION)
    assert len(shop.reservation()["Items"]) == 97


def test_other_writers_that_never_give_way_are_a_passing_error(dynamodb: Any) -> None:
    class Contended:
        def __getattr__(self, name: str) -> Any:
            return getattr(dynamodb, name)

        def transact_write_items(self, **request: Any) -> Any:
            raise dynamodb.exceptions.TransactionCanceledException(
                {
                    "Error": {"Code": "TransactionCanceledException"},
                    "CancellationReasons": [{"Code": "TransactionConflict"}],
                },
                "TransactWriteItems",
            )

    with pytest.raises(TableContended):
        Shop(Contended()).stocked().attempts.create(checkout(), EXECUTION)


def test_after_a_crash_anywhere_the_same_call_finishes(dynamodb: Any) -> None:
    for steps in count():
        shop = Shop(dynamodb, Fuse(steps)).stocked()
        cart = checkout(CartId=f"cart-{steps}")
        try:
            shop.attempts.create(cart, EXECUTION)
            break
        except Crash:
            row = shop.attempts.create(cart, EXECUTION)
        assert (row["State"], shop.held("Orange")) == ("PENDING", (9, 1))
        assert len(shop.rows("Carts")) == steps + 1
    assert steps == 2


def test_of_many_executions_for_one_cart_one_gets_it(dynamodb: Any) -> None:
    shop = Shop(dynamodb).stocked()

    def run(number: int) -> str:
        try:
            return str(shop.attempts.create(checkout(), f"{EXECUTION}-{number}")["OrderId"])
        except InvalidOrder as error:
            return str(error)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(run, range(8)))
    assert answers.count(ORDER_ID) == 1
    assert answers.count(f"cart {CART} is already being checked out") == 7
    assert shop.held("Orange") == (9, 1)
