"""A run in many processes says what comes before its first dot."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.announcing import Announcing


def said(source: pytest.Config.ArgsSource, *, isatty: bool = False) -> list[str]:
    """The lines of a run of four processes, of which two have collected 3,400 tests."""
    lines: list[str] = []
    reporter = SimpleNamespace(write_line=lines.append, isatty=isatty)
    plugins = SimpleNamespace(get_plugin={"terminalreporter": reporter}.__getitem__)
    config: Any = SimpleNamespace(pluginmanager=plugins, args_source=source)
    announcing = Announcing(config)
    announcing.pytest_xdist_setupnodes(specs=range(4))
    for _ in range(2):
        announcing.pytest_xdist_node_collection_finished(ids=["a test"] * 3400)
    return lines


def test_a_whole_run_says_how_many_processes_and_tests_there_are_and_about_how_long() -> None:
    assert said(pytest.Config.ArgsSource.TESTPATHS) == [
        "4 processes start, and each collects the tests",
        "3,400 tests, about 3 minutes on two cores with nothing else to do;"
        " the slow ones come first",
    ]


def test_of_a_part_nobody_knows_how_long_it_takes() -> None:
    assert said(pytest.Config.ArgsSource.ARGS)[1] == "3,400 tests; the slow ones come first"


def test_on_a_terminal_the_lines_take_the_place_of_what_xdist_shows_meanwhile() -> None:
    assert all(line.startswith("\r") for line in said(pytest.Config.ArgsSource.ARGS, isatty=True))
