"""The AWS provider itself, where a program makes one explicitly."""

from __future__ import annotations

from local.deploy.backend import Created
from local.deploy.kinds import Kind, Kinds, Order

TYPE = "pulumi:providers:aws"


def _provider(order: Order) -> Created:
    return Created(order.name)


# Its region is compared with the cloud's, as every resource's is.
KINDS: Kinds = {TYPE: Kind(_provider, {})}
