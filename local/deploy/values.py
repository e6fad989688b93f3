"""Property values as the SDK sends them (https://www.pulumi.com/docs/iac/concepts/inputs-outputs/).

On the wire a secret, an asset or an archive is an object with a signature under a fixed key, a
value not known yet is one fixed string, and every number is a float.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.protobuf import json_format
from pulumi.runtime import rpc

from local.deploy.archives import Package, pack


@dataclass(frozen=True)
class Secret:
    """A value the program marked as secret."""

    value: Any


class Computed:
    """A value that is known only once the resource it comes from exists."""


COMPUTED = Computed()


def read(properties: Any, root: Path) -> dict[str, Any]:
    """Turns a protobuf Struct into plain values, `Secret`, `COMPUTED` and `Package`.

    Keys are sorted, because a Struct keeps no order.

    Args:
        properties: a `google.protobuf.Struct` as the SDK sends it.
        root: the folder that relative paths of assets start from.
    """
    message = json_format.MessageToDict(properties)
    return {key: _read(message[key], root) for key in sorted(message)}


def _read(value: Any, root: Path) -> Any:
    match value:
        case dict():
            return _read_object(value, root)
        case list():
            return [_read(item, root) for item in value]
        case float() if value.is_integer():
            return int(value)
        case rpc.UNKNOWN:
            return COMPUTED
        case _:
            return value


def _read_object(value: dict[str, Any], root: Path) -> Any:
    match value.get(rpc._special_sig_key):
        case rpc._special_secret_sig:
            return Secret(_read(value["value"], root))
        case rpc._special_archive_sig | rpc._special_asset_sig:
            return pack(value, root)
        case _:
            return {key: _read(value[key], root) for key in sorted(value)}


def opened(value: Any) -> Any:
    """The value as a provider needs it: secrets open, packages kept."""
    match value:
        case Secret():
            return opened(value.value)
        case dict():
            return {key: opened(item) for key, item in value.items()}
        case list():
            return [opened(item) for item in value]
        case _:
            return value


def wire(value: Any) -> Any:
    """The value as the SDK reads it: plain JSON, secrets as objects with their signature."""
    match value:
        case Secret():
            return {rpc._special_sig_key: rpc._special_secret_sig, "value": wire(value.value)}
        case dict():
            return {key: wire(item) for key, item in value.items()}
        case list():
            return [wire(item) for item in value]
        case _:
            return value


def shown(value: Any) -> Any:
    """The value as people and diffs may see it: plain JSON without secrets."""
    match value:
        case Secret():
            return "[secret]"
        case Computed():
            return "<computed>"
        case Package():
            return {"sha256": value.sha256}
        case dict():
            return {key: shown(item) for key, item in value.items()}
        case list():
            return [shown(item) for item in value]
        case _:
            return value


def computed_paths(value: Any, path: str = "") -> Iterator[str]:
    """Yields where (`a.b[0].c`) a value is not known yet."""
    match value:
        case Computed():
            yield path
        case Secret():
            yield from computed_paths(value.value, path)
        case dict():
            for key, item in value.items():
                yield from computed_paths(item, f"{path}.{key}" if path else key)
        case list():
            for index, item in enumerate(value):
                yield from computed_paths(item, f"{path}[{index}]")
