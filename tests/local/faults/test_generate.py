"""Cases come from the definitions and from what the bases reached."""

from collections import Counter
from typing import Any

import pytest

from asl.walk import states
from local.faults import errors, generate
from local.faults.bases import bases
from local.faults.cases import Base, Case
from local.faults.generate import singles
from local.faults.reach import Reach, Unreached, require_all_tasks, targets
from local.faults.sample import PAIR, pairs, sample
from local.machines import task_states
from local.scenario_files import scenario_of
from workflows import DEFINITIONS

BASE = Base("a base", {"workflow": "order_processing", "input": {"item": "laptop-TAG"}})
TASKS = ["CapturePayment", "RecordOrder", "fulfillment/PlanShipments"]
REACH = Reach(BASE, TASKS, ["notify_user"])


def functions() -> list[str]:
    return ["notify_user"]


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return singles([REACH])


def test_a_task_fails_in_every_way_before_and_after_its_call(cases: list[Case]) -> None:
    faults = [case.faults[0] for case in cases if case.faults]
    captured = [fault for fault in faults if fault.get("state") == "CapturePayment"]
    kinds = {case.kind for case in cases if case.faults and case.faults[0] in captured}

    assert {fault["when"] for fault in captured} == {"before", "after"}
    assert {fault["times"] for fault in captured} == {1, 3, 0}
    assert kinds == {"timeout", "service error", "crash", "throttling", "unknown error"}
    assert {"States.Timeout", "Lambda.Unknown", "Runtime.ExitError"} <= {
        fault["error"] for fault in captured
    }
    assert "Lambda.TooManyRequestsException" in {fault["error"] for fault in captured}


def test_a_service_fails_under_its_own_names(cases: list[Case]) -> None:
    found = {
        case.faults[0]["error"] for case in cases if "RecordOrder" in case.what and case.faults
    }

    assert all(name.startswith(("DynamoDb.", "States.")) for name in found)


def test_a_function_that_is_no_task_fails_once_and_three_times(cases: list[Case]) -> None:
    faults = [case.faults[0] for case in cases if case.kind == generate.FUNCTION]

    assert {fault["function"] for fault in faults} == {"notify_user"}
    assert {(fault["when"], fault["times"]) for fault in faults} == {
        ("before", 1),
        ("before", 3),
        ("after", 1),
        ("after", 3),
    }


def test_somebody_acts_after_every_task(cases: list[Case]) -> None:
    actions = [case.actions[0] for case in cases if case.actions]
    stops = [action for action in actions if action["do"] == "stop"]

    for do in ("stop", "cancel", "again"):
        assert {action["after"] for action in actions if action["do"] == do} == set(TASKS)
    assert {"PaymentDeclined", "OrderCancelled"} <= {stop.get("error") for stop in stops}


def test_another_base_is_struck_less() -> None:
    other = Reach(Base("another", BASE.document), TASKS, [])
    counts = Counter(case.base.name for case in singles([REACH, other]))

    assert 0 < counts["another"] < counts["a base"] / 2


def test_no_case_comes_twice(cases: list[Case]) -> None:
    assert len({case.name for case in cases}) == len(cases)


TASK_STATES = task_states()


@pytest.mark.parametrize("base", bases(), ids=[base.name for base in bases()])
def test_every_base_and_what_disturbs_it_is_a_scenario(base: Base) -> None:
    reach = Reach(base, list(targets(base)), functions())
    for case in [Case("base", base, ""), *singles([reach])]:
        document = case.document("1")
        scenario = scenario_of(document, "a case", TASK_STATES, functions)

        assert (scenario.follow, scenario.sweep) == (True, True)
        assert "TAG" not in str(document)


def test_what_a_case_buys_is_its_own() -> None:
    first, second = (Case("base", BASE, "").document(tag) for tag in ("1", "2"))

    assert (first["input"], second["input"]) == ({"item": "laptop-1"}, {"item": "laptop-2"})


def test_actions_are_in_the_order_of_the_path() -> None:
    base = Base("a base", {**BASE.document, "actions": [{"do": "cancel", "after": "RecordOrder"}]})
    stop = {"do": "stop", "after": "CapturePayment"}
    case = Case("stop", base, "", actions=[stop], path=TASKS)

    assert [action["do"] for action in case.document("1")["actions"]] == ["stop", "cancel"]


def test_the_errors_of_a_machine_are_those_that_it_names() -> None:
    definition = {
        "States": {
            "A": {"Type": "Task", "Catch": [{"ErrorEquals": ["Declined"]}]},
            "B": {"Type": "Task", "Catch": [{"ErrorEquals": ["States.ALL"]}]},
            "C": {"Type": "Fail", "Error": "Refused"},
            "D": {"Type": "Fail", "Error": "{% $error %}"},
        }
    }

    assert errors.of_machine(definition) == ["Declined", "Refused"]


def test_every_integration_of_the_definitions_has_errors_of_its_own() -> None:
    for render in DEFINITIONS.values():
        for visit in states(render()):
            if visit.state["Type"] == "Task":
                kinds = {error.kind for error in errors.of_task(visit.state)}
                assert kinds >= {"timeout", "service error", "throttling", "unknown error"}


def reach_of(base: Base, without: str = "") -> Reach:
    return Reach(base, [named for named in targets(base) if named != without], [])


def test_a_task_that_no_base_reaches_is_an_error() -> None:
    base = bases()[0]
    require_all_tasks([reach_of(base)], list(DEFINITIONS))

    with pytest.raises(Unreached, match="no base reaches order_processing/CapturePayment; add one"):
        require_all_tasks([reach_of(base, without="CapturePayment")], ["order_processing"])


def test_a_task_that_is_reached_as_a_followed_one_is_reached() -> None:
    require_all_tasks([reach_of(bases()[0])], ["fulfillment"])


def test_pairs_disturb_one_base_in_two_ways(cases: list[Case]) -> None:
    other = singles([Reach(Base("another", BASE.document), TASKS, [])])
    found = pairs([*cases, *other], seed=1, number=30)

    assert len(found) == 30
    for case in found:
        assert case.kind == PAIR
        assert len(case.faults) + len(case.actions) == 2


def test_the_same_seed_gives_the_same_part(cases: list[Case]) -> None:
    def names(seed: int) -> list[str]:
        return [case.name for case in sample([*cases, *pairs(cases, seed)], seed, 25)]

    assert names(1) == names(1)
    assert names(1) != names(2)
    assert len(names(1)) == 25


def test_a_sample_is_spread_over_the_kinds(cases: list[Case]) -> None:
    kinds = Counter(case.kind for case in cases)
    counts = Counter(case.kind for case in sample(cases, 3, 2 * len(kinds)))

    assert set(counts) == set(kinds)
    assert set(counts.values()) == {2}


def test_without_a_limit_every_case_is_run(cases: list[Case]) -> None:
    assert sample(cases, 0, None) == cases
    assert sample(cases, 0, 10**6) == cases


def test_a_single_disturbance_makes_no_pair() -> None:
    lonely: list[Any] = [Case("stop", BASE, "", actions=[{"do": "stop", "after": "RecordOrder"}])]

    assert pairs(lonely, 0) == []
