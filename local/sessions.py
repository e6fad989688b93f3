"""How a payment session enters fulfillment when it is started directly, not by an event."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any
from uuid import uuid4

from handlers.fulfillment.rules.products import identity
from handlers.shared.rules.errors import BadInput
from handlers.shared.rules.json_object import Reader
from local.accept_session import accept_session
from local.given import put_stock
from local.scenario import Scenario
from local.stack import Stack
from local.waiting import find

_CURRENCY = "USD"


def machine_input(_stack: Stack, scenario: Scenario) -> dict[str, Any]:
    """The session's id as the machine gets it.

    Raises:
        BadInput: one sentence that names the field; nothing was written then.
    """
    return dict(accept_session(scenario.input))


def set_stock(stack: Stack, scenario: Scenario, session: Mapping[str, Any]) -> list[str]:
    """Put stock for the products of the given session."""
    given = (row for row in scenario.sessions if row["SessionId"] == session["SessionId"])
    return put_stock(stack, scenario, dict.fromkeys(_products(given)), _CURRENCY)


def execution_name(stack: Stack, session: Mapping[str, Any]) -> str:
    """The session's id, with something unique behind it if an execution has that name already."""
    session_id = str(session["SessionId"])
    return f"{session_id}-{uuid4()}" if find(stack, "fulfillment", session_id) else session_id


def order_id(_stack: Stack, session: Mapping[str, Any], _execution: str) -> str:
    """The order that was paid: a session has its id."""
    return str(session["SessionId"])


def _products(sessions: Iterator[Mapping[str, Any]]) -> Iterator[str]:
    """The products of sessions that may be anything."""
    for session in sessions:
        products = session.get("Products")
        for product in products if isinstance(products, list) else ():
            if isinstance(product, dict):
                yield from _id(product)


def _id(product: Mapping[str, Any]) -> Iterator[str]:
    """The product's id as fulfillment reads it; nothing for one that it refuses."""
    with suppress(BadInput):
        yield identity(Reader(product), "id")
