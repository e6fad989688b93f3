"""Stand-ins for a deployed stack and its cloud."""

from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, cast

from local.deploy import Registration
from local.stack import Stack

MACHINE = "arn:aws:states:us-east-1:0:stateMachine:orders"


def registration(kind: str, logical: str, inputs: dict[str, Any], **outputs: Any) -> Registration:
    """A deployed resource by its logical name."""
    return Registration(f"urn:{logical}", kind, logical, None, True, inputs, logical, outputs)


def stack(
    registrations: Sequence[Registration] = (),
    outputs: Mapping[str, Any] | None = None,
    clients: Mapping[str, Any] | None = None,
    **cloud: Callable[..., Any],
) -> Stack:
    """A stack with these registrations and outputs, whose cloud has these clients and methods."""
    found = SimpleNamespace(
        deployment=SimpleNamespace(registrations=list(registrations)),
        outputs={"stateMachines": {"order_processing": MACHINE}, **(outputs or {})},
        table=lambda name: f"{name}-1",
        cloud=SimpleNamespace(
            client=lambda service: (clients or {})[service], region="us-east-1", **cloud
        ),
    )
    return cast(Stack, found)
