"""`orders load`: valid orders of one seed, sent until taken; whatever is wrong is counted."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.credentials import Credentials

from handlers.intake.rules.order_request import parse_order
from handlers.intake.rules.price_check import require_catalogue_prices
from handlers.shared.rules.json_text import loads
from local.cloud import CloudError
from local.http_api import HttpApi
from local.load import asked, command, customers, watching
from local.load.counting import charged, missing_stock
from local.load.counts import Counts, Times, line
from local.load.customers import Answers, post_all
from local.load.watching import Look, Stalled, await_quiet
from tests.local.test_cli import orders
from tests.local.test_placing import Api, answering

_TAKEN = {"orderId": "o-1", "state": "PENDING"}
_GOOD = Counts(
    orders=10,
    answered=11,
    retries={},
    refused={},
    distinct=10,
    states={"FULFILLED": 10},
    lost=0,
    double=0,
    uncharged=0,
    reviews=0,
    at_a_human=0,
    stock={},
    dead_letters={},
    executions={"order_processing": {"SUCCEEDED": 10}},
    mails=20,
    mails_twice=0,
)


def _post(api: Api, wanted: list[asked.Asked], connections: int = 1) -> Answers:
    answers = Answers()
    client = HttpApi(api.url, Credentials("caller", "s"), "eu-west-1")
    post_all(client, wanted, connections, answers)
    return answers


def _stack(is_running: bool = True) -> Any:
    """A stack of which only its cloud's server is looked at."""
    return SimpleNamespace(cloud=SimpleNamespace(is_running=is_running))


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(customers, "_FIRST_PAUSE", 0.0)
    monkeypatch.setattr(watching, "_LEAST_PAUSE", 0.0)


def test_every_order_is_valid_and_at_the_catalogues_prices() -> None:
    rows = {row["ProductId"]: row for row in asked.catalogue()}
    for each in asked.orders(100, seed=1):
        require_catalogue_prices(parse_order(loads(each.body)), rows)


def test_orders_differ_in_items_quantities_and_payment() -> None:
    parsed = [parse_order(loads(each.body)) for each in asked.orders(100, seed=1)]
    assert {len(order.items) for order in parsed} == {1, 2, 3, 4}
    assert {item.quantity for order in parsed for item in order.items} == {1, 2, 3}
    assert len({type(order.means) for order in parsed}) == 2
    assert len({row["FulfillmentCenterId"] for row in asked.catalogue()}) == 3


def test_a_seed_makes_the_same_orders_and_another_makes_others() -> None:
    assert asked.orders(20, seed=1) == asked.orders(20, seed=1)
    assert asked.orders(20, seed=1) != asked.orders(20, seed=2)


def test_a_tenth_is_sent_again_after_its_first_request() -> None:
    once = asked.orders(100, seed=1)
    sent = asked.with_repetitions(once, seed=1)
    assert list(dict.fromkeys(each.key for each in sent)) == [each.key for each in once]
    assert sorted(Counter(each.key for each in sent).values()) == [1] * 90 + [2] * 10


def test_orders_are_posted_signed_with_their_keys() -> None:
    wanted = asked.orders(3, seed=1)
    with answering((202, _TAKEN)) as api:
        answers = _post(api, wanted, connections=2)
    assert {headers["Idempotency-Key"] for _, headers, _ in api.seen} == {o.key for o in wanted}
    assert {request for request, _, _ in api.seen} == {"POST /stage/orders"}
    assert all("Credential=caller/" in headers["Authorization"] for _, headers, _ in api.seen)
    assert answers.taken == 3
    assert answers.orders == {each.key: {"o-1"} for each in wanted}


def test_what_is_not_taken_for_now_is_sent_again_with_its_key() -> None:
    (wanted,) = asked.orders(1, seed=1)
    with answering((429, {}), (503, {}), (202, _TAKEN)) as api:
        answers = _post(api, [wanted])
    assert [headers["Idempotency-Key"] for _, headers, _ in api.seen] == [wanted.key] * 3
    assert (answers.taken, answers.retries) == (1, {"429": 1, "503": 1})


def test_what_is_refused_is_not_sent_again() -> None:
    with answering((400, {"detail": "no"})) as api:
        answers = _post(api, asked.orders(2, seed=1))
    assert (answers.taken, len(api.seen)) == (0, 2)
    assert list(answers.refused.values()) == [2]
    assert "400" in next(iter(answers.refused))


def test_whoever_is_never_answered_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(customers, "_PATIENCE_SECONDS", 0.0)
    with answering((500, {})) as api:
        answers = _post(api, asked.orders(1, seed=1))
    assert sum(answers.refused.values()) == 1


def test_a_charge_is_a_capture_that_was_not_given_back() -> None:
    def row(order: str, *operations: str) -> dict[str, Any]:
        return {"Id": order, "Entries": [{"operation": each} for each in operations]}

    ledger = [
        row("once", "authorize", "capture"),
        row("twice", "authorize", "capture", "capture"),
        row("back", "authorize", "capture", "refund"),
        {"Id": "card_1"},
    ]
    assert charged(ledger) == {"once": 1, "twice": 2, "back": 0}


def test_stock_is_missing_that_is_neither_there_nor_shipped() -> None:
    rows = asked.catalogue()
    first, second, third = (str(row["ProductId"]) for row in rows[:3])
    rows[0].update({"OnHand": rows[0]["OnHand"] - 5, "Reserved": 2})
    rows[1].update({"OnHand": rows[1]["OnHand"] - 4})
    rows[2].update({"OnHand": rows[2]["OnHand"] + 1})
    shipments: list[dict[str, Any]] = [
        {"InventoryUpdatedAt": "2026", "Products": [{"id": first, "quantity": 3}]},
        {"Products": [{"id": second, "quantity": 4}]},
    ]
    assert missing_stock(rows, shipments) == {second: 4, third: -1}


@pytest.mark.parametrize(
    "wrong",
    [{"lost": 1}, {"double": 1}, {"uncharged": 1}, {"reviews": 1}, {"stock": {"load-00": 1}}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_anything_wrong_is_exit_3(wrong: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    assert _ended(monkeypatch, _GOOD, None).returncode == 0
    assert _ended(monkeypatch, replace(_GOOD, **wrong), None).returncode == 3


def test_what_came_to_no_end_is_exit_3_and_says_what(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = _ended(monkeypatch, _GOOD, "the queue purchases is not done")
    assert ended.returncode == 3
    assert "orders: the queue purchases is not done" in ended.stderr


def _ended(monkeypatch: pytest.MonkeyPatch, counts: Counts, stalled: str | None) -> Any:
    @contextmanager
    def start(**_options: Any) -> Iterator[None]:
        yield

    monkeypatch.setattr(command, "Cloud", SimpleNamespace(start=start))
    monkeypatch.setattr(command, "deploy", lambda *_: None)
    monkeypatch.setattr(command, "_run", lambda *_: (counts, Times(1.0, 2.0), stalled))
    return orders("load")


def test_the_line_has_every_number_and_whether_all_is_well() -> None:
    document = json.loads(line(_GOOD, Times(1.26, 2.0), 4, None))
    assert document["atAHuman"] == 0
    assert document["deadLetters"] == {}
    assert document["seconds"] == {"answering": 1.3, "settling": 2.0}
    assert (document["connections"], document["met"]) == (4, True)
    assert not json.loads(line(_GOOD, Times(1.0, 2.0), 4, "stuck"))["met"]


def test_it_waits_until_nothing_runs_and_nothing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = [
        Look(running=Counter(fulfillment=1)),
        Look(busy=("mails",)),
        Look(),
        Look(running=Counter(fulfillment=1)),
        Look(),
        Look(),
    ]
    seen: list[Look] = []
    monkeypatch.setattr(watching, "look", lambda _: looks[len(seen)])
    await_quiet(_stack(), lambda: False, seen.append)
    assert seen == looks


def test_a_cloud_too_busy_to_answer_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Look] = []

    def look(_stack: Any) -> Look:
        if not seen:
            raise TimeoutError
        return Look()

    monkeypatch.setattr(watching, "look", look)
    await_quiet(_stack(), lambda: False, seen.append)
    assert [one.is_quiet for one in seen] == [False, True, True]


def test_what_does_not_move_any_more_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    stuck = Look(running=Counter(fulfillment=2), busy=("mails",))
    monkeypatch.setattr(watching, "look", lambda _: stuck)
    monkeypatch.setattr(watching, "_PATIENCE_SECONDS", 0.01)
    with pytest.raises(Stalled, match="2 executions of fulfillment, what waits in mails"):
        await_quiet(_stack(), lambda: False, lambda _: None)


def test_a_server_that_died_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "look", lambda _: Look(busy=("mails",)))
    with pytest.raises(CloudError, match="died"):
        await_quiet(_stack(is_running=False), lambda: True, lambda _: None)


def test_many_orders_at_once_are_all_fulfilled_and_counted() -> None:
    ended = orders("load", "--orders", "20", "--connections", "8", "--json")

    counted = json.loads(ended.stdout)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert (counted["answered"], counted["distinct"]) == (22, 20)
    assert counted["states"] == {"FULFILLED": 20}
    assert counted["executions"]["fulfillment"] == {"SUCCEEDED": 20}
    assert (counted["mails"], counted["mailsTwice"]) == (40, 0)
    assert counted["met"]


def test_the_help_is_enough_to_start() -> None:
    ended = orders("load", "--help")
    assert ended.returncode == 0
    assert all(word in ended.stdout for word in ("--orders", "--connections", "Exit 0"))
