"""The sample orders as they are run: a line each at once, a total however it ends."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from local import report
from local.result import Result, broken
from local.samples import Sample
from local.scenario import Scenario
from local.stack import Stack
from local.terminal import Steps, err, line_width, out
from local.wrapping import hanging


@dataclass
class Demonstration:
    """Runs samples, shows each, and keeps the results.

    Attributes:
        samples: what is run, those of a workflow together.
        verbose: whether the states that an order went through are shown.
        results: those that there are so far.
    """

    samples: Sequence[Sample]
    verbose: bool = False
    results: list[Result] = field(default_factory=list)
    _stack: Stack | None = None
    _ended: bool = False
    _showing: threading.Lock = field(default_factory=threading.Lock)

    def run(self, stack: Stack, run: Callable[[Scenario], Result], steps: Steps) -> None:
        """Run the samples; one that cannot be brought to its end ends this.

        Args:
            stack: what they are run on.
            run: runs one; an error that it raises is raised here, once it is shown.
            steps: shows which is run.
        """
        self._stack = stack
        for number, (_file, scenario) in enumerate(self.samples, start=1):
            steps.passing(f"Order {number} of {len(self.samples)}: {scenario.name}")
            if not self._run_one(scenario, run):
                return

    def end(self) -> None:
        """Show the total of what was run, once."""
        with self._showing:
            if self._stack is None or self._ended:
                return
            self._ended = True
            for sentence in (
                report.total(self.results, len(self.samples)),
                report.timing(self._stack, self.results),
            ):
                for line in hanging(sentence, line_width(), "", report.INDENT):
                    out.print(line, highlight=False, soft_wrap=True)

    def interrupt(self) -> None:
        """Show that it ends early, and the total."""
        err.print("Interrupted", style="yellow")
        self.end()

    @property
    def is_met(self) -> bool:
        """Whether every sample was run and ended as it must."""
        return len(self.results) == len(self.samples) and all(each.met for each in self.results)

    def _run_one(self, scenario: Scenario, run: Callable[[Scenario], Result]) -> bool:
        """Whether the others can be run, too."""
        try:
            result = run(scenario)
        except Exception as error:
            self._take(scenario, broken(scenario.name, scenario.workflow, error))
            raise
        self._take(scenario, result)
        return result.status != "BROKEN"

    def _take(self, scenario: Scenario, result: Result) -> None:
        with self._showing:
            if self._ended:
                return
            self._show(scenario, result, line_width())
            self.results.append(result)

    def _show(self, scenario: Scenario, result: Result, width: int) -> None:
        last = self.results[-1].workflow if self.results else None
        if result.workflow != last:
            out.print(report.heading(result.workflow, width), soft_wrap=True)
        out.print(report.line(result, width), soft_wrap=True)
        for line in report.path_lines(result, width) if self.verbose else ():
            out.print(line, soft_wrap=True)
        for sentence in () if result.met else report.reason(result, scenario.expect):
            for part in report.indented(sentence, width):
                out.print(part, style="red", markup=False, highlight=False, soft_wrap=True)
