"""A Python Lambda function with a role of its own."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from components.aws.alarms import alarm_above
from components.aws.grants import Statement, allow, role_policy, service_role
from components.aws.logs import log_group
from components.aws.queue import DeadLetters, Queue
from components.aws.table import Table
from components.aws.topic import Topic

RUNTIME = "python3.13"
RECORD_AGE_SECONDS = 6 * 3600
"""How long a stream's record is tried before it goes to the dead letters; it is kept for 24 h."""

TIMEOUT_SECONDS = 20
MEMORY_MB = 256
LATE_MILLISECONDS = 300_000
"""The age of a stream's record that nobody should wait for longer."""


class Streams(TypedDict):
    """The streams of tables that a function consumes; `failures` gets what it cannot handle."""

    tables: Mapping[str, Table]
    failures: DeadLetters


class PythonFunctionArgs(TypedDict):
    """What runs, with which settings, and what it may do.

    `timeout` is in seconds, `memory` in MB; `queue` makes the function consume a queue, at most
    `concurrency` batches at once (Lambda takes 2 to 1000) of up to `batch_size` messages. `alarms`
    is alerted when the function fails or is throttled: for one whose caller does not watch it, as
    a machine watches its tasks. `streams` makes it consume the changes of tables, by what the
    mappings are called. `reserved` is how many run at once at most; Lambda refuses more calls.
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
    streams: NotRequired[Streams]
    reserved: NotRequired[int]


class PythonFunction(pulumi.ComponentResource):
    """A function, its role, its log group with a retention time, and its event source."""

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    invoke_arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: PythonFunctionArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aws-blocks:index:PythonFunction", name, None, opts)
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
            reserved_concurrent_executions=args.get("reserved"),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )
        if "queue" in args:
            _event_source(name, function, args, [policy])
        if "streams" in args:
            _stream_sources(name, function, args["streams"], [policy])
        self._name = name
        self._role = role
        self.name = function.name
        self.arn = function.arn
        self.invoke_arn = function.invoke_arn
        if "alarms" in args:
            self._watch(args["alarms"], "streams" in args)
        self.register_outputs({"name": self.name, "arn": self.arn})

    def _watch(self, topic: Topic, reads_streams: bool) -> None:
        limits: dict[str, float] = {"Errors": 0, "Throttles": 0}
        if reads_streams:
            limits["IteratorAge"] = LATE_MILLISECONDS
        for metric, limit in limits.items():
            alarm_above(
                f"{self._name}-{metric}",
                ("AWS/Lambda", metric),
                {"FunctionName": self.name},
                topic,
                self,
                limit,
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
    found = [args["queue"].allow_consume()] if "queue" in args else []
    if "streams" in args:
        for table in args["streams"]["tables"].values():
            found += table.allow_read_stream()
        found.append(args["streams"]["failures"].allow_send())
    return found


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


def _stream_sources(
    name: str, function: aws.lambda_.Function, streams: Streams, after: Sequence[pulumi.Resource]
) -> None:
    """From the oldest record on, in order; a batch that fails is halved, so that one holds up few.

    AWS, "Using Lambda with Amazon DynamoDB": by default a record is tried until it expires.
    """
    for source, table in streams["tables"].items():
        aws.lambda_.EventSourceMapping(
            f"{name}-{source}",
            event_source_arn=table.stream_arn,
            function_name=function.arn,
            starting_position="TRIM_HORIZON",
            batch_size=100,
            function_response_types=["ReportBatchItemFailures"],
            bisect_batch_on_function_error=True,
            maximum_record_age_in_seconds=RECORD_AGE_SECONDS,
            destination_config={"on_failure": {"destination_arn": streams["failures"].arn}},
            opts=pulumi.ResourceOptions(parent=function, depends_on=after),
        )


def _scaling(
    args: PythonFunctionArgs,
) -> aws.lambda_.EventSourceMappingScalingConfigArgs | None:
    if "concurrency" not in args:
        return None
    return aws.lambda_.EventSourceMappingScalingConfigArgs(maximum_concurrency=args["concurrency"])
