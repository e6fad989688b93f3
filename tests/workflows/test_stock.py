"""What the rows say after a cancelled reservation, judged by the machine's own expression."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonata import Jsonata

from workflows.stock import reserve_stock

BRANCH = reserve_stock("Reservations", "Inventory")["States"]


def evaluate(expression: str, **states: Any) -> Any:
    query = Jsonata(expression.removeprefix("{% ").removesuffix(" %}"))
    query.assign("states", states)
    return query.evaluate(None)


def order(*quantities: int, price: int = 500) -> dict[str, Any]:
    items = [
        {"itemId": f"item-{number}", "price": price, "quantity": quantity}
        for number, quantity in enumerate(quantities)
    ]
    return {"orderId": "o-1", "currency": "USD", "items": items}


def row(on_hand: int, price: int = 500, currency: str = "USD") -> dict[str, Any]:
    return {
        "Item": {
            "OnHand": {"N": str(on_hand)},
            "Price": {"N": str(price)},
            "Currency": {"S": currency},
        }
    }


def reservation(status: str) -> dict[str, Any]:
    return {"Item": {"Status": {"S": status}}}


def finding(asked: dict[str, Any], *rows: dict[str, Any]) -> dict[str, Any]:
    result = {"Responses": list(rows)}
    found: dict[str, Any] = evaluate(BRANCH["ReadStock"]["Output"], input=asked, result=result)
    return found


def test_an_earlier_reservation_of_the_same_order_is_success() -> None:
    assert finding(order(2), reservation("RESERVED"), row(0))["finding"] == "Reserved"
    assert finding(order(2), reservation("COMMITTED"), row(0))["finding"] == "Reserved"


def test_the_tombstone_of_a_compensated_order_refuses_a_late_reservation() -> None:
    assert finding(order(2), reservation("RELEASED"), row(9))["finding"] == "ProcessingError"


def test_a_price_that_differs_is_told_before_a_short_stock() -> None:
    found = finding(order(2, 2), {}, row(0), row(0, price=501))

    assert found["finding"] == "PriceMismatch"
    assert found["cause"] == "the price differs from the catalogue for item-1"


def test_a_price_in_another_currency_differs() -> None:
    assert finding(order(1), {}, row(5, currency="EUR"))["finding"] == "PriceMismatch"


def test_an_item_that_the_catalogue_does_not_know_is_out_of_stock() -> None:
    assert finding(order(1), {}, {})["finding"] == "OutOfStock"


@pytest.mark.parametrize("short", [("item-0",), ("item-0", "item-1")])
def test_every_short_item_is_named(short: tuple[str, ...]) -> None:
    rows = [row(0 if f"item-{number}" in short else 9) for number in range(3)]

    found = finding(order(1, 1, 1), {}, *rows)

    assert found["cause"] == f"not enough stock of {', '.join(short)}"


def test_where_nothing_is_wrong_another_order_was_in_the_way() -> None:
    assert finding(order(1, 2), {}, row(1), row(2))["finding"] == "Contended"


def test_the_order_goes_on_unchanged_beside_the_finding() -> None:
    asked = order(1)

    found = finding(asked, {}, row(0))

    assert {key: found[key] for key in asked} == asked


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), min_size=1, max_size=6))
def test_an_order_is_out_of_stock_exactly_when_some_item_is(lines: list[tuple[int, int]]) -> None:
    found = finding(order(*(asked for asked, _ in lines)), {}, *(row(held) for _, held in lines))

    short = any(held < asked for asked, held in lines)
    assert found["finding"] == ("OutOfStock" if short else "Contended")


@pytest.mark.parametrize("count", [1, 2, 99])
def test_a_reservation_is_one_row_and_an_update_for_each_item(count: int) -> None:
    asked = order(*[3] * count)
    states = {"input": asked, "context": {"Execution": {"Id": "arn:execution"}}}

    actions = evaluate(BRANCH["ReserveStock"]["Arguments"]["TransactItems"], **states)

    assert [*actions[0]] == ["Put"]
    assert [action["Update"]["Key"]["ProductId"]["S"] for action in actions[1:]] == [
        item["itemId"] for item in asked["items"]
    ]
    reserved = actions[0]["Put"]["Item"]
    assert len(reserved["Items"]["L"]) == count
    assert reserved["Items"]["L"][0]["M"]["quantity"] == {"N": "3"}


@pytest.mark.parametrize(
    ("said", "granted", "reason", "technical"),
    [
        ("Reserved", True, "ProcessingError", False),
        ("OutOfStock", False, "OutOfStock", False),
        ("PriceMismatch", False, "PriceMismatch", False),
        ("Contended", False, "ProcessingError", True),
        ("ProcessingError", False, "ProcessingError", True),
    ],
)
def test_a_finding_is_reported_as_granted_refused_or_technical(
    said: str, granted: bool, reason: str, technical: bool
) -> None:
    report = evaluate(BRANCH["ReportStock"]["Output"], input={"finding": said, "cause": "why"})

    assert report == {
        "step": "ReserveStock",
        "granted": granted,
        "cause": "why",
        "technical": technical,
        "reason": reason,
    }


def test_a_contended_reservation_is_tried_again_a_bounded_number_of_times() -> None:
    condition = BRANCH["JudgeStock"]["Choices"][0]["Condition"]

    assert evaluate(condition, input={"finding": "Contended", "attempt": 5}) is True
    assert evaluate(condition, input={"finding": "Contended", "attempt": 6}) is False
    assert evaluate(condition, input={"finding": "OutOfStock", "attempt": 1}) is False
