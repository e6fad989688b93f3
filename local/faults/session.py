"""A run of faults from end to end: explore the bases, generate the cases, run and judge them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import uuid4

from local.faults import generate
from local.faults.bases import bases
from local.faults.cases import Case
from local.faults.judging import Violation
from local.faults.reach import Reach, require_all_tasks, targets
from local.faults.sample import pairs, sample
from local.faults.work import Outcome

BASE = "base"
_PROBE = {"error": "Runtime.ExitError", "when": "after", "times": 1}


class Runs(Protocol):
    """A crew, or anything else that runs cases."""

    def functions(self) -> Sequence[str]:
        """The functions that are no task, by module."""
        ...

    def run(self, documents: Iterable[Mapping[str, Any]]) -> Iterator[tuple[int, Outcome]]:
        """The outcomes as they come, each with the number of its document."""
        ...


@dataclass(frozen=True)
class Judged:
    """A case that was run."""

    case: Case
    document: Mapping[str, Any]
    outcome: Outcome

    @property
    def violations(self) -> Sequence[Violation]:
        """The rules that it breaks."""
        return self.outcome.violations


@dataclass
class Session:
    """One run.

    Attributes:
        runs: what runs the cases.
        see: is called with each case once it was run.
        token: makes what the cases buy different from what any other session does.
    """

    runs: Runs
    see: Callable[[Judged], None]
    token: str = field(default_factory=lambda: uuid4().hex[:6])
    _made: int = field(default=0, init=False)

    def probes(self, workflows: Sequence[str]) -> list[Case]:
        """Every base of some workflows, with every function that is no task failing once."""
        failing = [{"function": function, **_PROBE} for function in self.runs.functions()]
        own = (base for base in bases() if base.workflow in workflows)
        return [Case(BASE, base, "", faults=failing) for base in own]

    def explore(self, probes: Sequence[Case], workflows: Sequence[str]) -> list[Reach]:
        """Run the probes, and find what they reach.

        Raises:
            Unreached: they leave a task of these workflows out.
        """
        reached = [_reach(judged) for judged in self.run(probes)]
        order = [case.base.name for case in probes]
        reached.sort(key=lambda reach: order.index(reach.base.name))
        require_all_tasks(reached, workflows)
        return reached

    def cases(self, reached: Sequence[Reach], seed: int, limit: int | None) -> list[Case]:
        """Every generated case, or a sample of them."""
        singles = generate.singles(reached)
        return sample([*singles, *pairs(singles, seed)], seed, limit)

    def run(self, cases: Sequence[Case]) -> Iterator[Judged]:
        """Run cases, in whichever order they are done."""
        documents = [case.document(self._tag()) for case in cases]
        for number, outcome in self.runs.run(documents):
            judged = Judged(cases[number], documents[number], outcome)
            self.see(judged)
            yield judged

    def _tag(self) -> str:
        self._made += 1
        return f"{self.token}-{self._made}"


def _reach(judged: Judged) -> Reach:
    """The calls that a base made, and the functions that failed, its last faults."""
    probes = judged.case.faults
    fired = judged.outcome.fired[-len(probes) :] if probes else ()
    struck = zip(probes, fired, strict=False)  # a run that broke down does not say what struck
    known = targets(judged.case.base)
    return Reach(
        judged.case.base,
        [named for named in judged.outcome.calls if named in known],
        [probe["function"] for probe, times in struck if times],
    )
