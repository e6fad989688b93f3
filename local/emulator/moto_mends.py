"""What moto 5.2.5's state machine engine does otherwise than AWS, mended, one function each.

A mend's docstring is its reason. `tests/emulator/test_moto_mends.py` has a test of each, which
fails without it. Long because it has one subject: everything that touches the engine's inside.
"""

import functools
import json
import pickle
import re
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError
from jsonpath_ng.ext.parser import parse as parse_path
from moto.core.exceptions import AWSError
from moto.core.responses import ActionResult, EmptyResult
from moto.stepfunctions.exceptions import ValidationException
from moto.stepfunctions.parser import api, quotas
from moto.stepfunctions.parser.asl.antlt4utils import antlr4utils
from moto.stepfunctions.parser.asl.component.common.error_name import custom_error_name
from moto.stepfunctions.parser.asl.component.common.error_name.error_equals_decl import (
    ErrorEqualsDecl,
)
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.common.string import string_expression
from moto.stepfunctions.parser.asl.component.state.choice.state_choice import StateChoice
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service,
    state_task_service_callback,
    state_task_service_events,
)
from moto.stepfunctions.parser.asl.component.state.state import CommonStateField
from moto.stepfunctions.parser.asl.eval.callback.callback import (
    CallbackOutcomeFailure,
    CallbackOutcomeSuccess,
    HeartbeatTimeoutError,
)
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.parse.preprocessor import Preprocessor
from moto.stepfunctions.parser.asl.utils import boto_client, json_path
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str
from moto.stepfunctions.parser.backend.execution import Execution, SyncExecution
from moto.stepfunctions.parser.models import StepFunctionsParserBackend
from moto.stepfunctions.responses import StepFunctionResponse

from local.emulator import (
    creation,
    endings,
    execution_logs,
    histories,
    redrives,
    shapes,
    status_events,
    task_tokens,
)
from local.emulator.expressions import results
from local.emulator.expressions.failure import JsonataError
from local.emulator.expressions.workers import Workers
from local.emulator.failures import (
    DATA_LIMIT_EXCEEDED,
    HEARTBEAT_TIMEOUT,
    NO_CHOICE_MATCHED,
    RUNTIME,
    TIMEOUT,
    query_evaluation_failure,
    raised,
    state_failure,
    task_failure,
)
from local.emulator.patches import Mends, Patches
from local.emulator.published import published, started_as, starting
from local.emulator.role_clients import client_for
from local.emulator.settings import LARGEST_PAYLOAD

MENDS = Mends()

_SYNC_POLL_SECONDS = 0.02
_workers = Workers()


@MENDS.mend
def role_clients(patches: Patches) -> None:
    """Tasks call this cloud with their machine's role, by clients that are kept.

    The engine calls a moto server, with keys that mean nothing, by a new client for every task.
    """
    _replace_everywhere(patches, boto_client.boto_client_for, client_for)


@MENDS.mend
def jsonata(patches: Patches) -> None:
    """JSONata is evaluated, and what fails is States.QueryEvaluationError, which Catch takes.

    The engine's evaluator, which variables in JSONPath need too, is a stub, and it writes variables
    into the expression's text, where a quotation mark in a value would end the string. Whatever an
    expression takes, it takes from a process of its own.
    """
    _workers.warm()

    def evaluate(component: Any, env: Any) -> None:
        expression = component.expression
        try:
            value = _workers.evaluate(expression, shapes.variables(env))
        except JsonataError as error:
            cause = f"The JSONata expression '{expression}' {error}"
            raise query_evaluation_failure(env, cause) from error
        env.stack.append(value)

    patches.set(string_expression.StringJSONata, "_eval_body", evaluate)
    patches.set(string_expression.StringVariableSample, "_eval_body", evaluate)


@MENDS.mend
def result_types(patches: Patches) -> None:
    """An expression whose value its field does not take is States.QueryEvaluationError.

    AWS's "Transforming data with JSONata in Step Functions", Handling expression errors. The engine
    ends the execution with States.Runtime, or cuts text to a number.
    """
    for kind, method, check in results.FIELDS:
        patches.set(kind, method, check)


@MENDS.mend
def escapes(patches: Patches) -> None:
    """Strings of a definition are read as JSON's.

    The engine reads some as Python's, which breaks the surrogate pairs of JSON's escapes, and the
    rest, literals in Assign and names among them, with the escapes left in.
    """

    def read(parser_rule_context: Any) -> str | None:
        text = parser_rule_context.getText()
        if not text.startswith('"'):
            return None if text == "null" else str(text)
        return str(json.loads(text))

    _replace_everywhere(patches, antlr4utils.from_string_literal, read)
    patches.set(Preprocessor, "_inner_string_of", staticmethod(read))


@MENDS.mend
def definite_paths(patches: Patches) -> None:
    """A JSONPath that can match one value only, such as `$.a[0].b`, yields it, not a list of it.

    Every path is also parsed once instead of at every use.
    """
    parse = functools.lru_cache(maxsize=2048)(parse_path)
    parsing = threading.Lock()
    indefinite = re.compile(r"\.\.|\*|\?\(|\[[^\]'\"]*[:,][^\]'\"]*\]")

    def extract_json(path: str, data: Any) -> Any:
        with parsing:
            expression = parse(path)
        values = [match.value for match in expression.find(data)]
        if indefinite.search(path):
            return values
        if not values:
            raise json_path.NoSuchJsonPathError(json_path=path, data=data)
        return values[0]

    _replace_everywhere(patches, json_path.extract_json, extract_json)


@MENDS.mend
def casing(patches: Patches) -> None:
    """Arguments and results of SDK calls are cased as Step Functions cases them.

    The engine leaves them alone, so that `stateMachineArn` or a date in a result break the call.
    """
    service = state_task_service.StateTaskService
    patches.set(service, "_normalise_parameters", shapes.to_request)
    patches.set(service, "_normalise_response", shapes.to_result)


@MENDS.mend
def sync_poll(patches: Patches) -> None:
    """A `.sync` task soon notices the end of what it started; the engine looks twice a second."""
    patches.set(
        state_task_service_callback, "_DELAY_SECONDS_SYNC_CONDITION_CHECK", _SYNC_POLL_SECONDS
    )


@MENDS.mend
def branch_errors(patches: Patches) -> None:
    """An error named `States.*` that leaves a Parallel branch or a Map iteration can be caught.

    The engine refuses to pass on such a name, and the execution ends States.Runtime.
    """

    def keep(self: Any, error_name: str | None) -> None:
        self.error_name = error_name

    patches.set(custom_error_name.CustomErrorName, "__init__", keep)


@MENDS.mend
def no_choice_matched(patches: Patches) -> None:
    """A Choice without a match is States.NoChoiceMatched; the engine's is States.Runtime."""

    def evaluate(self: Any, env: Any) -> None:
        try:
            before(self, env)
        except RuntimeError as error:
            cause = f"No choice rule of state '{self.name}' matched, and it has no Default."
            raise raised(state_failure(env, NO_CHOICE_MATCHED, cause)) from error

    before = patches.set(StateChoice, "_eval_state", evaluate)


@MENDS.mend
def heartbeat_timeouts(patches: Patches) -> None:
    """A missed heartbeat is States.HeartbeatTimeout, which a Catch of States.Timeout takes too.

    The engine names it States.Timeout.
    """
    service = state_task_service_callback.StateTaskServiceCallback

    def from_error(self: Any, env: Any, ex: Exception) -> Any:
        if isinstance(ex, HeartbeatTimeoutError):
            return task_failure(env, self, HEARTBEAT_TIMEOUT, "The task sent no heartbeat in time.")
        return before(self, env, ex)

    def matches(self: Any, env: Any) -> None:
        names = {name.error_name for name in self.error_names}
        if _error_of(env) == HEARTBEAT_TIMEOUT and TIMEOUT in names:
            env.stack[-1] = True
        else:
            before_match(self, env)

    before = patches.set(service, "_from_error", from_error)
    before_match = patches.set(ErrorEqualsDecl, "_eval_body", matches)


@MENDS.mend
def terminal_errors(patches: Patches) -> None:
    """No wildcard takes States.DataLimitExceeded or States.Runtime, and no name the latter.

    AWS's "Handling errors in Step Functions workflows": States.ALL can catch neither, and a
    States.Runtime always fails the execution. The engine's wildcards take both.
    """

    def matches(self: Any, env: Any) -> None:
        error = _error_of(env)
        if error == RUNTIME:
            env.stack[-1] = False
        elif error == DATA_LIMIT_EXCEEDED:
            env.stack[-1] = error in {name.error_name for name in self.error_names}
        else:
            before(self, env)

    before = patches.set(ErrorEqualsDecl, "_eval_body", matches)


def _error_of(env: Any) -> str | None:
    """The name of the error that a Retry or Catch is asked about; a Fail state may give none."""
    name = env.stack[-1]
    return name.error_name if name is not None else None


@MENDS.mend
def payload_limits(patches: Patches) -> None:
    """Arguments, results and outputs of up to 256 KiB pass; more is States.DataLimitExceeded.

    The engine does not measure arguments, counts blanks and escapes that are not AWS's, and is one
    byte too strict.
    """

    def is_within(value: Any) -> bool:
        text = json.dumps(value, default=str, separators=(",", ":"), ensure_ascii=False)
        return len(text.encode(errors="surrogatepass")) <= LARGEST_PAYLOAD

    def check_arguments(
        self: Any, env: Any, resource_runtime_part: Any, raw_parameters: Any, **named: Any
    ) -> None:
        if not is_within(raw_parameters):
            cause = f"The arguments of state '{self.name}' exceed {LARGEST_PAYLOAD} bytes."
            raise raised(task_failure(env, self, DATA_LIMIT_EXCEEDED, cause))
        before(self, env, resource_runtime_part, raw_parameters, **named)

    _replace_everywhere(patches, quotas.is_within_size_quota, is_within)
    service = state_task_service.StateTaskService
    before = patches.set(service, "_before_eval_execution", check_arguments)


@MENDS.mend
def named_errors(patches: Patches) -> None:
    """An error that has its name keeps it, whichever service's task it leaves.

    The engine's tasks of DynamoDB and others rename what is no answer of the service, such as an
    expression that could not be evaluated, and tell an object's address for a cause.
    """

    def keeping(name_it: Callable[..., Any]) -> Callable[..., Any]:
        def from_error(self: Any, env: Any, ex: Exception) -> Any:
            if isinstance(ex, FailureEventException):
                return ex.failure_event
            return name_it(self, env=env, ex=ex)

        return from_error

    for kind in _with_subclasses(state_task_service.StateTaskService):
        if "_from_error" in vars(kind):
            patches.set(kind, "_from_error", keeping(kind._from_error))


def _with_subclasses(kind: Any) -> Iterator[Any]:
    yield kind
    for below in kind.__subclasses__():
        yield from _with_subclasses(below)


@MENDS.mend
def attempt_tokens(patches: Patches) -> None:
    """Every attempt of a task has a task token of its own, which is void when the attempt is over.

    The engine gives a retry the same token, whose wait ends at once if the first one timed out, and
    takes answers to a task that failed before it waited, so that they are lost.
    """
    service = state_task_service_callback.StateTaskServiceCallback

    def evaluate(self: Any, env: Any) -> None:
        if not self._is_integration_pattern():
            before(self, env)
            return
        endpoint = env.callback_pool_manager.add(env.states.context_object.update_task_token())
        try:
            before(self, env)
        finally:
            endpoint.interrupt_all()

    before = patches.set(service, "_eval_execution", evaluate)


@MENDS.mend
def denied_put_events(patches: Patches) -> None:
    """A refused PutEvents is named after EventBridge's error; the engine's is States.Runtime."""
    service = state_task_service_events.StateTaskServiceEvents

    def from_error(self: Any, env: Any, ex: Exception) -> Any:
        if not isinstance(ex, ClientError):
            return before(self, env, ex)
        refusal = ex.response["Error"]
        return task_failure(env, self, f"EventBridge.{refusal['Code']}", refusal["Message"])

    before = patches.set(service, "_from_error", from_error)


@MENDS.mend
def parse_cache(patches: Patches) -> None:
    """A definition is parsed once; the engine parses it as it is made and at every start."""
    programs: dict[str, tuple[bytes, Any]] = {}
    parsing = threading.Lock()

    def parse(definition: str) -> Any:
        with parsing:
            if definition not in programs:
                program, tree = before(definition)
                programs[definition] = pickle.dumps(program, pickle.HIGHEST_PROTOCOL), tree
            pickled, tree = programs[definition]
        return pickle.loads(pickled), tree  # noqa: S301 - a copy: a program has state as it runs

    before = patches.set(AmazonStateLanguageParser, "parse", parse)


@MENDS.mend
def starts(patches: Patches) -> None:
    """StartExecution names an unnamed execution, starts aliases and versions, checks and is atomic.

    In the engine the second unnamed start collides, only machines start, any name and size goes,
    two simultaneous starts of one name both run, and whoever describes an execution that is just
    starting gets an error.
    """
    lock = threading.Lock()

    def running(self: Any, *args: Any, **kwargs: Any) -> None:
        make(self, *args, **kwargs)
        self.exec_status = api.ExecutionStatus.RUNNING

    make = patches.set(Execution, "__init__", running)

    def start_execution(
        self: Any,
        state_machine_arn: str,
        name: str | None = None,
        execution_input: str | None = None,
        trace_header: str | None = None,
    ) -> Any:
        target = starting(self, published(self, state_machine_arn))
        name = name or str(uuid.uuid4())
        self._validate_name(name)
        _check_size(execution_input or "{}")
        with lock:
            return before(target, state_machine_arn, name, execution_input, trace_header)

    before = patches.set(StepFunctionsParserBackend, "start_execution", start_execution)


def _check_size(execution_input: str) -> None:
    if len(execution_input.encode()) > LARGEST_PAYLOAD:
        raise ValidationException(
            "1 validation error detected: Value at 'input' failed to satisfy constraint: "
            f"Member must have length less than or equal to {LARGEST_PAYLOAD}"
        )


@MENDS.mend
def start_sync_execution(patches: Patches) -> None:
    """StartSyncExecution of an Express machine, which moto's API does not have."""

    def start(self: Any) -> Any:
        backend, arn = self.stepfunction_backend, self._get_param("stateMachineArn")
        machine = published(backend, arn)
        name = self._get_param("name") or str(uuid.uuid4())
        _check_size(self._get_param("input") or "{}")
        execution = SyncExecution(
            name=name,
            sm_type=machine.sm_type,
            role_arn=machine.roleArn,
            exec_arn=f"{machine.arn.replace(':stateMachine:', ':express:')}:{name}:{uuid.uuid4()}",
            account_id=backend.account_id,
            region_name=backend.region_name,
            state_machine=machine,
            start_date=datetime.now(tz=UTC),
            cloud_watch_logging_session=None,
            activity_store={},
            input_data=self._get_param("input") or "{}",
        )
        execution.start()
        return ActionResult(execution.to_start_sync_execution_output())

    _add_operation(patches, start, "start_sync_execution")


@MENDS.mend
def stops(patches: Patches) -> None:
    """StopExecution ends an execution at once, with the error and cause given.

    The engine drops both, and waits for the task that runs, for ever if it waits for a token; and
    if that task fails meanwhile, it calls the execution failed.
    """

    def stop_execution(self: Any) -> Any:
        arn = self._get_param("executionArn")
        execution = self.stepfunction_backend.describe_execution(arn)
        endings.stop(execution, self._get_param("error"), self._get_param("cause"))
        return ActionResult({"stopDate": execution.stop_date})

    patches.set(StepFunctionResponse, "stop_execution", stop_execution)
    for end in ("set_error", "set_timed_out"):
        patches.set(Environment, end, endings.unless_stopped(getattr(Environment, end)))


@MENDS.mend
def closed_histories(patches: Patches) -> None:
    """Nothing follows the last event of a history.

    In the engine a thread that outlived its execution's timeout or abort goes on writing.
    """
    patches.set(EventManager, "add_event", endings.until_ended(EventManager.add_event))


@MENDS.mend
def task_answers(patches: Patches) -> None:
    """SendTask* pass on all they are given, and tell a late answer from a wrong token.

    moto drops a failure's cause, takes any text for an output, answers InvalidToken when the task
    is over, and stumbles over executions that are just starting.
    """

    def succeed(self: Any, task_token: str, outcome: str) -> None:
        task_tokens.check_output(outcome)
        task_tokens.answer(self, task_token, CallbackOutcomeSuccess(task_token, outcome))

    def fail(self: Any) -> Any:
        token = self._get_param("taskToken")
        error, cause = self._get_param("error"), self._get_param("cause")
        outcome = CallbackOutcomeFailure(token, error, cause)
        task_tokens.answer(self.stepfunction_backend, token, outcome)
        return EmptyResult()

    patches.set(StepFunctionsParserBackend, "send_task_success", succeed)
    patches.set(StepFunctionsParserBackend, "send_task_heartbeat", task_tokens.heartbeat)
    patches.set(StepFunctionResponse, "send_task_failure", fail)


@MENDS.mend
def history_pages(patches: Patches) -> None:
    """GetExecutionHistory honours maxResults, nextToken and reverseOrder; moto's ignores them."""

    def get_execution_history(self: Any) -> Any:
        arn = self._get_param("executionArn")
        events = list(self.stepfunction_backend.get_execution_history(arn)["events"])
        if self._get_param("reverseOrder"):
            events.reverse()
        size = int(self._get_param("maxResults") or 100)
        return histories.page(events, size, self._get_param("nextToken") or "")

    patches.set(StepFunctionResponse, "get_execution_history", get_execution_history)


@MENDS.mend
def executions_definition(patches: Patches) -> None:
    """DescribeStateMachineForExecution shows what ran; moto's shows what the machine is now."""

    def describe(self: Any) -> Any:
        backend = self.stepfunction_backend
        execution = backend.describe_execution(self._get_param("executionArn"))
        machine = execution.state_machine
        return ActionResult(
            {
                "stateMachineArn": machine.arn,
                "name": machine.name,
                "definition": machine.definition,
                "roleArn": execution.role_arn,
                "updateDate": machine.update_date,
                "loggingConfiguration": machine.loggingConfiguration,
            }
        )

    patches.set(StepFunctionResponse, "describe_state_machine_for_execution", describe)


@MENDS.mend
def descriptions(patches: Patches) -> None:
    """DescribeExecution has the output as JSON, when it timed out, and what it was started by.

    moto shows an output that is a string without its quotes, and leaves that stop date out, and
    the version and alias.
    """

    def describe_execution(self: Any) -> Any:
        answer = before(self)
        execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
        if "output" in answer.result:
            answer.result["output"] = to_json_str(execution.output)
        if execution.stop_date is not None:
            answer.result["stopDate"] = execution.stop_date
        answer.result.update(started_as(execution.state_machine))
        return answer

    before = patches.set(StepFunctionResponse, "describe_execution", describe_execution)


@MENDS.mend
def execution_lists(patches: Patches) -> None:
    """ListExecutions answers when an execution timed out, and its redrives; moto leaves them out.

    A list is newest first.
    """

    def list_executions(self: Any) -> Any:
        answer = before(self)
        machine = self.stepfunction_backend.describe_state_machine(
            self._get_param("stateMachineArn")
        )
        known = {each.execution_arn: each for each in list(machine.executions)}
        for item in answer.result["executions"]:
            execution = known[item["executionArn"]]
            item.update(redrives.counted(execution))
            if execution.stop_date is not None:
                item["stopDate"] = execution.stop_date
        return answer

    before = patches.set(StepFunctionResponse, "list_executions", list_executions)


@MENDS.mend
def redrive_execution(patches: Patches) -> None:
    """RedriveExecution, and what DescribeExecution answers of it; moto has neither."""

    def redrive(self: Any) -> Any:
        execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
        token = self._get_param("clientToken") or str(uuid.uuid4())
        date = redrives.redrive(execution, token, status_events.report_redriven)
        return ActionResult({"redriveDate": date})

    def describe_execution(self: Any) -> Any:
        answer = before(self)
        execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
        answer.result.update(redrives.status(execution))
        return answer

    _add_operation(patches, redrive, "redrive_execution")
    before = patches.set(StepFunctionResponse, "describe_execution", describe_execution)
    remembered = redrives.remembered(CommonStateField._eval_body)
    patches.set(CommonStateField, "_eval_body", remembered)


@MENDS.mend
def error_names(patches: Patches) -> None:
    """The engine's own errors, InvalidDefinition among them, are answered with their names.

    moto answers them without.
    """
    for kind in vars(api).values():
        if isinstance(kind, type) and issubclass(kind, AWSError) and kind is not AWSError:
            patches.set(kind, "TYPE", kind.__name__)


@MENDS.mend
def validate_state_machine_definition(patches: Patches) -> None:
    """ValidateStateMachineDefinition, which a provider calls at preview; moto has it not."""

    def validate(self: Any) -> Any:
        try:
            AmazonStateLanguageParser.parse(self._get_param("definition"))
        except Exception as error:  # the parser raises whatever it stumbles over
            problem = {
                "severity": "ERROR",
                "code": "SCHEMA_VALIDATION_FAILED",
                "message": str(error),
            }
            return ActionResult({"result": "FAIL", "diagnostics": [problem], "truncated": False})
        return ActionResult({"result": "OK", "diagnostics": [], "truncated": False})

    _add_operation(patches, validate, "validate_state_machine_definition")


@MENDS.mend
def creation_checks(patches: Patches) -> None:
    """CreateStateMachine refuses a role that Step Functions cannot assume or log with.

    moto looks at the ARN's form only.
    """

    def create(self: Any, *arguments: Any, **named: Any) -> Any:
        machine = (
            f"arn:aws:states:{self.region_name}:{self.account_id}:stateMachine:{named['name']}"
        )
        creation.check(named["roleArn"], machine, named.get("loggingConfiguration"))
        return before(self, *arguments, **named)

    before = patches.set(StepFunctionsParserBackend, "create_state_machine", create)


@MENDS.mend
def logs(patches: Patches) -> None:
    """Executions log to the machine's log group, with or without data as the machine says.

    moto leaves the engine's logging unconnected, and a log without data still has the arguments
    of calls and the values of variables in it.
    """

    def init(self: Any, *arguments: Any, **named: Any) -> None:
        before(self, *arguments, **named)
        self._cloud_watch_logging_session = execution_logs.session(self)

    before = patches.set(Execution, "__init__", init)
    patches.set(EventManager, "_remove_data_from_history_log", execution_logs.without_data)


def _add_operation(patches: Patches, function: Callable[..., Any], name: str) -> None:
    """Add an operation to moto's API, which finds its operations among the class's attributes."""
    setattr(StepFunctionResponse, name, getattr(StepFunctionResponse, name, None))
    patches.set(StepFunctionResponse, name, function)


def _replace_everywhere(patches: Patches, function: Any, replacement: Any) -> None:
    """Replace a function in every module of moto that imported it by name."""
    name = function.__name__
    for module in list(sys.modules.values()):
        if module.__name__.startswith("moto.") and vars(module).get(name) is function:
            patches.set(module, name, replacement)
