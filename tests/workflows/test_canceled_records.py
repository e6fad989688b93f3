"""A record whose transaction was cancelled: refused, or only in another writer's way."""

from typing import Any

import pytest

from tests.workflows.machines import State, fill
from workflows import DEFINITIONS
from workflows.shared.retries import CANCELED, ROUNDS

RECORDS = {
    "order_processing": ("RecordOrder", "WhyNotRecorded", "RecordCancellation"),
    "checkout": ("ConfirmOrder", "WhyNotConfirmed", "FailCheckout"),
}
"""By machine: the record, who judges it, and what follows where it was refused."""

SENTENCE = (
    "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]"
    " (Service: DynamoDb, Status Code: 400, Request ID: R)"
)
CONFLICT = SENTENCE.format("None, TransactionConflict, None")
THROTTLED = SENTENCE.format("ThrottlingError, None, None")


def states(machine: str) -> tuple[State, State, str]:
    found = DEFINITIONS[machine]()["States"]
    record, judge, refused = RECORDS[machine]
    return found[record], found[judge], refused


def cancelled(machine: str, rounds: int, cause: str | None) -> tuple[str, dict[str, Any]]:
    """Where an execution goes after a cancelled record, and what it knows then."""
    record, judge, _ = states(machine)
    caught = record["Catch"][0]
    assert (caught["ErrorEquals"], caught["Next"]) == ([CANCELED], RECORDS[machine][1])
    error = {"Error": CANCELED, **({} if cause is None else {"Cause": cause})}
    known = fill(caught["Assign"], {"rounds": rounds}, errorOutput=error)
    (over,) = judge["Choices"]
    return over["Next"] if fill(over["Condition"], known) else judge["Default"], known


@pytest.mark.parametrize("machine", RECORDS)
@pytest.mark.parametrize(
    "reasons",
    [
        "ConditionalCheckFailed, None, None",
        "None, None, ConditionalCheckFailed",
        "ConditionalCheckFailed, TransactionConflict, None",
    ],
)
def test_a_condition_that_failed_is_a_refusal_at_once(machine: str, reasons: str) -> None:
    to, _ = cancelled(machine, 0, SENTENCE.format(reasons))

    assert to == RECORDS[machine][2]


@pytest.mark.parametrize("machine", RECORDS)
@pytest.mark.parametrize("cause", [CONFLICT, THROTTLED, "", None])
def test_what_only_was_in_the_way_is_no_refusal_and_the_record_is_made_again(
    machine: str, cause: str | None
) -> None:
    to, known = cancelled(machine, 0, cause)

    assert (to, known["rounds"]) == (RECORDS[machine][0], 1)


@pytest.mark.parametrize("machine", RECORDS)
def test_a_record_is_made_a_bounded_number_of_times(machine: str) -> None:
    made, rounds, to = 0, 0, RECORDS[machine][0]
    while to == RECORDS[machine][0]:
        made += 1
        to, known = cancelled(machine, rounds, CONFLICT)
        rounds = known["rounds"]

    assert (made, to) == (ROUNDS, RECORDS[machine][2])


@pytest.mark.parametrize("machine", RECORDS)
def test_the_rounds_are_counted_from_the_first_step_on(machine: str) -> None:
    first = DEFINITIONS[machine]()["StartAt"]

    assert DEFINITIONS[machine]()["States"][first]["Assign"]["rounds"] == 0
