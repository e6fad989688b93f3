"""`orders load --disturb`: who disturbs, and how every order is judged at the end."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
from botocore.exceptions import ClientError

from local.cloud import FunctionNotStarted
from local.load import disturbing, judging
from local.load.customers import Answers
from local.load.disturbing import Disturber
from local.rows import typed
from tests.local.test_load import _GOOD as GOOD

PAID = [{"operation": "authorize"}, {"operation": "capture"}]
REFUNDED = [*PAID, {"operation": "refund"}]


def judged(
    monkeypatch: pytest.MonkeyPatch,
    row: dict[str, Any],
    entries: list[dict[str, str]],
    mails: tuple[str, ...] = (),
    reviewed: bool = False,
) -> dict[str, int]:
    tables = {
        "CustomerOrders": [{"OrderId": "o-1", **row}],
        "PaymentGateway": [{"Id": "o-1", "Status": "CAPTURED", "Entries": entries}],
        "ManualReview": [{"OrderId": "o-1", "ReviewId": "r"}] if reviewed else [],
    }

    def scan(_stack: Any, table: str) -> Any:
        return map(typed, tables[table])

    monkeypatch.setattr(judging, "scan", scan)
    sent = [{"subject": f"Your order o-1 {ending}"} for ending in mails]
    return judging.broken(SimpleNamespace(cloud=SimpleNamespace(mails=lambda: sent)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "entries", "mails", "reviewed"),
    [
        ({"State": "FULFILLED"}, PAID, ("is paid", "is on its way"), False),
        ({"State": "FULFILLED"}, PAID, (), False),
        ({"State": "PROCESSED"}, PAID, ("is paid",), True),
        ({"State": "FAILED", "ClosedAt": "now"}, REFUNDED, ("could not be accepted",), True),
        ({"State": "FAILED", "ClosedAt": "now"}, [], (), False),
        ({"State": "CANCELLED", "ClosedAt": "now"}, REFUNDED, ("is paid", "is cancelled"), False),
        ({"State": "CANCELLED", "HandedOverAt": "now"}, PAID, ("is cancelled",), True),
        ({"State": "PENDING"}, [], (), True),
    ],
)
def test_an_order_that_is_over_or_reviewed_with_its_money_right_breaks_no_rule(
    monkeypatch: pytest.MonkeyPatch,
    row: dict[str, Any],
    entries: list[dict[str, str]],
    mails: tuple[str, ...],
    reviewed: bool,
) -> None:
    assert judged(monkeypatch, row, entries, mails, reviewed) == {}


@pytest.mark.parametrize(
    ("row", "entries", "mails", "rule"),
    [
        ({"State": "PROCESSED"}, PAID, (), "neither in a final state nor reviewed"),
        ({"State": "PENDING"}, [], (), "neither in a final state nor reviewed"),
        (
            {"State": "CANCELLED", "HandedOverAt": "now"},
            PAID,
            (),
            "neither in a final state nor reviewed",
        ),
        ({"State": "FAILED", "ClosedAt": "now"}, PAID, (), "closed with its money taken"),
        ({"State": "FULFILLED"}, REFUNDED, (), "stands and was not charged once"),
        ({"State": "FULFILLED"}, [*PAID, PAID[1]], (), "stands and was not charged once"),
        (
            {"State": "CANCELLED", "ClosedAt": "now"},
            REFUNDED,
            ("is cancelled", "is paid"),
            "its last mail contradicts its row",
        ),
        (
            {"State": "FULFILLED"},
            PAID,
            ("could not be accepted",),
            "its last mail contradicts its row",
        ),
    ],
)
def test_an_order_that_breaks_a_rule_is_counted_under_it(
    monkeypatch: pytest.MonkeyPatch,
    row: dict[str, Any],
    entries: list[dict[str, str]],
    mails: tuple[str, ...],
    rule: str,
) -> None:
    assert judged(monkeypatch, row, entries, mails) == {rule: 1}


def test_a_disturbed_load_may_leave_orders_to_humans_but_break_no_rule() -> None:
    left = replace(GOOD, lost=3, reviews=3, at_a_human=3)

    assert not left.met
    assert replace(left, disturbed={"functions killed": 1}).met
    assert not replace(left, disturbed={"functions killed": 1}, broken={"a rule": 1}).met
    assert not replace(GOOD, disturbed={"functions killed": 1}, double=1).met


class Shop:
    """A cloud and an API that note what is done to them."""

    def __init__(self, lasts: int) -> None:
        self.lasts, self.stopped = lasts, 0
        self.cancelled: list[str] = []
        self.killed: list[float] = []
        self.cloud = self

    def running(self) -> list[str]:
        self.lasts -= 1
        return ["execution"] if self.lasts > 0 else []

    def client(self, _service: str) -> Any:
        return self

    def stop_execution(self, executionArn: str, error: str) -> None:  # noqa: N803
        self.stopped += 1
        if self.stopped == 1:
            raise ClientError({"Error": {"Code": "ExecutionDoesNotExist"}}, "StopExecution")

    def crash_function(self, chosen: float) -> bool:
        self.killed.append(chosen)
        return True

    def send(self, method: str, path: str) -> None:
        self.cancelled.append(f"{method} {path}")


def test_it_stops_cancels_and_kills_until_nothing_has_run_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(disturbing, "_PAUSE_SECONDS", 0.0)
    shop, answers = Shop(lasts=10), Answers()
    answers.take("key", "o-1")
    disturber = Disturber(shop, shop, answers, seed=1)  # type: ignore[arg-type]
    disturber.start()
    disturber.join(timeout=10)

    assert not disturber.is_disturbing
    assert shop.stopped == 9
    assert set(shop.cancelled) == {"POST /orders/o-1/cancel"}
    assert all(0 <= chosen < 1 for chosen in shop.killed)
    assert disturber.acts == {
        "executions stopped": 8,
        "in vain": 1,
        "cancellations asked for": len(shop.cancelled),
        "functions killed": len(shop.killed),
    }


def test_nobody_disturbs_a_load_any_more_whose_functions_do_not_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(disturbing, "_PAUSE_SECONDS", 0.0)
    cloud = Mock()
    cloud.running.side_effect = cloud.crash_function.side_effect = FunctionNotStarted("it did not")
    disturber = Disturber(Mock(cloud=cloud), Mock(), Answers(), seed=1)
    disturber.start()
    disturber.join(timeout=10)

    assert not disturber.is_disturbing
    assert disturber.acts == {}
