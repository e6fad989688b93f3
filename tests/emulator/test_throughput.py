"""Corrections that make many orders at once possible change no answer."""

import time
from typing import Any

import pytest
from ministack.services import cloudwatch_logs
from moto.stepfunctions.parser.asl.component.common.path import result_path

from local.emulator import crowds, throughput
from local.emulator.patches import Patches
from tests.emulator.bench import Bench, jsonata


@pytest.fixture
def patches() -> Any:
    applied = Patches()
    yield applied
    applied.undo()


def _append(stream: dict[str, Any], *times: int) -> None:
    events = [{"timestamp": at, "ingestionTime": 9, "message": str(at)} for at in times]
    cloudwatch_logs._append_log_events(stream, events)


def test_late_log_events_are_put_in_their_place(patches: Patches) -> None:
    throughput.late_log_events(patches)
    stream: dict[str, Any] = {"events": []}
    for times in ((3, 1), (), (2,), (5, 4, 2)):
        _append(stream, *times)
    assert [event["timestamp"] for event in stream["events"]] == [1, 2, 2, 3, 4, 5]
    assert (stream["firstEventTimestamp"], stream["lastEventTimestamp"]) == (1, 5)
    assert stream["lastIngestionTime"] == 9


def test_of_log_events_at_one_time_the_first_written_stays_first(patches: Patches) -> None:
    throughput.late_log_events(patches)
    stream: dict[str, Any] = {"events": []}
    for message in ("a", "b", "c"):
        event = {"timestamp": 1, "ingestionTime": 1, "message": message}
        cloudwatch_logs._append_log_events(stream, [event])
    assert [event["message"] for event in stream["events"]] == ["a", "b", "c"]


def test_a_late_log_event_does_not_cost_more_the_longer_the_log_is(patches: Patches) -> None:
    """A merge reads each of the 20,000 times; finding the place reads about 15."""
    throughput.late_log_events(patches)
    read = 0

    class Event(dict[str, Any]):
        def __getitem__(self, name: str) -> Any:
            nonlocal read
            read += 1
            return super().__getitem__(name)

    stream: dict[str, Any] = {
        "events": [Event(timestamp=at, ingestionTime=at, message="") for at in range(20_000)]
    }
    _append(stream, 19_990)
    assert read < 50


def test_a_result_path_is_parsed_once(patches: Patches) -> None:
    throughput.result_paths(patches)
    parse = result_path.parse
    assert parse("$.a") is parse("$.a")
    assert parse("$.a").update_or_create({"b": 1}, 2) == {"a": 2, "b": 1}
    assert parse("$.a").update_or_create({"b": 3}, 4) == {"a": 4, "b": 3}


def test_queues_wait_while_many_executions_run_and_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowds, "_running", set())
    for number in range(crowds._MOST_RUNNING + 2):
        crowds.began(f"execution-{number}")
    crowds.ended("execution-0")
    assert crowds.engine_is_full()
    crowds.ended("execution-1")
    assert not crowds.engine_is_full()


def test_executions_none_of_which_ends_hold_no_queue_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """They may wait for what is in one."""
    monkeypatch.setattr(crowds, "_running", {str(n) for n in range(crowds._MOST_RUNNING + 1)})
    monkeypatch.setattr(crowds, "_ended", time.monotonic() - crowds._STUCK_SECONDS)
    assert not crowds.engine_is_full()


def test_what_a_machine_sends_in_process_arrives_as_it_was(bench: Bench) -> None:
    url, arn = bench.queue()
    text = "größer ✓ " + "x" * 100_000
    call = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Arguments": {"QueueUrl": url, "MessageBody": "{% $states.input.text %}"},
        "End": True,
    }
    machine = bench.machine(jsonata({"Send": call}), ("sqs:SendMessage", arn))
    bench.ended(bench.start(machine, {"text": text}))
    assert bench.received(url) == [text]


def test_in_process_a_machine_still_needs_its_permissions(bench: Bench) -> None:
    url, _ = bench.queue()
    call = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Arguments": {"QueueUrl": url, "MessageBody": "order"},
        "End": True,
    }
    ended = bench.ended(bench.start(bench.machine(jsonata({"Send": call}))))
    assert (ended["status"], ended["error"]) == ("FAILED", "SQS.SdkClientException")
    assert "sqs:SendMessage" in ended["cause"]
