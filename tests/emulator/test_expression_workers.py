"""Processes that evaluate expressions: they are ended, replaced, and never harm another."""

import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator

import pytest

from local.emulator.expressions import frames, worker
from local.emulator.expressions.failure import JsonataError
from local.emulator.expressions.workers import COMMAND, Workers
from tests.emulator.bench import until

ENDLESS = "($f := function($n) { $f($n + 1) }; $f(1))"


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    running = Workers()
    running.warm()
    yield running
    running.close()


def test_a_value_comes_back_as_it_was(workers: Workers) -> None:
    value = {
        "text": "ü😀\ud800\n",
        "numbers": [1, 2.5, 10**20, None],
        "empty": {},
        "long": "x" * 10**6,
    }
    assert workers.evaluate("$x", json.dumps({"x": value})) == value


def test_one_process_answers_what_is_asked_one_after_another(workers: Workers) -> None:
    before = workers.running()
    assert [workers.evaluate(f"{number} + 1", "{}") for number in range(20)] == list(range(1, 21))
    with pytest.raises(JsonataError, match="T2001"):
        workers.evaluate("'a' + 1", "{}")
    assert workers.running() == before


def test_what_takes_too_long_is_ended_while_others_go_on(workers: Workers) -> None:
    failures: list[str] = []

    def run() -> None:
        with pytest.raises(JsonataError) as failure:
            workers.evaluate(ENDLESS, "{}")
        failures.append(str(failure.value))

    endless = threading.Thread(target=run)
    endless.start()
    assert [workers.evaluate("1 + $n", json.dumps({"n": n})) for n in range(3)] == [1, 2, 3]
    assert endless.is_alive()
    endless.join()
    assert failures == [
        "threw an error during evaluation: Expression evaluation timeout: Check for infinite loop"
    ]


@pytest.mark.parametrize(
    "expression",
    [
        "$pad('a', 4000000000)",
        "$replace($pad('', 1000000, 'a'), 'a', $pad('', 1000000, 'b'))",
        "$join([1..3000].$pad('', 1000000))",
    ],
)
def test_what_takes_too_much_memory_is_refused(workers: Workers, expression: str) -> None:
    with pytest.raises(JsonataError, match="memory limit exceeded"):
        workers.evaluate(expression, "{}")
    assert workers.evaluate("1", "{}") == 1


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (signal.SIGXCPU, "timeout"),
        (signal.SIGKILL, "memory limit exceeded"),
        (signal.SIGTERM, "ended"),
    ],
)
def test_a_process_that_dies_fails_its_expression_and_is_replaced(
    number: signal.Signals, why: str
) -> None:
    workers = Workers()
    workers.warm()
    assert workers.evaluate("1", "{}") == 1
    (pid,) = workers.running()
    killer = threading.Timer(0.2, os.kill, (pid, number))
    killer.start()
    with pytest.raises(JsonataError, match=why):
        workers.evaluate(ENDLESS, "{}")
    assert workers.evaluate("2", "{}") == 2
    assert pid not in workers.running()
    workers.close()


def test_a_closed_pool_leaves_no_process(workers: Workers) -> None:
    other = Workers()
    other.warm()
    (pid,) = other.running()
    other.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_process_ends_when_nobody_asks_any_more() -> None:
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        frames.send(process.stdin.fileno(), "1 + 1", "{}")
        assert frames.receive(process.stdout.fileno()) == (worker.VALUE, "2")
        process.stdin.close()
        assert process.wait(15) == 0
        assert frames.receive(process.stdout.fileno()) is None


def test_processes_with_endless_expressions_are_joined_by_others_up_to_a_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("local.emulator.expressions.workers.MOST", 2)
    workers = Workers()

    def run() -> None:
        with pytest.raises(JsonataError):
            workers.evaluate(ENDLESS, "{}")

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    until(lambda: len(workers.running()) == 2)
    assert workers.evaluate("1", "{}") == 1
    for thread in threads:
        thread.join()
    workers.close()


def test_one_process_is_enough_for_many_that_ask(workers: Workers) -> None:
    before, found = workers.running(), list[int]()
    threads = [
        threading.Thread(target=lambda: found.append(workers.evaluate("1 + 1", "{}")))
        for _ in range(50)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [2] * 50
    assert workers.running() == before
