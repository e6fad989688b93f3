"""A Python Lambda function with a role of its own."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from components.alarms import alarm_when_positive
from components.grants import Statement, allow, role_policy, service_role
from components.logs import log_group
from components.queue import Queue
from components.topic import Topic

RUNTIME = "python3.13"
TIMEOUT_SECONDS = 20
MEMORY_MB = 256


class PythonFunctionArgs(TypedDict):
    """What runs, with which settings, and what it may do.

    `timeout` is in seconds, `memory` in MB; `queue` makes the function consume a queue, at most
    `concurrency` batches at once (Lambda takes 2 to 1000) of up to `batch_size` messages. `alarms`
    is told when the function fails or is throttled: for one whose caller does not watch it, as a
    machine watches its tasks.
    """

    handler: str
    code: pulumi.Archive
    environment: Mapping[str, pulumi.Input[str]]
    allow: Sequence[Statement]
    layers: NotRequired[Sequence[pulumi.Input[str]]]
    alarms: NotRequired[Topic]
    timeout: NotRequired[int]
    memory: NotRequired[int]
    log_retention_days: NotRequired[pulumi.Input[int]]
    queue: NotRequired[Queue]
    concurrency: NotRequired[int]
    batch_size: NotRequired[int]


class PythonFunction(pulumi.ComponentResource):
    """A function, its role, its log group with a retention time, and its event source."""

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    invoke_arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: PythonFunctionArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("orders:index:PythonFunction", name, None, opts)
        logs = log_group(name, "/aws/lambda", args.get("log_retention_days", 30), self)
        role = service_role(name, "lambda.amazonaws.com", self)
        policy = role_policy(name, role, [*_runtime(logs), *args["allow"], *_consume(args)])
        function = aws.lambda_.Function(
            name,
            runtime=RUNTIME,
            architectures=["arm64"],
            handler=args["handler"],
            code=args["code"],
            layers=list(args.get("layers", ())),
            role=role.arn,
            timeout=args.get("timeout", TIMEOUT_SECONDS),
            memory_size=args.get("memory", MEMORY_MB),
            environment={"variables": args["environment"]},
            logging_config={"log_format": "JSON", "log_group": logs.name},
            tracing_config={"mode": "Active"},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )
        if "queue" in args:
            _event_source(name, function, args, [policy])
        self._name = name
        self._role = role
        self.name = function.name
        self.arn = function.arn
        self.invoke_arn = function.invoke_arn
        if "alarms" in args:
            self._watch(args["alarms"])
        self.register_outputs({"name": self.name, "arn": self.arn})

    def _watch(self, topic: Topic) -> None:
        for metric in ("Errors", "Throttles"):
            alarm_when_positive(
                f"{self._name}-{metric}",
                ("AWS/Lambda", metric),
                {"FunctionName": self.name},
                topic,
                self,
            )

    def permit(self, purpose: str, *statements: Statement) -> None:
        """Permissions on what is made after the function, such as a machine that calls it."""
        role_policy(f"{self._name}-{purpose}", self._role, statements)

    def allow_invoke(self) -> Statement:
        """The permission to invoke this function."""
        return allow("lambda", ["InvokeFunction"], self.arn)


def _runtime(logs: aws.cloudwatch.LogGroup) -> list[Statement]:
    """What Lambda itself does in the function's name; X-Ray has no resource to name."""
    return [
        allow("logs", ["CreateLogStream", "PutLogEvents"], pulumi.Output.concat(logs.arn, ":*")),
        allow("xray", ["PutTraceSegments", "PutTelemetryRecords"], "*"),
    ]


def _consume(args: PythonFunctionArgs) -> list[Statement]:
    return [args["queue"].allow_consume()] if "queue" in args else []


def _event_source(
    name: str,
    function: aws.lambda_.Function,
    args: PythonFunctionArgs,
    after: Sequence[pulumi.Resource],
) -> aws.lambda_.EventSourceMapping:
    """Creating the mapping checks the role's permissions, so it waits for them."""
    return aws.lambda_.EventSourceMapping(
        f"{name}-source",
        event_source_arn=args["queue"].arn,
        function_name=function.arn,
        batch_size=args.get("batch_size", 10),
        scaling_config=_scaling(args),
        function_response_types=["ReportBatchItemFailures"],
        opts=pulumi.ResourceOptions(parent=function, depends_on=after),
    )


def _scaling(
    args: PythonFunctionArgs,
) -> aws.lambda_.EventSourceMappingScalingConfigArgs | None:
    if "concurrency" not in args:
        return None
    return aws.lambda_.EventSourceMappingScalingConfigArgs(maximum_concurrency=args["concurrency"])
