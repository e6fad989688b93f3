"""The command `orders`."""

import sys
from concurrent.futures.process import BrokenProcessPool

import typer

from local import defining, placing, reviewing, running, serving
from local.cloud import CloudError, FunctionNotStarted
from local.deploy import DeployError
from local.documents import BadDocument
from local.faults.command import faults
from local.faults.reach import Unreached
from local.known_stack import ServiceFailed, UnknownStack
from local.load.command import load
from local.orders_api import NotPlaced, Unanswered
from local.reaching import Unreachable
from local.republish.command import republish
from local.reviewing import NotSettled
from local.settling import UnsettledError
from local.terminal import err
from local.waiting import StuckError

app = typer.Typer(
    help="Order processing on AWS Step Functions, run whole on this machine.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(running.demo)
app.command()(running.run)
app.command()(serving.serve)
app.command()(placing.place)
app.command()(load)
app.add_typer(reviewing.app, name="review")
app.command()(republish)
app.command()(defining.preview)
app.command("asl")(defining.asl_command)
app.command()(defining.check)
app.command()(faults)

_EXIT_CODES: dict[type[Exception], int] = {
    BadDocument: 2,
    CloudError: 1,
    DeployError: 1,
    FunctionNotStarted: 1,
    NotPlaced: 2,
    NotSettled: 2,
    ServiceFailed: 1,
    BrokenProcessPool: 1,
    StuckError: 1,
    Unreached: 1,
    Unanswered: 1,
    UnknownStack: 2,
    Unreachable: 2,
    UnsettledError: 1,
}


def main() -> None:
    """Run the command; a failure is one sentence on stderr, never a stack trace."""
    try:
        app()
    except tuple(_EXIT_CODES) as error:
        err.print(f"orders: {error}", style="red", markup=False, highlight=False)
        codes = (code for kind, code in _EXIT_CODES.items() if isinstance(error, kind))
        sys.exit(next(codes))


if __name__ == "__main__":
    main()
