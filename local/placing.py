"""The command `orders place`: an order is posted to a running API, and followed if wanted."""

import json
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from handlers.intake.rules.idempotency import parse_key
from handlers.shared.rules.errors import BadInput
from local.documents import BadDocument, read_document
from local.http_api import HttpApi
from local.interrupts import raising
from local.orders_api import BadOrder, NotPlaced, decided, place_order
from local.reaching import reach
from local.terminal import progress

_GOOD_ENDS = ("PROCESSED", "FULFILLED")
_BAD_END = 3


def place(
    file: Annotated[
        Path, typer.Argument(help="JSON: an order request, or a scenario, whose input is posted.")
    ],
    api: Annotated[
        str, typer.Option(envvar="ORDERS_API", help="The API's URL; orders serve shows it.")
    ] = "",
    key: Annotated[
        str | None, typer.Option(help="Idempotency-Key: sent again with it, it stays one order.")
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Follow it until it is decided.")] = False,
) -> None:
    """Post an order to a running API.

    Prints the answer as JSON. The request is signed with the AWS credentials and region of the
    environment or profile. Exit 0: taken in, and with --wait processed; 3: it failed or was
    cancelled; 2: refused; 1: nobody answered.
    """
    body, headers, client = _body(file), _headers(key), reach(api)
    with raising(), progress() as say:
        say(f"Placing the order in {file}")
        order = _placed(file, client, body, headers)
        if wait:
            order = decided(client, order["orderId"], say)
    sys.stdout.write(json.dumps(order) + "\n")
    if wait and order["state"] not in _GOOD_ENDS:
        raise typer.Exit(_BAD_END)


def _placed(file: Path, client: HttpApi, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    """The order as the API took it; an error in it is reported with its file."""
    try:
        return place_order(client, body, headers)
    except BadOrder as error:
        raise BadDocument(f"{file}: {error}") from error


def _body(file: Path) -> bytes:
    document = read_document(file)
    if isinstance(document, dict) and "input" in document:
        if document.get("workflow", "order_processing") != "order_processing":
            raise BadDocument(f"{file}: workflow is not order_processing, so its input is no order")
        document = document["input"]
    try:
        return json.dumps(document, default=_number).encode()
    except ValueError as error:
        raise BadDocument(f"{file}: {error}") from error


def _number(exact: Decimal) -> float:
    """The float that is written with the same digits: Python's `repr` is the shortest."""
    number = float(exact)
    if Decimal(repr(number)) != exact:
        raise ValueError(f"the number {exact} has more digits than any amount")
    return number


def _headers(key: str | None) -> Mapping[str, str]:
    try:
        return {} if key is None else {"Idempotency-Key": parse_key(key, "").key}
    except BadInput as error:
        raise NotPlaced(str(error)) from error
