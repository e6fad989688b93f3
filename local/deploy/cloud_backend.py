"""Creates resources for real, by boto3, in a local cloud."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from botocore.exceptions import ClientError

from local.deploy.backend import AwsClients, Created, Resource
from local.deploy.fields import translate, unknown_paths
from local.deploy.kinds import Kind, Order
from local.deploy.naming import NAME_RULES
from local.deploy.no_effect import LOCAL_NO_EFFECT
from local.deploy.providers import KINDS, provider


class CloudBackend:
    """A backend over a running local cloud."""

    dry_run = False

    def __init__(self, cloud: AwsClients) -> None:
        self._cloud = cloud
        self.region = cloud.region
        self.account = cloud.account

    def refused_settings(self, settings: Iterable[str]) -> Iterator[str]:
        """Yields the stack's settings of the AWS provider that cannot be honoured here."""
        honoured = {"region", *LOCAL_NO_EFFECT[provider.TYPE]}
        for key in settings:
            namespace, _, name = key.partition(":")
            if namespace == "aws" and name not in honoured:
                yield key

    def create(self, resource: Resource) -> Created:
        """Creates a resource.

        Raises:
            ValueError: the type or a property of it cannot be honoured here; all are named.
            RuntimeError: AWS's API refused; the message is the API's error code and message.
        """
        order = self.order(resource)
        with refusals():
            return KINDS[resource.type].create(order)

    def order(self, resource: Resource) -> Order:
        """The order to create or change a resource.

        Raises:
            ValueError: the type or a property of it cannot be honoured here; all are named.
        """
        kind = KINDS.get(resource.type)
        if kind is None:
            raise ValueError("the local cloud cannot create this type")
        inputs = self._in_this_region(resource.inputs)
        _require_honoured(resource.type, inputs, kind)
        return self._order(replace(resource, inputs=inputs), kind)

    def earlier_order(self, resource: Resource) -> Order:
        """The order by which a resource was created or changed before, which is not checked."""
        return self._order(resource, KINDS[resource.type])

    def _order(self, resource: Resource, kind: Kind) -> Order:
        name = {kind.name: resource.name} if kind.name else {}
        params = name | translate(resource.inputs, kind.fields)
        return Order(self._cloud, resource.urn, resource.name, params, resource.inputs)

    def _in_this_region(self, inputs: dict[str, Any]) -> dict[str, Any]:
        region = inputs.get("region", self.region)
        if region != self.region:
            raise ValueError(f"region {region} is not the local cloud's, {self.region}")
        return {key: value for key, value in inputs.items() if key != "region"}


@contextlib.contextmanager
def refusals() -> Iterator[None]:
    """Make one sentence of a call that AWS's API refuses meanwhile.

    Raises:
        RuntimeError: it refused; the message is the API's error code and message.
    """
    try:
        yield
    except ClientError as error:
        answer = error.response["Error"]
        raise RuntimeError(f"{answer['Code']}: {answer['Message'].rstrip('.')}") from error


def _require_honoured(type_: str, inputs: dict[str, Any], kind: Kind) -> None:
    allowed = set(LOCAL_NO_EFFECT.get(type_, {}))
    if type_ in NAME_RULES:
        allowed.add(NAME_RULES[type_].property)
    if unknown := sorted(set(unknown_paths(inputs, kind.fields)) - allowed):
        raise ValueError(f"the local cloud does not honour {', '.join(unknown)}")
