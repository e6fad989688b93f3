"""Outside services that are played: requests go to a queue, and whoever reads it calls back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from handlers.shared.rules.errors import ServiceUnavailable


@dataclass(frozen=True)
class SimulatedPayments:
    """The payment service; `client` is an SQS client."""

    client: Any
    queue_url: str

    def request(self, order_id: str, amount: int, currency: str, callback_url: str) -> None:
        """Asks for a payment, in minor units; the answer comes to the URL."""
        _send(
            self.client,
            self.queue_url,
            service="payment",
            orderId=order_id,
            amount=amount,
            currency=currency,
            callbackUrl=callback_url,
        )


@dataclass(frozen=True)
class SimulatedShipping:
    """The shipping service; `client` is an SQS client."""

    client: Any
    queue_url: str

    def request(
        self,
        order_id: str,
        cart_id: str,
        address: str,
        items: Sequence[Mapping[str, Any]],
        callback_url: str,
    ) -> None:
        """Asks whether the items can go to the address; the answer comes to the URL."""
        _send(
            self.client,
            self.queue_url,
            service="shipping",
            orderId=order_id,
            cartId=cart_id,
            address=address,
            items=list(items),
            callbackUrl=callback_url,
        )


def _send(client: Any, queue_url: str, **message: Any) -> None:
    try:
        client.send_message(QueueUrl=queue_url, MessageBody=json.dumps(message))
    except (BotoCoreError, ClientError) as error:
        service = message["service"]
        raise ServiceUnavailable(f"the {service} service did not take the request") from error
