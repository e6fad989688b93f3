"""What must never be written down: card numbers anywhere, personal data in logs."""

import json
from collections.abc import Iterator

import pytest

from local.history import read_history
from local.result import Result
from local.scenario import Action, Fault
from local.stack import Stack
from tests.embedded.conftest import Judge, Orders
from tests.embedded.test_checkout import scenario as checkout
from tests.embedded.test_fulfillment import scenario as fulfillment

CARD = {
    "name": "Jane Q. Roe",
    "cardType": "VISA",
    "cardNumber": "4000-0000-0000-0002",
    "expiration": "08/39",
}
GOOD_CARD = {**CARD, "cardNumber": "4242 4242 4242 4242"}
NUMBERS = ("4000000000000002", "4000-0000-0000-0002", "4242424242424242", "4242 4242 4242 4242")
PERSONAL = ("Jane Q. Roe", "jane.roe@example.com", "7 Secret Road")


@pytest.fixture(scope="module")
def results(judge: Judge) -> list[Result]:
    """Orders, carts and sessions: fulfilled, refused, undone, cancelled, and broken everywhere."""
    make = Orders().scenario
    broken, unclosed = Fault("CapturePayment", "Some.Error"), Fault("CloseOrder", "Some.Error")
    return [
        judge.run(scenario)
        for scenario in (
            make(payment=GOOD_CARD, follow=True),
            make(broken, unclosed, payment=GOOD_CARD),
            make(Fault("RecordRefusal", "Some.Error"), payment=CARD),
            make(payment=GOOD_CARD, through="api", actions=(Action("cancel", "CapturePayment"),)),
            checkout(Fault("ConfirmOrder", "Some.Error"), callbacks={"payment": "twice"}),
            checkout(Fault("FailCheckout", "Some.Error"), callbacks={"payment": "failed"}),
            fulfillment(Fault("SendToFulfillmentCenter", "Some.Error"), centers=1),
            fulfillment(Fault("PlanShipments", "Some.Error"), centers=1),
        )
    ]


@pytest.fixture(scope="module")
def used(stack: Stack, results: list[Result]) -> Stack:
    """The stack after all that."""
    assert len(results) == len({result.execution for result in results})
    return stack


def log_lines(stack: Stack) -> Iterator[str]:
    logs = stack.cloud.client("logs")
    for group in logs.describe_log_groups()["logGroups"]:
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"])
        yield from (event["message"] for page in pages for event in page["events"])


def histories(stack: Stack) -> Iterator[str]:
    states = stack.cloud.client("stepfunctions")
    machine = stack.outputs["stateMachines"]["order_processing"]
    for execution in states.list_executions(stateMachineArn=machine)["executions"]:
        events = read_history(states, execution["executionArn"])
        yield json.dumps(events, default=str)


def items(stack: Stack) -> Iterator[str]:
    dynamodb = stack.cloud.client("dynamodb")
    for table in dynamodb.list_tables()["TableNames"]:
        yield json.dumps(dynamodb.scan(TableName=table)["Items"])


def test_no_card_number_is_in_any_table_history_or_log(used: Stack) -> None:
    written = [*items(used), *histories(used), *log_lines(used)]

    assert len(written) > 20
    for text in written:
        assert not [number for number in NUMBERS if number in text]


def test_no_personal_data_is_in_any_log(used: Stack) -> None:
    lines = list(log_lines(used))

    assert [line for line in lines if "orderId" in line], "the functions do log"
    for line in lines:
        assert not [word for word in PERSONAL if word in line], line


def test_no_personal_data_is_in_any_event_topic_or_review(results: list[Result]) -> None:
    reviewed = [result for result in results if result.manualReview]

    assert len(reviewed) >= 4
    for result in results:
        assert result.events, result.name
        heard = json.dumps([result.events, result.topics, result.manualReview, result.deadLetters])
        assert not [word for word in PERSONAL if word in heard], result.name


def test_the_name_on_the_card_is_kept_nowhere(used: Stack) -> None:
    for text in [*items(used), *histories(used)]:
        assert "Jane Q. Roe" not in text
