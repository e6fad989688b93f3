"""Creates resources for real, by boto3, in a local cloud."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
        kind = KINDS.get(resource.type)
        if kind is None:
            raise ValueError("the local cloud cannot create this type")
        inputs = self._in_this_region(resource.inputs)
        _require_honoured(resource.type, inputs, kind)
        name = {kind.name: resource.name} if kind.name else {}
        params = name | translate(inputs, kind.fields)
        try:
            return kind.create(Order(self._cloud, resource.urn, resource.name, params, inputs))
        except ClientError as error:
            answer = error.response["Error"]
            raise RuntimeError(f"{answer['Code']}: {answer['Message'].rstrip('.')}") from error

    def _in_this_region(self, inputs: dict[str, Any]) -> dict[str, Any]:
        region = inputs.get("region", self.region)
        if region != self.region:
            raise ValueError(f"region {region} is not the local cloud's, {self.region}")
        return {key: value for key, value in inputs.items() if key != "region"}


def _require_honoured(type_: str, inputs: dict[str, Any], kind: Kind) -> None:
    allowed = set(LOCAL_NO_EFFECT.get(type_, {}))
    if type_ in NAME_RULES:
        allowed.add(NAME_RULES[type_].property)
    if unknown := sorted(set(unknown_paths(inputs, kind.fields)) - allowed):
        raise ValueError(f"the local cloud does not honour {', '.join(unknown)}")
