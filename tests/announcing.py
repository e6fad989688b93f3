"""The lines before the first dot of a run in many processes, which take a while to start."""

from collections.abc import Sequence
from typing import Any

import pytest

SECONDS_A_TEST = 153 / 3360  # `make test` on two cores that have nothing else to do


class Announcing:
    """A plugin of the process that distributes the tests."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._is_counted = False

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_setupnodes(self, specs: Sequence[Any]) -> None:
        """Says that processes are started."""
        self._write(f"{len(specs)} processes start, and each collects the tests")

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """Says how many tests there are, once the first process has collected them."""
        if not self._is_counted:
            self._is_counted = True
            self._write(f"{len(ids):,} tests{self._about(len(ids))}; the slow ones come first")

    def _about(self, tests: int) -> str:
        """How long they take; of a part of them nobody knows."""
        if self._config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
            return ""
        minutes = max(1, round(tests * SECONDS_A_TEST / 60))
        return f", about {minutes} minutes on two cores with nothing else to do"

    def _write(self, line: str) -> None:
        reporter: Any = self._config.pluginmanager.get_plugin("terminalreporter")
        over = "\r" if reporter.isatty else ""  # what xdist shows meanwhile, which is shorter
        reporter.write_line(f"{over}{line}")
