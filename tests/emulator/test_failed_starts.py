"""A function whose process ends before it serves is told of at once, with all that it wrote."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from local.cloud import FunctionNotStarted
from tests.emulator.bench import Bench, jsonata, zipped

_SERVES = "def handler(event, context): return 1\n"
_COMPLAINS = "import os, sys\nprint('no such table', file=sys.stderr, flush=True)\n"
_ENDS: dict[str, tuple[str, str]] = {
    "leaves": ("raise SystemExit(4)\n", "Runtime exited with error: exit status 4"),
    "says why it leaves": ("sys.exit('no setting')\n", "no setting"),
    "leaves without a word": ("os._exit(0)\n", "Runtime exited without providing a reason"),
    "crashes": ("os.kill(os.getpid(), 11)\n", "error: signal: segmentation fault"),
    "lacks a module": ("import nowhere\n", "No module named 'nowhere'"),
    "raises": ("raise KeyError('TABLE')\n", "KeyError: 'TABLE'"),
}


@pytest.fixture(autouse=True)
def watched_no_more(bench: Bench) -> Iterator[None]:
    yield
    bench.cloud.watch_functions([])


def _watched(bench: Bench, function: str) -> str:
    name = function.rpartition(":")[2]
    bench.cloud.watch_functions([name])
    return name


@pytest.mark.parametrize(("end", "reason"), _ENDS.values(), ids=_ENDS)
def test_a_function_that_ends_at_its_start_is_named_with_the_reason_and_its_output(
    bench: Bench, end: str, reason: str
) -> None:
    function = bench.function(_COMPLAINS + end + _SERVES)
    name = _watched(bench, function)
    bench.invoke(function)
    with pytest.raises(FunctionNotStarted) as failure:
        bench.cloud.busy([])
    told = str(failure.value)
    assert told.startswith(f"The function {name} did not start: ")
    assert reason in told
    assert "no such table" in told


def test_the_fork_servers_output_is_shown_where_a_layer_kills_it(bench: Bench) -> None:
    files = {"python/aws_lambda_powertools/__init__.py": "raise SystemExit('a broken layer')\n"}
    layer = bench.cloud.client("lambda").publish_layer_version(
        LayerName=bench.name("layer"), Content={"ZipFile": zipped(files)}
    )
    function = bench.function(_SERVES, Layers=[layer["LayerVersionArn"]])
    _watched(bench, function)
    bench.invoke(function)
    with pytest.raises(FunctionNotStarted, match="a broken layer"):
        bench.cloud.require_functions()


def test_whoever_waits_for_an_execution_is_told_before_its_time_is_up(bench: Bench) -> None:
    function = bench.function("raise SystemExit(4)\n")
    _watched(bench, function)
    waits = jsonata({"Wait": {"Type": "Wait", "Seconds": 10_000, "End": True}})
    machine = bench.machine(waits)
    execution = bench.start(machine)
    bench.invoke(function)
    longer_than_a_control_is_waited_for = 30
    for control, document in (("end", {"execution": execution}), ("held", {"arn": machine})):
        asked = {**document, "seconds": longer_than_a_control_is_waited_for}
        with pytest.raises(FunctionNotStarted):
            bench.cloud.control(control, asked)


def test_only_watched_functions_are_told_of_and_only_until_watched_anew(bench: Bench) -> None:
    broken, other = (bench.function("raise SystemExit(4)\n") for _ in range(2))
    name = _watched(bench, broken)
    bench.invoke(other)
    bench.cloud.require_functions()
    bench.invoke(broken)
    with pytest.raises(FunctionNotStarted):
        bench.cloud.require_functions()
    bench.cloud.watch_functions([name])
    bench.cloud.require_functions()


def test_a_function_that_fails_once_it_serves_did_start(bench: Bench) -> None:
    for end in ("raise SystemExit(4)", "raise ValueError", "os._exit(3)"):
        function = bench.function(f"import os\ndef handler(event, context): {end}\n")
        _watched(bench, function)
        assert "errorType" in bench.invoke(function)
        bench.cloud.require_functions()


def test_a_function_that_is_crashed_on_purpose_while_it_starts_is_not_told_of(
    bench: Bench,
) -> None:
    function = bench.function("import time\ntime.sleep(50)\n" + _SERVES, Timeout=60)
    _watched(bench, function)
    with ThreadPoolExecutor() as pool:
        starting = pool.submit(bench.invoke, function)
        while not starting.done():
            bench.cloud.crash_function(0.5)
    assert starting.result()["errorType"] == "Runtime.ExitError"
    bench.cloud.require_functions()
