"""What the tests of the embedded cloud build: roles, functions and machines made for one test."""

import io
import itertools
import json
import textwrap
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from local.cloud import Cloud

Grant = tuple[str, str]

_PATIENCE_SECONDS = 15.0
_numbers = itertools.count()
_SERVICES = ("lambda.amazonaws.com", "states.amazonaws.com")


def zipped(files: dict[str, str]) -> bytes:
    """A zip archive of these texts by path."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, textwrap.dedent(text))
    return buffer.getvalue()


def policy(*grants: Grant, principal: dict[str, Any] | None = None) -> str:
    """A policy document that allows each action on its resource."""
    who = {"Principal": principal} if principal else {}
    statements = [{"Effect": "Allow", "Action": a, "Resource": r, **who} for a, r in grants]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def trust(*services: str) -> str:
    """A trust policy that lets the services assume the role."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": list(services)},
        "Action": "sts:AssumeRole",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def jsonata(states: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A JSONata definition that starts at the first state."""
    return {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states, **fields}


def until(fact: Callable[[], Any], seconds: float = _PATIENCE_SECONDS) -> Any:
    """Wait for a fact to be truthy and return it.

    Raises:
        AssertionError: it never was.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := fact():
            return value
        time.sleep(0.01)
    raise AssertionError(f"It did not happen within {seconds:g} s.")


@dataclass(frozen=True)
class Bench:
    """Makes things in a cloud, each under a name of its own.

    Attributes:
        cloud: where they are made.
        patience_seconds: how long a message that must come is waited for.
    """

    cloud: Cloud
    patience_seconds: float = _PATIENCE_SECONDS

    def name(self, prefix: str) -> str:
        """A name not used before in this process."""
        return f"{prefix}-{next(_numbers)}"

    def role(self, *grants: Grant, services: Sequence[str] = _SERVICES) -> str:
        """The ARN of a role that the services can assume, with these grants."""
        iam, name = self.cloud.client("iam"), self.name("role")
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(*services))
        if grants:
            iam.put_role_policy(RoleName=name, PolicyName="it", PolicyDocument=policy(*grants))
        return str(arn["Role"]["Arn"])

    def function(self, source: str, *grants: Grant, **fields: Any) -> str:
        """The ARN of a function whose archive is one module, `app`, with a `handler`."""
        created = self.cloud.client("lambda").create_function(
            **{
                "FunctionName": self.name("function"),
                "Runtime": "python3.13",
                "Architectures": ["arm64"],
                "Role": self.role(*grants),
                "Handler": "app.handler",
                "Code": {"ZipFile": zipped({"app.py": source})},
                "Timeout": 10,
                **fields,
            }
        )
        return str(created["FunctionArn"])

    def invoke(self, function: str, event: Any = None) -> Any:
        """The answer of a function, or its error document."""
        payload = json.dumps({} if event is None else event)
        answer = self.cloud.client("lambda").invoke(FunctionName=function, Payload=payload)
        return json.load(answer["Payload"])

    def machine(self, definition: Any, *grants: Grant, **fields: Any) -> str:
        """The ARN of a state machine whose role has these grants."""
        created = self.cloud.client("stepfunctions").create_state_machine(
            **{
                "name": self.name("machine"),
                "definition": json.dumps(definition),
                "roleArn": self.role(*grants),
                **fields,
            }
        )
        return str(created["stateMachineArn"])

    def start(self, machine: str, document: Any = None, **fields: Any) -> str:
        """The ARN of an execution just started."""
        states = self.cloud.client("stepfunctions")
        text = json.dumps({} if document is None else document)
        started = states.start_execution(stateMachineArn=machine, input=text, **fields)
        return str(started["executionArn"])

    def ended(self, execution: str, seconds: float = _PATIENCE_SECONDS) -> dict[str, Any]:
        """The description of an execution that has ended, its output read.

        Raises:
            AssertionError: it goes on and on.
        """
        describe = self.cloud.client("stepfunctions").describe_execution

        def description() -> Any:
            found = describe(executionArn=execution)
            return found if found["status"] != "RUNNING" else None

        found = until(description, seconds)
        output = json.loads(found["output"]) if "output" in found else None
        return {**found, "output": output}

    def run(self, definition: Any, document: Any = None, grants: Sequence[Grant] = ()) -> Any:
        """The description of an execution of a machine made for it."""
        return self.ended(self.start(self.machine(definition, *grants), document))

    def output(self, definition: Any, document: Any = None, grants: Sequence[Grant] = ()) -> Any:
        """The output of an execution, which must succeed."""
        description = self.run(definition, document, grants)
        assert description["status"] == "SUCCEEDED", description
        return description["output"]

    def events(self, execution: str, **fields: Any) -> list[dict[str, Any]]:
        """The first page of an execution's history."""
        states = self.cloud.client("stepfunctions")
        history = states.get_execution_history(executionArn=execution, **fields)
        return list(history["events"])

    def queue(self, **attributes: str) -> tuple[str, str]:
        """The URL and ARN of a queue."""
        sqs = self.cloud.client("sqs")
        url = sqs.create_queue(QueueName=self.name("queue"), Attributes=attributes)["QueueUrl"]
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return url, found["Attributes"]["QueueArn"]

    def received(self, queue_url: str, seconds: float | None = None) -> list[str]:
        """The bodies of the messages that come within this time; the first ends the wait."""
        sqs = self.cloud.client("sqs")
        deadline = time.monotonic() + (self.patience_seconds if seconds is None else seconds)
        while time.monotonic() < deadline:
            found = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10)
            if messages := found.get("Messages"):
                return [message["Body"] for message in messages]
            time.sleep(0.02)
        return []
