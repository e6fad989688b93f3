"""At the end of a whole run: every permission that a role holds was needed by some test.

The tests of `tests/embedded` run in several processes, each with a stack of its own; each sends
what its stack's roles needed, and the run fails if a grant is in no process's list.
"""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from tests.embedded.grants import Grant

EMBEDDED = Path(__file__).parent / "embedded"
UNSEEN: Mapping[Grant, str] = {
    ("*", "logs:*", "*"): "AWS itself writes the logs, in the name of the role",
    ("*", "xray:*", "*"): "there is no X-Ray in the embedded cloud",
    ("*-policy", "lambda:InvokeFunction", "function:sweep-*"): "no schedule comes due in a test",
}
"""Grants, by pattern, that the embedded cloud cannot see the use of, and why."""


class Unneeded:
    """A plugin that gathers what was needed and judges it when every test has run."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._needed: dict[Grant, bool] = {}
        self._files: set[str] = set()

    def add(self, grants: Mapping[Grant, bool]) -> None:
        """Note the grants of one stack, in whichever process this is."""
        for grant, needed in grants.items():
            self._needed[grant] = self._needed.get(grant, False) or needed
        if hasattr(self._config, "workeroutput"):
            rows = [[*grant, needed] for grant, needed in self._needed.items()]
            self._config.workeroutput["grants"] = rows

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Takes what a process of xdist sends at its end."""
        rows = getattr(node, "workeroutput", {}).get("grants", [])
        self.add({(policy, action, on): needed for policy, action, on, needed in rows})

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Notes which files were run."""
        if report.passed:
            self._files.add(Path(report.nodeid.partition("::")[0]).name)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fails a whole run in which some grant was not needed."""
        if not hasattr(self._config, "workerinput") and self._is_whole() and self._unneeded():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Names what was not needed."""
        if self._is_whole() and (unneeded := self._unneeded()):
            terminalreporter.section("permissions that no test needed", red=True)
            for policy, action, on in unneeded:
                terminalreporter.line(f"{policy} grants {action} on {on}: test it, or take it away")

    def _is_whole(self) -> bool:
        """Whether every embedded test was to run; a part of them proves nothing."""
        files = {path.name for path in EMBEDDED.glob("test_*.py")}
        return files <= self._files and not self._config.option.keyword

    def _unneeded(self) -> list[Grant]:
        return sorted(g for g, needed in self._needed.items() if not needed and not _unseen(g))


def _unseen(grant: Grant) -> bool:
    return any(_matches(grant, pattern) for pattern in UNSEEN)


def _matches(grant: Iterable[str], pattern: Iterable[str]) -> bool:
    return all(fnmatchcase(is_, wanted) for is_, wanted in zip(grant, pattern, strict=True))
