"""The command `orders faults`."""

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from local.command_error import UnknownName
from local.faults import report
from local.faults.crew import crew
from local.faults.judging import document
from local.faults.keeping import keep, require_writable
from local.faults.session import Judged, Session
from local.interruptible import interruptible
from local.options import StackName
from local.stack import ROOT
from local.terminal import err, out
from workflows import DEFINITIONS

FOLDER = ROOT / ".faults"
_VIOLATIONS = 3
_MOST_WORKERS = 8


def faults(
    workflow: Annotated[
        str | None, typer.Argument(help="Only what its scenarios reach; all without it.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Which random pairs, and which sample.")] = 0,
    limit: Annotated[
        int | None, typer.Option(min=1, help="A sample of so many, spread over the kinds.")
    ] = None,
    json_only: Annotated[
        bool, typer.Option("--json", help="Only one JSON document: no progress, no table.")
    ] = False,
    folder: Annotated[
        Path, typer.Option("--out", help="Where scenarios that break a rule are kept.")
    ] = FOLDER,
    workers: Annotated[
        int, typer.Option(min=1, max=_MOST_WORKERS, help="Processes, each with a cloud of its own.")
    ] = min(os.cpu_count() or 1, _MOST_WORKERS),
    stack: StackName = "dev",
) -> None:
    """Disturb orders in every way, and judge each by the rules.

    Generated from the definitions: every task with every kind of error, before or after its call,
    once, three times and always; every function that is no task; somebody who stops, cancels or
    starts again after every task; and random pairs of these. At the end of each the schedules run.

    Exit 0 if every rule held, 3 if one was broken. A scenario that breaks one is kept; run it
    again with `orders run`.
    """
    workflows = _workflows(workflow)
    require_writable(folder)
    seen = _Seen(folder, json_only)

    def work() -> None:
        with report.live(err, quiet=json_only) as seen.live, crew(workers, stack) as hands:
            session = Session(hands, seen.see)
            probes = session.probes(workflows)
            seen.live.begin("Scenarios to disturb", len(probes))
            reached = session.explore(probes, workflows)
            cases = session.cases(reached, seed, limit)
            seen.live.begin(f"Disturbed scenarios, seed {seed}", len(cases))
            for _ in session.run(cases):
                pass

    interruptible(work, lambda: _show(seen, json_only))
    _show(seen, json_only)
    raise typer.Exit(_VIOLATIONS if seen.violations else 0)


@dataclass
class _Seen:
    """The cases seen so far, and where those that break a rule are kept."""

    folder: Path
    quiet: bool
    live: report.Live = field(default_factory=lambda: report.Live(err, None))
    tally: report.Tally = field(default_factory=report.Tally)
    violations: list[Any] = field(default_factory=list)

    def see(self, judged: Judged) -> None:
        """Count a case; one that breaks a rule is kept and shown."""
        self.tally.add(judged)
        self.live.step(self.tally.violating.total())
        if not judged.violations:
            return
        file = str(keep(self.folder, judged.document))
        self.violations += [document(violation, file) for violation in judged.violations]
        if not self.quiet:
            report.explain(self.live.console, judged, file)


def _workflows(named: str | None) -> list[str]:
    if named is None:
        return list(DEFINITIONS)
    if named not in DEFINITIONS:
        known = ", ".join(DEFINITIONS)
        raise UnknownName(f"there is no workflow {named!r}; choose from {known}")
    return [named]


def _show(seen: _Seen, json_only: bool) -> None:
    if not json_only:
        out.print(report.table(seen.tally))
        return
    found = {
        "run": seen.tally.run.total(),
        "violations": seen.violations,
        "byKind": seen.tally.by_kind(),
    }
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
