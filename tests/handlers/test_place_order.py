"""POST /orders: what is taken in, what is refused, and that nothing comes twice."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.intake import place_order
from handlers.intake.rules.pending_order import order_of
from handlers.payments import wiring as payments_wiring
from handlers.payments.rules.errors import PaymentGatewayUnavailable
from handlers.shared.rules.json_text import MAX_BYTES
from tests.handlers.http import SHOP, Route, customer
from tests.handlers.placing import CARD, CUSTOMER, ITEMS, ORDER, Store

KEY = "a-key-of-mine"


@pytest.fixture
def place(store: Store, context: LambdaContext) -> Route:
    return Route("POST /orders", place_order.handler, context)


def keyed(key: str) -> dict[str, Any]:
    return {"headers": {"content-type": "application/json", "idempotency-key": key}}


def changed(**fields: Any) -> dict[str, Any]:
    return {**ORDER, **fields}


def with_item(**fields: Any) -> dict[str, Any]:
    """The order with its first line changed."""
    first, second = ORDER["orderContents"]["items"]
    return changed(orderContents={"items": [{**first, **fields}, second]})


def assert_untouched(store: Store) -> None:
    for table in ("CustomerOrders", "IdempotencyKeys", "PaymentGateway"):
        assert store.rows(table) == [], table
    assert store.messages() == []


def test_an_order_is_written_then_queued_then_accepted(store: Store, place: Route) -> None:
    answer = place(body=ORDER)
    order_id = answer.body["orderId"]
    assert (answer.status, answer.body["state"]) == (202, "PENDING")
    assert answer.headers["location"] == f"/orders/{order_id}"
    assert UUID(order_id).version == 4
    row = store.order(order_id)
    assert row.pop("Payment") == {
        "token": store.rows("PaymentGateway")[0]["Id"],
        "cardType": "MASTERCARD",
        "last4": "4444",
    }
    assert row.pop("QueuedAt") >= row.pop("UpdatedAt") >= row.pop("CreatedAt")
    assert row == {
        "OrderId": order_id,
        "State": "PENDING",
        "OrderStatus": "Pending",
        "PaymentStatus": "Pending",
        "ShippingStatus": "Pending",
        "Waiting": "yes",
        "CustomerId": CUSTOMER,
        "Email": "ada@example.com",
        "Address": "221B Baker Street",
        "OrderTotal": 6047,
        "Currency": "USD",
        "Items": ITEMS,
    }
    assert store.messages() == [
        {
            "orderId": order_id,
            "customerId": CUSTOMER,
            "itemList": [
                {"itemId": "lamp", "price": 1999, "quantity": 3},
                {"itemId": "bulb", "price": 50, "quantity": 1},
            ],
            "paymentStatus": "Pending",
            "orderTotal": 6047,
            "currency": "USD",
        }
    ]


def test_the_row_holds_the_machines_input(store: Store, place: Route) -> None:
    order_id = place(body=ORDER).body["orderId"]
    row = store.order(order_id)
    assert order_of(row) == {
        "orderId": order_id,
        "customerId": CUSTOMER,
        "email": "ada@example.com",
        "address": "221B Baker Street",
        "currency": "USD",
        "orderTotal": 6047,
        "items": [ITEMS[0], {"itemId": "bulb", "price": 50, "quantity": 1}],
        "payment": row["Payment"],
        "requestedAt": row["CreatedAt"],
    }


def test_the_same_order_twice_without_a_key_is_two_orders(store: Store, place: Route) -> None:
    first, second = place(body=ORDER), place(body=ORDER)
    assert first.body["orderId"] != second.body["orderId"]
    assert len(store.messages()) == 2


def test_the_same_key_and_body_are_the_same_order(store: Store, place: Route) -> None:
    first, second = place(body=ORDER, **keyed(KEY)), place(body=ORDER, **keyed(KEY))
    assert first == second
    assert UUID(first.body["orderId"]).version == 5
    assert len(store.rows("CustomerOrders")) == len(store.rows("PaymentGateway")) == 1
    assert len(store.messages()) == 1


def test_the_same_body_written_in_another_way_is_the_same_order(place: Route) -> None:
    written = changed(
        orderTotal="60.47", currency="USD", paymentDetails={**CARD, "cardType": "mastercard"}
    )
    written["paymentDetails"]["cardNumber"] = "5555555555554444"
    assert place(body=ORDER, **keyed(KEY)) == place(body=written, **keyed(KEY))


OTHERS = {
    "item": with_item(itemDescription="Another lamp"),
    "contact": changed(email="eve@example.com"),
    "address": changed(address=None),
    "customer": changed(customerId="c-2"),
    "brand": changed(paymentDetails={**CARD, "cardType": "VISA"}),
    "last digits": changed(paymentDetails={**CARD, "cardNumber": "5105 1051 0510 5100"}),
    "expiration": changed(paymentDetails={**CARD, "expiration": "09/29"}),
    "token": changed(paymentDetails={"token": "tok_visa"}),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_the_same_key_with_another_body_is_a_conflict_and_changes_nothing(
    other: dict[str, Any], store: Store, place: Route
) -> None:
    first = place(body=ORDER, **keyed(KEY))
    row = store.order(first.body["orderId"])
    assert place(body=other, **keyed(KEY)).status == 409
    assert store.rows("CustomerOrders") == [row]
    assert len(store.messages()) == 1


def test_a_key_is_its_callers_own(place: Route) -> None:
    callers = [SHOP, customer(CUSTOMER), {"iam": {"userArn": "arn:aws:iam::1:user/other"}}]
    placed = [place(caller, ORDER, **keyed(KEY)).body["orderId"] for caller in callers]
    assert len(set(placed)) == 3


def test_the_sessions_of_a_role_share_its_keys(place: Route) -> None:
    role = "arn:aws:sts::123456789012:assumed-role/shop"
    placed = [
        place({"iam": {"userArn": f"{role}/{session}"}}, ORDER, **keyed(KEY))
        for session in ("i-1", "i-2")
    ]
    assert placed[0] == placed[1]


def test_a_repetition_tells_the_order_as_it_stands(store: Store, place: Route) -> None:
    first = place(body=ORDER, **keyed(KEY))
    row = {**store.order(first.body["orderId"]), "State": "PROCESSED"}
    store.put("CustomerOrders", **row)
    store.messages()
    again = place(body=ORDER, **keyed(KEY))
    assert (again.status, again.body["state"]) == (202, "PROCESSED")
    assert store.messages() == []


def test_a_repetition_is_the_same_order_although_the_price_has_changed(
    store: Store, place: Route
) -> None:
    first = place(body=ORDER, **keyed(KEY))
    store.put("Inventory", ProductId="lamp", OnHand=9, Reserved=0, Price=2999, Currency="USD")
    assert place(body=ORDER, **keyed(KEY)) == first


def test_a_key_is_kept_for_two_days(store: Store, place: Route) -> None:
    place(body=ORDER, **keyed(KEY))
    (kept,) = store.rows("IdempotencyKeys")
    later = datetime.now(UTC) + timedelta(hours=48)
    assert abs(kept["ExpiresAt"] - later.timestamp()) < 60


def test_a_key_that_was_forgotten_makes_no_second_order_of_the_same_id(
    store: Store, place: Route
) -> None:
    first = place(body=ORDER, **keyed(KEY))
    (kept,) = store.rows("IdempotencyKeys")
    key = {"IdempotencyKey": {"S": kept["IdempotencyKey"]}}
    store.client.delete_item(TableName="IdempotencyKeys", Key=key)
    assert place(body=ORDER, **keyed(KEY)).status == 409
    assert [row["OrderId"] for row in store.rows("CustomerOrders")] == [first.body["orderId"]]


@pytest.mark.parametrize("key", ["", " ", "a b", "a, a", "ä", "x" * 129, "5555555555554444"])
def test_a_key_that_is_none_is_refused_by_name(key: str, store: Store, place: Route) -> None:
    answer = place(body=ORDER, **keyed(key))
    assert (answer.status, answer.fields) == (400, ["Idempotency-Key"])
    assert_untouched(store)


BAD: dict[str, tuple[Any, str]] = {
    "customerId": (changed(customerId=None), "customerId"),
    "price": (with_item(price=-1), "orderContents.items[0].price"),
    "quantity": (with_item(quantity=0), "orderContents.items[0].quantity"),
    "unknown": (with_item(colour="red"), "orderContents.items[0]"),
    "total": (changed(orderTotal=60), "orderTotal"),
    "card": (changed(paymentDetails={**CARD, "cardNumber": "5"}), "paymentDetails.cardNumber"),
    "card in address": (changed(address="4242424242424242"), "address"),
    "array": ([], "the order"),
    "twice": ('{"customerId": "a", "customerId": "b"}', "the document"),
    "deep": ("[" * 5000, "the document"),
    "nan": ('{"orderTotal": NaN}', "orderTotal"),
    "cut": ("{", "the document"),
    "empty": ("", "the document"),
}


@pytest.mark.parametrize(("body", "named"), BAD.values(), ids=BAD)
def test_a_malformed_order_is_refused_naming_the_field_and_nothing_is_written(
    body: Any, named: str, store: Store, place: Route
) -> None:
    answer = place(body=body, **keyed(KEY))
    assert (answer.status, answer.fields) == (400, [named])
    assert "5555" not in str(answer)
    assert "4242" not in str(answer)
    assert_untouched(store)


def test_every_wrong_field_of_a_body_is_named_in_one_answer(store: Store, place: Route) -> None:
    answer = place(body=changed(currency="usd", email="ada", paymentDetails={}, orderContents={}))
    assert answer.fields == [
        "email",
        "currency",
        "orderContents.items",
        *(f"paymentDetails.{name}" for name in CARD),
    ]
    assert answer.body["detail"].startswith("email must be a mail address such as a@example.com; ")
    assert all(field in answer.body["detail"] for field in answer.fields)
    assert_untouched(store)


def test_an_order_is_kept_as_people_write_it(store: Store, place: Route) -> None:
    body = with_item(itemDescription="★ lamp, -5 ℃ ✓", quantity=3.0)
    body["address"] = "℅ ㈱Ada № 5\r\n〒100-0001"
    row = store.order(place(body=body).body["orderId"])
    assert row["Address"] == "℅ ㈱Ada № 5\n〒100-0001"
    assert row["Items"][0]["itemDescription"] == "★ lamp, -5 ℃ ✓"
    assert '"quantity": 3}' in json.dumps(store.messages())


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda parts: st.lists(parts) | st.dictionaries(st.sampled_from(sorted(ORDER)), parts),
        max_leaves=8,
    )
)
def test_no_document_does_worse_than_being_refused(store: Store, place: Route, value: Any) -> None:
    for body in (
        value,
        {**ORDER, **value} if isinstance(value, dict) else {**ORDER, "email": value},
    ):
        assert place(body=json.dumps(body)).status in (202, 400, 422)


@pytest.mark.parametrize("text", ["%", "a"])
def test_a_body_that_is_not_base64_as_it_is_said_to_be_is_refused(text: str, place: Route) -> None:
    assert place(body=text, isBase64Encoded=True).status == 400


def test_a_body_in_base64_is_the_same_order(place: Route) -> None:
    text = base64.b64encode(json.dumps(ORDER).encode()).decode()
    assert place(body=text, isBase64Encoded=True).status == 202


def test_an_oversized_body_is_refused(place: Route) -> None:
    text = json.dumps(ORDER)
    assert place(body=text + " " * (MAX_BYTES - len(text))).status == 202
    assert place(body=" " * (MAX_BYTES + 1)).status == 413


@pytest.mark.parametrize(
    "headers", [{}, {"content-type": "text/plain"}, {"content-type": "application/json-patch+json"}]
)
def test_a_body_that_is_not_said_to_be_json_is_refused(
    headers: Mapping[str, str], store: Store, place: Route
) -> None:
    assert place(body=ORDER, headers=headers).status == 415
    assert_untouched(store)


def test_json_may_name_its_charset(place: Route) -> None:
    assert (
        place(body=ORDER, headers={"Content-Type": "Application/JSON; charset=utf-8"}).status == 202
    )


def test_every_price_that_is_not_the_catalogues_is_named(store: Store, place: Route) -> None:
    items = [{"itemId": "lamp", "price": 20}, {"itemId": "bulb", "price": 1}]
    answer = place(body=changed(orderContents={"items": items}, orderTotal=21))
    assert answer.status == 422
    assert answer.body["errors"] == [
        {
            "field": "orderContents.items[0].price",
            "detail": "must be the catalogue's price, 19.99 USD",
        },
        {
            "field": "orderContents.items[1].price",
            "detail": "must be the catalogue's price, 0.50 USD",
        },
    ]
    assert_untouched(store)


def test_an_item_that_is_not_in_the_catalogue_is_named(store: Store, place: Route) -> None:
    answer = place(body=with_item(itemId="sofa"))
    assert (answer.status, answer.fields) == (422, ["orderContents.items[0].itemId"])
    assert_untouched(store)


@pytest.mark.parametrize("price", [{"Price": None}, {"Currency": "EUR"}])
def test_an_item_without_a_price_in_the_orders_currency_is_named(
    price: dict[str, Any], store: Store, place: Route
) -> None:
    lamp = {"ProductId": "lamp", "OnHand": 9, "Reserved": 0, "Price": 1999, "Currency": "USD"}
    store.put("Inventory", **{**lamp, **price})
    answer = place(body=ORDER)
    assert (answer.status, answer.fields) == (422, ["orderContents.items[0].price"])
    assert_untouched(store)


def test_a_full_order_is_checked_and_written_whole(store: Store, place: Route) -> None:
    items = [{"itemId": f"item-{place}", "price": 1} for place in range(99)]
    for item in items:
        store.put("Inventory", ProductId=item["itemId"], Price=100, Currency="USD", OnHand=0)
    answer = place(body=changed(orderContents={"items": items}, orderTotal=99))
    assert answer.status == 202
    assert len(store.order(answer.body["orderId"])["Items"]) == 99


@pytest.mark.parametrize(
    "authorizer",
    [
        None,
        {},
        {"iam": {}},
        {"iam": None},
        {"jwt": {"claims": {}}},
        {"jwt": {"claims": {"sub": ""}}},
        {"lambda": {}},
    ],
)
def test_nobody_hears_nothing_but_to_say_who_they_are(
    authorizer: Any, store: Store, place: Route
) -> None:
    assert place(authorizer, ORDER).status == 401
    assert_untouched(store)


def test_a_customer_orders_only_for_themselves(store: Store, place: Route) -> None:
    assert place(customer("c-2"), ORDER).status == 403
    assert_untouched(store)
    assert place(customer(CUSTOMER), ORDER).status == 202


def test_a_silent_gateway_is_to_be_asked_again(
    store: Store, place: Route, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Silent:
        def tokenize(self, card: object) -> None:
            raise PaymentGatewayUnavailable("no answer")

    monkeypatch.setattr(payments_wiring, "gateway", Silent)
    assert place(body=ORDER, **keyed(KEY)).status == 503
    assert_untouched(store)


def test_an_order_that_cannot_be_queued_just_now_is_accepted_and_left_to_the_sweeper(
    store: Store, place: Route, log: StringIO
) -> None:
    store.sqs.delete_queue(QueueUrl=store.queue)
    answer = place(body=ORDER)
    assert (answer.status, answer.body["state"]) == (202, "PENDING")
    row = store.order(answer.body["orderId"])
    assert (row["Waiting"], "QueuedAt" in row) == ("yes", False)
    assert "left to the sweeper" in log.getvalue()
