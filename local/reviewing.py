"""The commands `orders review list` and `orders review settle`: what waits for a human."""

import json
import sys
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from local.command_error import CommandError
from local.known_stack import KnownStack, OutputsFile, aws_errors, known_stack
from local.reviews import Reviews, Row, is_open
from local.terminal import err, out

app = typer.Typer(
    help="List and settle what waits for a human.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_COLUMNS = {
    "order": "OrderId",
    "step": "Step",
    "since": "CreatedAt",
    "reason": "Reason",
    "cause": "Cause",
    "to do": "ToDo",
}


class NotSettled(CommandError, ValueError):
    """A review that cannot be settled as it was named; one sentence says why."""

    exit_code = 2


@app.command("list")
def list_reviews(
    settled_too: Annotated[
        bool, typer.Option("--all", help="Those that are settled, too.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The rows as a JSON list.")] = False,
    outputs: OutputsFile = None,
) -> None:
    """List the open reviews, the one that has waited longest first.

    Credentials, region and endpoint are those of the environment, as for any AWS SDK.
    """
    reviews = _reviews(known_stack(outputs))
    with aws_errors():
        rows = reviews.all() if settled_too else reviews.open()
    if as_json:
        sys.stdout.write(json.dumps(rows) + "\n")
    else:
        _show(rows, settled_too)


@app.command()
def settle(
    order: Annotated[str, typer.Argument(help="The order's id.")],
    step: Annotated[str | None, typer.Option(help="The step, if the order has several.")] = None,
    execution: Annotated[
        str | None, typer.Option(metavar="ARN", help="The execution, if a step has several.")
    ] = None,
    by: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who settles it; the AWS caller if not said.")
    ] = None,
    outputs: OutputsFile = None,
) -> None:
    """Note that an order's review is done: by whom and when. Its row stays.

    One that was settled before stays as it is, which is said. Exit 2: there is no such review, or
    several are open; then they are listed.
    """
    stack = known_stack(outputs)
    reviews = _reviews(stack)
    with aws_errors():
        review = _one(_named(reviews.of_order(order), step, execution), order)
        if not is_open(review):
            return _say_settled(review)
        name = _name(stack, by)
        settled = reviews.settle(review, name)
    if not settled:
        raise NotSettled(f"the review of the order {order} was removed meanwhile")
    if settled["SettledBy"] != name:
        return _say_settled({**review, **settled})
    return out.print(f"Settled: {_title(review)}", markup=False, highlight=False, soft_wrap=True)


def _reviews(stack: KnownStack) -> Reviews:
    return Reviews(stack.client("dynamodb"), stack.table("ManualReview"))


def _named(rows: list[Row], step: str | None, execution: str | None) -> list[Row]:
    """Those that the options name; of these the open ones, if there are any."""
    found = [
        row
        for row in rows
        if step in (None, row["Step"]) and execution in (None, row.get("ExecutionArn"))
    ]
    return [row for row in found if is_open(row)] or found[-1:]


def _one(found: list[Row], order: str) -> Row:
    if not found:
        raise NotSettled(f"there is no such review of the order {order}; see orders review list")
    if len(found) > 1:
        for row in found:
            line = f"--step {row['Step']} --execution {row.get('ExecutionArn')}"
            err.print(line, markup=False, highlight=False)
        raise NotSettled(f"the order {order} has {len(found)} such open reviews; name one of these")
    return found[0]


def _name(stack: KnownStack, by: str | None) -> str:
    name = stack.client("sts").get_caller_identity()["Arn"] if by is None else by.strip()
    if not name:
        raise NotSettled("--by must be a name")
    return str(name)


def _say_settled(review: Row) -> None:
    when = f"by {review.get('SettledBy')} at {review.get('SettledAt')}"
    text = f"Settled before, {when}: {_title(review)}"
    out.print(text, markup=False, highlight=False, soft_wrap=True)


def _title(review: Row) -> str:
    return f"order {review['OrderId']}, {review['ReviewId']}"


def _cell(row: Row, column: str) -> str:
    """A column as a person reads it: a time to the minute."""
    text = str(row.get(column, ""))
    return text[:16].replace("T", " ") if column.endswith("At") else text


def _show(rows: list[Row], settled_too: bool) -> None:
    if not rows:
        return out.print("No review." if settled_too else "No open review.")
    table = Table(show_lines=True, pad_edge=False)
    columns = {**_COLUMNS, **({"settled": "SettledAt", "by": "SettledBy"} if settled_too else {})}
    for heading in columns:
        table.add_column(heading, overflow="fold", no_wrap=heading == "order")
    for row in rows:
        table.add_row(*(Text(_cell(row, column)) for column in columns.values()))
    out.print(table)
    return out.print(f"{len(rows)} {'review' if len(rows) == 1 else 'reviews'}")
