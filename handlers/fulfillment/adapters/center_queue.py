"""The FIFO queue that the fulfillment centres read."""

import json
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from handlers.fulfillment.rules.center_messages import CenterMessage
from handlers.shared.rules.errors import ServiceUnavailable


@dataclass(frozen=True)
class CenterQueue:
    """The queue; `client` is an SQS client."""

    client: Any
    url: str

    def send(self, message: CenterMessage) -> None:
        """Sends a message, after those of its group that were sent before.

        Raises:
            ServiceUnavailable: nobody knows whether the queue took it; sending again is safe.
        """
        try:
            self.client.send_message(
                QueueUrl=self.url,
                MessageBody=json.dumps(message.body),
                MessageGroupId=message.group,
                MessageDeduplicationId=message.deduplication_id,
            )
        except (BotoCoreError, ClientError):
            raise ServiceUnavailable("the fulfillment centres' queue took no message") from None
