"""Keys and fingerprints of requests."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from handlers.intake.rules.idempotency import IdempotencyKey, fingerprint
from handlers.intake.rules.order_request import OrderRequest
from handlers.orders.rules.items import Item
from handlers.payments.rules.cards import Card

KEYS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=9)
CALLERS = st.text("ab: /", min_size=1, max_size=9)
MEANS = st.sampled_from(["tok_a", "tok_b"]) | st.builds(
    Card,
    st.sampled_from(["Ada", "Eve"]),
    st.sampled_from(["VISA", "AMEX"]),
    st.sampled_from(["4242424242424242", "4000000000000002"]),
    st.dates(date(2029, 8, 31), date(2029, 9, 1)),
)
TEXTS = st.sampled_from(["a", "b"])
ORDERS = st.builds(
    OrderRequest,
    TEXTS,
    st.none() | TEXTS,
    st.none() | TEXTS,
    st.sampled_from(["USD", "EUR"]),
    st.lists(
        st.builds(Item, TEXTS, st.integers(1, 2), st.integers(1, 2), st.none() | TEXTS), max_size=2
    ).map(tuple),
    st.integers(1, 2),
    MEANS,
)


@given(KEYS, CALLERS, KEYS, CALLERS)
def test_two_keys_are_one_only_when_key_and_caller_are(
    key: str, caller: str, other: str, another: str
) -> None:
    one, two = IdempotencyKey(key, caller), IdempotencyKey(other, another)
    assert ((key, caller) == (other, another)) == (one.name == two.name)
    assert (one == two) == (one.order_id == two.order_id)


@given(ORDERS, ORDERS)
def test_requests_have_one_fingerprint_only_when_they_are_the_same(
    one: OrderRequest, two: OrderRequest
) -> None:
    assert (one == two) == (fingerprint(one) == fingerprint(two))


@given(st.text("0123456789", min_size=8, max_size=15))
def test_a_fingerprint_tells_nothing_of_a_cards_hidden_digits(hidden: str) -> None:
    def order(number: str) -> OrderRequest:
        card = Card("Ada", "VISA", number, date(2029, 8, 31))
        return OrderRequest("c", None, None, "USD", (Item("a", 1, 1, None),), 1, card)

    assert fingerprint(order(f"{hidden}4242")) == fingerprint(order("4242424242424242"))
