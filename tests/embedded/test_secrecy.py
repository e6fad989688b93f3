"""What must never be written down: card numbers anywhere, personal data in logs."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.history import read_history
from local.runner import Runner
from local.scenario import Fault
from local.stack import Stack

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
def used(stack: Stack, runner: Runner) -> Stack:
    """The stack after orders that were paid, declined, undone and aborted by a fault."""
    from tests.embedded.conftest import Orders

    orders: Any = Orders()
    runner.run(orders.scenario(payment=GOOD_CARD))
    runner.run(orders.scenario(payment=CARD))
    runner.run(orders.scenario(Fault("CapturePayment", "States.Timeout"), payment=GOOD_CARD))
    runner.run(orders.scenario(Fault("RecordRefusal", "States.Timeout"), payment=CARD))
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


def test_the_name_on_the_card_is_kept_nowhere(used: Stack) -> None:
    for text in [*items(used), *histories(used)]:
        assert "Jane Q. Roe" not in text
