"""Accepting a fulfillment at the edge: the session that it starts from is named, not looked up."""

from typing import Any

from handlers.fulfillment.rules.payment_session import parse_session_id


def accept_session(document: Any) -> dict[str, Any]:
    """The state machine's input for a fulfillment, `{"SessionId": "<uuid>"}`.

    Args:
        document: the fulfillment's input.

    Raises:
        BadInput: the input is refused, in one sentence that names the field.
    """
    return {"SessionId": parse_session_id(document)}
