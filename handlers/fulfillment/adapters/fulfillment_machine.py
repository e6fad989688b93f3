"""Fulfillment's state machine, whose first execution of an order is named after it."""

import json
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from handlers.shared.adapters.dynamodb import code


@dataclass(frozen=True)
class FulfillmentMachine:
    """The state machine; `client` is a Step Functions client."""

    client: Any
    arn: str

    def start(self, order_id: str) -> bool:
        """Starts the fulfillment of a paid order; False when that was done before.

        A name is taken for 90 days after its execution's end (AWS, "StartExecution").
        """
        session = json.dumps({"SessionId": order_id})
        try:
            self.client.start_execution(stateMachineArn=self.arn, name=order_id, input=session)
        except ClientError as error:
            if code(error) != "ExecutionAlreadyExists":
                raise
            return False
        return True
