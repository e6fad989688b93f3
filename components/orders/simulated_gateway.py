"""The payment gateway that takes no money."""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

import pulumi

from components.aws.grants import Statement
from components.aws.table import Table


class SimulatedGatewayArgs(TypedDict):
    """`deletion_protection` keeps the ledger from being deleted."""

    deletion_protection: NotRequired[pulumi.Input[bool]]


class SimulatedGateway(pulumi.ComponentResource):
    """The simulated payment gateway: a table that is its card vault and its ledger."""

    table: Table

    def __init__(
        self, name: str, args: SimulatedGatewayArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("orders:index:SimulatedGateway", name, None, opts)
        self.table = Table(
            "PaymentGateway",
            {
                "attributes": {"Id": "S"},
                "hash_key": "Id",
                "deletion_protection": args.get("deletion_protection", True),
            },
            pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})

    @property
    def environment(self) -> Mapping[str, pulumi.Input[str]]:
        """What a function needs in its environment to reach the gateway."""
        return {"PAYMENT_GATEWAY": "simulated", "GATEWAY_TABLE": self.table.name}

    def allow_cards(self) -> Statement:
        """The permissions to exchange a card for a token, and to look a token up."""
        return self.table.allow("GetItem", "PutItem")

    def allow_look_up(self) -> Statement:
        """The permission to look a token up."""
        return self.table.allow("GetItem")

    def allow_payments(self) -> Statement:
        """The permissions to authorize, capture, void and refund."""
        return self.table.allow("GetItem", "UpdateItem")
