"""A person sees in a few lines what an order did to money, stock, row and mails."""

from dataclasses import replace
from typing import Any

import pytest
from rich.cells import cell_len

from local.given import AMPLE
from local.result import Result
from local.scenario import Scenario
from local.summary import summary

ORDER_ID = "201ffd11-9205-540e-9ed9-b22f4c69126f"
SCENARIO = Scenario("an order", "order_processing", {}, stock={"laptop": 5})
PAID = Result(
    "an order",
    "order_processing",
    "SUCCEEDED",
    transitions=6,
    seconds=0.0851,
    order={
        "OrderId": ORDER_ID,
        "State": "PROCESSED",
        "OrderStatus": "Confirmed",
        "PaymentStatus": "Successful",
        "ShippingStatus": "Pending",
    },
    emails=[{"to": "a@example.com", "subject": f"Your order {ORDER_ID} is paid"}],
    payments=[
        {"operation": "authorize", "amount": 105000, "currency": "USD"},
        {"operation": "capture", "amount": 105000, "currency": "USD"},
    ],
    stock={"laptop": {"onHand": 4, "reserved": 1}, "mouse": {"onHand": AMPLE, "reserved": 0}},
    met=True,
)


def told(result: Result = PAID, scenario: Scenario = SCENARIO, width: int = 80) -> list[str]:
    return [line.plain for line in summary(result, scenario, width)]


def test_an_order_that_went_well_is_told_in_a_few_lines() -> None:
    assert told() == [
        "an order: SUCCEEDED, as expected; 6 transitions, 85 ms",
        "  money    authorized 1050.00 USD, captured 1050.00 USD",
        "  stock    laptop 1 reserved",
        f"  row      {ORDER_ID} PROCESSED: order Confirmed,",
        "           payment Successful, shipping Pending",
        "  mails    a@example.com: Your order 201ffd11… is paid",
    ]


def test_what_differs_from_the_expectation_stands_last() -> None:
    differs = ['status is "FAILED"; expected "SUCCEEDED"', 'order.State is "FAILED"; expected "X"']
    refused: dict[str, Any] = {"status": "FAILED", "error": "OutOfStock", "cause": "too few"}
    lines = told(replace(PAID, met=False, unmet=differs, **refused))

    assert lines[0].startswith("an order: FAILED with OutOfStock, NOT as expected; 6 transitions")
    assert lines[1] == "  cause    too few"
    assert lines[-2:] == [f"  differs  {differs[0]}", f"           {differs[1]}"]


def test_an_order_that_left_nothing_says_so() -> None:
    lines = told(Result("none", "fulfillment", "FAILED", "SessionNotFound", met=True))

    assert lines[1:] == [
        "  money    none was moved",
        "  stock    as it was",
        "  row      none",
        "  mails    none",
    ]


@pytest.mark.parametrize(
    ("given", "now", "sentence"),
    [
        (10, (9, 0), "laptop 1 shipped"),
        (10, (7, 2), "laptop 2 reserved, 1 shipped"),
        (10, (10, 1), "laptop 1 reserved, 1 too many"),
        (10, (10, 0), "as it was"),
        (None, (AMPLE - 3, 3), "laptop 3 reserved"),
    ],
)
def test_of_stock_what_changed_is_told(
    given: int | None, now: tuple[int, int], sentence: str
) -> None:
    scenario = replace(SCENARIO, stock={} if given is None else {"laptop": given})
    result = replace(PAID, stock={"laptop": {"onHand": now[0], "reserved": now[1]}})

    assert f"  stock    {sentence}" in told(result, scenario)


def test_of_many_items_three_are_named() -> None:
    stock = {f"item-{number}": {"onHand": AMPLE - 1, "reserved": 1} for number in range(25)}
    lines = told(replace(PAID, stock=stock))

    assert "item-2 1 reserved; and 22" in " ".join(lines)
    assert "item-3 " not in " ".join(lines)


def test_reviews_and_followed_workflows_are_told() -> None:
    review = {"Step": "VoidPayment", "ToDo": "give the money back"}
    run = {"workflow": "fulfillment", "status": "FAILED", "error": "NoProducts", "transitions": 4}
    lines = told(replace(PAID, manualReview=[review], followed=[run]))

    assert "  then     fulfillment FAILED with NoProducts; 4 transitions" in lines
    assert "  review   VoidPayment: give the money back" in lines


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_lines_fit_the_width_with_wide_characters_too(width: int) -> None:
    mails = [{"to": "a@example.com", "subject": "注文 " * 40}]
    result = replace(PAID, name="注文 が 在庫 切れ です " * 9, emails=mails)
    lines = [line for line in told(result, width=width) if ORDER_ID not in line]

    assert max(map(cell_len, lines)) <= width
    assert max(map(cell_len, lines)) > width - 12
