"""Runs one function's handler, as AWS's Python runtime does. It imports nothing of ours.

Runs in a process that `lambda_nursery` forked, so that a handler sees the standard library, the
function's archive, its layers, and last the runtime's own packages (boto3).

Standard input: one JSON line per invocation, `{event, requestId, deadline, arn, traceId}`.
The answers' file descriptor: one JSON line once the handler is loaded, `{}` or `{error}`, then one
per invocation, `{result}` or `{error}`, where an error is Lambda's own error document. Standard
output and error are the function's log; an end mark follows each invocation's lines.
"""

import importlib
import json
import logging
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, TextIO

Handler = Callable[[Any, Any], Any]

END_MARK = "\0END"


class Context:
    """The context object of AWS's Python runtime."""

    identity = None
    client_context = None

    def __init__(self, request: dict[str, Any]) -> None:
        environment = os.environ
        self.aws_request_id = request["requestId"]
        self.invoked_function_arn = request["arn"]
        self.function_name = environment["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = environment["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = environment["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = environment["AWS_LAMBDA_LOG_STREAM_NAME"]
        self._deadline = request["deadline"]

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function's timeout."""
        return max(0, int((self._deadline - time.time()) * 1000))


class _LoadError(Exception):
    """The handler could not be loaded; carries Lambda's error document."""

    def __init__(self, kind: str, message: str, frames: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.document = _error(kind, message, frames)


def main(answers: TextIO) -> None:
    """Load the handler named by `_HANDLER` and serve invocations until standard input closes."""
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    _set_up_logging()
    try:
        handler = _load(os.environ["_HANDLER"])
    except _LoadError as error:
        _end_log()
        _answer(answers, {"error": error.document})
        return
    _answer(answers, {})
    for line in sys.stdin:
        answer = _invoke(handler, json.loads(line))
        _end_log()
        _answer(answers, answer)


def _set_up_logging() -> None:
    """The root handler of AWS's runtime, which keeps the default level of WARNING."""
    handler = logging.StreamHandler(sys.stdout)
    form = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(message)s"
    formatter = logging.Formatter(form, "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logging.getLogger().addHandler(handler)


def _load(handler: str) -> Handler:
    module_name, _, function_name = handler.replace("/", ".").rpartition(".")
    if not module_name:
        raise _LoadError("Runtime.MalformedHandlerName", f"Bad handler '{handler}'")
    module = _import(module_name)
    if not hasattr(module, function_name):
        missing = f"Handler '{function_name}' missing on module '{module_name}'"
        raise _LoadError("Runtime.HandlerNotFound", missing)
    found: Handler = getattr(module, function_name)
    return found


def _import(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        message = f"Unable to import module '{name}': {error}"
        raise _LoadError("Runtime.ImportModuleError", message) from error
    except SyntaxError as error:
        message = f"Syntax error in module '{name}': {error}"
        raise _LoadError("Runtime.UserCodeSyntaxError", message) from error
    except Exception as error:
        raise _LoadError(type(error).__name__, str(error), _frames(error)) from error


def _invoke(handler: Handler, request: dict[str, Any]) -> dict[str, Any]:
    _set_trace(request["traceId"])
    try:
        result = handler(request["event"], Context(request))
    except Exception as error:  # whatever a handler raises is its answer
        document = _error(type(error).__name__, str(error), _frames(error))
        traceback.print_exception(error)
    else:
        return _result(result)
    return {"error": document}


def _result(result: Any) -> dict[str, Any]:
    try:
        json.dumps(result, default=_number)
    except (TypeError, ValueError) as error:
        return {"error": _error("Runtime.MarshalError", f"Unable to marshal response: {error}", ())}
    return {"result": result}


def _number(value: Any) -> int | float:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def _error(kind: str, message: str, frames: Iterable[str]) -> dict[str, Any]:
    return {"errorMessage": message, "errorType": kind, "stackTrace": list(frames)}


def _frames(error: BaseException) -> list[str]:
    """The handler's part of the stack: the frames of this file and of the importer are left out."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if f.filename != __file__ and not f.filename.startswith("<frozen")]
    root = os.environ["LAMBDA_TASK_ROOT"]
    return [text.replace(root, "/var/task") for text in traceback.format_list(own)]


def _set_trace(trace_id: str | None) -> None:
    if trace_id:
        os.environ["_X_AMZN_TRACE_ID"] = trace_id
    else:
        os.environ.pop("_X_AMZN_TRACE_ID", None)


def _end_log() -> None:
    sys.stdout.flush()
    print(END_MARK, file=sys.stderr, flush=True)  # noqa: T201 - the protocol


def _answer(answers: TextIO, document: dict[str, Any]) -> None:
    answers.write(json.dumps(document, default=_number) + "\n")
    answers.flush()
