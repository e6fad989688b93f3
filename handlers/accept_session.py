"""Accepting a fulfillment at the edge: the session that it starts from is named, not looked up."""

from typing import Any

from handlers.domain.json_text import loads
from handlers.domain.sessions import parse_session_id


def accept_session(text_or_document: Any) -> dict[str, Any]:
    """The state machine's input for a fulfillment, `{"SessionId": "<uuid>"}`.

    Args:
        text_or_document: JSON text, or the document in it.

    Raises:
        BadInput: the input is refused, in one sentence that names the field.
    """
    is_text = isinstance(text_or_document, bytes | str)
    document = loads(text_or_document) if is_text else text_or_document
    return {"SessionId": parse_session_id(document)}
