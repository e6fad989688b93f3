"""The API models that the AWS SDK for Python carries: what a service's actions are given.

Step Functions spells every parameter in PascalCase, whatever the API does, and in SDK integrations
as the AWS SDK for Java 2.x does, which writes `DBInstanceIdentifier` as `DbInstanceIdentifier`.
Source: https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

import gzip
import json
import math
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

_WORD_ENDS: Final = (
    (re.compile(r"[^A-Za-z0-9]+"), " "),
    (re.compile(r"(?<=[a-z])(?=[A-Z][a-zA-Z0-9])"), " "),
    (re.compile(r"([A-Z]+)([A-Z][a-z])"), r"\1 \2"),
    (re.compile(r"([0-9])([a-zA-Z])"), r"\1 \2"),
)


class Shape(NamedTuple):
    """One shape of a model: a structure, list, map or scalar."""

    name: str
    definition: Mapping[str, Any]
    shapes: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """Its type as the model calls it: structure, list, map, string, integer, ..."""
        return str(self.definition["type"])

    @property
    def is_document(self) -> bool:
        """Whether it takes any JSON."""
        return bool(self.definition.get("document"))

    @property
    def most_characters(self) -> float:
        """How long a text may be; 0 for one of a few words or of a certain form."""
        if "enum" in self.definition or "pattern" in self.definition:
            return 0
        return float(self.definition.get("max", math.inf))

    @property
    def required(self) -> list[str]:
        """The members that a request must give; the SDK itself makes up idempotency tokens."""
        members = self.definition.get("members", {})
        names = self.definition.get("required", ())
        return [pascal(name) for name in names if not members[name].get("idempotencyToken")]

    @property
    def names(self) -> list[str]:
        """The names of a structure's members in PascalCase."""
        return [pascal(name) for name in self.definition.get("members", {})]

    def spelling(self, name: str) -> str | None:
        """The name in PascalCase of the member that a name is for; None if there is none."""
        owns = self.definition.get("members", {})
        return next((pascal(own) for own in owns if name in (pascal(own), java(own))), None)

    def member(self, name: str) -> Shape:
        """A structure's member by its name in PascalCase."""
        owns = self.definition["members"]
        return self._at(next(owns[own] for own in owns if pascal(own) == name))

    def element(self) -> Shape:
        """What a list, or the values of a map, hold."""
        return self._at(self.definition["member" if self.kind == "list" else "value"])

    def _at(self, reference: Mapping[str, Any]) -> Shape:
        name = reference["shape"]
        return Shape(name, self.shapes[name], self.shapes)


def pascal(name: str) -> str:
    """A member's name with a capital first letter: `stateMachineArn` as `StateMachineArn`."""
    return name[:1].upper() + name[1:]


@cache
def java(name: str) -> str:
    """A member's name as the SDK for Java splits it: `DBInstanceIds` as `DbInstanceIds`."""
    for end, separated in _WORD_ENDS:
        name = end.sub(separated, name)
    return "".join(word.capitalize() for word in name.split())


@cache
def load(path: Path) -> Mapping[str, Any]:
    """A model from its file."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        model: Mapping[str, Any] = json.load(file)
    return model


def request_shape(path: Path, operation: str) -> Shape | None:
    """What an operation such as `PutItem` is given; None if it takes nothing, or is none."""
    model = load(path)
    given = model["operations"].get(operation, {}).get("input")
    if given is None:
        return None
    return Shape(given["shape"], model["shapes"][given["shape"]], model["shapes"])
