"""Properties between Pulumi's engine and a provider: structs, and what differs between two."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from google.protobuf import json_format, struct_pb2
from pulumi.runtime import rpc

from local.deploy.values import opened, read

_OWN = "__"
"""Begins the keys that providers keep for themselves, such as `__defaults`."""


def plain(properties: Any) -> dict[str, Any]:
    """A struct as plain JSON, its archives as objects with their hash."""
    return dict(json_format.MessageToDict(properties))


def struct(properties: Mapping[str, Any]) -> Any:
    """Plain JSON as a struct."""
    made = struct_pb2.Struct()
    made.update(properties)
    return made


def packed(properties: Any, root: Path) -> dict[str, Any]:
    """A struct as a creator needs it: numbers that are whole as such, archives with their bytes.

    Args:
        properties: the struct.
        root: the folder that paths of archives start from.
    """
    return dict(opened(read(properties, root)))


def earlier(properties: Any, root: Path) -> dict[str, Any]:
    """As `packed`, of what was there before, whose archives need not be there any more."""
    kept = {key: item for key, item in plain(properties).items() if not _is_archive(item)}
    return packed(struct(kept), root)


def differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The properties that differ, sorted; an archive differs by its content, wherever it lies."""
    keys = sorted(key for key in old.keys() | new.keys() if not key.startswith(_OWN))
    return [key for key in keys if _content(old.get(key)) != _content(new.get(key))]


def _content(value: Any) -> Any:
    return value["hash"] if _is_archive(value) else value


def _is_archive(value: Any) -> bool:
    signatures = (rpc._special_archive_sig, rpc._special_asset_sig)
    return isinstance(value, dict) and value.get(rpc._special_sig_key) in signatures
