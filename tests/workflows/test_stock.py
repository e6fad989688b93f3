"""What the rows say after a cancelled reservation, judged by the machine's own expression."""

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from local.emulator.expressions.engine import JsonataError
from tests.workflows.machines import fill, perform
from tests.workflows.rows import put, read
from workflows.order_processing.reserve import (
    ATTEMPTS,
    RESERVATION_SECONDS,
    reserve_stock,
)

BRANCH = reserve_stock("Reservations", "Inventory")["States"]


def order(*quantities: int, price: int = 500) -> dict[str, Any]:
    items = [
        {"itemId": f"item-{number}", "price": price, "quantity": quantity}
        for number, quantity in enumerate(quantities)
    ]
    return {"orderId": "o-1", "currency": "USD", "items": items, "attempt": 0, "problem": ""}


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
    found: dict[str, Any] = fill(BRANCH["ReadStock"]["Output"], input=asked, result=result)
    return found


def test_an_earlier_reservation_of_the_same_order_is_success() -> None:
    assert finding(order(2), reservation("RESERVED"), row(0))["finding"] == "Reserved"
    assert finding(order(2), reservation("COMMITTED"), row(0))["finding"] == "Reserved"


def test_the_tombstone_of_a_compensated_order_refuses_a_late_reservation() -> None:
    assert finding(order(2), reservation("RELEASED"), row(9))["finding"] == "ProcessingError"


def test_a_price_that_differs_comes_before_a_short_stock() -> None:
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


def asked_of(state: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
    actions: list[dict[str, Any]] = fill(BRANCH[state]["Arguments"], input=asked)["TransactItems"]
    return actions


@pytest.mark.parametrize("count", [1, 2, 99])
def test_a_reservation_is_one_row_and_an_update_for_each_item(count: int) -> None:
    asked = order(*[3] * count)

    actions = asked_of("ReserveStock", asked)

    assert [*actions[0]] == ["Put"]
    assert [action["Update"]["Key"]["ProductId"]["S"] for action in actions[1:]] == [
        item["itemId"] for item in asked["items"]
    ]
    reserved = actions[0]["Put"]["Item"]
    assert len(reserved["Items"]["L"]) == count
    assert reserved["Items"]["L"][0]["M"]["quantity"] == {"N": "3"}


@pytest.mark.parametrize("count", [1, 2, 99])
def test_the_reservation_is_read_first_and_then_every_item_in_order(count: int) -> None:
    asked = order(*[3] * count)

    first, *others = asked_of("ReadStock", asked)

    assert first["Get"]["TableName"] == "Reservations"
    assert [action["Get"]["Key"]["ProductId"]["S"] for action in others] == [
        item["itemId"] for item in asked["items"]
    ]


def stocked(client: Any, **on_hand: int) -> None:
    for item, count in on_hand.items():
        known = {"OnHand": count, "Reserved": 0, "Price": 500, "Currency": "USD"}
        put(client, "Inventory", {"ProductId": item.replace("_", "-"), **known})


def test_a_reservation_moves_the_stock_and_expires_after_the_machine_does(dynamodb: Any) -> None:
    stocked(dynamodb, item_0=5, item_1=5)
    now = time.time()

    perform(dynamodb, BRANCH["ReserveStock"], input=order(2, 3))

    reservation = read(dynamodb, "Reservations", "o-1")
    assert (reservation["Status"], reservation["Expiring"]) == ("RESERVED", "yes")
    assert now - 1 <= reservation["ExpiresAt"] - RESERVATION_SECONDS <= time.time()
    for item, quantity in (("item-0", 2), ("item-1", 3)):
        row = read(dynamodb, "Inventory", item)
        assert (row["OnHand"], row["Reserved"]) == (5 - quantity, quantity)


@pytest.mark.parametrize("wrong", [{"price": 501}, {"quantity": 6}])
def test_of_an_order_that_the_inventory_refuses_nothing_is_reserved(
    dynamodb: Any, wrong: dict[str, int]
) -> None:
    stocked(dynamodb, item_0=5, item_1=5)
    asked = order(1, 1)
    asked["items"][1] |= wrong

    with pytest.raises(ClientError, match="TransactionCanceled"):
        perform(dynamodb, BRANCH["ReserveStock"], input=asked)

    assert read(dynamodb, "Reservations", "o-1") == {}
    assert read(dynamodb, "Inventory", "item-0")["OnHand"] == 5


def unmade(asked: dict[str, Any]) -> Any:
    """What the branch finds when its request could not be made."""
    (caught,) = (
        rule
        for rule in BRANCH["ReserveStock"]["Catch"]
        if rule["ErrorEquals"] == ["States.QueryEvaluationError"]
    )
    error = {"Error": "States.QueryEvaluationError", "Cause": "C"}
    return fill(caught["Output"], input=asked, errorOutput=error)


def test_an_order_with_a_problem_is_not_reserved_and_reported_as_refused_for_it() -> None:
    asked = {**order(1), "problem": "currency must be text"}

    with pytest.raises(JsonataError, match="currency must be text"):
        asked_of("ReserveStock", asked)
    report = fill(BRANCH["ReportStock"]["Output"], input=unmade(asked))
    assert report == {
        "step": "ReserveStock",
        "granted": False,
        "cause": "currency must be text",
        "technical": False,
        "reason": "InvalidOrder",
    }


def test_a_request_that_cannot_be_made_of_a_right_order_is_technical() -> None:
    assert unmade(order(1)) == {"finding": "ProcessingError", "cause": "C"}


@pytest.mark.parametrize(
    ("said", "granted", "reason", "technical"),
    [
        ("Reserved", True, "ProcessingError", False),
        ("OutOfStock", False, "OutOfStock", False),
        ("PriceMismatch", False, "PriceMismatch", False),
        ("InvalidOrder", False, "InvalidOrder", False),
        ("Contended", False, "ProcessingError", True),
        ("ProcessingError", False, "ProcessingError", True),
    ],
)
def test_a_finding_is_reported_as_granted_refused_or_technical(
    said: str, granted: bool, reason: str, technical: bool
) -> None:
    report = fill(BRANCH["ReportStock"]["Output"], input={"finding": said, "cause": "why"})

    assert report == {
        "step": "ReserveStock",
        "granted": granted,
        "cause": "why",
        "technical": technical,
        "reason": reason,
    }


def test_a_contended_reservation_is_tried_again_a_bounded_number_of_times() -> None:
    condition = BRANCH["JudgeStock"]["Choices"][0]["Condition"]

    for attempt, again in ((1, True), (ATTEMPTS - 1, True), (ATTEMPTS, False)):
        found = {"finding": "Contended", "attempt": attempt}
        assert fill(condition, input=found) is again
    assert fill(condition, input={"finding": "OutOfStock", "attempt": 1}) is False


@pytest.mark.parametrize("attempt", [1, 2, ATTEMPTS - 1])
def test_every_attempt_is_counted_and_waits_for_longer_at_most(attempt: int) -> None:
    cancelled = BRANCH["ReserveStock"]["Catch"][0]
    asked = {**order(1), "attempt": attempt - 1}

    assert fill(cancelled["Output"], input=asked) == {**order(1), "attempt": attempt}
    drawn = {fill(BRANCH["AwaitStock"]["Seconds"], input={"attempt": attempt}) for _ in range(40)}
    assert 1 <= min(drawn) <= max(drawn) <= 2**attempt
