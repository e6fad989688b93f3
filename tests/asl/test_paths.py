from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asl import MAX_PATHS, Path, catch, count_paths, invoke, success_cost
from tests.asl.samples import LAMBDA, load, machine

DONE = {"Type": "Succeed"}


def branch(name: str, **fields: Any) -> dict[str, Any]:
    return {"StartAt": name, "States": {name: invoke(LAMBDA, {}, **fields)}}


def test_every_way_is_listed_with_what_it_takes() -> None:
    definition = machine(
        invoke(LAMBDA, {}, Catch=[catch(["States.ALL"], "Refuse")], Next="Choose"),
        Choose={
            "Type": "Choice",
            "Choices": [{"Condition": "{% $ok %}", "Next": "Done"}],
            "Default": "Refuse",
        },
        Done=DONE,
        Refuse={"Type": "Fail", "Error": "Refused"},
    )
    assert count_paths(definition) == [
        Path(("Work", "Choose", "Done"), "SUCCEEDED", None, 3, 1),
        Path(("Work", "Choose", "Refuse"), "FAILED", "Refused", 3, 1),
        Path(("Work", "Refuse"), "FAILED", "Refused", 2, 1),
    ]


def test_a_parallel_takes_both_of_its_branches() -> None:
    state = {"Type": "Parallel", "Branches": [branch("A", End=True), branch("B", End=True)]}
    (way,) = count_paths(machine({**state, "Next": "Done"}, Done=DONE))
    assert way == Path(("Work", "A", "B", "Done"), "SUCCEEDED", None, 4, 2)


@given(st.integers(0, 40))
def test_a_map_takes_its_body_once_an_item(items: int) -> None:
    body = {"Type": "Map", "ItemProcessor": branch("Each", End=True), "Next": "Done"}
    (way,) = count_paths(machine(body, Done=DONE), items=items)
    assert (way.transitions, way.lambda_calls) == (2 + items, items)
    assert way.states == (("Work", "Each", "Done") if items else ("Work", "Done"))


def failing(**fields: Any) -> dict[str, Any]:
    fails = {"StartAt": "Stop", "States": {"Stop": {"Type": "Fail", "Error": "Short"}}}
    return {"Type": "Parallel", "Branches": [branch("A", End=True), fails], **fields}


def test_a_branch_that_fails_fails_the_machine() -> None:
    (way,) = count_paths(machine(failing(End=True)))
    assert way == Path(("Work", "A", "Stop"), "FAILED", "Short", 3, 1)


@pytest.mark.parametrize("errors", [["Short"], ["States.ALL"], ["States.TaskFailed"]])
def test_a_branch_that_fails_is_caught_by_its_error(errors: list[str]) -> None:
    definition = machine(failing(Catch=[catch(errors, "Done")], End=True), Done=DONE)
    assert count_paths(definition) == [Path(("Work", "A", "Stop", "Done"), "SUCCEEDED", None, 4, 1)]


def test_a_branch_that_fails_with_another_error_is_not_caught() -> None:
    definition = machine(failing(Catch=[catch(["Other"], "Done")], End=True), Done=DONE)
    outcomes = [(way.states[-1], way.outcome) for way in count_paths(definition)]
    assert outcomes == [("Stop", "FAILED"), ("Done", "SUCCEEDED")]


def test_a_loop_is_taken_zero_times() -> None:
    again = {"Condition": "{% $again %}", "Next": "Work"}
    choose = {"Type": "Choice", "Choices": [again], "Default": "Done"}
    definition = machine({"Type": "Pass", "Next": "Choose"}, Choose=choose, Done=DONE)
    assert [way.states for way in count_paths(definition)] == [("Work", "Choose", "Done")]


def test_a_computed_error_is_not_told() -> None:
    definition = machine({"Type": "Fail", "Error": "{% $states.input.Error %}"})
    assert count_paths(definition) == [Path(("Work",), "FAILED", None, 1, 0)]


def test_more_ways_than_anyone_reads_are_cut_off() -> None:
    states: dict[str, Any] = {"S20": DONE}
    for number in range(20):
        following = f"S{number + 1}"
        states[f"S{number}"] = invoke(
            LAMBDA, {}, Catch=[catch(["States.ALL"], f"C{number}")], Next=following
        )
        states[f"C{number}"] = {"Type": "Pass", "Next": following}
    definition = {"QueryLanguage": "JSONata", "StartAt": "S0", "States": states}
    assert len(count_paths(definition)) == MAX_PATHS
    assert success_cost(definition).transitions == 21


def test_the_cheapest_success_takes_no_catch() -> None:
    definition = machine(
        invoke(LAMBDA, {}, Catch=[catch(["States.ALL"], "Done")], Next="More"),
        More=invoke(LAMBDA, {}, Next="Done"),
        Done=DONE,
    )
    assert success_cost(definition) == Path(("Work", "More", "Done"), "SUCCEEDED", None, 3, 2)


def test_a_machine_that_can_only_fail_has_no_cost_of_success() -> None:
    with pytest.raises(ValueError, match="no path that succeeds"):
        success_cost(machine({"Type": "Fail"}))


def test_functions_called_by_any_kind_of_resource_count() -> None:
    ways = count_paths(load("jsonpath_all_states"), items=2)
    longest = max(ways, key=lambda way: way.transitions)
    assert longest.lambda_calls == 2
