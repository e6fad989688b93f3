"""One page of graphs for whoever is on call."""

from collections.abc import Sequence
from typing import Any, TypedDict

import pulumi
import pulumi_aws as aws

from components.aws.function import PythonFunction
from components.aws.http_api import HttpApi
from components.aws.queue import Queue
from components.aws.workflow import Workflow

_WIDTH, _HEIGHT = 8, 6  # of a graph: three stand side by side, a dashboard being 24 wide
_ENDS = ("Succeeded", "Failed", "TimedOut", "Aborted")
_Metrics = list[list[Any]]


class DashboardArgs(TypedDict):
    """What is looked at: how executions end, who waits, how the API answers.

    `functions` are those that take a limited number of calls at once: what they refuse waits.
    """

    workflows: Sequence[Workflow]
    queues: Sequence[Queue]
    functions: Sequence[PythonFunction]
    api: HttpApi


class Dashboard(pulumi.ComponentResource):
    """A CloudWatch dashboard; its body is "Dashboard Body Structure" of CloudWatch's reference."""

    name: pulumi.Output[str]

    def __init__(
        self, name: str, args: DashboardArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aws-blocks:index:Dashboard", name, None, opts)
        region = args["workflows"][0].arn.apply(lambda arn: arn.split(":")[3])
        graphs = [
            *(_executions(workflow) for workflow in args["workflows"]),
            ("API: answers", "Sum", _api(args["api"], "Count", "4xx", "5xx")),
            ("API: milliseconds, 99 of 100", "p99", _api(args["api"], "Latency")),
            *(_messages(queue) for queue in args["queues"]),
            ("Payment: calls that wait", "Sum", _calls(args["functions"], "Throttles")),
            ("Payment: at once", "Maximum", _calls(args["functions"], "ConcurrentExecutions")),
        ]
        body = {"widgets": [_widget(*graph, at, region) for at, graph in enumerate(graphs)]}
        dashboard = aws.cloudwatch.Dashboard(
            name,
            dashboard_name=f"{pulumi.get_project()}-{pulumi.get_stack()}",
            dashboard_body=pulumi.Output.json_dumps(body, sort_keys=True),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.name = dashboard.dashboard_name
        self.register_outputs({"name": self.name})


_Graph = tuple[pulumi.Input[str], str, _Metrics]


def _executions(workflow: Workflow) -> _Graph:
    """How many were started, and how many ended in each way."""
    metrics = ["ExecutionsStarted", *(f"Executions{end}" for end in _ENDS)]
    lines = [["AWS/States", metric, "StateMachineArn", workflow.arn] for metric in metrics]
    return workflow.name.apply(lambda name: f"{name}: executions"), "Sum", lines


def _messages(queue: Queue) -> _Graph:
    """How many wait to be received, here and as dead letters, and for how many seconds."""
    lines: _Metrics = [
        ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue.name],
        ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue.dead_letter_name],
        ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", queue.name, {"yAxis": "right"}],
    ]
    return (
        queue.name.apply(lambda name: f"{name}: messages, and the oldest's age"),
        "Maximum",
        lines,
    )


def _api(api: HttpApi, *metrics: str) -> _Metrics:
    return [["AWS/ApiGateway", metric, "ApiId", api.id] for metric in metrics]


def _calls(functions: Sequence[PythonFunction], metric: str) -> _Metrics:
    return [["AWS/Lambda", metric, "FunctionName", function.name] for function in functions]


def _widget(
    title: pulumi.Input[str],
    statistic: str,
    metrics: _Metrics,
    at: int,
    region: pulumi.Input[str],
) -> dict[str, Any]:
    row, column = divmod(at, 3)
    graph = {"title": title, "metrics": metrics, "stat": statistic, "region": region, "period": 60}
    place = {"x": column * _WIDTH, "y": row * _HEIGHT, "width": _WIDTH, "height": _HEIGHT}
    return {"type": "metric", **place, "properties": graph}
