"""Grouping products by centre, arrival dates, and what a shipment is called."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.fulfillment.rules.arrival import BusinessDays, business_days_after
from handlers.fulfillment.rules.encoded_names import (
    deduplication_id,
    encoded,
    idempotency_key,
    label_key,
    message_group,
)
from handlers.fulfillment.rules.products import Product, quantities
from handlers.fulfillment.rules.shipment import Shipment, grouped, parse_shipment
from handlers.orders.rules.errors import InvalidOrder
from handlers.shared.rules.errors import BadInput

FRIDAY = date(2026, 1, 2)

products = st.builds(
    Product,
    id=st.sampled_from([f"p{number}" for number in range(6)]),
    quantity=st.integers(1, 9999),
    name=st.none() | st.text(max_size=20),
    price=st.none() | st.integers(0, 10**12 - 1) | st.just("19.99"),
)
lines = st.lists(st.tuples(st.sampled_from(["fc-1", "fc-2", "fc 3/ü"]), products), max_size=30)


def shipment(**fields: Any) -> Shipment:
    known: dict[str, Any] = {
        "order_id": "o-1",
        "center": "fc-1",
        "attempt": 1,
        "reserved": False,
        "products": (Product("p1", 2, None, 500),),
        "arrival_date": "2026-01-07",
        "customer_id": "c-1",
        "address": None,
    }
    return Shipment(**{**known, **fields})


@given(lines)
def test_grouping_loses_and_splits_no_product_and_keeps_the_order(
    given_lines: list[tuple[str, Product]],
) -> None:
    groups = grouped(given_lines)
    assert list(groups) == list(dict.fromkeys(center for center, _ in given_lines))
    for center, held in groups.items():
        assert list(held) == [product for other, product in given_lines if other == center]


@given(lines)
def test_the_stock_is_asked_for_each_product_once_and_for_all_its_pieces(
    given_lines: list[tuple[str, Product]],
) -> None:
    bought = [product for _, product in given_lines]
    added = quantities(bought)
    assert set(added) == {product.id for product in bought}
    assert sum(added.values()) == sum(product.quantity for product in bought)


@pytest.mark.parametrize("count", [0, 1, 2, 99])
def test_a_centre_ships_up_to_99_different_products(count: int) -> None:
    bought = [("fc-1", Product(f"p{place}", 1, None, None)) for place in range(count)]
    assert sum(map(len, grouped(bought * 2).values())) == 2 * count


def test_a_hundred_different_products_of_one_centre_are_refused() -> None:
    bought = [("fc-1", Product(f"p{place}", 1, None, None)) for place in range(100)]
    with pytest.raises(InvalidOrder, match=r'at most 99 different .* centre "fc-1"'):
        grouped(bought)


@given(lines.filter(bool), st.none() | st.text(max_size=500), st.booleans())
def test_a_shipment_survives_the_way_through_the_machine(
    given_lines: list[tuple[str, Product]], address: str | None, reserved: bool
) -> None:
    held = tuple(product for _, product in given_lines if product.name != "")
    sent = shipment(products=held, address=address, reserved=reserved)
    assert parse_shipment(sent.document()) == sent


@pytest.mark.parametrize("group", [None, [], {}, {**shipment().document(), "attempt": None}])
def test_what_is_no_group_is_bad_input(group: Any) -> None:
    with pytest.raises(BadInput, match="group"):
        parse_shipment(group)


@pytest.mark.parametrize(
    ("days", "arrives"), [(0, 2), (1, 5), (2, 6), (5, 9), (6, 12), (10, 16)], ids=str
)
def test_weekends_do_not_count(days: int, arrives: int) -> None:
    assert business_days_after(FRIDAY, days) == date(2026, 1, arrives)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 60))
def test_a_shipment_arrives_on_a_business_day_so_many_of_them_later(day: date, count: int) -> None:
    arrives = business_days_after(day, count)
    assert arrives.weekday() < 5
    between = [day + timedelta(days=each + 1) for each in range((arrives - day).days)]
    assert len([each for each in between if each.weekday() < 5]) == max(
        count, int(day.weekday() >= 5)
    )


def test_each_centre_takes_its_own_time() -> None:
    arrivals = BusinessDays({"default": 3, "fc-far": 9})
    assert arrivals.arrives("fc-1", FRIDAY) == date(2026, 1, 7)
    assert arrivals.arrives("fc-far", FRIDAY) == date(2026, 1, 15)


SAFE_KEY = re.compile(r"labels/[0-9A-Za-z!_.-]+/[0-9A-Za-z!_.-]+\.zpl")
# Amazon SQS, SendMessage: MessageGroupId and MessageDeduplicationId.
SAFE_ID = re.compile(r"[0-9A-Za-z!\"#$%&'()*+,./:;<=>?@\[\\\]^_`{|}~-]{1,128}")


@given(st.text(min_size=1, max_size=128).filter(lambda text: text.isprintable()))
def test_any_centres_id_makes_a_safe_key_and_safe_ids(center: str) -> None:
    sent = shipment(center=center, order_id="o" * 80)
    key = label_key(sent.order_id, sent.center)
    assert SAFE_KEY.fullmatch(key)
    assert len(key) <= 1024
    assert SAFE_ID.fullmatch(message_group(sent))
    assert SAFE_ID.fullmatch(deduplication_id(sent, "request"))


@given(st.text(max_size=20), st.text(max_size=20))
def test_different_centres_have_different_names(one: str, other: str) -> None:
    assert (encoded(one) == encoded(other)) == (one == other)


def test_an_ordinary_name_stays_readable() -> None:
    assert label_key("o-1", "fc-1") == "labels/o-1/fc-1.zpl"
    assert label_key("o-1", "Lager Süd/2") == "labels/o-1/Lager!20S!C3!BCd!2F2.zpl"
    assert message_group(shipment()) == "o-1#fc-1"
    assert idempotency_key(shipment(attempt=2)) == "o-1/fc-1/2"


def test_no_two_messages_share_a_deduplication_id() -> None:
    sent = [shipment(attempt=attempt, center=name) for attempt in (1, 2) for name in ("a", "b")]
    made = {deduplication_id(each, kind) for each in sent for kind in ("request", "cancellation")}
    assert len(made) == 8
