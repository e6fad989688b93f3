"""The whole stack as registered: what holds for every resource of it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from workflows import DEFINITIONS

ROOT = Path(__file__).parents[2]
BY_HAND = {"link-label"}
"""Functions that a person invokes, who sees whether it worked."""

WITHOUT_RESOURCE_LEVEL = {
    "dynamodb:ListStreams",
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
}
"""Actions for which AWS knows no resource (Service Authorization Reference)."""


def test_no_role_may_do_everything_or_act_on_everything(stack: Any) -> None:
    checked = 0
    for name, statement in stack.policies():
        actions = statement["Action"]
        assert all("*" not in action for action in actions), name
        if "*" in statement["Resource"]:
            assert set(actions) <= WITHOUT_RESOURCE_LEVEL, (name, actions)
        checked += 1
    assert checked > 20


def test_every_machine_logs_errors_without_execution_data_and_traces(stack: Any) -> None:
    machines = stack.of("sfn/stateMachine:StateMachine")

    assert len(machines) == len(DEFINITIONS)
    for machine in machines:
        logging = machine["loggingConfiguration"]
        assert logging["includeExecutionData"] is False
        assert logging["level"] == "ERROR"
        assert logging["logDestination"].endswith(":*")
        assert machine["tracingConfiguration"] == {"enabled": True}


def test_only_step_functions_may_assume_the_machines_role_and_only_for_this_account(
    stack: Any,
) -> None:
    role = stack.named("iam/role:Role", "order-processing-role")

    (trust,) = json.loads(role["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "states.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": "111122223333"}}


def test_the_machines_definition_names_the_deployed_resources(stack: Any) -> None:
    machine = stack.named("sfn/stateMachine:StateMachine", "order-processing")

    states = json.loads(machine["definition"])["States"]
    assert states["CapturePayment"]["Arguments"]["FunctionName"].endswith(":capture-payment")
    assert "123456789012" not in machine["definition"]


def test_the_machines_role_holds_what_its_definition_calls_and_what_it_logs_with(
    stack: Any,
) -> None:
    granted = {
        action: statement["Resource"]
        for statement in stack.statements("iam/rolePolicy:RolePolicy", "order-processing-policy")
        for action in statement["Action"]
    }
    assert set(granted) - WITHOUT_RESOURCE_LEVEL == {
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "lambda:InvokeFunction",
    }
    tables = "arn:aws:dynamodb:eu-west-1:111122223333:table/"
    assert granted["dynamodb:PutItem"] == [
        f"{tables}{name}" for name in ("CustomerPaymentSession", "ManualReview", "Reservations")
    ]
    assert len(granted["lambda:InvokeFunction"]) == 4


def test_every_table_is_recoverable_encrypted_and_protected(stack: Any) -> None:
    tables = stack.of("dynamodb/table:Table")

    assert len(tables) > 8
    for table in tables:
        assert table["pointInTimeRecovery"] == {"enabled": True}
        assert table["serverSideEncryption"] == {"enabled": True}
        assert table["deletionProtectionEnabled"] is True


def test_every_function_is_bounded_traced_and_logs_for_the_configured_days(stack: Any) -> None:
    functions = stack.of("lambda/function:Function")

    entry_points = [
        f"handlers.{path.parent.name}.{path.stem}.handler"
        for path in ROOT.glob("handlers/*/*.py")
        if re.search(r"^def handler\(|^handler = ", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert sorted(function["handler"] for function in functions) == sorted(entry_points)
    for function in functions:
        assert function["timeout"] == (290 if "sweep" in function["handler"] else 20)
        assert function["memorySize"] == 256
        assert function["tracingConfig"] == {"mode": "Active"}
    groups = stack.of("cloudwatch/logGroup:LogGroup")
    apis = stack.of("apigatewayv2/api:Api")
    assert len(groups) == len(functions) + len(DEFINITIONS) + len(apis)
    assert {group["retentionInDays"] for group in groups} == {14}


def test_a_function_has_six_of_its_timeouts_to_handle_a_message(stack: Any) -> None:
    sources = stack.of("lambda/eventSourceMapping:EventSourceMapping")
    arns = [made["eventSourceArn"] for made in sources]
    fed = [arn.rpartition(":")[2] for arn in arns if "/stream/" not in arn]

    for queue in fed:
        assert stack.named("sqs/queue:Queue", queue)["visibilityTimeoutSeconds"] >= 6 * 20
    assert sorted(fed) == ["PurchaseQueue", "mails", "start-fulfillment", "unhappy-executions"]


def test_no_queue_feeds_a_function_that_runs_for_longer_than_others(stack: Any) -> None:
    for mapping in stack.of("lambda/eventSourceMapping:EventSourceMapping"):
        function = mapping["functionName"].rpartition(":")[2]
        assert stack.named("lambda/function:Function", function)["timeout"] == 20


def test_every_rule_delivers_somewhere_and_keeps_what_it_cannot_deliver(stack: Any) -> None:
    targets = stack.of("cloudwatch/eventTarget:EventTarget")

    rules = {rule["name"] for rule in stack.of("cloudwatch/eventRule:EventRule") if "name" in rule}
    assert len(targets) == len(stack.of("cloudwatch/eventRule:EventRule")) > 4
    assert rules <= {target["rule"] for target in targets}
    assert all(target["deadLetterConfig"]["arn"] for target in targets)


def test_every_unhappy_end_of_a_machine_reaches_the_reconciler(stack: Any) -> None:
    rule = json.loads(
        stack.named("cloudwatch/eventRule:EventRule", "unhappy-executions")["eventPattern"]
    )

    assert rule["source"] == ["aws.states"]
    assert rule["detail"]["status"] == ["FAILED", "TIMED_OUT", "ABORTED"]
    machines = [arn.rpartition(":")[2] for arn in rule["detail"]["stateMachineArn"]]
    assert sorted(machines) == sorted(name.replace("_", "-") for name in DEFINITIONS)


def test_every_dead_letter_queue_has_an_alarm(stack: Any) -> None:
    dead = {
        made.name
        for made in stack.made
        if made.typ == "aws:sqs/queue:Queue" and "redrivePolicy" not in made.inputs
    }
    alarmed = {
        alarm["dimensions"]["QueueName"]
        for alarm in stack.of("cloudwatch/metricAlarm:MetricAlarm")
        if "QueueName" in alarm["dimensions"]
    }
    assert dead - {"service-requests-dead-letters"} == alarmed
    assert len(dead) > 4


def test_whoever_has_no_caller_that_watches_it_has_alarms_and_no_task_has(stack: Any) -> None:
    alarms = stack.of("cloudwatch/metricAlarm:MetricAlarm")
    watched = {
        metric: {one["dimensions"]["FunctionName"] for one in alarms if one["metricName"] == metric}
        for metric in ("Errors", "Throttles")
    }
    tasks = {
        arn.rpartition(":")[2]
        for name, statement in stack.policies()
        for arn in statement["Resource"]
        if name.removesuffix("-policy").replace("-", "_") in DEFINITIONS
        and statement["Action"] == ["lambda:InvokeFunction"]
    }
    everyone = {made.name for made in stack.made if made.typ == "aws:lambda/function:Function"}
    assert watched["Errors"] == watched["Throttles"] == everyone - tasks - BY_HAND
    assert len(tasks) > 7
    assert all(one["alarmActions"][0].endswith(":SupportAlerts") for one in alarms)


def test_every_machine_alerts_of_ends_that_no_state_sees_and_of_waiting(stack: Any) -> None:
    alerted = {
        (one["dimensions"]["StateMachineArn"].rpartition(":")[2], one["metricName"])
        for one in stack.of("cloudwatch/metricAlarm:MetricAlarm")
        if one["namespace"] == "AWS/States"
    }
    assert alerted == {
        (name.replace("_", "-"), metric)
        for name in DEFINITIONS
        for metric in ("ExecutionsTimedOut", "ExecutionsAborted", "ExecutionThrottled")
    }


def test_the_support_address_is_subscribed_to_support_alerts(stack: Any) -> None:
    (subscription,) = stack.of("sns/topicSubscription:TopicSubscription")

    assert subscription["endpoint"] == "support@example.com"
    assert subscription["topic"].endswith(":SupportAlerts")


def test_json_inputs_are_canonical_so_that_a_preview_shows_only_real_changes(stack: Any) -> None:
    for made in stack.made:
        for name in ("policy", "assumeRolePolicy", "eventPattern", "redrivePolicy", "definition"):
            text = made.inputs.get(name)
            if isinstance(text, str):
                document = json.loads(text)
                assert list(document) == sorted(document), (made.name, name)


def test_only_the_checkouts_own_functions_may_answer_its_tasks(stack: Any) -> None:
    answering = {
        name: statement["Resource"]
        for name, statement in stack.policies()
        if any(action.startswith("states:SendTask") for action in statement["Action"])
    }
    assert set(answering) == {
        "request-payment-answer-policy",
        "request-shipping-answer-policy",
        "receive-callback-answer-policy",
        "receive-callback-heartbeat-policy",
    }
    for (resource,) in answering.values():
        assert resource.endswith(":checkout")


def test_mails_are_sent_from_the_configured_address_only(stack: Any) -> None:
    assert stack.named("sesv2/emailIdentity:EmailIdentity", "mail-sender") == {
        "emailIdentity": "orders@example.com"
    }
    (sending,) = [
        statement
        for _, statement in stack.policies()
        if any(action.startswith("ses:") for action in statement["Action"])
    ]
    assert sending["Action"] == ["ses:SendEmail"]
    assert sending["Resource"][0].endswith(":mail-sender")


def test_the_callback_secret_is_read_by_the_callback_function_only(stack: Any) -> None:
    readers = {
        name
        for name, statement in stack.policies()
        if any(action.startswith("secretsmanager:") for action in statement["Action"])
    }
    assert readers == {"receive-callback-policy"}


def test_only_the_callbacks_are_open_and_all_else_is_signed(stack: Any) -> None:
    routes = stack.of("apigatewayv2/route:Route")

    is_open = {route["routeKey"] for route in routes if route["authorizationType"] == "NONE"}
    assert is_open == {"POST /callbacks/payment", "POST /callbacks/shipping"}
    assert {route["authorizationType"] for route in routes} == {"NONE", "AWS_IAM"}


def test_every_stage_is_throttled_and_logs_nothing_that_a_caller_sent(stack: Any) -> None:
    for stage in stack.of("apigatewayv2/stage:Stage"):
        assert stage["defaultRouteSettings"] == {
            "throttlingBurstLimit": 1000,
            "throttlingRateLimit": 1000.0,
        }
        logged = stage["accessLogSettings"]["format"].lower()
        assert not [word for word in ("body", "header", "path", "identity") if word in logged]


def test_a_pending_callback_expires(stack: Any) -> None:
    table = stack.named("dynamodb/table:Table", "PendingCallbacks")

    assert table["ttl"] == {"attributeName": "ExpiresAt", "enabled": True}


def graphs(stack: Any) -> list[dict[str, Any]]:
    (dashboard,) = stack.of("cloudwatch/dashboard:Dashboard")
    return [w["properties"] for w in json.loads(dashboard["dashboardBody"])["widgets"]]


def test_the_dashboard_shows_every_machine_the_api_and_what_waits(stack: Any) -> None:
    machines = [m for m in stack.made if m.typ == "aws:sfn/stateMachine:StateMachine"]
    shown = {metric[3] for graph in graphs(stack) for metric in graph["metrics"]}
    queues = {"PurchaseQueue", "fulfillment-requests"}
    dead_letters = {f"{queue}-dead-letters" for queue in queues}
    arns = {f"arn:aws:sfn:eu-west-1:111122223333:{machine.name}" for machine in machines}
    assert shown == {*arns, "orders-api-id", *queues, *dead_letters, *PAYERS}
    assert {graph["region"] for graph in graphs(stack)} == {"eu-west-1"}


PAYERS = {"authorize-payment", "capture-payment", "void-payment"}


@pytest.mark.parametrize(
    ("metric", "statistic"), [("Throttles", "Sum"), ("ConcurrentExecutions", "Maximum")]
)
def test_the_dashboard_shows_which_calls_of_the_gateway_are_held_back(
    stack: Any, metric: str, statistic: str
) -> None:
    (graph,) = [one for one in graphs(stack) if one["metrics"][0][1] == metric]

    assert {line[3] for line in graph["metrics"]} == PAYERS
    assert {(line[0], line[2]) for line in graph["metrics"]} == {("AWS/Lambda", "FunctionName")}
    assert graph["stat"] == statistic


def test_no_graph_of_the_dashboard_hides_another(stack: Any) -> None:
    (dashboard,) = stack.of("cloudwatch/dashboard:Dashboard")
    widgets = json.loads(dashboard["dashboardBody"])["widgets"]

    assert len({(widget["x"], widget["y"]) for widget in widgets}) == len(widgets)
    assert all(widget["x"] + widget["width"] <= 24 for widget in widgets)


def stated(pattern: str) -> int:
    """The number that the README states in a sentence."""
    (found,) = re.findall(pattern, (ROOT / "README.md").read_text(encoding="utf-8"))
    return NUMBERS.index(found) if found in NUMBERS else int(found.replace(",", ""))


NUMBERS = ["no", "one", "two", "three", "four", "five", "six"]


def test_the_readme_counts_what_costs_while_no_order_comes(stack: Any) -> None:
    schedules = stack.of("scheduler/schedule:Schedule")
    sources = stack.of("lambda/eventSourceMapping:EventSourceMapping")
    streams = [made for made in sources if "/stream/" in made["eventSourceArn"]]

    assert stated(r" (\d+) alarms ") == len(stack.of("cloudwatch/metricAlarm:MetricAlarm"))
    assert stated(r" (\w+) schedules that run") == len(schedules) == 2
    assert stated(r"\(([\d,]+) runs in 30 days") == len(schedules) * 12 * 24 * 30
    assert stated(r" (\w+) queues that Lambda polls") == len(sources) - len(streams)
    assert stated(r"\((\w+) streams it reads") == len(streams) == 2
    assert {made["scheduleExpression"] for made in schedules} == {"rate(5 minutes)"}


def test_the_stack_has_so_many_functions_queues_and_tables(stack: Any) -> None:
    assert len(stack.of("lambda/function:Function")) == 25
    assert len(stack.of("sqs/queue:Queue")) == 14
    assert len(stack.of("dynamodb/table:Table")) == 11


def test_the_documents_explain_every_alarm(stack: Any) -> None:
    alarms = [m.name for m in stack.made if m.typ == "aws:cloudwatch/metricAlarm:MetricAlarm"]
    operating = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:<[a-z]+>|[a-z-]+)-[A-Za-z-]*alarm)`", operating))

    assert named
    assert [name for name in alarms if not any(explains(each, name) for each in named)] == []


def explains(pattern: str, name: str) -> bool:
    """Whether an alarm's name is one that the documents name, `<queue>` being any queue."""
    kind, _, rest = pattern.rpartition(">")
    return name == pattern if not kind else name.endswith(rest)
