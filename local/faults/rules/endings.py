"""Every order comes to one final state, every technical end to a human, nothing is left over."""

import json
from collections.abc import Iterator

from local.faults.rules.rule import Rule
from local.faults.story import STANDING, UNDONE, Execution, Story
from local.scenario import FunctionFault
from local.sweeping import ATTEMPTS

_TECHNICAL = "ProcessingError"
_FINAL = (*STANDING, *UNDONE)
_RECEIVES = 5  # after so many a queue gives up a message
_SHOWN = 400  # characters of what was given up
_FULFILLMENT = "fulfillment"


def one_final_state(story: Story) -> Iterator[str]:
    """An order that is not decided, or not brought to its end."""
    if story.result.order is None:
        yield from _without_row(story)
    elif story.state not in _FINAL:
        yield f"the order is {story.state}"
    elif story.state in UNDONE and not (story.is_closed or story.is_handed_over):
        yield f"the order is {story.state}, neither closed nor handed over with a review"
    elif story.state in STANDING and story.is_closed:
        yield f"the order is {story.state}, and closed"
    elif story.state == "PROCESSED" and not _of_fulfillment(story):
        yield "the order is PROCESSED, neither fulfilled nor with a review of its fulfillment"


def _without_row(story: Story) -> Iterator[str]:
    result = story.result
    if story.money not in (None, "VOIDED", "REFUNDED"):
        yield f"there is no order, and its payment is {story.money}"
    if (result.reservation or {}).get("Status") in ("RESERVED", "COMMITTED"):
        yield "there is no order, and its stock is reserved"
    if result.shipments and not story.open_reviews:
        yield "there is no order, and it has shipments of which no review says anything"


def _of_fulfillment(story: Story) -> bool:
    return any(run.reviews for run in story.executions if run.workflow == _FULFILLMENT)


def reviewed(story: Story) -> Iterator[str]:
    """A technical end of an execution of which no human hears."""
    for run in story.executions:
        if _needs_review(run) and not run.reviews and not _found_the_cart_taken(story, run):
            error = f" with {run.error}" if run.error else ""
            yield f"{run.workflow} ended {run.status}{error}, and no review names that execution"


def _needs_review(run: Execution) -> bool:
    """True of a technical end: of what stands, or was refused, nothing is left to do."""
    if run.status in ("SUCCEEDED", "RUNNING"):
        return False
    state, closed_by_it = run.row.get("State"), run.row.get("ClosedBy") == run.arn
    if run.workflow == _FULFILLMENT:
        stands = state in ("FULFILLED", "CANCELLED")
        return not (stands or (state == "FAILED" and closed_by_it))
    if state in STANDING:
        return False
    return not closed_by_it or run.row.get("Reason") == _TECHNICAL


def _found_the_cart_taken(story: Story, run: Execution) -> bool:
    """True of a second execution of a cart that was refused: it touches no order."""
    answers = (action["answer"] for action in story.result.actions)
    return run.workflow == "checkout" and any(
        isinstance(answer, dict)
        and answer["execution"] == run.arn
        and answer["orderId"] is None
        and answer["status"] == "FAILED"
        for answer in answers
    )


def nothing_runs(story: Story) -> Iterator[str]:
    """An execution that still runs, a row that still waits."""
    for run in story.executions:
        if run.status == "RUNNING":
            yield f"{run.workflow} still runs"
    if "Waiting" in story.row and not story.is_handed_over:
        yield f"the order is {story.state}, and still waits"


def nothing_given_up(story: Story) -> Iterator[str]:
    """Messages that nobody handled although nothing failed for good, schedules that failed."""
    functions = [each.function for each in story.scenario.faults if isinstance(each, FunctionFault)]
    if not any(story.is_given_up(function, _RECEIVES) for function in functions):
        for queue, letters in story.result.deadLetters.items():
            if letters:
                yield f"{len(letters)} messages are in {queue}: {json.dumps(letters)[:_SHOWN]}"
    for error in story.result.sweepErrors:
        if not story.is_given_up(error.partition(":")[0], ATTEMPTS):
            yield f"a schedule failed: {error}"


RULES = (
    Rule("one final state", "every order ends in one final state", one_final_state),
    Rule("technical ends are reviewed", "every technical end has a review of its own", reviewed),
    Rule("nothing is left running", "nothing runs or waits at the end", nothing_runs),
    Rule("nothing is given up", "no dead letters, no failing schedules", nothing_given_up),
)
