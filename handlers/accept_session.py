"""Accepting a payment session at the edge of fulfillment."""

from typing import Any

from handlers.domain.errors import BadInput
from handlers.domain.json_text import loads
from handlers.domain.order_ids import parse_order_id
from handlers.domain.reader import Reader


def accept_session(text_or_document: Any) -> dict[str, str]:
    """The state machine's input for a paid session: `{"SessionId": <uuid>}`.

    Args:
        text_or_document: JSON text, or the document in it.

    Raises:
        BadInput: one sentence that names the field.
    """
    is_text = isinstance(text_or_document, bytes | str)
    document = loads(text_or_document) if is_text else text_or_document
    given = Reader.of(document, "the input", ("SessionId",)).required("SessionId")
    try:
        parse_order_id(given)
    except BadInput:
        raise BadInput("SessionId", "must be a session's id, a UUID") from None
    return {"SessionId": given}
