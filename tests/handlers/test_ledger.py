"""One order's payment under any interleaving of operations."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.payments.rules.errors import PaymentMismatch, PaymentNotAuthorized, PaymentVoided
from handlers.payments.rules.ledger import Account, Status, authorize, capture, void, voided

AT = "2026-01-01T00:00:00.000Z"
OPERATIONS = st.lists(st.sampled_from(["authorize", "capture", "void"]), max_size=12)


def performed(account: Account, operation: str, amount: int = 500) -> Account:
    if operation == "void":
        return void(account, AT)
    move = authorize if operation == "authorize" else capture
    return move(account, amount, "USD", AT)


def attempted(account: Account, operation: str) -> Account:
    """The account after an operation that may be refused."""
    try:
        return performed(account, operation)
    except (PaymentNotAuthorized, PaymentVoided):
        return account


def after(*operations: str) -> Account:
    account = Account("o-1")
    for operation in operations:
        account = attempted(account, operation)
    return account


@given(OPERATIONS)
def test_no_interleaving_does_anything_twice(operations: list[str]) -> None:
    entries = Counter(entry.operation for entry in after(*operations).entries)
    assert all(count == 1 for count in entries.values())
    assert entries["refund"] <= entries["capture"] <= entries["authorize"]
    assert entries["void"] + entries["capture"] <= 1


@given(OPERATIONS)
def test_after_a_void_no_money_is_held_or_taken_whatever_comes(operations: list[str]) -> None:
    account = after(*operations, "void")
    entries = Counter(entry.operation for entry in account.entries)
    assert entries["capture"] == entries["refund"]
    assert entries["authorize"] == entries["void"] + entries["refund"]
    assert after(*operations, "void", *operations) == account


@given(OPERATIONS)
def test_every_operation_repeated_at_once_changes_nothing(operations: list[str]) -> None:
    twice = [operation for operation in operations for _ in range(2)]
    assert after(*twice) == after(*operations)


@given(OPERATIONS)
def test_every_entry_carries_its_orders_key_and_the_held_amount(operations: list[str]) -> None:
    for entry in after(*operations).entries:
        assert entry.idempotency_key == f"o-1:{entry.operation}"
        assert (entry.amount, entry.currency) == (500, "USD")


@pytest.mark.parametrize(
    ("operations", "result"),
    [
        (("void",), "NOTHING"),
        (("authorize", "void"), "VOIDED"),
        (("authorize", "capture", "void"), "REFUNDED"),
    ],
)
def test_a_void_tells_how_the_money_came_back(operations: tuple[str, ...], result: str) -> None:
    assert voided(after(*operations)) == voided(after(*operations, "void")) == result


def test_a_void_of_nothing_is_a_tombstone_without_an_entry() -> None:
    assert after("void") == Account("o-1", Status.VOIDED, ())


@pytest.mark.parametrize("operation", ["authorize", "capture"])
@pytest.mark.parametrize("before", [("authorize",), ("authorize", "capture")])
def test_the_same_operation_with_another_amount_is_an_error(
    before: tuple[str, ...], operation: str
) -> None:
    with pytest.raises(PaymentMismatch, match="for 500 USD, not for 501 USD"):
        performed(after(*before), operation, amount=501)


@pytest.mark.parametrize("operation", ["authorize", "capture"])
@pytest.mark.parametrize("before", [("void",), ("authorize", "void")])
def test_a_voided_order_takes_no_further_hold_or_capture(
    before: tuple[str, ...], operation: str
) -> None:
    with pytest.raises(PaymentVoided, match="order o-1 was voided"):
        performed(after(*before), operation)


def test_a_capture_without_a_hold_is_an_error() -> None:
    with pytest.raises(PaymentNotAuthorized, match="o-1"):
        performed(Account("o-1"), "capture")
