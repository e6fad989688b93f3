"""Which identity of SES a mail is sent from: the resource that a policy must allow."""

import json
from email.utils import parseaddr
from typing import Any

from ministack.services import ses, ses_v2

_V2_SEND = "/v2/email/outbound-emails"


def sending_identity(path: str, body: bytes, query: dict[str, Any]) -> str | None:
    """The identity a request sends from; None if it sends no mail.

    An address that is an identity itself stands for itself, any other for its domain: AWS's
    "Controlling access to Amazon SES".
    """
    sender = _sender(path, body, query)
    address = parseaddr(sender)[1] if sender else ""
    if not address:
        return None
    known = {*ses._identities.keys(), *ses_v2._identities.keys()}
    domain = address.rpartition("@")[2]
    return domain if address not in known and domain in known else address


def _sender(path: str, body: bytes, query: dict[str, Any]) -> str | None:
    if path.rstrip("/") != _V2_SEND:
        named = query.get("Source")
        return str(named[0] if isinstance(named, list) else named) if named else None
    try:
        document = json.loads(body)
    except ValueError:
        return None
    return document.get("FromEmailAddress") if isinstance(document, dict) else None
