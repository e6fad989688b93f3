"""What creates resources for the monitor: nothing in a preview, a local cloud in an `up`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

ACCOUNT = "000000000000"
DEFAULT_REGION = "us-east-1"


class AwsClients(Protocol):
    """The part of `local.cloud.Cloud` that deploying needs."""

    @property
    def region(self) -> str:
        """The region's code, as `us-east-1`."""

    @property
    def account(self) -> str:
        """The 12-digit account number."""

    @property
    def endpoint(self) -> str:
        """The URL that serves every AWS service."""

    def client(self, service: str) -> Any:
        """A boto3 client of the service that threads may share."""


@dataclass(frozen=True)
class Resource:
    """A custom resource to be created.

    Attributes:
        type: the type token.
        urn: the URN, unique in a deployment.
        name: the physical name; the logical one for types that have none.
        inputs: plain values with camelCase keys; archives are `Package`.
    """

    type: str
    urn: str
    name: str
    inputs: dict[str, Any]


@dataclass(frozen=True)
class Created:
    """A created resource: its id ("" = known later) and the outputs beside its inputs."""

    id: str
    outputs: dict[str, Any] = field(default_factory=dict)


class Backend(Protocol):
    """Creates resources and knows whose account it is."""

    dry_run: bool
    region: str
    account: str

    def create(self, resource: Resource) -> Created:
        """Creates a resource; any exception is a failure of that resource alone."""


@dataclass
class PreviewBackend:
    """Creates nothing: every id and output is known later."""

    region: str = DEFAULT_REGION
    account: str = ACCOUNT
    dry_run: bool = True

    def create(self, resource: Resource) -> Created:  # noqa: ARG002
        """Gives no id and no outputs."""
        return Created("")
