"""The commands that need the embedded cloud: `orders demo` and `orders run`."""

import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from local.cloud import Cloud
from local.documents import BadDocument
from local.machines import task_states
from local.report import explain_unmet, results_table, timing
from local.result import Result, refused
from local.runner import Runner, exit_code
from local.scenario import Scenario
from local.scenario_files import BadScenario, read_scenario
from local.stack import ROOT, Stack, deploy
from local.terminal import Say, err, out, progress

SAMPLES = ROOT / "samples"
StackName = Annotated[str, typer.Option("--stack", help="Whose Pulumi.<stack>.yaml to use.")]


@contextmanager
def _deployed(stack: str, say: Say) -> Iterator[Stack]:
    say("Starting the embedded cloud")
    with Cloud.start() as cloud:
        say(f"Deploying the stack {stack}")
        yield deploy(cloud, stack)


def demo(
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the results to this file as well.")
    ] = None,
    stack: StackName = "dev",
) -> None:
    """Deploy the stack here and run every order of samples/; exit 0 if all end as they must."""
    if json_file:
        _write(json_file, "", mode="a")  # writable, or refused before anything is started
    machines = task_states()
    paths = sorted(SAMPLES.glob("*/*.json"))
    scenarios = [read_scenario(path, machines) for path in paths]
    with progress() as say, _deployed(stack, say) as deployed:
        runner = Runner(deployed)
        results = []
        for number, scenario in enumerate(scenarios, start=1):
            say(f"Order {number} of {len(scenarios)}: {scenario.name}")
            results.append(runner.run_apart(scenario))
    if json_file:
        lines = ",\n".join(result.line() for result in results)
        _write(json_file, f"[\n{lines}\n]\n")
    out.print(results_table(results))
    out.print(timing(deployed, results))
    explain_unmet(err, results)
    raise typer.Exit(0 if results and all(result.met for result in results) else 1)


def _write(json_file: Path, text: str, mode: str = "w") -> None:
    try:
        with json_file.open(mode, encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise BadDocument(f"{json_file}: cannot be written: {error.strerror}") from error


def run(
    scenarios: Annotated[list[Path], typer.Argument(help="Files with one scenario each.")],
    json_only: Annotated[
        bool, typer.Option("--json", help="Only the JSON lines: no progress on stderr.")
    ] = False,
    stack: StackName = "dev",
) -> None:
    """Run scenarios in order, a line of JSON each; exit 3 if one is not met, 2 on bad input.

    Stock, prices and sessions are set anew for each; orders and carts stay. So a cart is bought
    once: a later scenario with the CartId of one that was confirmed is refused.

    A line's status is SUCCEEDED, FAILED, TIMED_OUT or ABORTED; REFUSED for bad input; BROKEN when
    the embedded cloud could not bring it to an end. The other scenarios still run.
    """
    machines = task_states()
    read = [_read(path, machines) for path in scenarios]
    results: list[Result] = []
    if any(isinstance(scenario, Scenario) for scenario in read):
        with progress(quiet=json_only) as say, _deployed(stack, say) as deployed:
            runner = Runner(deployed)
            for scenario in read:
                say(f"Running {scenario.name}")
                results.append(_run_one(runner, scenario))
    else:
        results = [_show(scenario) for scenario in read if isinstance(scenario, Result)]
    raise typer.Exit(exit_code(results))


def _read(path: Path, machines: Mapping[str, Collection[str]]) -> Scenario | Result:
    try:
        return read_scenario(path, machines)
    except BadScenario as error:
        return refused(error.name, error.workflow, str(error))


def _run_one(runner: Runner, scenario: Scenario | Result) -> Result:
    return _show(scenario if isinstance(scenario, Result) else runner.run_apart(scenario))


def _show(result: Result) -> Result:
    sys.stdout.write(result.line() + "\n")
    sys.stdout.flush()
    if result.status in ("BROKEN", "REFUSED"):
        err.print(f"{result.name}: {result.cause}", style="red", markup=False)
    return result
