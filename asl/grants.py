"""Integration by integration, the IAM actions a request needs and the resources it needs them on.

Sources: AWS Step Functions Developer Guide, "How Step Functions generates IAM policies for
integrated services"; AWS Service Authorization Reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from email.utils import parseaddr
from typing import Final, NamedTuple

from asl.request import Request
from asl.scope import Scope


class Grant(NamedTuple):
    """One IAM action on one resource."""

    action: str
    resource: str


Rule = Callable[[Request, Scope], Iterator[Grant]]


def _table(action: str) -> Rule:
    def grants(request: Request, scope: Scope) -> Iterator[Grant]:
        yield Grant(action, scope.named("dynamodb", "table/", request.required("TableName")))

    return grants


def _table_or_index(action: str) -> Rule:
    """Reading an index needs the index alone: its ARN is a resource of its own."""

    def grants(request: Request, scope: Scope) -> Iterator[Grant]:
        table = scope.named("dynamodb", "table/", request.required("TableName"))
        index = request.literal("IndexName")
        yield Grant(action, f"{table}/index/{index}" if index else table)

    return grants


def _function(request: Request, scope: Scope) -> Iterator[Grant]:
    qualifier = request.literal("Qualifier")
    arn = scope.function(request.required("FunctionName"))
    yield Grant("lambda:InvokeFunction", f"{arn}:{qualifier}" if qualifier else arn)


def _topic(request: Request, scope: Scope) -> Iterator[Grant]:
    topic = request.literal("TopicArn") or request.required("TargetArn")
    yield Grant("sns:Publish", scope.named("sns", "", topic))


def _queue(request: Request, scope: Scope) -> Iterator[Grant]:
    try:
        yield Grant("sqs:SendMessage", scope.queue(request.required("QueueUrl")))
    except ValueError as error:
        raise request.hidden("QueueUrl") from error


def _buses(request: Request, scope: Scope) -> Iterator[Grant]:
    entries = request.fields.get("Entries") if isinstance(request.fields, Mapping) else None
    if not isinstance(entries, list) or not entries:
        raise request.hidden("Entries")
    for entry in entries:
        bus = request.part("Entries", entry).literal("EventBusName") or "default"
        yield Grant("events:PutEvents", scope.named("events", "event-bus/", bus))


def _machine(action: str) -> Rule:
    """A version or an alias is authorized by the ARN of its machine (same guide, "Aliases")."""

    def grants(request: Request, scope: Scope) -> Iterator[Grant]:
        machine = scope.named("states", "stateMachine:", request.required("StateMachineArn"))
        yield Grant(action, scope.unqualified(machine))

    return grants


def _finished_machine(request: Request, scope: Scope) -> Iterator[Grant]:
    """`.sync` waits through a rule that Step Functions manages, and stops what it started."""
    for start in _machine("states:StartExecution")(request, scope):
        yield start
        executions = scope.executions(start.resource)
        yield Grant("states:DescribeExecution", executions)
        yield Grant("states:StopExecution", executions)
    rule = scope.arn("events", "rule/StepFunctionsGetEventsForStepFunctionsExecutionRule")
    for action in ("events:DescribeRule", "events:PutRule", "events:PutTargets"):
        yield Grant(action, rule)


def _execution(request: Request, scope: Scope) -> Iterator[Grant]:
    arn = request.required("ExecutionArn")
    yield Grant("states:DescribeExecution", scope.named("states", "execution:", arn))


def _objects(action: str) -> Rule:
    """A literal key is granted alone; one made at run time, all of the bucket's objects."""

    def grants(request: Request, scope: Scope) -> Iterator[Grant]:
        bucket = request.required("Bucket")
        try:
            key = request.required("Key")
        except ValueError:
            key = "*"
        yield Grant(action, scope.bucket(bucket, key))

    return grants


def _mail(request: Request, scope: Scope) -> Iterator[Grant]:
    """Either the sender's address or its domain is the verified identity: both are named."""
    identity = request.literal("FromEmailAddressIdentityArn")
    address = parseaddr(request.required("FromEmailAddress"))[1]
    names = [identity] if identity else [address, address.rpartition("@")[2]]
    for name in names:
        yield Grant("ses:SendEmail", scope.named("ses", "identity/", name))
    settings = request.literal("ConfigurationSetName")
    if settings:
        yield Grant("ses:SendEmail", scope.arn("ses", f"configuration-set/{settings}"))


GRANTS: Final[Mapping[str, Rule]] = {
    "lambda:invoke": _function,
    "aws-sdk:lambda:invoke": _function,
    "dynamodb:getItem": _table("dynamodb:GetItem"),
    "dynamodb:putItem": _table("dynamodb:PutItem"),
    "dynamodb:updateItem": _table("dynamodb:UpdateItem"),
    "dynamodb:deleteItem": _table("dynamodb:DeleteItem"),
    "aws-sdk:dynamodb:getItem": _table("dynamodb:GetItem"),
    "aws-sdk:dynamodb:putItem": _table("dynamodb:PutItem"),
    "aws-sdk:dynamodb:updateItem": _table("dynamodb:UpdateItem"),
    "aws-sdk:dynamodb:deleteItem": _table("dynamodb:DeleteItem"),
    "aws-sdk:dynamodb:query": _table_or_index("dynamodb:Query"),
    "aws-sdk:dynamodb:scan": _table_or_index("dynamodb:Scan"),
    "events:putEvents": _buses,
    "aws-sdk:eventbridge:putEvents": _buses,
    "sns:publish": _topic,
    "aws-sdk:sns:publish": _topic,
    "sqs:sendMessage": _queue,
    "aws-sdk:sqs:sendMessage": _queue,
    "states:startExecution": _machine("states:StartExecution"),
    "states:startExecution.sync": _finished_machine,
    "states:startExecution.sync:2": _finished_machine,
    "aws-sdk:sfn:startExecution": _machine("states:StartExecution"),
    "aws-sdk:sfn:startSyncExecution": _machine("states:StartSyncExecution"),
    "aws-sdk:sfn:describeExecution": _execution,
    "aws-sdk:sesv2:sendEmail": _mail,
    "aws-sdk:s3:putObject": _objects("s3:PutObject"),
    "aws-sdk:s3:getObject": _objects("s3:GetObject"),
}
"""By integration. A callback (`.waitForTaskToken`) needs what its request needs, no more."""
