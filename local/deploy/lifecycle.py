"""Ways to find, change and delete a resource that stands."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, TypeAlias

from botocore.exceptions import ClientError

from local.deploy.kinds import Kind, Order


@dataclass(frozen=True)
class Existing:
    """A resource that stands.

    Attributes:
        id: the provider's id.
        order: by what it was made, or changed last; without the content of archives.
    """

    id: str
    order: Order

    def client(self, service: str) -> Any:
        """The boto3 client of a service, of the cloud that the resource is in."""
        return self.order.cloud.client(service)


Find: TypeAlias = Callable[[Existing], bool]
Delete: TypeAlias = Callable[[Existing], object]
Update: TypeAlias = Callable[[Existing, Order, Collection[str]], "dict[str, Any]"]
"""From what stands, what it shall be and which properties differ, to the outputs that changed."""


@dataclass(frozen=True)
class Lifecycle:
    """The calls that find, change and delete a type's resources.

    Attributes:
        exists: finds it, by asking the cloud.
        delete: deletes it; one that is gone already is no error.
        update: changes it; None for a type that every change replaces.
        replaces: the properties whose change replaces it all the same, as in the AWS provider.
        overwrites: an update also unsets what is not given any more.
    """

    exists: Find
    delete: Delete
    update: Update | None = None
    replaces: frozenset[str] = frozenset()
    overwrites: bool = True


Lifecycles: TypeAlias = "dict[str, Lifecycle]"
_GONE = ("404", "DoesNotExist", "NoSuch", "NonExistent", "NotFound", "NotExist")


@dataclass(frozen=True)
class Call:
    """One API call about a resource: by its id, or by parameters that it was made with."""

    service: str
    operation: str
    by: str | None = None
    taken: tuple[str, ...] = ()

    def __call__(self, existing: Existing) -> Any:
        """Makes the call; gives its answer."""
        made = existing.order.params
        params = {name: made[name] for name in self.taken if name in made}
        if self.by:
            params[self.by] = existing.id
        return getattr(existing.client(self.service), self.operation)(**params)


def call(service: str, operation: str, *taken: str, by: str | None = None) -> Call:
    """A call with the resource's id as parameter `by`, and with the `taken` ones of its own."""
    return Call(service, operation, by, taken)


def answers(ask: Callable[[Existing], Any], holds: Callable[[Any], object] = bool) -> Find:
    """Finds the resource by a call whose answer `holds`; gone is what the call does not find."""

    def find(existing: Existing) -> bool:
        try:
            return bool(holds(ask(existing)))
        except ClientError as error:
            if is_gone(error):
                return False
            raise

    return find


def is_gone(error: ClientError) -> bool:
    """True where AWS refused a call since what it is about does not exist."""
    return any(word in error.response["Error"]["Code"] for word in _GONE)


def again(kind: Kind) -> Update:
    """Changes a resource by the call that makes one, where that overwrites what stands."""
    return lambda _existing, order, _changed: kind.create(order).outputs


def nothing(_: Existing) -> None:
    """Deletes nothing: the resource goes with what it belongs to."""
