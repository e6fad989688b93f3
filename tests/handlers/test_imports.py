"""Which way imports point inside the handlers, and out of them."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import handlers

ROOT = Path(handlers.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write the import's whole name"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(path: Path) -> str:
    """`domain`, `adapters`, or empty for the entry points and what only they use."""
    return "" if path.parent == ROOT else path.relative_to(ROOT).parts[0]


ALLOWED = {
    "domain": ("handlers.domain.",),
    "adapters": ("handlers.domain.", "handlers.adapters.", "boto3", "botocore"),
    "": ("handlers", "aws_lambda_powertools"),
}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_what_its_room_may(path: Path) -> None:
    for name in imported(path):
        known = name.split(".")[0] in sys.stdlib_module_names
        assert known or name.startswith(ALLOWED[room(path)]), f"{path.name} imports {name}"


def test_every_room_is_looked_at() -> None:
    assert {room(path) for path in MODULES} == set(ALLOWED)
