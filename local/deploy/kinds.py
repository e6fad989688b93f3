"""What a provider module says about a resource type it can create."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from local.deploy.backend import AwsClients, Created
from local.deploy.fields import Fields, Params


@dataclass(frozen=True)
class Order:
    """One resource to create.

    Attributes:
        cloud: where to.
        urn: the URN, unique in a deployment.
        name: the physical name; the logical one for types that have none.
        params: the API call's parameters, by the kind's table.
        inputs: the properties as registered, in plain values.
    """

    cloud: AwsClients
    urn: str
    name: str
    params: Params
    inputs: dict[str, Any]

    def arn(self, service: str, resource: str) -> str:
        """An ARN in the cloud's region and account."""
        return f"arn:aws:{service}:{self.cloud.region}:{self.cloud.account}:{resource}"


@dataclass(frozen=True)
class Kind:
    """A creatable type.

    Attributes:
        create: creates the resource; gives its id and the outputs the AWS provider would give.
        fields: the table of honoured properties.
        name: the parameter that takes the physical name; None for types without one.
    """

    create: Callable[[Order], Created]
    fields: Fields
    name: str | None = None


Kinds: TypeAlias = dict[str, Kind]
