"""A Map of Parallels of functions: results in order, errors caught inside."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.emulator.bench import Bench, jsonata

_SOURCE = """
    class OutOfStock(Exception): pass
    def handler(event, context):
        if event["number"] in event["short"]: raise OutOfStock("none left")
        return {"step": event["step"], "number": event["number"]}
    """


def _branch(step: str, function: str) -> dict[str, Any]:
    """A branch that reports its error instead of failing the Parallel."""
    report = {"step": step, "error": "{% $states.errorOutput.Error %}"}
    call = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {
            "FunctionName": function,
            "Payload": {
                "step": step,
                "number": "{% $states.input.number %}",
                "short": "{% $states.input.short %}",
            },
        },
        "Output": "{% $states.result.Payload %}",
        "Catch": [{"ErrorEquals": ["States.ALL"], "Output": report, "Next": f"Not{step}"}],
        "End": True,
    }
    return {"StartAt": step, "States": {step: call, f"Not{step}": {"Type": "Pass", "End": True}}}


def _definition(update: str, send: str) -> dict[str, Any]:
    both = {
        "Type": "Parallel",
        "Branches": [_branch("Update", update), _branch("Send", send)],
        "Output": {"index": "{% $states.input.index %}", "parts": "{% $states.result %}"},
        "End": True,
    }
    each = {
        "Type": "Map",
        "Items": "{% $states.input.groups %}",
        "ItemSelector": {
            "number": "{% $states.context.Map.Item.Value %}",
            "index": "{% $states.context.Map.Item.Index %}",
            "short": "{% $states.input.short %}",
        },
        "MaxConcurrency": 10,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "INLINE"},
            "StartAt": "Both",
            "States": {"Both": both},
        },
        "End": True,
    }
    return jsonata({"Each": each})


@dataclass(frozen=True)
class _Groups:
    """A machine that maps over numbers; both functions fail on those that are short."""

    bench: Bench
    machine: str

    def run(self, numbers: list[int], short: list[int]) -> Any:
        document = {"groups": numbers, "short": short}
        ended = self.bench.ended(self.bench.start(self.machine, document), seconds=60)
        assert ended["status"] == "SUCCEEDED", ended
        return ended["output"]


@pytest.fixture
def groups(bench: Bench) -> _Groups:
    functions = [bench.function(_SOURCE) for _ in range(2)]
    grants = [("lambda:InvokeFunction", function) for function in functions]
    return _Groups(bench, bench.machine(_definition(*functions), *grants))


def _parts(number: int) -> list[dict[str, Any]]:
    return [{"step": step, "number": number} for step in ("Update", "Send")]


@pytest.mark.parametrize("numbers", [[], [7], [8, 7]])
def test_a_list_of_any_length_gives_a_list_of_that_length(
    groups: _Groups, numbers: list[int]
) -> None:
    expected = [{"index": n, "parts": _parts(number)} for n, number in enumerate(numbers)]
    assert groups.run(numbers, short=[]) == expected


def test_an_iteration_that_fails_leaves_its_siblings_alone(groups: _Groups) -> None:
    numbers = list(range(1, 13))
    results = groups.run(numbers, short=[3, 11])
    failed = [{"step": step, "error": "OutOfStock"} for step in ("Update", "Send")]
    assert [result["index"] for result in results] == list(range(12))
    for number, result in zip(numbers, results, strict=True):
        assert result["parts"] == (failed if number in (3, 11) else _parts(number))
