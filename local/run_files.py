"""Scenarios from files: run one after the other, each shown as soon as it has ended."""

import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from local.result import Result, refused
from local.scenario import Scenario
from local.scenario_files import BadScenario, read_scenario
from local.summary import summary
from local.terminal import Steps, err, line_width, out

_WITHOUT_AN_END = ("BROKEN", "REFUSED")


class ScenarioFile(NamedTuple):
    """A file, and the scenario in it or why there is none."""

    path: Path
    scenario: Scenario | None
    error: BadScenario | None = None


Show = Callable[[ScenarioFile, Result], None]


def read(path: Path, machines: Mapping[str, Collection[str]]) -> ScenarioFile:
    """Read a file; one that is no scenario is refused in its turn."""
    try:
        return ScenarioFile(path, read_scenario(path, machines))
    except BadScenario as error:
        return ScenarioFile(path, None, error)


def run_all(
    files: Sequence[ScenarioFile], run: Callable[[Scenario], Result], steps: Steps, show: Show
) -> list[Result]:
    """Run the scenarios in order, and show each result; a file without one is refused."""
    results = []
    for file in files:
        if file.scenario is None:
            results.append(refuse(file, show))
            continue
        steps.passing(f"Running {file.path}")
        results.append(run(file.scenario))
        show(file, results[-1])
    return results


def refuse(file: ScenarioFile, show: Show) -> Result:
    """Show that a file has no scenario, and why."""
    name, workflow = (file.error.name, file.error.workflow) if file.error else ("", "")
    result = refused(name, workflow, str(file.error))
    show(file, result)
    return result


def show_line(file: ScenarioFile, result: Result) -> None:
    """Show a result as a line of JSON."""
    sys.stdout.write(result.line() + "\n")
    sys.stdout.flush()
    _complain(file, result)


def show_summary(file: ScenarioFile, result: Result) -> None:
    """Show a result to a person."""
    _complain(file, result)
    if file.scenario and result.status not in _WITHOUT_AN_END:
        for line in summary(result, file.scenario, line_width()):
            out.print(line, soft_wrap=True)


def _complain(file: ScenarioFile, result: Result) -> None:
    """Say on stderr why a scenario came to no end, its file first."""
    if result.status in _WITHOUT_AN_END:
        why = str(file.error) if file.error else f"{file.path}: {result.cause}"
        err.print(why, style="red", markup=False, highlight=False)
