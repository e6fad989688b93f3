"""The commands that run scenarios: `orders demo` and `orders run`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from local import run_files
from local.cloud import Cloud
from local.demonstration import Demonstration
from local.documents import write_text
from local.interruptible import interruptible
from local.machines import task_states
from local.options import StackName
from local.result import Result
from local.runner import Runner, exit_code
from local.samples import matching, samples
from local.stack import Stack, deploy
from local.terminal import Say, out, progress


@contextmanager
def _deployed(stack: str, say: Say) -> Iterator[Stack]:
    say("Starting the embedded cloud")
    with Cloud.start() as cloud:
        say(f"Deploying the stack {stack}")
        yield deploy(cloud, stack)


def demo(
    only: Annotated[
        str | None,
        typer.Option(metavar="PATTERN", help="Only samples whose name or file matches a glob."),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Show the states that each order went through, too.")
    ] = False,
    json_file: Annotated[
        Path | None,
        typer.Option("--json", metavar="FILE", help="Write the results to this file as well."),
    ] = None,
    stack: StackName = "dev",
) -> None:
    """Run every order of samples/ here, a line each.

    Exit 0: all ended as they must; 1: one did not, or could not be brought to its end, which ends
    this; 130: Ctrl-C, and what was run until then is shown.
    """
    if json_file:
        write_text(json_file, "", mode="a")  # writable, or refused before anything is started
    found = samples()
    shown = Demonstration(found if only is None else matching(found, only), verbose)

    def work() -> None:
        try:
            with progress() as steps, _deployed(stack, steps) as deployed:
                shown.run(deployed, Runner(deployed).run_apart, steps)
        finally:
            _keep(json_file, shown.results)
            shown.end()

    def last_words() -> None:
        _keep(json_file, shown.results)
        shown.interrupt()

    interruptible(work, last_words)
    raise typer.Exit(0 if shown.is_met else 1)


def _keep(json_file: Path | None, results: Sequence[Result]) -> None:
    """Write the results that there are to a file, if there is one; none leave it as it was."""
    if json_file and results:
        lines = ",\n".join(result.line() for result in results)
        write_text(json_file, f"[\n{lines}\n]\n")


def run(
    scenarios: Annotated[list[Path], typer.Argument(help="Files with one scenario each.")],
    json_only: Annotated[
        bool, typer.Option("--json", help="Only the JSON lines, and no progress on stderr.")
    ] = False,
    stack: StackName = "dev",
) -> None:
    """Run scenarios here, and show what each caused.

    On a terminal as a few lines each, else or with --json as a line of JSON. Exit 3: one is not
    met; 2: bad input.

    Stock, prices and sessions are set anew for each; orders and carts stay. So a cart is bought
    once: a later scenario with the CartId of one that was confirmed is refused.

    A line's status is SUCCEEDED, FAILED, TIMED_OUT or ABORTED; REFUSED for bad input; BROKEN when
    the embedded cloud could not bring it to an end. The other scenarios still run.
    """
    machines = task_states()
    files = [run_files.read(path, machines) for path in scenarios]
    show = run_files.show_summary if out.file.isatty() and not json_only else run_files.show_line

    def work() -> list[Result]:
        if not any(file.scenario for file in files):
            return [run_files.refuse(file, show) for file in files]
        with progress(quiet=json_only) as steps, _deployed(stack, steps) as deployed:
            return run_files.run_all(files, Runner(deployed).run_apart, steps, show)

    raise typer.Exit(exit_code(interruptible(work)))
