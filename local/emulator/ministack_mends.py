"""What ministack 1.5.33 does otherwise than AWS, mended, one function each.

A mend's docstring is its reason. `tests/emulator/test_ministack_mends.py` has tests of each,
which fail without it. Long because it has one subject: everything that touches ministack's inside.
"""

import contextvars
import logging
import threading
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import ministack.app as ministack
from ministack.core import iam_actions, iam_evaluator, lambda_runtime
from ministack.core.responses import error_response_json
from ministack.services import (
    apigateway,
    cloudwatch,
    eventbridge,
    lambda_svc,
    s3,
    scheduler,
    sns,
    sqs,
)

from local.emulator import (
    alarm_actions,
    crowds,
    event_sources,
    event_targets,
    http_api,
    mail_identities,
    message_moves,
    python_functions,
    queue_rules,
    redelivery,
    schedules,
    service_policies,
    stream_readers,
    stream_requests,
    task_tokens,
)
from local.emulator.iam import role_trusts
from local.emulator.patches import Mends, Patches
from local.emulator.service_policies import Sender
from local.emulator.settings import ACCOUNT, REGION

MENDS = Mends()

_SECURE_ORIGIN = ("127.0.0.1", True)
_OF_AN_ACCOUNT = frozenset({"s3:ListAllMyBuckets", "s3:CreateBucket"})
_log = logging.getLogger(__name__)


@MENDS.mend
def python_runtime(patches: Patches) -> None:
    """Python functions run as on AWS, in workers of our own.

    ministack's see the host's packages and variables, answer Runtime.HandlerError to every
    exception so that no Catch by name works, die with each one, lose what `logging` writes, and
    wait 50 ms for the log of every invocation.
    """

    def worker_class_for(config: dict[str, Any]) -> Any:
        return python_functions.worker(config, before_worker)

    def execute(func: dict[str, Any], event: Any, request_id: str) -> Any:
        return python_functions.execute(func, event, request_id, before_execute)

    before_worker = patches.set(lambda_runtime, "_worker_class_for", worker_class_for)
    before_execute = patches.set(lambda_svc, "_execute_function_warm", execute)


@MENDS.mend
def function_roles(patches: Patches) -> None:
    """CreateFunction refuses a role that Lambda cannot assume; ministack takes any."""

    def create(data: dict[str, Any]) -> Any:
        role = data.get("Role", "")
        function = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{data.get('FunctionName', '')}"
        if not role_trusts(role, "lambda.amazonaws.com", function):
            return error_response_json(
                "InvalidParameterValueException",
                "The role defined for the function cannot be assumed by Lambda.",
            )
        return before(data)

    before = patches.set(lambda_svc, "_create_function", create)


@MENDS.mend
def event_source_mappings(patches: Patches) -> None:
    """CreateEventSourceMapping checks the role's grants and the queue's visibility timeout.

    ministack reads any queue or stream for any function, a stream ten records at a time.
    """

    def create(data: dict[str, Any]) -> Any:
        refusal = event_sources.refusal(data)
        if refusal:
            return error_response_json("InvalidParameterValueException", refusal)
        return before(event_sources.with_defaults(data))

    before = patches.set(lambda_svc, "_create_esm", create)


@MENDS.mend
def batch_answers(patches: Patches) -> None:
    """A batch answer that names no message of the batch fails the whole batch, as on AWS.

    ministack takes it for success, and deletes the messages.
    """
    reporting = threading.local()

    def run(esm: dict[str, Any], *arguments: Any) -> None:
        reporting.on = "ReportBatchItemFailures" in esm.get("FunctionResponseTypes", [])
        try:
            before_run(esm, *arguments)
        finally:
            reporting.on = False

    def execute(func: Any, event: Any) -> Any:
        result = before_execute(func, event)
        asked = getattr(reporting, "on", False) and not result.get("error")
        return event_sources.judged(result, event) if asked else result

    before_run = patches.set(lambda_svc, "_run_sqs_batch", run)
    before_execute = patches.set(lambda_svc, "_execute_function", execute)


@MENDS.mend
def quick_redelivery(patches: Patches) -> None:
    """While waits pass faster, so does the one for a failed message; ministack's is real."""

    def run(mapping: Any, function: Any, event: Any, batch: Any, url: str, *rest: Any) -> None:
        receipts = frozenset(record["receiptHandle"] for record in event["Records"])
        before(mapping, function, event, batch, url, *rest)
        redelivery.hasten(mapping, url, receipts)

    before = patches.set(lambda_svc, "_run_sqs_batch", run)


@MENDS.mend
def stream_reading(patches: Patches) -> None:
    """Lambda reads a table's stream beside everything else, and heeds all that its mapping says.

    ministack retries for ever, loses what a partial report names and everything after it, knows
    neither bisecting nor retry limits, and reads no queue while a stream's function runs.
    """
    patches.set(lambda_svc, "_poll_dynamodb_streams", stream_readers.poll)


@MENDS.mend
def stream_permissions(patches: Patches) -> None:
    """Reading a stream is allowed by a policy on the stream; ministack asks for `*`."""

    def extract(service: str, *arguments: Any) -> Any:
        resource = before(service, *arguments)
        if service != "dynamodbstreams" or resource != "*":
            return resource
        return stream_requests.stream_arn(arguments[3])

    before = patches.set(iam_actions, "extract_resource_arn", extract)


@MENDS.mend
def event_target_policies(patches: Patches) -> None:
    """A rule reaches a queue, topic or function only if that one's policy, and its key's, let it.

    ministack delivers anyway. What cannot be delivered goes to the target's dead-letter queue,
    which ministack does not know either.
    """

    def invoke(target: Any, event: Any, rule: Any, view: Any = None) -> None:
        by_rule = not schedules.is_schedule(rule)
        if by_rule and (reason := event_targets.refusal(target["Arn"], rule["Arn"])):
            event_targets.keep(target, event, rule, reason)
        else:
            before(target, event, rule, view)

    before = patches.set(eventbridge, "_invoke_target", invoke)


@MENDS.mend
def schedule_roles(patches: Patches) -> None:
    """A schedule reaches its target with its role, within a second of its time.

    ministack asks no role, knows no dead-letter queue, and looks for what is due every 10 seconds.
    """

    def invoke(target: Any, event: Any, rule: Any, view: Any = None) -> None:
        by_role = schedules.is_schedule(rule)
        if by_role and (reason := schedules.refusal(target["RoleArn"], rule, target["Arn"])):
            schedules.keep(target, event, rule, reason)
        else:
            before(target, event, rule, view)

    before = patches.set(eventbridge, "_invoke_target", invoke)
    patches.set(scheduler, "_SCHEDULE_TICK_INTERVAL", 0.5)


@MENDS.mend
def alarm_policies(patches: Patches) -> None:
    """An alarm reaches a topic only if the policies of the topic and of its key let it.

    ministack delivers anyway.
    """

    def dispatch(alarm: dict[str, Any], old: str, new: str, reason: str) -> None:
        before(alarm_actions.admitted(alarm, new), old, new, reason)

    before = patches.set(cloudwatch, "_dispatch_alarm_actions", dispatch)


@MENDS.mend
def delivery_policies(patches: Patches) -> None:
    """SNS and S3 reach a queue, topic or function by its policy and its key's, as EventBridge does.

    ministack knows no keys, asks no function, and takes more condition keys for sent than come.
    """

    def admits(arn: str, service: str, source_arn: str, account: str) -> bool:
        reason = service_policies.refusal(Sender(service, source_arn, account), arn)
        if reason:
            _log.warning("A message of %s was lost: %s.", source_arn, reason)
        return not reason

    def invoke(function: str, envelope: str, topic_arn: str, *rest: Any) -> None:
        if admits(function, "sns.amazonaws.com", topic_arn, topic_arn.split(":")[4]):
            before(function, envelope, topic_arn, *rest)

    patches.set(sqs, "queue_policy_allows", admits)
    patches.set(sns, "topic_policy_allows", admits)
    before = patches.set(sns, "_deliver_to_lambda", invoke)


@MENDS.mend
def unknown_rules(patches: Patches) -> None:
    """EnableRule and DisableRule of a rule that does not exist fail; ministack answers success."""

    def checking(switch: Callable[..., Any]) -> Callable[..., Any]:
        def answer(data: dict[str, Any]) -> Any:
            name, bus = data.get("Name"), data.get("EventBusName", "default")
            if eventbridge._rule_key(name, bus) in eventbridge._rules:
                return switch(data)
            message = f"Rule {name} does not exist on EventBus {bus}."
            return error_response_json("ResourceNotFoundException", message)

        return answer

    for name in ("_enable_rule", "_disable_rule"):
        patches.set(eventbridge, name, checking(getattr(eventbridge, name)))


@MENDS.mend
def loopback_is_secure(patches: Patches) -> None:
    """Requests on loopback, and AWS's own between services, count as sent by TLS.

    Otherwise a queue policy that denies `aws:SecureTransport=false`, as it should, refuses all.
    """
    origin = contextvars.ContextVar("origin", default=_SECURE_ORIGIN)
    patches.set(iam_evaluator, "_request_origin", origin)
    patches.set(ministack, "pin_request_origin", lambda _address, _secure: None)


@MENDS.mend
def task_token_machines(patches: Patches) -> None:
    """SendTask* is allowed by a policy on the machine whose token it is; ministack asks for `*`."""

    def extract(service: str, *arguments: Any) -> Any:
        resource = before(service, *arguments)
        if service != "states" or resource != "*":
            return resource
        return task_tokens.machine_arn(iam_actions._safe_json_field(arguments[3], "taskToken"))

    before = patches.set(iam_actions, "extract_resource_arn", extract)


@MENDS.mend
def message_batches(patches: Patches) -> None:
    """A batch of messages is allowed by the permission of its single form, as AWS has it.

    Amazon SQS, "API permissions: actions and resource reference"; ministack asks for an action of
    the batch's own name, which IAM does not know.
    """

    def extract(service: str, *arguments: Any) -> Any:
        action = before(service, *arguments)
        return action.removesuffix("Batch") if service == "sqs" and action else action

    before = patches.set(iam_actions, "extract_iam_action", extract)


@MENDS.mend
def queue_checks(patches: Patches) -> None:
    """SQS refuses a queue, redrive policy or message id that is not as FIFO queues want it.

    ministack takes any id, any `.fifo` name and any dead-letter queue.
    """

    def create(request: dict[str, Any], url: str) -> Any:
        queue_rules.check_creation(request)
        return before_create(request, url)

    def set_attributes(request: dict[str, Any], url: str) -> Any:
        is_fifo = request.get("QueueUrl", url).endswith(".fifo")
        queue_rules.check_redrive(request.get("Attributes") or {}, is_fifo=is_fifo)
        return before_set(request, url)

    def send(request: dict[str, Any], url: str) -> Any:
        queue_rules.check_message(request)
        return before_send(request, url)

    before_create = patches.set(sqs._HANDLERS, "CreateQueue", create)
    before_set = patches.set(sqs._HANDLERS, "SetQueueAttributes", set_attributes)
    before_send = patches.set(sqs._HANDLERS, "SendMessage", send)
    patches.set(sqs, "_act_send_message", send)  # which batches call


@MENDS.mend
def message_move_tasks(patches: Patches) -> None:
    """StartMessageMoveTask, the redrive of a dead-letter queue, which ministack does not have."""
    patches.set(sqs._HANDLERS, "StartMessageMoveTask", message_moves.start)
    patches.set(sqs._HANDLERS, "ListMessageMoveTasks", message_moves.listed)


@MENDS.mend
def hidden_objects(patches: Patches) -> None:
    """Who may not list a bucket is denied what is not in it; ministack answers NoSuchKey.

    AWS's "GetObject" and "HeadObject", Permissions.
    """

    def hiding(read: Callable[..., Any]) -> Callable[..., Any]:
        def answer(bucket: str, key: str, headers: Any, query: Any) -> Any:
            found = read(bucket, key, headers, query)
            if found[0] != HTTPStatus.NOT_FOUND or s3._ensure_bucket(bucket) is None:
                return found
            list_it = ("s3", "s3:ListBucket", headers, query, "", f"arn:aws:s3:::{bucket}")
            return ministack._enforce_data_plane(*list_it) or found

        return answer

    for name in ("_get_object", "_head_object"):
        patches.set(s3, name, hiding(getattr(s3, name)))


@MENDS.mend
def unsigned_buckets(patches: Patches) -> None:
    """Buckets are made and listed by signed requests only; ministack lets anyone do both."""

    def enforce(access_key: str, action: str, service: str, *rest: Any, **named: Any) -> Any:
        if action in _OF_AN_ACCOUNT and iam_evaluator._anonymous.get():
            return iam_evaluator.AuthError("AccessDenied", "Access Denied")
        return before(access_key, action, service, *rest, **named)

    before = patches.set(iam_evaluator, "enforce", enforce)


@MENDS.mend
def http_api_limits(patches: Patches) -> None:
    """An HTTP API answers 429 above its stage's throttling limits, 413 above 10 MB.

    ministack stores the limits and lets everything through.
    """

    async def handle(
        api_id: str, stage: str, path: str, method: str, headers: Any, body: Any, *rest: Any
    ) -> Any:
        refused = http_api.refusal(api_id, stage, method, path, body)
        return refused or await before(api_id, stage, path, method, headers, body, *rest)

    before = patches.set(apigateway, "_handle_execute_in_scope", handle)


@MENDS.mend
def callers_first(patches: Patches) -> None:
    """While many callers of an HTTP API wait, no queue's function is given anything.

    ministack serves both from one process: orders that were taken would keep others from being.
    """

    async def handle(*arguments: Any) -> Any:
        with crowds.calling():
            return await before_handle(*arguments)

    def poll() -> bool:
        return not crowds.waits() and bool(before_poll())

    before_handle = patches.set(apigateway, "_handle_execute_in_scope", handle)
    before_poll = patches.set(lambda_svc, "_poll_sqs", poll)


@MENDS.mend
def http_api_permissions(patches: Patches) -> None:
    """An HTTP API invokes a function only if that one's policy lets the route; else it answers 500.

    ministack invokes any function.
    """

    async def invoke(
        integration: Any, api_id: str, stage: str, path: str, method: str, *rest: Any, **named: Any
    ) -> Any:
        if not http_api.may_invoke(integration, api_id, stage, method, rest[3]):
            return http_api.failed()
        return await before(integration, api_id, stage, path, method, *rest, **named)

    before = patches.set(apigateway, "_invoke_lambda_proxy", invoke)


@MENDS.mend
def http_api_failures(patches: Patches) -> None:
    """A function's error, or an answer that is no HTTP response, is a 500 that tells nothing.

    ministack answers 502 with the error and its stack trace.
    """

    class Failed(Exception):
        pass

    def answer(result: dict[str, Any]) -> Any:
        if serving.get() and not http_api.is_answer(result):
            raise Failed
        return before_answer(result)

    async def invoke(*arguments: Any, **named: Any) -> Any:
        token = serving.set(True)
        try:
            status, *rest = await before(*arguments, **named)
            return int(status), *rest  # a function may give it as text
        except Failed:
            return http_api.failed()
        finally:
            serving.reset(token)

    serving = contextvars.ContextVar("serving", default=False)
    before = patches.set(apigateway, "_invoke_lambda_proxy", invoke)
    before_answer = patches.set(lambda_svc, "lambda_execute_result_to_api_proxy_response", answer)


@MENDS.mend
def http_api_denials(patches: Patches) -> None:
    """An HTTP API tells a caller whom IAM denies that it is forbidden, and no more.

    ministack names the caller, the action and what is wrong with the signature.
    """

    def enforce(api_id: str, *arguments: Any, **named: Any) -> Any:
        denied = before(api_id, *arguments, **named)
        return http_api.forbidden() if denied and api_id in apigateway._apis else denied

    before = patches.set(ministack, "_enforce_execute_api", enforce)


@MENDS.mend
def http_api_signatures(patches: Patches) -> None:
    """An HTTP API checks the root user's signatures too: secret, time, and what was signed.

    ministack checks those of IAM's users and roles only.
    """

    def is_root_key(key: str) -> bool:
        return not checking.get() and bool(before_key(key))

    def pin(method: str, raw_path: str, query: Any, headers: Any, *rest: Any, **named: Any) -> None:
        token = checking.set(http_api.is_called(raw_path, headers))
        try:
            before_pin(method, raw_path, query, headers, *rest, **named)
        finally:
            checking.reset(token)

    checking = contextvars.ContextVar("checking", default=False)
    before_key = patches.set(iam_evaluator, "_is_root_key", is_root_key)
    before_pin = patches.set(ministack, "pin_signed_request", pin)


@MENDS.mend
def http_api_events(patches: Patches) -> None:
    """An event of format 2.0 leaves out the path parameters a route does not have.

    ministack sends null, which a handler's `event.get("pathParameters", {})` does not expect.
    """

    def execute(record: Any, event: Any) -> Any:
        if isinstance(event, dict) and event.get("pathParameters", "") is None:
            event = {name: value for name, value in event.items() if name != "pathParameters"}
        return before(record, event)

    before = patches.set(lambda_svc, "_execute_function_with_config_scope", execute)


@MENDS.mend
def mail_senders(patches: Patches) -> None:
    """Sending a mail is allowed by a policy on the sender's identity; ministack asks for `*`."""

    def extract(service: str, *arguments: Any) -> Any:
        resource = before(service, *arguments)
        if service != "ses" or resource != "*":
            return resource
        _, path, _, body, query, region, account = arguments
        identity = mail_identities.sending_identity(path, body, query)
        return f"arn:aws:ses:{region}:{account}:identity/{identity}" if identity else resource

    before = patches.set(iam_actions, "extract_resource_arn", extract)
