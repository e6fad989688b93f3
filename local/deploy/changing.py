"""Finds, changes and deletes what stands in a local cloud, by the tables that it was made by."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from botocore.exceptions import ClientError

from local.deploy.backend import Resource
from local.deploy.cloud_backend import CloudBackend, refusals
from local.deploy.lifecycle import Existing, Lifecycle, is_gone
from local.deploy.lifecycles import LIFECYCLES
from local.deploy.naming import NAME_RULES
from local.deploy.no_effect import LOCAL_NO_EFFECT

_TAGS = frozenset({"tags", "tagsAll"})
_NEVER_DELETED = "skipDestroy"


class Changer:
    """Changes what a backend created."""

    def __init__(self, backend: CloudBackend) -> None:
        self._backend = backend

    def exists(self, id_: str, resource: Resource) -> bool:
        """Asks the cloud whether a resource stands.

        Raises:
            RuntimeError: AWS's API refused to say.
        """
        with refusals():
            return LIFECYCLES[resource.type].exists(self._existing(id_, resource))

    def replaced(self, type_: str, changed: Collection[str]) -> list[str]:
        """Those of the changed properties whose change makes a new resource of it."""
        lifecycle = LIFECYCLES[type_]
        if lifecycle.update is None:
            return sorted(changed)
        name = {NAME_RULES[type_].property} if type_ in NAME_RULES else set()
        return sorted((lifecycle.replaces | name).intersection(changed))

    def update(
        self, id_: str, before: Resource, after: Resource, changed: Collection[str]
    ) -> dict[str, Any]:
        """Changes a resource in place.

        Args:
            id_: the provider's id.
            before: as it stands; archives may be missing from its inputs.
            after: as it shall be.
            changed: the properties that differ, none of which replaces it.

        Returns:
            the outputs that changed.

        Raises:
            ValueError: a property cannot be honoured, or not be changed here; all are named.
            RuntimeError: AWS's API refused; the message is the API's error code and message.
        """
        lifecycle = LIFECYCLES[after.type]
        if lifecycle.update is None:
            raise ValueError(f"{', '.join(sorted(changed))} cannot be changed, only replaced")
        _require_changeable(after, lifecycle, changed)
        order = self._backend.order(after)
        with refusals():
            return lifecycle.update(self._existing(id_, before), order, changed)

    def delete(self, id_: str, resource: Resource) -> None:
        """Deletes a resource; one that is gone already, or shall outlive its stack, is no error.

        Raises:
            RuntimeError: AWS's API refused; the message is the API's error code and message.
        """
        if resource.inputs.get(_NEVER_DELETED):
            return
        with refusals():
            try:
                LIFECYCLES[resource.type].delete(self._existing(id_, resource))
            except ClientError as error:
                if not is_gone(error):
                    raise

    def _existing(self, id_: str, resource: Resource) -> Existing:
        return Existing(id_, self._backend.earlier_order(resource))


def _require_changeable(after: Resource, lifecycle: Lifecycle, changed: Collection[str]) -> None:
    if tags := sorted(_TAGS.intersection(changed)):
        raise ValueError(f"the local cloud does not change {', '.join(tags)}")
    unset = {name for name in changed if after.inputs.get(name) is None}
    kept = sorted(unset - {path.split(".")[0] for path in LOCAL_NO_EFFECT.get(after.type, {})})
    if kept and not lifecycle.overwrites:
        raise ValueError(f"the local cloud does not unset {', '.join(kept)}")
