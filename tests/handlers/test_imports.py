"""Imports inside the handlers: by subject down the floors, by room from functions to rules."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import handlers
from components.orders.subjects import SUBJECTS, with_below

ROOT = Path(handlers.__file__).parent
MODULES = sorted(path for path in ROOT.rglob("*.py") if path.parent != ROOT)
FUNCTIONS, RULES, ADAPTERS = "", "rules", "adapters"
ROOMS = {
    FUNCTIONS: (FUNCTIONS, ADAPTERS, RULES),
    ADAPTERS: (ADAPTERS, RULES),
    RULES: (RULES,),
}
"""By room of a subject: the rooms that it imports, of whichever subject it may."""
LIBRARIES = {
    FUNCTIONS: ("aws_lambda_powertools",),
    ADAPTERS: ("boto3", "botocore", "aws_lambda_powertools.utilities.parameters"),
    RULES: (),
}
SHARED_BY_ENTRY_POINTS = {
    "orders/visible_order.py",
    "checkout/request_and_wait.py",
}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write the import's whole name"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def place(parts: tuple[str, ...]) -> tuple[str, str]:
    """A module's subject and its room."""
    room = parts[1] if len(parts) > 1 and parts[1] in ROOMS else FUNCTIONS
    return parts[0], room


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_imports_only_from_subjects_and_rooms_below_it(path: Path) -> None:
    subject, room = place(path.relative_to(ROOT).parts)
    for name in imported(path):
        if not name.startswith("handlers."):
            known = name.split(".")[0] in sys.stdlib_module_names
            assert known or name.startswith(LIBRARIES[room]), f"{named(path)} imports {name}"
            continue
        other, its_room = place(tuple(name.split(".")[1:]))
        assert other in with_below(subject), f"{named(path)} imports {name}"
        assert its_room in ROOMS[room], f"{named(path)} imports {name}"


def test_the_table_names_every_subject_that_there_is() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in MODULES} == set(SUBJECTS)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_subject_names_only_those_before_it_and_whatever_they_name(subject: str) -> None:
    before = list(SUBJECTS)[: list(SUBJECTS).index(subject)]
    assert set(SUBJECTS[subject]) <= set(before)
    for named_one in SUBJECTS[subject]:
        assert set(SUBJECTS[named_one]) <= set(SUBJECTS[subject])


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_subject_names_none_that_it_has_no_use_for(subject: str) -> None:
    used = {
        place(tuple(name.split(".")[1:]))[0]
        for path in MODULES
        if path.relative_to(ROOT).parts[0] in with_below(subject)
        for name in imported(path)
        if name.startswith("handlers.")
    }
    assert set(SUBJECTS[subject]) <= used


def test_an_unknown_subject_is_named_with_those_that_are_there() -> None:
    with pytest.raises(ValueError, match="no subject 'returns'; it has shared, orders"):
        with_below("returns")


def test_a_subjects_root_holds_its_functions_and_their_wiring() -> None:
    others = {
        named(path)
        for path in MODULES
        if len(path.relative_to(ROOT).parts) == 2
        and path.parent.name != "shared"
        and path.name not in ("__init__.py", "wiring.py")
        and "\ndef handler(" not in path.read_text()
    }
    assert others == SHARED_BY_ENTRY_POINTS
