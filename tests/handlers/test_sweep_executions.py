"""Executions of which no status event came: found by their machines, and passed on."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.recovery import wiring as recovery_wiring
from handlers.recovery.adapters.executions import Executions
from handlers.recovery.adapters.unhappy_executions import UnhappyExecutions
from handlers.recovery.reconcile_order import handler as reconcile_order
from handlers.recovery.rules.ended_execution import LONGEST
from handlers.recovery.sweep_executions import LOOKS_BACK, handler
from handlers.shared.rules.errors import ServiceUnavailable
from tests.handlers.bus import failures
from tests.handlers.ended import ARN, Held, States, delivery, execution, machine
from workflows.checkout import definition as checkout
from workflows.fulfillment import definition as fulfillment
from workflows.order_processing import definition as order_processing

NEVER = ("RUNNING", "PENDING_REDRIVE", "SUCCEEDED")


@pytest.fixture
def states(account: None, monkeypatch: pytest.MonkeyPatch) -> States:
    made = States(page=2)
    monkeypatch.setattr(recovery_wiring, "executions", lambda: Executions(made))
    return made


class Unhappy:
    """The reconciler's queue."""

    def __init__(self) -> None:
        self.sqs = boto3.client("sqs")
        self.url: str = self.sqs.create_queue(QueueName="unhappy")["QueueUrl"]

    def bodies(self) -> list[dict[str, Any]]:
        found = []
        while answer := self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            found += [json.loads(message["Body"]) for message in answer]
        return found

    def arns(self) -> list[str]:
        return sorted(body["detail"]["executionArn"] for body in self.bodies())


@pytest.fixture
def queue(account: None, monkeypatch: pytest.MonkeyPatch) -> Unhappy:
    made = Unhappy()
    monkeypatch.setenv("UNHAPPY_QUEUE_URL", made.url)
    return made


def test_every_known_machines_unhappy_executions_are_passed_on_and_no_others(
    states: States, queue: Unhappy, context: LambdaContext
) -> None:
    unhappy = [
        states.put(execution(f"{status}-{of}", of), status)
        for status in ("FAILED", "TIMED_OUT", "ABORTED")
        for of in ("orders", "checkout", "ship")
    ]
    for status in NEVER:
        states.put(execution(status), status)
    states.put(execution(of="others"), "FAILED")
    assert handler({}, context) == {"executions": len(unhappy)}
    assert queue.arns() == sorted(unhappy)


def test_more_than_a_page_and_more_than_a_batch_are_passed_on(
    states: States, queue: Unhappy, context: LambdaContext
) -> None:
    for number in range(23):
        states.put(execution(f"o-{number}"), started=timedelta(minutes=number + 6))
    assert handler({}, context) == {"executions": 23}
    assert len(set(queue.arns())) == 23


def test_a_quiet_time_sends_nothing(states: States, queue: Unhappy, context: LambdaContext) -> None:
    assert handler({}, context) == {"executions": 0}
    assert queue.bodies() == []


def test_an_execution_is_found_by_when_it_ended_however_long_it_ran(
    states: States, queue: Unhappy, context: LambdaContext
) -> None:
    minute = timedelta(minutes=1)
    young = states.put(started=LONGEST + LOOKS_BACK - minute, stopped=LOOKS_BACK - minute)
    states.put(execution("old"), started=LOOKS_BACK + 2 * minute, stopped=LOOKS_BACK + minute)
    handler({}, context)
    assert queue.arns() == [young]


def test_executions_that_started_before_any_could_still_run_are_not_read(states: States) -> None:
    """A machine may have hundreds of thousands of them."""
    for number in range(20):
        states.put(execution(f"o-{number}"), started=timedelta(days=1 + number))
    pages: list[int] = []
    paginate = states.paginate

    def counted(**request: Any) -> Any:
        for page in paginate(**request):
            pages.append(len(page["executions"]))
            yield page

    states.paginate = counted  # type: ignore[method-assign]
    since = datetime.now(UTC) - LOOKS_BACK
    assert list(Executions(states).unhappy(machine(), since)) == []
    assert len(pages) == 3  # the first of each status


@pytest.mark.parametrize("workflow", [order_processing, checkout, fulfillment])
def test_no_machine_may_run_for_longer_than_is_looked_back_for(workflow: Any) -> None:
    seconds = workflow.definition(workflow.Resources())["TimeoutSeconds"]
    assert timedelta(seconds=seconds) <= LONGEST


def test_a_late_start_hides_no_earlier_one_that_ended_later(states: States) -> None:
    states.put(execution("quick"), started=3 * LOOKS_BACK, stopped=2 * LOOKS_BACK)
    slow = states.put(execution("slow"), started=4 * LOOKS_BACK, stopped=LOOKS_BACK / 2)
    since = datetime.now(UTC) - LOOKS_BACK
    assert list(Executions(states).unhappy(machine(), since)) == [slow]


def test_what_is_passed_on_is_a_message_that_the_reconciler_takes(
    dynamodb: Any, states: States, queue: Unhappy, context: LambdaContext
) -> None:
    held = Held(dynamodb).reserve().capture()
    states.put(status="TIMED_OUT")
    handler({}, context)
    (body,) = queue.bodies()
    assert failures(reconcile_order(delivery(body), context)) == []
    held.assert_undone()


def test_listing_again_what_was_reconciled_changes_nothing(
    dynamodb: Any, states: States, queue: Unhappy, context: LambdaContext, tables: Any
) -> None:
    Held(dynamodb).reserve().capture()
    states.put()
    handler({}, context)
    reconcile_order(delivery(*queue.bodies()), context)
    before = tables.rows()
    assert handler({}, context) == {"executions": 1}
    assert failures(reconcile_order(delivery(*queue.bodies()), context)) == []
    assert tables.rows() == before


def test_a_queue_that_takes_only_some_messages_is_an_error_that_passes() -> None:
    class Full:
        def send_message_batch(self, **request: Any) -> Any:
            return {"Failed": [{"Id": "0", "Code": "InternalError", "SenderFault": False}]}

    with pytest.raises(ServiceUnavailable):
        UnhappyExecutions(Full(), "url").send([ARN])


def test_step_functions_own_answers_are_understood(
    queue: Unhappy, context: LambdaContext, monkeypatch: pytest.MonkeyPatch, log: StringIO
) -> None:
    client = boto3.client("stepfunctions")
    definition = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})
    role = "arn:aws:iam::123456789012:role/orders"
    made = client.create_state_machine(name="orders", definition=definition, roleArn=role)
    arns = [
        client.start_execution(stateMachineArn=made["stateMachineArn"], name=name)["executionArn"]
        for name in ("o-1", "o-2")
    ]
    client.stop_execution(executionArn=arns[0])
    kinds = {made["stateMachineArn"]: "order_processing"}
    monkeypatch.setenv("RECONCILED_MACHINES", json.dumps(kinds))
    assert handler({}, context) == {"executions": 1}
    assert queue.arns() == [arns[0]]
    assert '"executions":1' in log.getvalue()
