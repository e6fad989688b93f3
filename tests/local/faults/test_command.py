"""`orders faults` as scripts see it: exit codes, JSON, kept scenarios."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from local.faults import command
from local.faults.judging import Violation
from local.faults.keeping import keep
from local.faults.work import Outcome
from local.machines import task_states
from local.scenario_files import read_scenario
from tests.local.faults.test_session import Crew
from tests.local.test_cli import Ended, orders

BROKEN = Violation("captured once", "it was captured 2 times")


class Breaking(Crew):
    """Every scenario that stops an execution breaks a rule."""

    def run(self, documents: Iterable[Mapping[str, Any]]) -> Iterator[tuple[int, Outcome]]:
        given = list(documents)
        for number, outcome in super().run(given):
            actions = given[number].get("actions", [])
            broken = [BROKEN] if any(action["do"] == "stop" for action in actions) else []
            yield number, Outcome(broken, outcome.status, outcome.calls, outcome.fired, [], 0.1)


def faults(monkeypatch: pytest.MonkeyPatch, crew: Crew, *arguments: str | Path) -> Ended:
    @contextmanager
    def hands(_size: int, _stack: str) -> Iterator[Crew]:
        yield crew

    with monkeypatch.context() as patch:
        patch.setattr(command, "crew", hands)
        return orders("faults", *arguments)


def test_the_help_says_what_is_done_and_how_it_ends() -> None:
    shown = " ".join(orders("faults", "--help").stdout.split())

    for words in ("--seed", "--limit", "--json", "--out", "Exit 0 if every rule held, 3 if one"):
        assert words in shown


def test_an_unknown_workflow_is_one_sentence() -> None:
    ran = orders("faults", "bakery")

    assert ran.returncode == 2
    assert "there is no workflow 'bakery'; choose from order_processing, checkout" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_folder_that_cannot_be_written_stops_it_before_anything_starts(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    ran = orders("faults", "--out", file / "folder")

    assert ran.returncode == 2
    assert "folder: cannot be written: " in ran.stderr


def test_a_limit_that_runs_nothing_is_refused() -> None:
    assert orders("faults", "--limit", "0").returncode == 2


def test_rules_that_hold_are_exit_0(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ran = faults(monkeypatch, Crew(), "checkout", "--limit", "5", "--json", "--out", tmp_path)

    found = json.loads(ran.stdout)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert found["violations"] == []
    assert found["run"] == 5 + found["byKind"]["base"]["run"]
    assert list(tmp_path.iterdir()) == []


def test_a_broken_rule_is_exit_3_and_its_scenario_is_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    arguments = ("checkout", "--limit", "20", "--seed", "1", "--out", tmp_path)
    ran = faults(monkeypatch, Breaking(), *arguments, "--json")
    found = json.loads(ran.stdout)

    assert ran.returncode == 3
    assert found["byKind"]["stop"]["violations"] == found["byKind"]["stop"]["run"] > 0
    for violation in found["violations"]:
        assert (violation["rule"], violation["seen"]) == (BROKEN.rule, BROKEN.seen)
        kept = read_scenario(Path(violation["scenario"]), task_states(), Crew().functions)
        assert "stop" in {action.do for action in kept.actions}
    shown = faults(monkeypatch, Breaking(), *arguments)
    assert "captured once: it was captured 2 times" in shown.stderr
    assert "break a rule" in shown.stdout


def test_the_same_name_twice_is_two_files(tmp_path: Path) -> None:
    document = {"name": "Stop after X; an order, paid"}

    assert [keep(tmp_path, document).name for _ in range(2)] == [
        "stop-after-x-an-order-paid.json",
        "stop-after-x-an-order-paid-2.json",
    ]
