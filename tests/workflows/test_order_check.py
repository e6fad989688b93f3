"""What order processing refuses in its first step, whoever started it."""

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from handlers.intake.rules.order_request import OrderRequest, machine_input, parse_order
from handlers.intake.rules.pending_order import order_of
from handlers.orders.adapters.order_rows import snapshot
from handlers.orders.rules import customers
from handlers.orders.rules import items as order_items
from handlers.payments.rules.gateway import Payment
from handlers.recovery.rules.ended_execution import Execution
from handlers.shared.rules import money
from handlers.shared.rules.clock import utc_now
from handlers.shared.rules.errors import BadInput
from tests.workflows.machines import context, fill
from tests.workflows.orders import order, without
from workflows.order_processing import order_check

ARN = "arn:aws:states:us-east-1:123456789012:execution:order-processing:"
ANOTHERS = "orderId must be the execution's name, or that name without its -<number>"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e9, 1e9) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def problem(asked: Any, name: str = "o-1") -> str:
    """The sentence about an order in the execution of that name; empty where it has none."""
    checked = fill(f"{{% {order_check.CHECKED} %}}", input=asked, context=context(ARN + name))
    return str(checked["problem"])


def is_own(asked: Any, name: str) -> bool:
    return bool(fill(f"{{% {order_check.OWN} %}}", input=asked, context=context(ARN + name)))


@pytest.mark.parametrize("count", [1, 2, 99])
def test_an_order_of_one_to_ninety_nine_items_has_no_problem(count: int) -> None:
    assert problem(order(count)) == ""


@pytest.mark.parametrize("missing", [("email",), ("address",), ("email", "address")])
def test_an_order_need_not_say_where_the_customer_is_reached(missing: tuple[str, ...]) -> None:
    assert problem(without(order(), *missing)) == ""


def test_the_checked_order_goes_on_as_it_came() -> None:
    checked = fill(f"{{% {order_check.CHECKED} %}}", input=order(2), context=context(f"{ARN}o-1"))

    assert checked == {**order(2), "attempt": 0, "problem": ""}


def test_an_order_that_brings_a_count_of_attempts_is_tried_for_as_often_as_any() -> None:
    given = order(1, attempt=6)

    checked = fill(f"{{% {order_check.CHECKED} %}}", input=given, context=context(f"{ARN}o-1"))

    assert checked["attempt"] == 0


def test_an_order_that_brings_a_problem_of_its_own_is_judged_all_the_same() -> None:
    assert problem({**order(), "problem": "x"}) == ""
    assert problem({**order(), "problem": "", "currency": "usd"}) != ""


@pytest.mark.parametrize("name", ["o-1", "o-1-2", "o-1-999999"])
def test_an_execution_is_named_after_its_order_and_its_number(name: str) -> None:
    assert problem(order(), name) == ""
    assert is_own(order(), name)


@pytest.mark.parametrize(
    "name", ["o-2", "o-1-", "o-1-x", "o-1-1234567", "o-11", "o-1-2-2", "o", "xo-1", "o-1 ", "O-1"]
)
def test_an_order_of_another_name_is_not_this_executions(name: str) -> None:
    assert problem(order(), name) == ANOTHERS
    assert not is_own(order(), name)


@pytest.mark.parametrize("order_id", [None, 1, "", [], {}, ["o-1"], {"o-1": 1}, True, "o-1\n"])
def test_an_id_that_is_no_text_is_nobodys(order_id: Any) -> None:
    assert problem({**order(), "orderId": order_id}) == ANOTHERS
    assert not is_own({**order(), "orderId": order_id}, "o-1")


@pytest.mark.parametrize("asked", [None, 5, True, "o-1", [], {}, [order()], ["o-1"]])
def test_an_input_that_is_no_order_is_nobodys(asked: Any) -> None:
    assert problem(asked) == ANOTHERS
    assert not is_own(asked, "o-1")


TEXTS: list[Any] = [None, 5, 0.5, True, [], ["a"], {}, {"a": 1}, ""]
NO_AMOUNTS: list[Any] = [None, 0, -1, 0.5, "10", True, [10], {}, 10**12]
AMOUNTS = "price and quantity must be integers above zero"


def item(**changes: Any) -> dict[str, Any]:
    return order(items=[{**order()["items"][0], **changes}])


@pytest.mark.parametrize(
    ("name", "values", "sentence"),
    [
        ("customerId", [*TEXTS, "x" * 129], "customerId must be text of 1 to 128 characters"),
        (
            "requestedAt",
            [*TEXTS, "yesterday", "2026-01-01", "x2026-01-01T00:00Z", "2026-01-01T" + "0" * 60],
            "requestedAt must be a time in ISO 8601",
        ),
        (
            "currency",
            [*TEXTS, "usd", "US", "USDX", "U$D"],
            "currency must be the ISO 4217 code of a currency",
        ),
        ("email", [*TEXTS, "x" * 1001], "email must be text"),
        ("address", [*TEXTS, "x" * 1001], "address must be text"),
        (
            "payment",
            [*TEXTS, {"token": None}, {"token": ""}, {"token": 5}, [{"token": "tok_visa"}]],
            "payment.token must be text",
        ),
        (
            "items",
            [None, 5, "x", {}, [], order()["items"][0], order(100)["items"]],
            "items must be a list of 1 to 99 items",
        ),
        ("orderTotal", [*NO_AMOUNTS, 501, 499], "orderTotal must be the sum of the items"),
    ],
)
def test_each_field_has_a_form_and_its_sentence_names_the_field(
    name: str, values: list[Any], sentence: str
) -> None:
    for value in values:
        assert problem({**order(), name: value}).startswith(sentence), value
    if name not in ("email", "address"):
        assert problem(without(order(), name)).startswith(sentence)


@pytest.mark.parametrize(
    ("name", "values", "sentence"),
    [
        ("itemId", [*TEXTS, "x" * 129], "itemId must be text"),
        ("price", NO_AMOUNTS, AMOUNTS),
        ("quantity", [*NO_AMOUNTS, 10_000], AMOUNTS),
        ("itemDescription", [*TEXTS, "x" * 1001], "itemDescription must be text"),
    ],
)
def test_each_field_of_an_item_has_a_form(name: str, values: list[Any], sentence: str) -> None:
    for value in values:
        assert problem(item(**{name: value})) == sentence, value
    if name != "itemDescription":
        assert problem(order(items=[without(order()["items"][0], name)])) == sentence


@pytest.mark.parametrize("line", [None, 5, "item", [], [order()["items"][0]]])
def test_an_item_that_is_no_object_is_refused_first_or_last(line: Any) -> None:
    good = order(2)["items"]

    assert problem(order(items=[line, *good])) == "itemId must be text"
    assert problem(order(items=[*good, line])) == "itemId must be text"


def test_an_item_is_ordered_once() -> None:
    twice = order()["items"] * 2

    assert problem(order(items=twice, orderTotal=1000)) == "items must name each item once"


@pytest.mark.parametrize("quantity", [-1, 0.5])
def test_a_total_that_is_the_sum_of_wrong_amounts_is_refused_for_the_amounts(
    quantity: float,
) -> None:
    line = {"itemId": "a", "price": 10, "quantity": quantity}

    assert problem(order(items=[line], orderTotal=10 * quantity)) == AMOUNTS


def test_amounts_are_counted_exactly_up_to_the_largest_that_the_edge_takes() -> None:
    largest = {"itemId": "a", "price": money.LARGEST, "quantity": 1}

    assert problem(order(items=[largest], orderTotal=money.LARGEST)) == ""
    assert problem(order(items=[largest], orderTotal=money.LARGEST - 1)).startswith("orderTotal")


@given(JSON)
def test_whatever_comes_is_judged_and_nothing_breaks_the_judgement(asked: Any) -> None:
    assert problem(asked) != ""


@given(st.sampled_from([*order(), "further"]), JSON)
def test_one_field_of_any_kind_breaks_nothing(name: str, value: Any) -> None:
    found = problem({**order(2), name: value})

    assert (found == "") == (name == "further" or value == order(2).get(name) or fits(name, value))


def fits(name: str, value: Any) -> bool:
    """Whether another value is as good for a text that may be anything."""
    longest = {"customerId": order_check.MAX_CUSTOMER_ID}.get(name, order_check.MAX_TEXT)
    free = name in ("customerId", "email", "address")
    return free and isinstance(value, str) and 0 < len(value) <= longest


ids = st.text("ab-1", min_size=1, max_size=6)


@given(ids, ids | st.builds("{}-{}".format, ids, st.integers(0, 10**7)))
def test_the_reconciler_takes_the_same_executions_for_an_orders_own(
    order_id: str, name: str
) -> None:
    ended = Execution(ARN + name, "FAILED", {"orderId": order_id})

    assert is_own({"orderId": order_id}, name) == (ended.own_order == order_id)


letters = st.characters(categories=("L", "Sc", "Sm"), exclude_characters="/?#%")
line: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "itemId": st.text(letters, min_size=1, max_size=128),
        "price": st.integers(1, 10_000),
        "quantity": st.integers(1, order_items.MAX_QUANTITY),
    },
    optional={"itemDescription": st.text(letters, min_size=1, max_size=256)},
)
lines = st.lists(line, min_size=1, max_size=4, unique_by=lambda each: str(each["itemId"]))


@st.composite
def requests(draw: st.DrawFn) -> OrderRequest:
    """Order requests that the edge accepts."""
    items: list[dict[str, Any]] = draw(lines)
    contact = st.none() | st.text(letters, min_size=1, max_size=500)
    document = {
        "customerId": draw(st.text(letters, min_size=1, max_size=customers.LONGEST_ID)),
        "email": draw(st.none() | st.just("o'hara+x@mail.example.com")),
        "address": draw(contact),
        "currency": draw(st.sampled_from([None, "JPY"])),
        "orderContents": {"items": items},
        "orderTotal": sum(each["price"] * each["quantity"] for each in items),
        "paymentDetails": {"token": "tok_visa"},
    }
    try:
        return parse_order(document)
    except BadInput:
        assume(False)
        raise


@settings(max_examples=20)
@given(requests())
def test_an_order_that_the_edge_accepts_has_no_problem(request: OrderRequest) -> None:
    payment = Payment("tok_visa", "VISA", "4242")
    accepted = machine_input(request, payment, "o-1", utc_now())
    row = {"OrderId": "o-1", "Payment": accepted["payment"], **snapshot(accepted)}

    assert problem(accepted) == ""
    assert problem(order_of(row)) == ""


def test_the_machine_takes_no_less_than_the_edge() -> None:
    assert order_check.MAX_ITEMS == order_items.MAX_ITEMS
    assert order_check.MAX_QUANTITY == order_items.MAX_QUANTITY
    assert order_check.MAX_AMOUNT == money.LARGEST
    assert order_check.MAX_CUSTOMER_ID == customers.LONGEST_ID
