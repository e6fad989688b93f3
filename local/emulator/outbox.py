"""The mails that SES took, as their recipients would see them."""

import json
from datetime import UTC, datetime
from typing import Any, TypedDict

from local.emulator.settings import ACCOUNT

PATH = f"/_ministack/ses/messages?account={ACCOUNT}"


class Mail(TypedDict):
    """A mail; `body` is its plain text, `html` the other form of it, or empty.

    `id` is what SES answered with, `time` when it took the mail (ISO 8601, UTC).
    """

    id: str
    time: str
    to: str
    subject: str
    body: str
    html: str


def mails(answer: bytes) -> list[Mail]:
    """The mails in the answer of ministack's outbox, oldest first."""
    kept: list[dict[str, Any]] = json.loads(answer)["messages"].get(ACCOUNT, [])
    return [_mail(message) for message in sorted(kept, key=lambda message: message["Timestamp"])]


def _mail(message: dict[str, Any]) -> Mail:
    taken = datetime.fromtimestamp(message["Timestamp"], UTC)
    return {
        "id": message["MessageId"],
        "time": taken.isoformat(timespec="milliseconds"),
        "to": ", ".join([*message["To"], *message["CC"], *message["BCC"]]),
        "subject": message["Subject"],
        "body": message["BodyText"] or "",
        "html": message["BodyHtml"] or "",
    }
