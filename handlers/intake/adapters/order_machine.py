"""Order processing's state machine, whose executions are named after their orders."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from handlers.shared.adapters.dynamodb import code


@dataclass(frozen=True)
class Machine:
    """The state machine.

    Attributes:
        client: a Step Functions client.
        arn: its ARN, or that of a version or alias of it.
    """

    client: Any
    arn: str

    def start(self, order: Mapping[str, Any]) -> bool:
        """Starts the execution of an order, from the machine's input.

        A name is taken for 90 days after its execution's end (AWS, "StartExecution").

        Returns:
            False when there is, or was, an execution of this order.
        """
        try:
            self.client.start_execution(
                stateMachineArn=self.arn, name=order["orderId"], input=json.dumps(order)
            )
        except ClientError as error:
            if code(error) != "ExecutionAlreadyExists":
                raise
            return False
        return True

    def execution(self, order_id: str) -> str:
        """The ARN of an order's execution, whether or not there is one."""
        partition, service, region, account, _, name = self.arn.split(":")[1:7]
        return f"arn:{partition}:{service}:{region}:{account}:execution:{name}:{order_id}"
