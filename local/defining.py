"""The commands that need no cloud: `orders preview`, `orders asl` and `orders check`."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

import asl
from local.command_error import UnknownName
from local.deploy import preview as preview_stack
from local.documents import BadDocument, read_document
from local.options import StackName
from local.stack import ROOT
from local.terminal import err, out
from local.trees import registrations_tree
from workflows import DEFINITIONS
from workflows.shared.placeholders import ACCOUNT, REGION


class Format(StrEnum):
    """How `orders asl` prints a definition."""

    JSON = "json"
    MERMAID = "mermaid"


class MachineType(StrEnum):
    """The two types of state machines."""

    STANDARD = "STANDARD"
    EXPRESS = "EXPRESS"


def preview(
    stack: StackName = "dev",
    as_json: Annotated[bool, typer.Option("--json", help="A list of resources.")] = False,
) -> None:
    """Show what `pulumi up` would register. Needs neither a cloud nor an account."""
    registrations = preview_stack(ROOT, stack)
    if not as_json:
        out.print(registrations_tree(registrations))
        return
    wanted = ("type", "name", "urn", "parent", "inputs")
    rows = [{name: asdict(made)[name] for name in wanted} for made in registrations]
    _print_json(rows)


def asl_command(
    workflow: Annotated[str | None, typer.Argument(help="Its name; all without it.")] = None,
    form: Annotated[Format, typer.Option("--format", help="The form.")] = Format.JSON,
) -> None:
    """Print the definition of a workflow. Its ARNs are placeholders."""
    if workflow is not None and workflow not in DEFINITIONS:
        known = ", ".join(DEFINITIONS)
        raise UnknownName(f"there is no workflow {workflow!r}; choose from {known}")
    names = list(DEFINITIONS) if workflow is None else [workflow]
    definitions = {name: DEFINITIONS[name]() for name in names}
    if form is Format.MERMAID:
        for name, definition in definitions.items():
            sys.stdout.write(asl.mermaid(definition, title=name) + "\n")
    else:
        _print_json(definitions if workflow is None else definitions[workflow])


def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Definitions; the project's own without any.")
    ] = None,
    machine_type: Annotated[
        MachineType, typer.Option("--type", help="The type of the given machines.")
    ] = MachineType.STANDARD,
) -> None:
    """Check definitions, a sentence for each problem.

    Exit 1: there is a problem; 2: bad input. A warning, of what may be so and is perhaps not meant,
    leaves the exit code as it is.
    """
    if files:
        codes = [_check_file(path, machine_type) for path in files]
    else:
        codes = [_check_own(name) for name in DEFINITIONS]
    raise typer.Exit(max(codes))


def _check_file(path: Path, machine_type: MachineType) -> int:
    """The exit code for one file: 0 without a problem, 1 with one, 2 if it is no JSON."""
    try:
        definition = read_document(path)
    except BadDocument as error:
        err.print(str(error), style="red", markup=False, highlight=False)
        return 2
    written = len(path.read_bytes().decode())
    found = asl.check(definition, machine_type=machine_type.value, characters=written)
    return _tell(str(path), found, asl.warnings(definition))


def _check_own(name: str) -> int:
    definition = DEFINITIONS[name]()
    found = _tell(name, asl.check(definition), asl.warnings(definition))
    if not found:
        out.print(_permissions(definition))
    return found


def _tell(name: str, problems: Sequence[asl.Problem], warnings: Sequence[asl.Problem]) -> int:
    doubts = f", {_counted(warnings, 'warning')}" if warnings else ""
    summary = f"{name}: {_counted(problems, 'problem')}{doubts}"
    out.print(summary, markup=False, highlight=False, soft_wrap=True)
    for line in (*map(str, problems), *(f"warning: {warning}" for warning in warnings)):
        out.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)
    return 1 if problems else 0


def _counted(found: Sequence[asl.Problem], what: str) -> str:
    return f"{len(found) or 'no'} {what}{'s' * (len(found) != 1)}"


def _permissions(definition: Mapping[str, Any]) -> Table:
    table = Table(title="Permissions of its role, derived", title_justify="left")
    table.add_column("action")
    table.add_column("resources", overflow="fold")
    scope = asl.Scope("aws", REGION, ACCOUNT)
    for statement in asl.permissions(definition, scope):
        table.add_row("\n".join(statement["Action"]), "\n".join(statement["Resource"]))
    return table


def _print_json(document: Any) -> None:
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
