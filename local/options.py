"""Options that several commands have."""

from typing import Annotated

import typer

StackName = Annotated[
    str,
    typer.Option(
        "--stack", metavar="NAME", help="The stack whose settings are in Pulumi.<stack>.yaml."
    ),
]
