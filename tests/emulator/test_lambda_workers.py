"""Functions run as on AWS: what they see, what they answer, what they log."""

import fcntl
import io
import os
import resource
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from local.emulator import python_functions
from local.emulator.lambda_processes import FunctionProcess
from local.emulator.python_functions import MOST_ENVIRONMENTS
from tests.emulator.bench import Bench, until, zipped


@pytest.mark.parametrize("module", ["pulumi", "pytest", "local.cloud", "handlers", "asl"])
def test_an_undeclared_import_fails(bench: Bench, module: str) -> None:
    answer = bench.invoke(bench.function(f"import {module}\ndef handler(event, context): pass\n"))
    assert answer["errorType"] == "Runtime.ImportModuleError"
    assert f"Unable to import module 'app': No module named '{module.split('.')[0]}" in str(answer)


def test_the_runtime_brings_boto3_and_what_it_needs(bench: Bench) -> None:
    source = "import boto3, dateutil, urllib3, jmespath, s3transfer, botocore\n"
    assert bench.invoke(bench.function(source + "def handler(event, context): return 1\n")) == 1


def _layer(bench: Bench, archive: bytes) -> str:
    published = bench.cloud.client("lambda").publish_layer_version(
        LayerName=bench.name("layer"), Content={"ZipFile": archive}
    )
    return str(published["LayerVersionArn"])


def test_a_layers_packages_are_seen_by_functions_that_declare_it(bench: Bench) -> None:
    layer = _layer(bench, zipped({"python/shared.py": "WORD = 'shared'\n"}))
    source = "import shared\ndef handler(event, context): return shared.WORD\n"
    assert bench.invoke(bench.function(source, Layers=[layer])) == "shared"
    assert "shared" in bench.invoke(bench.function(source))["errorMessage"]


def test_the_archive_hides_a_layers_module_of_the_same_name(bench: Bench) -> None:
    layer = _layer(bench, zipped({"python/word.py": "WORD = 'layer'\n"}))
    files = {
        "app.py": "import word\ndef handler(event, context): return word.WORD\n",
        "word.py": "WORD = 'archive'\n",
    }
    function = bench.function("", Layers=[layer], Code={"ZipFile": zipped(files)})
    assert bench.invoke(function) == "archive"


def test_the_archive_hides_a_package_of_the_runtime(bench: Bench) -> None:
    files = {
        "app.py": "import boto3\ndef handler(event, context): return boto3.__version__\n",
        "boto3/__init__.py": "__version__ = 'own'\n",
    }
    assert bench.invoke(bench.function("", Code={"ZipFile": zipped(files)})) == "own"
    assert bench.invoke(bench.function(files["app.py"])) != "own"


def test_functions_start_again_after_the_process_they_are_forked_off_was_killed(
    bench: Bench,
) -> None:
    killer = """
        import os, signal
        def handler(event, context): os.kill(os.getppid(), signal.SIGKILL)
        """
    function = bench.function("def handler(event, context): return 1\n")
    before = bench.invoke(function)
    bench.invoke(bench.function(killer))
    assert (before, bench.invoke(function)) == (1, 1)


def test_a_layer_may_take_back_at_a_fork_what_the_fork_server_set_for_signals(bench: Bench) -> None:
    """As asyncio's own hook does from Python 3.12 on."""
    hook = "os.register_at_fork(after_in_child=lambda: signal.set_wakeup_fd(-1))"
    files = {"python/aws_lambda_powertools/__init__.py": f"import os, signal\n{hook}\n"}
    layer = _layer(bench, zipped(files))
    source = "def handler(event, context): return 1\n"
    assert bench.invoke(bench.function(source, Layers=[layer])) == 1


def test_a_function_that_is_crashed_while_it_works_fails_and_works_again(bench: Bench) -> None:
    source = """
        import time
        def handler(event, context): time.sleep(event["seconds"]); return 1
        """
    function = bench.function(source, Timeout=60)
    with ThreadPoolExecutor() as pool:
        working = pool.submit(bench.invoke, function, {"seconds": 50})
        while not working.done():
            bench.cloud.crash_function(0.5)
    assert working.result()["errorType"] == "Runtime.ExitError"
    assert bench.invoke(function, {"seconds": 0}) == 1


def test_a_process_is_looked_after_however_many_files_are_open() -> None:
    """A server with many callers has descriptors beyond the 1,024 that `select` knows."""
    (reads, writes), (log, logs), (status, told) = (os.pipe() for _ in range(3))
    os.write(told, b"0\n")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4096)), hard))
    beyond = fcntl.fcntl(status, fcntl.F_DUPFD, 2000)
    process = FunctionProcess(writes, log, beyond)
    running = process.poll()
    os.write(told, b"3\n")
    assert (running, process.wait(1)) == (None, 3)
    for descriptor in (reads, logs, status, told):
        os.close(descriptor)
    process.stdin.close()
    process.stdout.close()


_VARIABLES = {
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_DISABLE_HOST_PREFIX_INJECTION",
    "AWS_EC2_METADATA_DISABLED",
    "AWS_ENDPOINT_URL",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_XRAY_SDK_ENABLED",
    "HOME",
    "LAMBDA_TASK_ROOT",
    "LANG",
    "PATH",
    "TMPDIR",
    "TZ",
    "_HANDLER",
}


def test_a_function_sees_its_own_variables_and_lambdas(bench: Bench) -> None:
    source = "import os\ndef handler(event, context): return dict(os.environ)\n"
    own = {"Variables": {"ORDERS_TABLE": "orders", "AWS_ENDPOINT_URL_S3": "http://own"}}
    seen = bench.invoke(bench.function(source, Environment=own, MemorySize=256))
    added_by_python = {"LC_CTYPE"}
    assert set(seen) - added_by_python == _VARIABLES | set(own["Variables"])
    assert seen["ORDERS_TABLE"] == "orders"
    assert seen["AWS_EXECUTION_ENV"] == "AWS_Lambda_python3.13"
    assert seen["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"


def test_the_context_is_that_of_awss_runtime(bench: Bench) -> None:
    source = """
        def handler(event, context):
            return {
                "name": context.function_name,
                "arn": context.invoked_function_arn,
                "memory": context.memory_limit_in_mb,
                "left": context.get_remaining_time_in_millis(),
                "group": context.log_group_name,
                "id": context.aws_request_id,
            }
        """
    function = bench.function(source, Timeout=7)
    seen = bench.invoke(function)
    name = function.rpartition(":")[2]
    assert (seen["name"], seen["arn"], seen["memory"]) == (name, function, "128")
    assert 6000 < seen["left"] <= 7000
    assert seen["group"] == f"/aws/lambda/{name}"
    assert len(seen["id"]) == 36


def test_an_exception_does_not_end_the_process(bench: Bench) -> None:
    source = """
        calls = []
        def handler(event, context):
            calls.append(event)
            if event == "raise":
                raise KeyError("gone")
            return len(calls)
        """
    function = bench.function(source)
    answers = [bench.invoke(function, event) for event in ("one", "raise", "three")]
    assert (answers[0], answers[1]["errorType"], answers[2]) == (1, "KeyError", 3)


def test_a_stack_trace_shows_the_path_on_aws(bench: Bench) -> None:
    answer = bench.invoke(bench.function("def handler(event, context): return 1 / 0\n"))
    assert answer["stackTrace"][0].startswith('  File "/var/task/app.py", line 1, in handler')


_FAILURES: dict[str, tuple[str, str, str]] = {
    "exits": (
        "import os\ndef handler(event, context): os._exit(3)\n",
        "Runtime.ExitError",
        "Runtime exited with error: exit status 3",
    ),
    "is killed": (
        "import os\ndef handler(event, context): os.kill(os.getpid(), 9)\n",
        "Runtime.ExitError",
        "Runtime exited with error: signal: killed",
    ),
    "leaves": (
        "import sys\ndef handler(event, context): sys.exit(0)\n",
        "Runtime.ExitError",
        "Runtime exited without providing a reason",
    ),
    "sleeps": (
        "import time\ndef handler(event, context): time.sleep(30)\n",
        "Sandbox.Timedout",
        "Task timed out after 1.00 seconds",
    ),
    "answers no JSON": (
        "def handler(event, context): return object()\n",
        "Runtime.MarshalError",
        "Unable to marshal response: Object of type object is not JSON serializable",
    ),
    "has no handler": ("", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'app'"),
    "is no Python": ("def", "Runtime.UserCodeSyntaxError", "Syntax error in module 'app'"),
    "fails to load": ("raise ValueError('at import')", "ValueError", "at import"),
    "answers too much": (
        "def handler(event, context): return 'x' * 7_000_000\n",
        "Function.ResponseSizeTooLarge",
        "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    ),
}


@pytest.mark.parametrize(("source", "kind", "message"), _FAILURES.values(), ids=_FAILURES)
def test_a_function_that_fails_so_answers_as_on_aws(
    bench: Bench, source: str, kind: str, message: str
) -> None:
    timeout = 1 if kind == "Sandbox.Timedout" else 10
    answer = bench.invoke(bench.function(source, Timeout=timeout))
    assert answer["errorType"] == kind
    assert message in answer["errorMessage"]


def test_a_function_that_timed_out_serves_the_next_call(bench: Bench) -> None:
    source = "import time\ndef handler(event, context):\n  time.sleep(event)\n  return 'awake'\n"
    function = bench.function(source, Timeout=1)
    assert bench.invoke(function, 30)["errorType"] == "Sandbox.Timedout"
    assert bench.invoke(function, 0) == "awake"


def test_concurrent_calls_have_processes_of_their_own(bench: Bench) -> None:
    source = """
        import os, time
        def handler(event, context):
            time.sleep(0.3)
            return os.getpid()
        """
    function = bench.function(source)
    with ThreadPoolExecutor(3) as pool:
        assert len(set(pool.map(lambda _: bench.invoke(function), range(3)))) == 3


def test_what_a_function_prints_logs_and_raises_is_in_its_log(bench: Bench) -> None:
    source = """
        import logging
        logging.warning("loading")
        def handler(event, context):
            print("printed")
            logging.getLogger("deep").warning("logged")
            logging.info("not at the default level")
            raise ValueError("raised")
        """
    function = bench.function(source)
    bench.invoke(function)
    group = f"/aws/lambda/{function.rpartition(':')[2]}"
    logs = bench.cloud.client("logs")
    text = until(lambda: _text(logs.filter_log_events(logGroupName=group)))
    for expected in ("loading", "printed", "[WARNING]", "logged", "ValueError: raised"):
        assert expected in text
    assert "not at the default level" not in text
    assert "\0" not in text


def _text(found: dict[str, Any]) -> str:
    return "\n".join(event["message"] for event in found["events"])


def test_a_function_that_logs_answers_without_waiting(bench: Bench) -> None:
    source = "def handler(event, context): print('x' * 100_000)\n"
    function = bench.function(source)
    bench.invoke(function)

    def seconds() -> float:
        began = time.monotonic()
        bench.invoke(function)
        return time.monotonic() - began

    assert min(seconds() for _ in range(10)) < 0.045


def test_numbers_of_the_document_client_are_answered_as_numbers(bench: Bench) -> None:
    source = """
        from decimal import Decimal
        def handler(event, context): return {"n": Decimal("3"), "x": Decimal("0.5")}
        """
    assert bench.invoke(bench.function(source)) == {"n": 3, "x": 0.5}


def _distribution_layer(*names: str) -> bytes:
    """The installed files of these distributions below `python/`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            for file in metadata.files(name) or ():
                if not {"__pycache__", ".."} & set(file.parts):
                    archive.write(Path(str(file.locate())), f"python/{file}")
    return buffer.getvalue()


def test_the_tracer_runs_and_sends_nothing(bench: Bench) -> None:
    needs = ("aws-lambda-powertools", "aws-xray-sdk", "wrapt", "typing_extensions", "jmespath")
    source = """
        from aws_lambda_powertools import Tracer
        tracer = Tracer(service="orders")

        @tracer.capture_method
        def work(): return "worked"

        @tracer.capture_lambda_handler
        def handler(event, context):
            tracer.put_annotation("orderId", "1")
            return work()
        """
    layer = _layer(bench, _distribution_layer(*needs))
    assert bench.invoke(bench.function(source, Layers=[layer])) == "worked"


def test_a_burst_of_invocations_shares_a_few_environments(bench: Bench) -> None:
    function = bench.function(
        """
        import os, time
        def handler(event, context):
            time.sleep(0.05)
            return [event, os.getpid()]
        """
    )
    with ThreadPoolExecutor(100) as callers:
        answers = list(callers.map(lambda number: bench.invoke(function, number), range(1, 101)))
    assert [number for number, _ in answers] == list(range(1, 101))
    assert 1 < len({process for _, process in answers}) <= MOST_ENVIRONMENTS


def test_an_invocation_that_waited_too_long_is_throttled(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = threading.BoundedSemaphore(1)
    taken.acquire()
    monkeypatch.setattr(python_functions, "_QUEUE_SECONDS", 0.0)
    monkeypatch.setitem(python_functions._places, "busy", taken)
    function = {"config": {"FunctionName": "busy", "Runtime": "python3.13"}, "code_zip": b"code"}
    answer = python_functions.execute(function, {}, "1", others=pytest.fail)
    assert answer["throttle"]
    assert answer["body"]["__type"] == "TooManyRequestsException"
