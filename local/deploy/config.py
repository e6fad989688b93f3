"""Reads `Pulumi.yaml` and `Pulumi.<stack>.yaml` as the Pulumi CLI does.

See https://www.pulumi.com/docs/iac/concepts/config/ (structured project configuration).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from local.deploy.config_types import fits, wanted
from local.deploy.deployment import DeployError

# No passphrase exists on this machine, so an encrypted value is replaced by a fixed text.
ENCRYPTED_PLACEHOLDER = "local-secret-in-place-of-an-encrypted-value"


@dataclass(frozen=True)
class Project:
    """A project with one stack's configuration.

    Attributes:
        root: the folder of `Pulumi.yaml`.
        name: the project's name.
        stack: the stack's name.
        values: `namespace:key` → value; what is not a string is JSON, as the SDK expects.
        secrets: the keys of `values` that are secret.
    """

    root: Path
    name: str
    stack: str
    values: dict[str, str]
    secrets: list[str]


def load(root: Path, stack: str) -> Project:
    """Reads and checks the configuration of a stack.

    As with the CLI, a key that `Pulumi.yaml` does not declare is passed on to the program.

    Raises:
        DeployError: a file is missing or malformed, or the stack's values do not fit what
            `Pulumi.yaml` declares; one sentence for each.
    """
    project = _document(
        root / "Pulumi.yaml", f"{root} is no Pulumi project: it has no Pulumi.yaml."
    )
    chosen = _document(root / f"Pulumi.{stack}.yaml", _unknown_stack(root, stack))
    name = str(project.get("name", root.name))
    declared = {key: _declaration(item) for key, item in _config(project, name).items()}
    merged = _defaults(declared) | _config(chosen, name)
    if problems := list(_problems(stack, declared, merged)):
        raise DeployError(problems)
    secrets = [key for key, value in merged.items() if _is_secret(value, declared.get(key))]
    return Project(root, name, stack, {k: _text(v) for k, v in merged.items()}, secrets)


def _document(path: Path, missing: str) -> dict[str, Any]:
    if not path.is_file():
        raise DeployError([missing])
    try:
        document = yaml.safe_load(path.read_bytes()) or {}
    except OSError as error:
        raise DeployError([f"{path.name} cannot be read: {error.strerror}."]) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # bytes, dates, nesting
        raise DeployError([f"{path.name} is not valid YAML: {_sentence(error)}."]) from error
    if not isinstance(document, dict) or not _is_mapping(document.get("config") or {}):
        raise DeployError([f"{path.name} and its config must be mappings."])
    return document


def _is_mapping(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(key, str) for key in value)


def _sentence(error: Exception) -> str:
    return " ".join(str(error).split()).removesuffix(".")


def _config(document: dict[str, Any], project: str) -> dict[str, Any]:
    """The settings by full key: one without a namespace is in the project's."""
    settings = document.get("config") or {}
    return {key if ":" in key else f"{project}:{key}": item for key, item in settings.items()}


def _unknown_stack(root: Path, stack: str) -> str:
    names = sorted(path.name.split(".")[1] for path in root.glob("Pulumi.*.yaml"))
    return f"There is no stack {stack!r}: the project has {', '.join(names) or 'none'}."


def _declaration(item: Any) -> dict[str, Any]:
    return item if isinstance(item, dict) else {"default": item}


def _defaults(declared: dict[str, dict[str, Any]]) -> dict[str, Any]:
    found = {key: item.get("value", item.get("default")) for key, item in declared.items()}
    return {key: value for key, value in found.items() if value is not None}


def _problems(
    stack: str, declared: dict[str, dict[str, Any]], merged: dict[str, Any]
) -> Iterator[str]:
    for key, item in declared.items():
        if key not in merged:
            yield f"Pulumi.{stack}.yaml must set {key}: {item.get('description', 'no default')}."
        elif not (_is_encrypted(merged[key]) or fits(_content(merged[key]), item)):
            yield f"{key} of stack {stack} must be {wanted(item)}, not {merged[key]!r}."


def _content(value: Any) -> Any:
    """The value as the CLI checks it: text, unless it is a list or a mapping."""
    return value if isinstance(value, list | dict) else _text(value)


def _is_encrypted(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"secure"}


def _is_secret(value: Any, declaration: dict[str, Any] | None) -> bool:
    return _is_encrypted(value) or bool(declaration and declaration.get("secret"))


def _text(value: Any) -> str:
    if _is_encrypted(value):
        return ENCRYPTED_PLACEHOLDER
    return value if isinstance(value, str) else json.dumps(value)
