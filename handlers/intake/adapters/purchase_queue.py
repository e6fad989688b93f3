"""PurchaseQueue, in which accepted orders wait for their state machine."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class PurchaseQueue:
    """The queue; `client` is an SQS client."""

    client: Any
    url: str

    def send(self, message: Mapping[str, Any]) -> None:
        """Sends a message."""
        self.client.send_message(QueueUrl=self.url, MessageBody=json.dumps(message))
