"""The demo's output: a line an order, a total however it ends, the reason if one breaks."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from local import demonstration, report
from local.demonstration import Demonstration
from local.deploy import Deployment
from local.result import Result, broken
from local.samples import Sample, samples
from local.scenario import Scenario
from local.stack import Stack
from local.terminal import Steps
from local.waiting import StuckError

STACK = Stack(cloud=None, deployment=Deployment([], {}), seconds=2.1)  # type: ignore[arg-type]
STEPS = Steps(lambda _: None, is_live=False)


class Screen(io.StringIO):
    """What was printed, line by line."""

    @property
    def lines(self) -> list[str]:
        return self.getvalue().splitlines()


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    shown = Screen()
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("out", "err"):
        monkeypatch.setattr(demonstration, name, Console(file=shown, width=80))
    return shown


def ended_as_expected(scenario: Scenario) -> Result:
    expect = scenario.expect or {}
    status, error = expect.get("status", "SUCCEEDED"), expect.get("error")
    result = Result(scenario.name, scenario.workflow, status, error, met=True)
    return replace(result, transitions=305, seconds=12.345)


def some(*names: str) -> list[Sample]:
    return [Sample(name, Scenario(name, "checkout", {})) for name in names]


def demonstrate(
    found: list[Sample], run: Callable[[Scenario], Result], **options: Any
) -> Demonstration:
    shown = Demonstration(found, **options)
    shown.run(STACK, run, STEPS)
    shown.end()
    return shown


def test_every_sample_is_a_whole_line_of_80_columns_and_all_of_it_fewer_than_75_lines(
    screen: Screen,
) -> None:
    found = samples()
    shown = demonstrate(found, ended_as_expected)

    assert shown.is_met
    assert len(screen.lines) + len(["Starting ...", "Deploying ..."]) < 75
    assert max(map(len, screen.lines)) == 80
    for _file, scenario in found:
        assert [line for line in screen.lines if f"ok {scenario.name}  " in line], scenario.name


def test_the_orders_of_a_workflow_stand_together_below_its_name(screen: Screen) -> None:
    demonstrate(samples(), ended_as_expected)

    headings = [line.split() for line in screen.lines if "outcome  transitions" in line]
    assert [line[0] for line in headings] == ["order_processing", "checkout", "fulfillment"]


def test_a_line_says_outcome_transitions_and_milliseconds_and_the_last_the_total(
    screen: Screen,
) -> None:
    demonstrate(some("one", "two"), ended_as_expected)

    assert screen.lines[1].split() == ["ok", "one", "SUCCEEDED", "305", "12345"]
    assert screen.lines[3] == "2 orders, all as expected: 610 transitions, 24,690 ms"
    assert screen.lines[4].startswith("0 resources deployed in 2.1 s; a warm order took 12345 ms")


def test_only_verbose_shows_the_states_in_lines_that_fit(screen: Screen) -> None:
    path = tuple(f"SomewhatLongStateName{number}" for number in range(9))

    def run(scenario: Scenario) -> Result:
        followed = [{"workflow": "fulfillment", "path": path}]
        return replace(ended_as_expected(scenario), path=path, lambdaCalls=2, followed=followed)

    demonstrate(some("brief"), run)
    assert "SomewhatLongStateName" not in screen.getvalue()
    demonstrate(some("verbose"), run, verbose=True)

    assert "   2 Lambda calls: SomewhatLongStateName0 → " in screen.getvalue()
    assert "   then fulfillment: SomewhatLongStateName0 → " in screen.getvalue()
    assert max(map(len, screen.lines)) <= 80


def test_what_an_order_does_not_meet_stands_below_it(screen: Screen) -> None:
    def run(scenario: Scenario) -> Result:
        return replace(ended_as_expected(scenario), met=False, unmet=["status is 1; expected 2"])

    shown = demonstrate(some("one", "two"), run)

    assert not shown.is_met
    assert screen.lines[1].startswith("NO one")
    assert screen.lines[2] == "   status is 1; expected 2"
    assert screen.lines[5].startswith("2 orders, 2 not as expected: ")


def test_the_first_broken_order_ends_it_with_what_was_expected_and_what_was_seen(
    screen: Screen,
) -> None:
    def run(scenario: Scenario) -> Result:
        if scenario.name == "second":
            return broken("second", "checkout", StuckError("still running after 120 s"))
        return ended_as_expected(scenario)

    expect = {"status": "FAILED", "error": "OutOfStock"}
    second = Sample("second", Scenario("second", "checkout", {}, expect=expect))
    shown = demonstrate([*some("first"), second, *some("third")], run)

    assert not shown.is_met
    assert screen.lines[2].startswith("NO second")
    assert screen.lines[3:5] == [
        "   expected: FAILED with OutOfStock",
        "   seen: StuckError: still running after 120 s",
    ]
    assert screen.lines[5].startswith("2 of 3 orders, 1 not as expected: ")
    assert "third" not in screen.getvalue()


def test_an_error_that_no_order_could_outlive_ends_it_likewise_and_is_raised(
    screen: Screen,
) -> None:
    def run(scenario: Scenario) -> Result:
        raise StuckError("a function did not start:\nImportError")

    shown = Demonstration(some("first", "second"))
    with pytest.raises(StuckError):
        shown.run(STACK, run, STEPS)
    shown.end()

    assert screen.lines[2:4] == [
        "   expected: SUCCEEDED",
        "   seen: StuckError: a function did not start: ImportError",
    ]
    assert screen.lines[4].startswith("1 of 2 orders, 1 not as expected: ")


def test_an_interrupt_shows_the_total_of_what_was_run_and_nothing_after_it(screen: Screen) -> None:
    shown = Demonstration(some("first", "second"))

    def run(scenario: Scenario) -> Result:
        if scenario.name == "second":
            shown.interrupt()
        return ended_as_expected(scenario)

    shown.run(STACK, run, STEPS)
    shown.end()

    assert screen.lines[2] == "Interrupted"
    assert screen.lines[3].startswith("1 of 2 orders, all as expected: ")
    assert len(screen.lines) == 5
    assert [result.name for result in shown.results] == ["first"]


def test_before_the_stack_is_deployed_there_is_no_total(screen: Screen) -> None:
    Demonstration(some("first")).end()

    assert screen.lines == []


@pytest.mark.parametrize("width", [40, 60, 80, 100])
@pytest.mark.parametrize(
    "name", ["short", "a name that is longer than any line may be " * 3, "注文は在庫切れです" * 9]
)
def test_columns_stand_below_one_another_at_any_width_with_wide_characters_too(
    width: int, name: str
) -> None:
    line = report.line(Result(name, "checkout", "SUCCEEDED", transitions=7, seconds=0.1), width)

    assert cell_len(line.plain) == width
    assert line.plain.endswith("  SUCCEEDED    7   100")


@pytest.mark.parametrize("width", [1, 20])
def test_on_a_very_narrow_terminal_a_name_keeps_some_of_its_letters(width: int) -> None:
    line = report.line(Result("a name of some length", "checkout", "SUCCEEDED"), width)

    assert line.plain.startswith("NO a name of s…  SUCCEEDED")


def test_a_wide_terminal_is_not_filled() -> None:
    line = report.line(Result("short", "checkout", "SUCCEEDED"), 250)

    assert cell_len(line.plain) == 100
