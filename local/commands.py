"""The commands of `orders`, each imported when it is called: their list appears at once."""

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import version
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperGroup


class _Place(NamedTuple):
    """Where a command is, and the line about it; the line begins its docstring, too."""

    module: str
    name: str
    line: str


COMMANDS: Mapping[str, _Place] = {
    "demo": _Place("local.running", "demo", "Run every order of samples/ here, a line each."),
    "run": _Place("local.running", "run", "Run scenarios here, and show what each caused."),
    "serve": _Place("local.serving", "serve", "Keep the stack up on this machine until Ctrl-C."),
    "place": _Place("local.placing", "place", "Post an order to a running API."),
    "load": _Place("local.load.command", "load", "Post many orders at once, and count their ends."),
    "review": _Place("local.reviewing", "app", "List and settle what waits for a human."),
    "republish": _Place(
        "local.republish.command", "republish", "Publish the outcomes that could not be."
    ),
    "preview": _Place("local.defining", "preview", "Show what `pulumi up` would register."),
    "asl": _Place("local.defining", "asl_command", "Print the definition of a workflow."),
    "check": _Place("local.defining", "check", "Check definitions, a sentence for each problem."),
    "faults": _Place(
        "local.faults.command",
        "faults",
        "Disturb orders in every way, and judge each by the rules.",
    ),
}


class _Commands(TyperGroup):
    """Lists the commands without importing one."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = dict.fromkeys(COMMANDS, typer.core.TyperCommand(None))

    def get_command(self, _ctx: Any, cmd_name: str) -> Any:
        """The command of a name, imported now; None if there is none."""
        return _imported(COMMANDS[cmd_name]) if cmd_name in COMMANDS else None

    def format_commands(self, _ctx: Any, formatter: Any) -> None:
        """Write a line for each."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, place.line) for name, place in COMMANDS.items()])


def _imported(place: _Place) -> Any:
    found = getattr(import_module(place.module), place.name)
    if isinstance(found, typer.Typer):
        return typer.main.get_command(found)
    alone = _typer()
    alone.command()(found)
    return typer.main.get_command(alone)


def _typer(**settings: Any) -> typer.Typer:
    return typer.Typer(
        rich_markup_mode=None,  # plain help appears in half the time, and keeps `<stack>`
        add_completion=False,
        pretty_exceptions_enable=False,
        **settings,
    )


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"orders {version('orders')}")
        raise typer.Exit


app = _typer(cls=_Commands, no_args_is_help=True)


@app.callback()
def _orders(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", help="Show the version and exit.", callback=_show_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Order processing on AWS Step Functions, run whole on this machine."""
