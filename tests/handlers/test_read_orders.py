"""GET an order, GET a customer's orders: what is shown, and to whom."""

from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.intake import get_order, list_orders
from tests.handlers.http import SHOP, Answer, Route, customer
from tests.handlers.placing import CUSTOMER, ORDER_ID, Store, ago

OTHER_ID = "99999999-2222-4333-8444-555555555555"
SHIPMENTS = [
    {
        "fulfillmentCenterId": "center-1",
        "products": [{"id": "lamp", "name": "A lamp", "price": 1999, "quantity": 3}],
        "arrivalDate": "2026-01-05",
        "labelKey": "labels/o/center-1.zpl",
    }
]


@pytest.fixture
def get(store: Store, context: LambdaContext) -> Route:
    return Route("GET /orders/{orderId}", get_order.handler, context)


@pytest.fixture
def listed(store: Store, context: LambdaContext) -> Route:
    return Route("GET /customers/{customerId}/orders", list_orders.handler, context)


def read(get: Route, order_id: str = ORDER_ID, authorizer: Any = SHOP) -> Answer:
    return get(authorizer, pathParameters={"orderId": order_id})


def test_an_order_is_shown_in_major_units_and_without_what_pays_for_it(
    store: Store, get: Route
) -> None:
    row = store.put_order()
    answer = read(get, authorizer=customer(CUSTOMER))
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")
    assert answer.body == {
        "orderId": ORDER_ID,
        "state": "PENDING",
        "reason": "",
        "orderStatus": "Pending",
        "paymentStatus": "Pending",
        "shippingStatus": "Pending",
        "orderTotal": "60.47",
        "currency": "USD",
        "createdAt": row["CreatedAt"],
        "updatedAt": row["UpdatedAt"],
        "items": [
            {"itemId": "lamp", "price": "19.99", "quantity": 3, "itemDescription": "A lamp"},
            {"itemId": "bulb", "price": "0.50", "quantity": 1},
        ],
    }


def test_a_refusal_is_shown_with_its_reason_and_cause(store: Store, get: Route) -> None:
    store.put_order(State="FAILED", Reason="OutOfStock", Cause="not enough stock of lamp")
    body = read(get).body
    assert (body["reason"], body["cause"]) == ("OutOfStock", "not enough stock of lamp")


def test_the_cause_of_a_technical_error_is_nobodys_business_outside(
    store: Store, get: Route
) -> None:
    store.put_order(State="FAILED", Reason="ProcessingError", Cause="arn:aws:secret")
    assert "cause" not in read(get).body


def test_a_fulfilled_order_shows_its_shipments_but_not_where_their_labels_are(
    store: Store, get: Route
) -> None:
    store.put_order(State="FULFILLED", Shipments=SHIPMENTS, ArrivalDate="2026-01-05")
    body = read(get).body
    assert body["arrivalDate"] == "2026-01-05"
    assert body["shipments"] == [
        {
            "fulfillmentCenterId": "center-1",
            "arrivalDate": "2026-01-05",
            "items": [{"itemId": "lamp", "quantity": 3}],
        }
    ]


@pytest.mark.parametrize(
    "columns",
    [
        {"Currency": "JPY", "OrderTotal": 500},
        {"Items": [{"itemId": "Orange", "quantity": 1, "price": None}], "CartId": "835235"},
        {"Currency": "XXX"},
        {"Currency": "dollars"},
        {"Currency": "us$", "OrderTotal": None},
        {"CreatedAt": "yesterday"},
        {"CreatedAt": "2026-13-01T00:00:00Z"},
        {"CreatedAt": "0001-01-01T00:00:00+01:00"},
        {"Currency": None, "OrderTotal": None, "Items": None, "CreatedAt": None},
        dict.fromkeys(("OrderStatus", "PaymentStatus", "ShippingStatus", "CustomerId")),
    ],
    ids=[
        "yen",
        "no price",
        "no currency of ours",
        "no currency at all",
        "not even letters",
        "no time",
        "no such month",
        "before all time",
        "hardly anything",
        "nobody's",
    ],
)
def test_a_row_of_whatever_origin_is_shown(
    columns: dict[str, Any], store: Store, get: Route
) -> None:
    store.put_order(**columns)
    assert read(get).status == 200


def test_an_id_in_capitals_is_the_same_order(store: Store, get: Route) -> None:
    order_id = "abcdefab-2222-4333-8444-555555555555"
    store.put_order(OrderId=order_id)
    assert read(get, order_id.upper()).body["orderId"] == order_id


@pytest.mark.parametrize("order_id", [OTHER_ID, "o-1", "", " ", "x" * 3000, "%00"])
def test_there_is_no_such_order(order_id: str, store: Store, get: Route) -> None:
    store.put_order()
    assert read(get, order_id).status == 404


def test_another_customers_order_is_not_there(store: Store, get: Route) -> None:
    store.put_order()
    theirs = read(get, authorizer=customer("c-2"))
    assert theirs == read(get, OTHER_ID, customer("c-2"))
    assert theirs.status == 404


def test_an_order_that_is_nobodys_is_for_the_trusted_only(store: Store, get: Route) -> None:
    store.put_order(CustomerId=None)
    assert read(get).status == 200
    assert read(get, authorizer=customer("None")).status == 404


def test_nobody_sees_anything(store: Store, get: Route, listed: Route) -> None:
    store.put_order()
    assert read(get, authorizer=None).status == 401
    assert page(listed, authorizer=None).status == 401


def page(listed: Route, authorizer: Any = SHOP, of: str = CUSTOMER, **query: str) -> Answer:
    more = {"queryStringParameters": query} if query else {}
    return listed(authorizer, pathParameters={"customerId": of}, **more)


def order_id(number: int) -> str:
    return f"{number:08}-2222-4333-8444-555555555555"


def fill(store: Store, count: int, **columns: Any) -> list[str]:
    """Orders of a customer, the oldest first; returns their ids, the newest first."""
    for number in range(count):
        at = ago(days=count - number)
        store.put_order(OrderId=order_id(number), CreatedAt=at, **columns)
    return [order_id(number) for number in reversed(range(count))]


def ids(answer: Answer) -> list[str]:
    return [order["orderId"] for order in answer.body["orders"]]


@pytest.mark.parametrize(("count", "limit"), [(0, 5), (1, 1), (3, 2), (4, 2), (5, 100)])
def test_pages_show_every_order_once_the_newest_first(
    count: int, limit: int, store: Store, listed: Route
) -> None:
    expected = fill(store, count)
    store.put_order(OrderId=OTHER_ID, CustomerId="c-2")
    found, query = list[str](), {"limit": str(limit)}
    while True:
        answer = page(listed, customer(CUSTOMER), **query)
        assert len(ids(answer)) <= limit
        found += ids(answer)
        if "nextToken" not in answer.body:
            break
        query["nextToken"] = answer.body["nextToken"]
    assert found == expected


def test_a_listed_order_has_no_items_and_nothing_of_the_payment(
    store: Store, listed: Route
) -> None:
    store.put_order(Shipments=SHIPMENTS)
    (order,) = page(listed).body["orders"]
    assert (order["orderTotal"], order["state"]) == ("60.47", "PENDING")
    assert not {"items", "shipments", "payment"} & set(order)


def test_another_customers_list_is_forbidden(store: Store, listed: Route) -> None:
    assert page(listed, customer("c-2")).status == 403
    assert page(listed, customer(CUSTOMER)).status == 200


@pytest.mark.parametrize("limit", ["0", "101", "-1", "1.0", "", " 1", "1,2", "²", "x"])
def test_a_limit_that_is_none_is_refused_by_name(limit: str, listed: Route) -> None:
    answer = page(listed, limit=limit)
    assert (answer.status, answer.fields) == (400, ["limit"])


@pytest.mark.parametrize("of", ["x" * 3000, "a/b", "a%25b", ".."])
def test_a_customer_that_none_can_be_is_refused(of: str, listed: Route) -> None:
    assert page(listed, of=of).fields == ["customerId"]


def token(store: Store, listed: Route) -> str:
    fill(store, 2)
    return str(page(listed, limit="1").body["nextToken"])


def test_a_token_is_good_for_its_customer_only(store: Store, listed: Route) -> None:
    given = token(store, listed)
    store.put_order(OrderId=OTHER_ID, CustomerId="c-2")
    answer = page(listed, of="c-2", nextToken=given)
    assert (answer.status, answer.fields) == (400, ["nextToken"])


def test_a_token_of_an_order_that_is_not_in_the_history_is_refused(
    store: Store, listed: Route
) -> None:
    given = token(store, listed)
    store.put_order(OrderId=order_id(1), CreatedAt=None)
    assert page(listed, nextToken=given).status == 400


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.data())
def test_a_tampered_token_is_refused_or_names_another_order_of_the_same_customer(
    store: Store, listed: Route, data: st.DataObject
) -> None:
    given = token(store, listed)
    place = data.draw(st.integers(0, len(given)))
    letter = data.draw(st.text(max_size=2))
    tampered = given[:place] + letter + given[place + 1 :]
    answer = page(listed, nextToken=tampered)
    if tampered == given:
        assert ids(answer) == [order_id(0)]
    elif answer.status == 200:
        assert set(ids(answer)) <= {order_id(0), order_id(1)}
    else:
        assert (answer.status, answer.fields) == (400, ["nextToken"])


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.text(max_size=200))
def test_a_made_up_token_is_refused(listed: Route, given: str) -> None:
    assert page(listed, nextToken=given).status == 400
