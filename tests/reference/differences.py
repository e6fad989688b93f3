"""The differences that `docs/jsonata.md` lists, read from its table."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

PAGE = Path(__file__).parents[2] / "docs" / "jsonata.md"
_ROW = re.compile(r"^\| `(.+?)` \| (`.+?`|fails) \| (`.+?`|fails) \| .+ \|$", re.MULTILINE)
_REFUSED = re.compile(r"^\| `(.+?)` \| [^|`]+(?:`[^`]+`[^|`]*)*\|$", re.MULTILINE)


class Difference(NamedTuple):
    """An expression, and what it is: `{"value"}`, or `{"error": ""}` where it fails."""

    expression: str
    reference: dict[str, Any]
    here: dict[str, Any]


def differences() -> Iterator[Difference]:
    """The rows of the table of differences."""
    _, _, text = PAGE.read_text(encoding="utf-8").partition("## What differs")
    for expression, reference, here in _ROW.findall(text):
        yield Difference(expression, _answer(reference), _answer(here))


def refused() -> Iterator[str]:
    """The expressions that AWS refuses when a machine is created."""
    _, _, text = PAGE.read_text(encoding="utf-8").partition("## What AWS refuses")
    yield from _REFUSED.findall(text.partition("\n## ")[0])


def _answer(cell: str) -> dict[str, Any]:
    return {"error": ""} if cell == "fails" else {"value": json.loads(cell.strip("`"))}
