"""What a person wants to know of an order that was run, in a few lines."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.text import Text

from handlers.shared.rules.money import major_units
from local.given import AMPLE
from local.report import milliseconds
from local.result import Result
from local.scenario import Scenario
from local.wrapping import hanging

_INDENT = "  "
_LABEL = 11
_MOST_ITEMS = 3
_ID_SHOWN = 8
_PAST = {"authorize": "authorized", "capture": "captured", "void": "voided", "refund": "refunded"}


def summary(result: Result, scenario: Scenario, width: int) -> list[Text]:
    """How an order ended, and what that did to money, stock, row and mails.

    Args:
        result: of its run.
        scenario: what was run: what it gave, and what it expects.
        width: the longest line.
    """
    told = {
        "cause": [result.cause] if result.cause else [],
        "money": [_money(result)],
        "stock": [_stock(result, scenario)],
        "row": [_row(result.order)],
        "mails": _mails(result) or ["none"],
        "then": [_followed(run) for run in result.followed],
        "review": [f"{review['Step']}: {review['ToDo']}" for review in result.manualReview],
        "differs": result.unmet,
    }
    return [
        *_wrapped(_end(result), "", "bold", width),
        *(line for name, parts in told.items() for line in _labelled(name, parts, width)),
    ]


def _end(result: Result) -> str:
    how = f"{result.status} with {result.error}" if result.error else result.status
    verdict = "as expected" if result.met else "NOT as expected"
    took = f"{result.transitions} transitions, {milliseconds(result)} ms"
    return f"{result.name}: {how}, {verdict}; {took}"


def _money(result: Result) -> str:
    """What the payment gateway did, in its order."""
    done = [
        f"{_PAST.get(entry['operation'], entry['operation'])} {_amount(entry)}"
        for entry in result.payments
    ]
    return ", ".join(done) or "none was moved"


def _amount(entry: Mapping[str, Any]) -> str:
    return f"{major_units(entry['amount'], entry['currency'])} {entry['currency']}"


def _stock(result: Result, scenario: Scenario) -> str:
    """What became of each item that was given."""
    changes = {
        item: _change(scenario.stock.get(item, AMPLE), now) for item, now in result.stock.items()
    }
    changed = [f"{item} {change}" for item, change in changes.items() if change]
    shown = changed[:_MOST_ITEMS]
    if len(changed) > len(shown):
        shown.append(f"and {len(changed) - len(shown)} more items")
    return "; ".join(shown) or "as it was"


def _change(given: int, now: Mapping[str, int]) -> str:
    gone = given - now["onHand"] - now["reserved"]
    parts = [(now["reserved"], "reserved"), (gone, "shipped"), (-gone, "too many")]
    return ", ".join(f"{number} {what}" for number, what in parts if number > 0)


def _row(order: Mapping[str, Any] | None) -> str:
    """The order's row: its state, and how order, payment and shipping stand."""
    if order is None:
        return "none"
    why = f" with {order['Reason']}" if order.get("Reason") else ""
    stand = [
        f"{name.lower()} {order[f'{name}Status']}"
        for name in ("Order", "Payment", "Shipping")
        if order.get(f"{name}Status")
    ]
    return f"{order['OrderId']} {order['State']}{why}: {', '.join(stand)}"


def _mails(result: Result) -> list[str]:
    order_id = str((result.order or {}).get("OrderId", ""))
    short = f"{order_id[:_ID_SHOWN]}…" if order_id else ""
    return [
        f"{mail['to']}: {mail['subject'].replace(order_id, short) if short else mail['subject']}"
        for mail in result.emails
    ]


def _followed(run: Mapping[str, Any]) -> str:
    how = f"{run['status']} with {run['error']}" if run["error"] else run["status"]
    return f"{run['workflow']} {how}; {run['transitions']} transitions"


def _labelled(name: str, parts: list[str], width: int) -> Iterator[Text]:
    """The parts below one another, the first with the name before it."""
    style = "red" if name == "differs" else ""
    for number, part in enumerate(parts):
        label = f"{_INDENT}{name if number == 0 else ''}"
        yield from _wrapped(part, label.ljust(_LABEL), style, width)


def _wrapped(text: str, label: str, style: str, width: int) -> Iterator[Text]:
    lines = hanging(text, width, label, " " * (len(label) or len(_INDENT)))
    return (Text(line, style) for line in lines)
