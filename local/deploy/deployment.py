"""What a run of the program gives: its registrations and outputs, or every reason why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from local.command_error import CommandError


@dataclass(frozen=True)
class Registration:
    """One resource the program registered.

    Attributes:
        urn: Pulumi's unique resource name, `urn:pulumi:<stack>::<project>::<types>::<name>`.
        type: the type token, as `aws:sqs/queue:Queue`.
        name: the logical name, as the program gave it.
        parent: the parent's URN; None for the stack itself.
        custom: False for components and the stack, which have no counterpart in the cloud.
        inputs: plain JSON as registered; an archive is `{"sha256": hex}`, a value not known yet
            `"<computed>"`, a secret `"[secret]"`.
        id: the provider's id; None in a preview and for components.
        outputs: what the provider (or the component) gave back, in the form of `inputs`.
    """

    urn: str
    type: str
    name: str
    parent: str | None
    custom: bool
    inputs: dict[str, Any]
    id: str | None
    outputs: dict[str, Any]


@dataclass(frozen=True)
class Deployment:
    """A finished `up`: the registrations sorted by URN, the stack's outputs with secrets open."""

    registrations: list[Registration]
    outputs: dict[str, Any]


class DeployError(CommandError):
    """The program could not be run or deployed; `failures` has one sentence for each reason."""

    def __init__(self, failures: Sequence[str]) -> None:
        super().__init__("\n".join(failures))
        self.failures = list(failures)
