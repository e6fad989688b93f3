"""Which way imports point."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "asl": {"asl"},
    "workflows": {"asl", "workflows"},
    "workflows/shared": {"asl", "workflows.shared"},
    "workflows/order_processing": {"asl", "workflows.shared", "workflows.order_processing"},
    "workflows/checkout": {"asl", "workflows.shared", "workflows.checkout"},
    "workflows/fulfillment": {"asl", "workflows.shared", "workflows.fulfillment"},
    "components/aws": {"asl", "components.aws"},
    "components": {"asl", "components", "workflows"},
    "__main__.py": {"asl", "components", "workflows"},
    "handlers": {"handlers"},
    "local": {"asl", "handlers", "local", "workflows"},
}
OURS = {"asl", "components", "handlers", "local", "tests", "workflows"}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: import by the whole name"
            yield node.module


def files(place: str) -> list[Path]:
    found = ROOT / place
    return [found] if found.is_file() else sorted(found.rglob("*.py"))


@pytest.mark.parametrize("place", MAY_IMPORT)
def test_a_folder_imports_only_what_stands_before_it(place: str) -> None:
    paths = files(place)
    assert paths
    for path in paths:
        for module in imports(path):
            if module.split(".")[0] in OURS:
                allowed = MAY_IMPORT[place]
                assert any(module == name or module.startswith(f"{name}.") for name in allowed), (
                    f"{path.relative_to(ROOT)} imports {module}"
                )
