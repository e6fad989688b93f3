"""The state machine engine behaves as AWS's; each test is the contract of one mend."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventHistoryContext
from moto.stepfunctions.parser.asl.eval.program_state import ProgramStopped
from moto.stepfunctions.parser.backend.execution import Execution

from local.emulator import moto_mends
from local.emulator.patches import Patches
from tests.emulator.bench import Bench, jsonata, until
from tests.emulator.contracts import contract

_RAISES = "class Declined(Exception): pass\ndef handler(event, context): raise Declined('no')\n"


def _task(resource: str, arguments: Any = None, **fields: Any) -> dict[str, Any]:
    given = {} if arguments is None else {"Arguments": arguments}
    end = {} if "Next" in fields else {"End": True}
    return {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", **given, **end, **fields}


def _caught(*errors: str) -> list[dict[str, Any]]:
    output = "{% $states.errorOutput.Error %}"
    return [{"ErrorEquals": list(errors), "Output": output, "Next": "Caught"}]


_CAUGHT = {"Caught": {"Type": "Succeed"}}


@contract("role_clients")
def test_a_task_may_do_what_its_machines_role_may(bench: Bench) -> None:
    definition = jsonata({"List": _task("aws-sdk:dynamodb:listTables")})
    denied = bench.run(definition)
    assert denied["status"] == "FAILED"
    assert denied["error"] == "DynamoDb.DynamoDbException"
    allowed = bench.run(definition, grants=[("dynamodb:ListTables", "*")])
    assert allowed["status"] == "SUCCEEDED"


@contract("jsonata")
def test_a_variable_is_data_whatever_characters_it_holds(bench: Bench) -> None:
    awkward = 'a "quoted" $word & \\ {% %} é 😀 \n'
    states = {
        "Keep": {"Type": "Pass", "Assign": {"kept": "{% $states.input %}"}, "Next": "Tell"},
        "Tell": {"Type": "Pass", "Output": "{% $kept %}", "End": True},
    }
    assert bench.output(jsonata(states), awkward) == awkward


@contract("jsonata")
def test_a_variable_is_read_in_jsonpath_too(bench: Bench) -> None:
    states = {
        "Keep": {"Type": "Pass", "Assign": {"kept.$": "$.a"}, "Next": "Tell"},
        "Tell": {"Type": "Pass", "Parameters": {"told.$": "$kept.b[0]"}, "End": True},
    }
    document = {"a": {"b": ['"one"', 2]}}
    assert bench.output({"StartAt": "Keep", "States": states}, document) == {"told": '"one"'}


@contract("jsonata")
def test_null_is_a_value_and_a_missing_field_is_an_error(bench: Bench) -> None:
    definition = jsonata({"Tell": {"Type": "Pass", "Output": "{% $states.input.x %}", "End": True}})
    assert bench.output(definition, {"x": None}) is None
    missing = bench.run(definition, {"y": 1})
    assert missing["error"] == "States.QueryEvaluationError"
    assert "returned nothing (undefined)" in missing["cause"]


@contract("jsonata")
def test_a_failed_expression_is_caught_by_name(bench: Bench) -> None:
    task = _task(
        "aws-sdk:dynamodb:listTables",
        "{% $nothing %}",
        Catch=_caught("States.QueryEvaluationError"),
    )
    assert bench.output(jsonata({"List": task, **_CAUGHT})) == "States.QueryEvaluationError"


@contract("escapes")
def test_literals_and_names_keep_every_character(bench: Bench) -> None:
    name, text = 'a "name" é 😀', 'said "no" \\ 😀 \t/'
    states = {
        name: {"Type": "Pass", "Assign": {"kept": text}, "Next": "Tell"},
        "Tell": {
            "Type": "Pass",
            "Output": {"kept": "{% $kept %}", "literal": text, "same": "{% '😀' %}"},
            "End": True,
        },
    }
    machine = bench.machine(jsonata(states))
    execution = bench.start(machine)
    assert bench.ended(execution)["output"] == {"kept": text, "literal": text, "same": "😀"}
    entered = [
        e["stateEnteredEventDetails"] for e in bench.events(execution) if "stateEn" in str(e)
    ]
    assert entered[0]["name"] == name


@contract("definite_paths")
def test_a_definite_path_yields_the_value_itself(bench: Bench) -> None:
    state = {"Type": "Pass", "Parameters": {"x.$": "$.a[0].b", "all.$": "$.a[*].b"}, "End": True}
    definition = {"StartAt": "Tell", "States": {"Tell": state}}
    assert bench.output(definition, {"a": [{"b": 1}]}) == {"x": 1, "all": [1]}


@contract("casing")
def test_a_nested_start_takes_the_languages_casing(bench: Bench) -> None:
    inner = bench.machine(jsonata({"Done": {"Type": "Succeed"}}))
    arguments = {"StateMachineArn": inner, "Input": {"x": 1}}
    start = _task("states:startExecution", arguments, Output="{% $keys($states.result) %}")
    keys = bench.output(jsonata({"Start": start}), grants=[("states:StartExecution", inner)])
    assert sorted(keys) == ["ExecutionArn", "StartDate"]


@contract("sync_poll")
def test_the_end_of_a_nested_execution_is_noticed_soon(bench: Bench) -> None:
    wait = {"Type": "Wait", "Seconds": 3, "Next": "Done"}
    inner = bench.machine(jsonata({"Wait": wait, "Done": {"Type": "Succeed"}}))
    start = _task("states:startExecution.sync:2", {"StateMachineArn": inner, "Input": {}})
    machine = bench.machine(jsonata({"Start": start}), ("states:*", "*"), ("events:*", "*"))

    def seconds() -> float:
        began = time.monotonic()
        assert bench.ended(bench.start(machine))["status"] == "SUCCEEDED"
        return time.monotonic() - began

    assert min(seconds() for _ in range(3)) < 0.45


@contract("branch_errors")
def test_a_states_error_that_leaves_a_branch_is_caught(bench: Bench) -> None:
    wait = _task("aws-sdk:dynamodb:listTables", "{% $nothing %}")
    branch = {"StartAt": "List", "States": {"List": wait}}
    both = {"Type": "Parallel", "Branches": [branch], "Catch": _caught("States.ALL"), "End": True}
    assert bench.output(jsonata({"Both": both, **_CAUGHT})) == "States.QueryEvaluationError"


@contract("no_choice_matched")
def test_a_choice_without_a_match_has_its_own_error(bench: Bench) -> None:
    rules = [{"Condition": "{% false %}", "Next": "Done"}]
    states = {"Choose": {"Type": "Choice", "Choices": rules}, "Done": {"Type": "Succeed"}}
    assert bench.run(jsonata(states))["error"] == "States.NoChoiceMatched"


def _waiting(bench: Bench, **fields: Any) -> tuple[dict[str, Any], str, tuple[str, str]]:
    """A machine that sends its token to a queue, the queue's URL, and the grant it needs."""
    url, arn = bench.queue()
    arguments = {"QueueUrl": url, "MessageBody": "{% $states.context.Task.Token %}"}
    wait = _task("sqs:sendMessage.waitForTaskToken", arguments, **fields)
    return jsonata({"Wait": wait, **_CAUGHT}), url, ("sqs:SendMessage", arn)


@contract("heartbeat_timeouts")
def test_a_missed_heartbeat_has_its_own_error(bench: Bench) -> None:
    definition, _, grant = _waiting(bench, HeartbeatSeconds=2, TimeoutSeconds=600)
    assert bench.run(definition, grants=[grant])["error"] == "States.HeartbeatTimeout"


@pytest.mark.parametrize("error", ["States.HeartbeatTimeout", "States.Timeout", "States.ALL"])
def test_a_missed_heartbeat_is_caught_as_a_timeout_too(bench: Bench, error: str) -> None:
    limits = {"HeartbeatSeconds": 2, "TimeoutSeconds": 600}
    definition, _, grant = _waiting(bench, Catch=_caught(error), **limits)
    assert bench.output(definition, grants=[grant]) == "States.HeartbeatTimeout"


def _broken(error: str, caught: str) -> dict[str, Any]:
    """A definition whose first state ends in the error, handled under the other name.

    In JSONPath, whose States.Runtime has no equal in JSONata.
    """
    wrong = {
        "States.Runtime": {"InputPath": "$.missing"},
        "States.DataLimitExceeded": {
            "QueryLanguage": "JSONata",
            "Output": "{% $pad('', 262143) %}",
        },
    }
    branch = {
        "StartAt": "Break",
        "States": {"Break": {"Type": "Pass", "End": True, **wrong[error]}},
    }
    both = {
        "Type": "Parallel",
        "Branches": [branch],
        "Retry": [{"ErrorEquals": [caught], "IntervalSeconds": 1, "MaxAttempts": 1}],
        "Catch": [{"ErrorEquals": [caught], "Next": "Caught"}],
        "End": True,
    }
    return {"StartAt": "Both", "States": {"Both": both, **_CAUGHT}}


@contract("terminal_errors")
def test_no_wildcard_catches_or_retries_a_terminal_error(bench: Bench) -> None:
    for error in ("States.Runtime", "States.DataLimitExceeded"):
        for wildcard in ("States.ALL", "States.TaskFailed"):
            failed = bench.run(_broken(error, wildcard))
            assert (failed["status"], failed["error"]) == ("FAILED", error), wildcard
            types = [event["type"] for event in bench.events(failed["executionArn"])]
            assert types.count("PassStateEntered") == 1


@contract("terminal_errors")
def test_a_runtime_error_fails_the_execution_even_where_it_is_named(bench: Bench) -> None:
    failed = bench.run(_broken("States.Runtime", "States.Runtime"))
    assert (failed["status"], failed["error"]) == ("FAILED", "States.Runtime")


def test_an_exceeded_limit_is_caught_by_its_own_name(bench: Bench) -> None:
    error = "States.DataLimitExceeded"
    assert bench.output(_broken(error, error))["Error"] == error


def test_an_error_without_a_name_is_caught_by_a_wildcard(bench: Bench) -> None:
    stop = {"StartAt": "Stop", "States": {"Stop": {"Type": "Fail"}}}
    each = {"Type": "Map", "Items": [1], "ItemProcessor": stop, "Next": "Caught"}
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}]
    assert (
        bench.run(jsonata({"Each": {**each, "Catch": catch}, **_CAUGHT}))["status"] == "SUCCEEDED"
    )


def _padded(size: int) -> dict[str, Any]:
    """A definition whose output has this many bytes: `{"p":"éé..."}`."""
    letters = f"{{% $pad('', {(size - 8) // 2}, 'é') %}}"
    return jsonata({"Pad": {"Type": "Pass", "Output": {"p": letters}, "End": True}})


@contract("payload_limits")
def test_an_output_of_the_largest_size_passes(bench: Bench) -> None:
    assert bench.run(_padded(262_144))["status"] == "SUCCEEDED"


def test_a_larger_output_fails_the_execution(bench: Bench) -> None:
    failed = bench.run(_padded(262_146))
    assert (failed["status"], failed["error"]) == ("FAILED", "States.DataLimitExceeded")


@contract("payload_limits")
def test_arguments_have_the_same_limit(bench: Bench) -> None:
    url, arn = bench.queue()
    arguments = {"QueueUrl": url, "MessageBody": "{% $pad('', 262145, 'x') %}"}
    send = _task("sqs:sendMessage", arguments, Catch=_caught("States.ALL"))
    failed = bench.run(jsonata({"Send": send, **_CAUGHT}), grants=[("sqs:SendMessage", arn)])
    assert (failed["status"], failed["error"]) == ("FAILED", "States.DataLimitExceeded")
    assert bench.received(url, seconds=0.1) == []


def test_a_result_above_the_limit_is_caught_by_its_own_name_only(bench: Bench) -> None:
    function = bench.function("def handler(event, context): return 'x' * 262_144\n")
    grant = ("lambda:InvokeFunction", function)
    for error, status in (("States.ALL", "FAILED"), ("States.DataLimitExceeded", "SUCCEEDED")):
        call = _task("lambda:invoke", {"FunctionName": function}, Catch=_caught(error))
        ended = bench.run(jsonata({"Call": call, **_CAUGHT}), grants=[grant])
        assert ended["status"] == status, error


@contract("named_errors")
def test_an_expression_that_fails_is_named_so_in_every_task(bench: Bench) -> None:
    for integration in (
        "dynamodb:putItem",
        "sqs:sendMessage",
        "sns:publish",
        "events:putEvents",
        "lambda:invoke",
        "states:startExecution",
        "aws-sdk:dynamodb:query",
    ):
        failed = bench.run(jsonata({"Call": _task(integration, {"Any": "{% $nothing %}"})}))
        assert failed["error"] == "States.QueryEvaluationError", integration
        assert "$nothing" in failed["cause"], integration


_HANDS_ON = """
    import boto3
    def handler(event, context):
        boto3.client("sqs").send_message(QueueUrl=event["queue"], MessageBody=event["token"])
        raise ValueError("handed on, then failed")
    """


def _failing_after_the_token(bench: Bench, **fields: Any) -> tuple[str, str]:
    """The ARN of an execution whose task fails once its token is out, and the queue it is in."""
    url, arn = bench.queue()
    function = bench.function(_HANDS_ON, ("sqs:SendMessage", arn))
    payload = {"queue": url, "token": "{% $states.context.Task.Token %}"}
    arguments = {"FunctionName": function, "Payload": payload}
    fails = _task("lambda:invoke.waitForTaskToken", arguments, Next="Rest", **fields)
    rest = {"Type": "Wait", "Seconds": 100, "End": True}
    grant = ("lambda:InvokeFunction", function)
    return bench.start(bench.machine(jsonata({"Fails": fails, "Rest": rest}), grant)), url


@contract("attempt_tokens")
def test_every_attempt_has_its_own_token(bench: Bench) -> None:
    retry = {"ErrorEquals": ["ValueError"], "IntervalSeconds": 1, "MaxAttempts": 1}
    execution, url = _failing_after_the_token(bench, Retry=[retry])
    assert bench.ended(execution)["error"] == "ValueError"
    tokens = [*bench.received(url), *bench.received(url, seconds=0.2)]
    assert len(tokens) == len(set(tokens)) == 2


@contract("attempt_tokens")
def test_the_token_of_a_failed_attempt_is_void_while_the_machine_goes_on(bench: Bench) -> None:
    caught = [{"ErrorEquals": ["States.ALL"], "Next": "Rest"}]
    execution, url = _failing_after_the_token(bench, Catch=caught)
    (token,) = bench.received(url)
    until(lambda: any(e["type"] == "WaitStateEntered" for e in bench.events(execution)))
    states = bench.cloud.client("stepfunctions")
    with pytest.raises(states.exceptions.TaskTimedOut) as refused:
        states.send_task_success(taskToken=token, output="1")
    assert token not in str(refused.value)
    states.stop_execution(executionArn=execution)


def test_a_retry_after_a_missed_heartbeat_waits_anew(bench: Bench) -> None:
    retry = {"ErrorEquals": ["States.HeartbeatTimeout"], "IntervalSeconds": 1, "MaxAttempts": 1}
    limits = {"HeartbeatSeconds": 10, "TimeoutSeconds": 600}
    definition, url, grant = _waiting(bench, Retry=[retry], **limits)
    execution = bench.start(bench.machine(definition, grant))
    assert len(bench.received(url)) == 1
    (token,) = bench.received(url)
    bench.cloud.client("stepfunctions").send_task_success(taskToken=token, output='"in time"')
    assert bench.ended(execution)["output"] == "in time"


@contract("denied_put_events")
def test_a_refused_event_is_caught_by_eventbridges_name(bench: Bench) -> None:
    entry = {"Source": "orders", "DetailType": "Told", "Detail": {}}
    put = _task("events:putEvents", {"Entries": [entry]})
    error = bench.run(jsonata({"Put": put}))["error"]
    assert error == "EventBridge.AccessDeniedException"


@contract("parse_cache")
def test_a_definition_is_parsed_once(bench: Bench) -> None:
    choice = {"Type": "Choice", "Choices": [{"Condition": "{% false %}", "Next": "Step0"}]}
    steps = {
        f"Step{n}": {"Type": "Pass", "Output": {"n": "{% $states.input %}"}, "Next": f"Step{n + 1}"}
        for n in range(100)
    }
    states = {"Go": choice | {"Default": "Step100"}, **steps, "Step100": {"Type": "Succeed"}}
    drafts = [jsonata(states, Comment=bench.name("draft")) for _ in range(4)]

    def seconds(draft: dict[str, Any]) -> float:
        began = time.monotonic()
        bench.ended(bench.start(bench.machine(draft)))
        return time.monotonic() - began

    first = min(seconds(draft) for draft in drafts)
    assert min(seconds(draft) for draft in drafts) < first / 2


@contract("starts")
def test_unnamed_executions_do_not_collide(bench: Bench) -> None:
    machine = bench.machine(jsonata({"Done": {"Type": "Succeed"}}))
    assert bench.start(machine) != bench.start(machine)


@contract("starts")
def test_an_alias_starts_the_version_it_points_at(bench: Bench) -> None:
    states = bench.cloud.client("stepfunctions")
    first, second = (
        json.dumps(jsonata({"Tell": {"Type": "Pass", "Output": n, "End": True}})) for n in (1, 2)
    )
    created = states.create_state_machine(
        name=bench.name("machine"), definition=first, roleArn=bench.role(), publish=True
    )
    route = {"stateMachineVersionArn": created["stateMachineVersionArn"], "weight": 100}
    alias = states.create_state_machine_alias(name="live", routingConfiguration=[route])
    states.update_state_machine(stateMachineArn=created["stateMachineArn"], definition=second)
    outputs = [
        bench.ended(bench.start(arn))["output"]
        for arn in (
            alias["stateMachineAliasArn"],
            created["stateMachineVersionArn"],
            created["stateMachineArn"],
        )
    ]
    assert outputs == [1, 1, 2]


@contract("starts")
def test_an_execution_has_a_proper_name(bench: Bench) -> None:
    machine = bench.machine(jsonata({"Done": {"Type": "Succeed"}}))
    for name in ("a name", "a/b"):
        with pytest.raises(bench.cloud.client("stepfunctions").exceptions.InvalidName):
            bench.start(machine, name=name)


@contract("starts")
def test_an_input_has_its_limit(bench: Bench) -> None:
    machine = bench.machine(jsonata({"Done": {"Type": "Succeed"}}))
    bench.ended(bench.start(machine, "x" * 262_142))
    with pytest.raises(ClientError, match="less than or equal to 262144"):
        bench.start(machine, "x" * 262_143)


def test_an_input_is_json(bench: Bench) -> None:
    states = bench.cloud.client("stepfunctions")
    machine = bench.machine(jsonata({"Done": {"Type": "Succeed"}}))
    with pytest.raises(states.exceptions.InvalidExecutionInput):
        states.start_execution(stateMachineArn=machine, input="not JSON")


@contract("error_names")
def test_a_refused_definition_spoils_nothing(bench: Bench) -> None:
    broken = {"Tell": {"Type": "Pass", "Output": "{% 1 %}", "Next": "Go"}, "Go": {"Type": "Nap"}}
    with pytest.raises(ClientError, match="InvalidDefinition"):
        bench.machine(jsonata(broken))
    assert bench.output(jsonata({"Tell": {"Type": "Pass", "Output": "{% 2 %}", "End": True}})) == 2


def test_of_simultaneous_starts_of_one_name_one_runs(bench: Bench) -> None:
    machine = bench.machine(jsonata({"Wait": {"Type": "Wait", "Seconds": 10, "End": True}}))

    def start(number: int) -> str:
        try:
            return bench.start(machine, number, name="same")
        except ClientError as error:
            return str(error.response["Error"]["Code"])

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(start, range(16)))
    assert answers.count("ExecutionAlreadyExists") == 15


@contract("start_sync_execution")
def test_an_express_machine_answers_its_caller(bench: Bench) -> None:
    states = bench.cloud.client("stepfunctions")
    machine = bench.machine(jsonata({"Done": {"Type": "Succeed"}}), type="EXPRESS")
    answer = states.start_sync_execution(stateMachineArn=machine, input="[1]")
    assert (answer["status"], answer["output"]) == ("SUCCEEDED", "[1]")
    with pytest.raises(ClientError, match="less than or equal to 262144"):
        states.start_sync_execution(stateMachineArn=machine, input=json.dumps("x" * 262_143))


@contract("stops")
def test_a_stopped_execution_is_aborted_at_once(bench: Bench) -> None:
    definition, url, grant = _waiting(bench, Catch=_caught("States.ALL"))
    execution = bench.start(bench.machine(definition, grant))
    until(lambda: bench.received(url))
    states = bench.cloud.client("stepfunctions")
    states.stop_execution(executionArn=execution, error="Recalled", cause="by hand")
    stopped = states.describe_execution(executionArn=execution)
    assert (stopped["status"], stopped["error"], stopped["cause"]) == (
        "ABORTED",
        "Recalled",
        "by hand",
    )
    assert bench.events(execution)[-1]["type"] == "ExecutionAborted"


@contract("closed_histories")
def test_nothing_follows_the_end_of_a_history(bench: Bench) -> None:
    url, arn = bench.queue()
    source = f"""
        import boto3, time
        sqs = boto3.client("sqs")
        def handler(event, context):
            time.sleep(0.3)
            sqs.send_message(QueueUrl="{url}", MessageBody="over")
        """
    slow = bench.function(source, ("sqs:SendMessage", arn))
    call = _task("lambda:invoke", {"FunctionName": slow}, Catch=_caught("States.ALL"))
    machine = bench.machine(jsonata({"Call": call, **_CAUGHT}), ("lambda:InvokeFunction", slow))
    execution = bench.start(machine)
    until(lambda: "TaskStarted" in str(bench.events(execution)))
    bench.cloud.client("stepfunctions").stop_execution(executionArn=execution)
    assert bench.received(url, seconds=5) == ["over"]
    time.sleep(0.2)  # the engine's thread gets the function's answer
    assert [event["type"] for event in bench.events(execution)][-2:] == [
        "TaskStarted",
        "ExecutionAborted",
    ]


@contract("task_answers")
def test_a_callback_fails_a_task_with_its_error_and_cause(bench: Bench) -> None:
    definition, url, grant = _waiting(bench)
    execution = bench.start(bench.machine(definition, grant))
    (token,) = until(lambda: bench.received(url))
    bench.cloud.client("stepfunctions").send_task_failure(
        taskToken=token, error="Rejected", cause="not today"
    )
    failed = bench.ended(execution)
    assert (failed["error"], failed["cause"]) == ("Rejected", "not today")


@contract("task_answers")
def test_a_late_callback_is_told_that_the_task_is_over(bench: Bench) -> None:
    definition, url, grant = _waiting(bench)
    execution = bench.start(bench.machine(definition, grant))
    (token,) = until(lambda: bench.received(url))
    states = bench.cloud.client("stepfunctions")
    states.send_task_success(taskToken=token, output="1")
    bench.ended(execution)
    with pytest.raises(states.exceptions.TaskTimedOut):
        states.send_task_success(taskToken=token, output="2")
    with pytest.raises(states.exceptions.TaskTimedOut):
        states.send_task_heartbeat(taskToken=token)
    with pytest.raises(states.exceptions.InvalidToken):
        states.send_task_success(taskToken="no-such-token", output="2")
    with pytest.raises(states.exceptions.InvalidOutput):
        states.send_task_success(taskToken=token, output="not JSON")
    with pytest.raises(ClientError, match="less than or equal to 262144"):
        states.send_task_success(taskToken=token, output=json.dumps("x" * 262_143))


def test_heartbeats_keep_a_task_waiting(bench: Bench) -> None:
    definition, url, grant = _waiting(bench, HeartbeatSeconds=10, TimeoutSeconds=600)
    execution = bench.start(bench.machine(definition, grant))
    (token,) = until(lambda: bench.received(url))
    states = bench.cloud.client("stepfunctions")
    for _ in range(6):
        time.sleep(0.2)
        states.send_task_heartbeat(taskToken=token)
    states.send_task_success(taskToken=token, output='"paid"')
    assert bench.ended(execution)["output"] == "paid"


@contract("history_pages")
def test_a_history_is_read_page_by_page_and_backwards(bench: Bench) -> None:
    states = bench.cloud.client("stepfunctions")
    execution = bench.start(bench.machine(jsonata({"Done": {"Type": "Succeed"}})))
    bench.ended(execution)
    pages = states.get_paginator("get_execution_history").paginate(
        executionArn=execution, reverseOrder=True, PaginationConfig={"PageSize": 3}
    )
    ids = [[event["id"] for event in page["events"]] for page in pages]
    assert ids == [[4, 3, 2], [1]]


@contract("executions_definition")
def test_an_execution_remembers_the_definition_it_ran(bench: Bench) -> None:
    states = bench.cloud.client("stepfunctions")
    first, second = jsonata({"One": {"Type": "Succeed"}}), jsonata({"Two": {"Type": "Succeed"}})
    machine = bench.machine(first)
    execution = bench.start(machine)
    states.update_state_machine(stateMachineArn=machine, definition=json.dumps(second))
    ran = states.describe_state_machine_for_execution(executionArn=execution)
    assert json.loads(ran["definition"]) == first


@contract("descriptions")
def test_a_timed_out_execution_tells_when_it_ended(bench: Bench) -> None:
    wait = jsonata({"Wait": {"Type": "Wait", "Seconds": 100, "End": True}}, TimeoutSeconds=2)
    ended = bench.run(wait)
    assert ended["status"] == "TIMED_OUT"
    assert ended["stopDate"] >= ended["startDate"]


@contract("descriptions")
def test_an_output_is_told_as_json(bench: Bench) -> None:
    definition = jsonata({"Tell": {"Type": "Pass", "Output": "a word", "End": True}})
    assert bench.output(definition) == "a word"


@contract("validate_state_machine_definition")
def test_a_definition_is_validated_without_a_machine(bench: Bench) -> None:
    validate = bench.cloud.client("stepfunctions").validate_state_machine_definition
    good = validate(definition=json.dumps(jsonata({"Done": {"Type": "Succeed"}})))
    assert (good["result"], good["diagnostics"]) == ("OK", [])
    bad = validate(definition='{"StartAt": 1}')
    assert bad["result"] == "FAIL"
    assert bad["diagnostics"][0]["severity"] == "ERROR"


@contract("creation_checks")
def test_a_machine_needs_a_role_that_step_functions_can_assume(bench: Bench) -> None:
    role = bench.role(services=["lambda.amazonaws.com"])
    with pytest.raises(ClientError, match=r"AccessDenied.*authorized to assume the provided role"):
        bench.machine(jsonata({"Done": {"Type": "Succeed"}}), roleArn=role)


_DELIVERY = [
    f"logs:{action}"
    for action in (
        "CreateLogDelivery",
        "GetLogDelivery",
        "UpdateLogDelivery",
        "DeleteLogDelivery",
        "ListLogDeliveries",
        "PutResourcePolicy",
        "DescribeResourcePolicies",
        "DescribeLogGroups",
    )
]


def _logging(bench: Bench, **fields: Any) -> dict[str, Any]:
    group = bench.name("/states/group")
    bench.cloud.client("logs").create_log_group(logGroupName=group)
    arn = f"arn:aws:logs:{bench.cloud.region}:{bench.cloud.account}:log-group:{group}:*"
    destinations = [{"cloudWatchLogsLogGroup": {"logGroupArn": arn}}]
    return {"level": "ALL", "includeExecutionData": False, "destinations": destinations, **fields}


@contract("creation_checks")
def test_a_machine_that_logs_needs_every_delivery_action(bench: Bench) -> None:
    done, logging = jsonata({"Done": {"Type": "Succeed"}}), _logging(bench)
    for missing in _DELIVERY:
        grants = [(action, "*") for action in _DELIVERY if action != missing]
        with pytest.raises(ClientError, match="not authorized to access the Log Dest") as refusal:
            bench.machine(done, *grants, loggingConfiguration=logging)
        assert missing in str(refusal.value)


def _messages(bench: Bench, logging: dict[str, Any]) -> list[dict[str, Any]]:
    arn = logging["destinations"][0]["cloudWatchLogsLogGroup"]["logGroupArn"]
    found = bench.cloud.client("logs").filter_log_events(logGroupName=arn.split(":")[6])
    return [json.loads(event["message"]) for event in found["events"]]


def _log(bench: Bench, *, data: bool) -> list[dict[str, Any]]:
    """The log of an execution that keeps, calls with and returns a secret word."""
    logging = _logging(bench, includeExecutionData=data)
    echo = bench.function("def handler(event, context): return event\n")
    call = _task(
        "lambda:invoke",
        {"FunctionName": echo, "Payload": "{% $states.input %}"},
        Assign={"kept": "{% $states.input %}"},
    )
    grants = [(action, "*") for action in (*_DELIVERY, "lambda:InvokeFunction")]
    machine = bench.machine(jsonata({"Call": call}), *grants, loggingConfiguration=logging)
    bench.ended(bench.start(machine, {"word": "sesame"}))
    return _messages(bench, logging)


@contract("logs")
def test_an_execution_log_tells_every_step_and_no_data(bench: Bench) -> None:
    log = _log(bench, data=False)
    assert [entry["type"] for entry in log] == [
        "ExecutionStarted",
        "TaskStateEntered",
        "TaskScheduled",
        "TaskStarted",
        "TaskSucceeded",
        "TaskStateExited",
        "ExecutionSucceeded",
    ]
    assert "sesame" not in json.dumps(log)


def test_an_execution_log_tells_the_data_when_it_may(bench: Bench) -> None:
    assert "sesame" in json.dumps(_log(bench, data=True))


def test_an_execution_log_at_level_error_tells_errors_only(bench: Bench) -> None:
    logging = _logging(bench, level="ERROR")
    grants = [(action, "*") for action in _DELIVERY]
    fail = jsonata({"Stop": {"Type": "Fail", "Error": "Refused"}})
    machine = bench.machine(fail, *grants, loggingConfiguration=logging)
    bench.ended(bench.start(machine))
    assert [e["type"] for e in _messages(bench, logging)] == ["FailStateEntered", "ExecutionFailed"]


def test_a_handlers_exception_is_caught_by_its_class_name(bench: Bench) -> None:
    declining = bench.function(_RAISES)
    call = _task("lambda:invoke", {"FunctionName": declining}, Catch=_caught("Declined"))
    grant = ("lambda:InvokeFunction", declining)
    assert bench.output(jsonata({"Call": call, **_CAUGHT}), grants=[grant]) == "Declined"


def test_an_execution_that_is_about_to_start_is_running() -> None:
    patches = Patches()
    moto_mends.starts(patches)
    try:
        made = Execution(
            name="order",
            sm_type="STANDARD",
            role_arn="role",
            exec_arn="execution",
            account_id="000000000000",
            region_name="us-east-1",
            state_machine=SimpleNamespace(arn="machine"),
            start_date=datetime.now(UTC),
            cloud_watch_logging_session=None,
            activity_store={},
            input_data="{}",
        )
        assert made.status == "RUNNING"
    finally:
        patches.undo()


def test_a_task_that_fails_while_its_execution_is_stopped_does_not_make_a_failure_of_it() -> None:
    patches = Patches()
    moto_mends.stops(patches)
    try:
        made = _environment()
        made.set_stop(stop_date=datetime.now(UTC), error="Recalled", cause=None)
        made.set_error(error={"error": "States.TaskFailed"})
        made.set_timed_out()
        assert isinstance(made.program_state(), ProgramStopped)
    finally:
        patches.undo()


def _environment() -> Environment:
    """The engine's record of an execution that runs."""
    made = Environment(
        aws_execution_details=None,
        execution_type="STANDARD",
        context={"Execution": {"Input": {}}, "StateMachine": {}},
        event_history_context=EventHistoryContext.of_program_start(),
        cloud_watch_logging_session=None,
        activity_store={},
    )
    made.next_state_name = "Call"
    return made
