"""The queue of changes that could not be published, by the keys of their rows."""

import json
from dataclasses import dataclass
from typing import Any

from handlers.orders.rules.publisher import Change


@dataclass(frozen=True)
class UnpublishedOutcomes:
    """The queue; `client` is an SQS client."""

    client: Any
    url: str

    def add(self, change: Change, error: str) -> None:
        """Keeps a change's table and key, and why it was not published; never its row."""
        message = {"table": change.table, "key": dict(change.key), "error": error}
        self.client.send_message(QueueUrl=self.url, MessageBody=json.dumps(message))
