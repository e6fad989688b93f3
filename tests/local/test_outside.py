"""The outside services do what a scenario's `callbacks` say, and nothing else."""

import itertools
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from handlers.checkout.rules.errors import BadSignature
from handlers.checkout.rules.signatures import verify
from local import evidence
from local.behaviours import GARBAGE
from local.cloud import Cloud
from local.deploy import Deployment
from local.outside import OutsideServices
from local.scenario import CALLBACKS
from local.stack import Stack
from local.waiting import await_end
from tests.emulator.bench import Bench, jsonata, until

_SECRET = "only the services and we know"
_TABLES = {"CustomerOrders": "OrderId", "PaymentGateway": "Id"}
_numbers = itertools.count()


@dataclass
class _Shop:
    """A stack of queue, secret and tables, and a server that notes the callbacks it gets."""

    bench: Bench
    stack: Stack
    url: str = ""
    statuses: list[int] = field(default_factory=list)
    heard: list[tuple[str, str]] = field(default_factory=list)

    def hear(self, headers: Any, body: bytes) -> int:
        word = json.loads(body)["status"]
        timestamp, signature = headers["X-Orders-Timestamp"], headers["X-Orders-Signature"]
        try:
            verify(_SECRET.encode(), timestamp, signature, body, datetime.now(UTC))
        except BadSignature:
            word = "forged"
        self.heard.append((json.loads(body)["orderId"], word))
        return self.statuses.pop(0) if self.statuses else 200

    def ask(self, service: str) -> tuple[str, str]:
        """An order's id and execution, which waits for the service named."""
        order = f"order-{next(_numbers)}"
        execution = self._wait(
            {
                "service": service,
                "orderId": order,
                "amount": 127,
                "currency": "USD",
                "callbackUrl": f"{self.url}/callbacks/{service}",
            }
        )
        return order, execution

    def _wait(self, request: dict[str, Any]) -> str:
        queue = self.stack.outputs["queues"]["serviceRequests"]
        ask = {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Arguments": {
                "QueueUrl": queue,
                "MessageBody": json.dumps(request),
                "MessageAttributes": {
                    "token": {
                        "DataType": "String",
                        "StringValue": "{% $states.context.Task.Token %}",
                    }
                },
            },
            "TimeoutSeconds": 86400,
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Left"}],
            "End": True,
        }
        states = {
            "Note": self._note(request["orderId"]),
            "Ask": ask,
            "Left": {"Type": "Wait", "Seconds": 10, "End": True},
        }
        grants = [("sqs:SendMessage", "*"), ("dynamodb:PutItem", "*")]
        return self.bench.start(self.bench.machine(jsonata(states), *grants))

    def _note(self, order: str) -> dict[str, Any]:
        item = {
            "OrderId": {"S": order},
            "ExecutionArn": {"S": "{% $states.context.Execution.Id %}"},
        }
        return {
            "Type": "Task",
            "Resource": "arn:aws:states:::dynamodb:putItem",
            "Arguments": {"TableName": self.stack.table("CustomerOrders"), "Item": item},
            "Next": "Ask",
        }

    def operations(self, order: str) -> list[str]:
        return [entry["operation"] for entry in evidence.payments(self.stack, order)]

    def words(self, order: str) -> list[str]:
        return [word for about, word in self.heard if about == order]


@pytest.fixture(scope="module")
def shop(cloud: Cloud) -> Iterator[_Shop]:
    bench = Bench(cloud)
    for name, key in _TABLES.items():
        cloud.client("dynamodb").create_table(
            TableName=name,
            KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    secrets = cloud.client("secretsmanager")
    secret = secrets.create_secret(Name=bench.name("secret"), SecretString=_SECRET)["ARN"]
    outputs = {
        "queues": {"serviceRequests": bench.queue()[0]},
        "callbackSecretArn": secret,
        "tables": {name: name for name in _TABLES},
    }
    made = _Shop(bench, Stack(cloud, Deployment([], outputs), 0.0))
    with _listening(made) as server:
        made.url = f"http://127.0.0.1:{server.server_port}"
        yield made
        server.shutdown()


def _listening(shop: _Shop) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(shop.hear(self.headers, body))
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


_SAID = {
    ("payment", "succeeded"): ["succeeded"],
    ("payment", "failed"): ["failed"],
    ("payment", "none"): [],
    ("payment", "twice"): ["succeeded", "succeeded"],
    ("payment", "late"): ["succeeded"],
    ("payment", "forged"): ["forged"],
    ("payment", "garbage"): [GARBAGE],
    ("shipping", "available"): ["available"],
    ("shipping", "unavailable"): ["unavailable"],
    ("shipping", "none"): [],
    ("shipping", "twice"): ["available", "available"],
    ("shipping", "late"): ["available"],
    ("shipping", "forged"): ["forged"],
    ("shipping", "garbage"): [GARBAGE],
}
_PAID = {"succeeded", "twice", "late"}
_SILENT = {"none", "late", "forged"}


def test_every_value_of_callbacks_is_tried() -> None:
    assert set(_SAID) == {(service, value) for service in CALLBACKS for value in CALLBACKS[service]}


@pytest.mark.parametrize(("service", "value"), [said for said in _SAID if "payment" in said])
def test_a_service_does_what_is_asked_of_it(shop: _Shop, service: str, value: str) -> None:
    with OutsideServices(shop.stack, {service: value}):
        order, execution = shop.ask(service)
        states = shop.stack.cloud.client("stepfunctions")
        if value in _SILENT:
            await_end(shop.stack, execution)
        else:
            until(lambda: len(shop.words(order)) == len(_SAID[service, value]))
            states.stop_execution(executionArn=execution)
    assert shop.words(order) == _SAID[service, value]
    paid = service == "payment" and value in _PAID
    assert shop.operations(order) == (["authorize", "capture"] if paid else [])


def test_a_late_service_answers_when_the_state_is_left(shop: _Shop) -> None:
    left_when_heard: list[bool] = []
    with OutsideServices(shop.stack, {"payment": "late"}):
        order, execution = shop.ask("payment")
        until(lambda: shop.words(order), seconds=10)
        events = shop.bench.events(execution)
        left_when_heard.append(any(event["type"] == "WaitStateEntered" for event in events))
        await_end(shop.stack, execution)
    assert left_when_heard == [True]


def test_a_service_whose_call_was_not_taken_calls_again(shop: _Shop) -> None:
    shop.statuses[:] = [503, 429]
    with OutsideServices(shop.stack):
        order, execution = shop.ask("payment")
        until(lambda: len(shop.words(order)) == 3)
    shop.stack.cloud.client("stepfunctions").stop_execution(executionArn=execution)
    assert shop.words(order) == ["succeeded"] * 3


def test_no_money_is_taken_for_a_cancelled_order(shop: _Shop) -> None:
    gateway = OutsideServices(shop.stack).gateway
    with OutsideServices(shop.stack):
        order = "order-cancelled"
        gateway.void(order)
        body = {
            "service": "payment",
            "orderId": order,
            "amount": 127,
            "currency": "USD",
            "callbackUrl": f"{shop.url}/callbacks/payment",
        }
        queue = shop.stack.outputs["queues"]["serviceRequests"]
        shop.stack.cloud.client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(body))
        until(lambda: shop.words(order))
    assert shop.words(order) == ["failed"]
    assert "capture" not in shop.operations(order)


def test_nothing_is_left_in_the_queue(shop: _Shop) -> None:
    with OutsideServices(shop.stack, {"payment": "failed"}):
        _, execution = shop.ask("payment")
        states = shop.stack.cloud.client("stepfunctions")
        until(lambda: any(e["type"] == "TaskSubmitted" for e in shop.bench.events(execution)))
        states.stop_execution(executionArn=execution)
    sqs = shop.stack.cloud.client("sqs")
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    queue = shop.stack.outputs["queues"]["serviceRequests"]
    found = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
    assert set(found.values()) == {"0"}
