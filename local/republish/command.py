"""The command `orders republish`."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any

import typer

from local.interrupts import raising
from local.known_stack import OutputsFile, aws_errors, known_stack
from local.republish.publishing import Done, Republisher
from local.terminal import out

_BATCH = 10
_LISTEN_SECONDS = 1  # a long poll asks all of a queue's servers, not some
_HIDDEN_SECONDS = 300  # for which nobody else is given what is being worked on


def republish(
    queue: Annotated[
        str, typer.Option(metavar="URL", help="Another queue than the stack's own.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be published.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON a message.")] = False,
    outputs: OutputsFile = None,
) -> None:
    """Publish the outcomes that could not be.

    As their rows stand now. Reads the queue unpublished-outcomes; a message goes once the bus took
    its events. Exit 0: none is left; 1: some are, each with its reason.
    """
    stack = known_stack(outputs)
    url = queue or stack.output("queues", "unpublishedOutcomes")
    republisher, sqs = Republisher.of(stack, dry_run), stack.client("sqs")
    results: list[Done] = []
    left: list[str] = []
    with aws_errors(), raising():
        try:
            for message in _messages(sqs, url):
                done = republisher.handle(message["MessageId"], message["Body"])
                if dry_run or done.left:
                    left.append(message["ReceiptHandle"])
                else:
                    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                results.append(done)
                _show(done, dry_run, as_json)
        finally:
            _give_back(sqs, url, left)
    if not results and not as_json:
        out.print("Nothing to publish: the queue is empty.")
    raise typer.Exit(1 if any(done.left for done in results) else 0)


def _messages(sqs: Any, url: str) -> Iterator[Any]:
    """Every message of the queue, once; each is hidden from others meanwhile."""
    seen: set[str] = set()
    while batch := sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=_BATCH,
        WaitTimeSeconds=_LISTEN_SECONDS,
        VisibilityTimeout=_HIDDEN_SECONDS,
    ).get("Messages"):
        new = [message for message in batch if message["MessageId"] not in seen]
        if not new:
            return
        seen.update(message["MessageId"] for message in new)
        yield from new


def _give_back(sqs: Any, url: str, handles: list[str]) -> None:
    """Let others see at once what was left."""
    for handle in handles:
        sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0)


def _show(done: Done, dry_run: bool, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(asdict(done)) + "\n")
        sys.stdout.flush()
        return
    took = "would publish" if dry_run else "published"
    for event in done.published:
        _print(f"{took} {event['detailType']} of order {event['orderId']}")
    for row in done.nothing:
        _print(f"nothing to publish now: {row}")
    if done.left:
        _print(f"left message {done.message}: {done.left}")


def _print(text: str) -> None:
    out.print(text, markup=False, highlight=False, soft_wrap=True)
