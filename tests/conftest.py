"""How properties are tried: fifty examples each, no clock, no files left behind.

And in which order files are given to processes: those that deploy first, since they take longest.
"""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling

from local.cloud import Cloud
from tests.announcing import Announcing
from tests.unneeded import Unneeded

SLOW = ("embedded", "local", "emulator", "deploy")
EMBEDDED = sorted(file.name for file in (Path(__file__).parent / SLOW[0]).glob("test_*.py"))
STACKS = 2  # how many processes deploy the project's own


def pytest_configure(config: pytest.Config) -> None:
    """Gathers which permissions the tests of the deployed stack need, and says what comes.

    The collector rests until every test is known.
    """
    gc.disable()
    os.environ.pop("COLUMNS", None)  # pytest-xdist sets it, and a pipe would be laid out by it
    config.pluginmanager.register(Unneeded(config), "unneeded")
    config.pluginmanager.register(Announcing(config), "announcing")


def pytest_collection_finish() -> None:
    """Spares the collector what lives as long as the process: every module and every test."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Moves the slow folders to the front; within a file nothing changes."""
    place = {folder: number for number, folder in enumerate(SLOW)}
    items.sort(key=lambda item: place.get(item.path.parent.name, len(SLOW)))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Gives a file to one process, and files that share a stack to the same."""
    return ByStack(config, log)


class ByStack(LoadFileScheduling):  # type: ignore[misc]
    """What is given to a process at once: a file, or a half of those that need the whole stack."""

    def _split_scope(self, nodeid: str) -> str:
        file = Path(nodeid.partition("::")[0])
        if file.parent.name == "components":
            return "components"
        if file.parent.name == "engine":
            return nodeid.rpartition("[")[2]  # the name of the stack
        if file.parent.name != SLOW[0]:
            return str(file)
        return f"stack {EMBEDDED.index(file.name) % STACKS}"


@pytest.fixture(scope="session")
def cloud() -> Iterator[Cloud]:
    """A cloud with no stack, every mend in force, its clock twenty times faster."""
    with Cloud.start() as running:
        yield running


settings.register_profile(
    "project",
    max_examples=50,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("project")
