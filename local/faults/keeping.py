"""Keeping the scenarios that break a rule, as files that `orders run` takes."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.documents import BadDocument

_LONGEST = 80


def require_writable(folder: Path) -> None:
    """Make the folder, or refuse it before anything is run.

    Raises:
        BadDocument: nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise BadDocument(f"{folder}: cannot be written: {error.strerror}") from error


def keep(folder: Path, document: Mapping[str, Any]) -> Path:
    """Write a scenario into the folder; its file is named after it."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", str(document["name"])).strip("-").lower()[:_LONGEST]
    path = folder / f"{name}.json"
    number = 2
    while path.exists():
        path = folder / f"{name}-{number}.json"
        number += 1
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
