"""A story for each stack; skipped, with a word, where there is no Pulumi to tell it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.story import Story
from tests.engine.workplace import workplace

STACKS = ["dev", "prod"]
_SAID = "engine"
_NONE = (
    "no `pulumi` on the PATH: these tests run Pulumi's own engine. Install its CLI, or let"
    " `.ci/pulumi` build it, which needs Go"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what needs the engine, so that `make test` leaves it out; drops what a stack lacks."""
    items[:] = [item for item in items if _is_of_its_stack(item)]
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.engine)
            if shutil.which("pulumi") is None:
                item.add_marker(pytest.mark.skip(reason=_NONE))


def _is_of_its_stack(item: Any) -> bool:
    mark = item.get_closest_marker("stack")
    return mark is None or item.callspec.params["_story"] in mark.args


@pytest.fixture(scope="session", params=STACKS)
def _story(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp(request.param)
    with pytest.MonkeyPatch.context() as patch, workplace(folder, request.param) as place:
        yield Story(place, request.param, patch)


@pytest.fixture
def story(request: pytest.FixtureRequest, _story: Story) -> Iterator[Story]:
    """The life of a stack, of which each test asks for as much as it needs."""
    told = len(_story.said)
    yield _story
    request.node.user_properties += [(_SAID, line) for line in _story.said[told:]]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Tells what the engine did to each stack."""
    for report in terminalreporter.getreports(""):
        for name, said in report.user_properties:
            if name == _SAID:
                terminalreporter.write_line(said)
