"""What a machine leaves to the functions beside it, in words that both know."""

import pytest

from handlers.adapters.executions import TELLING
from handlers.domain import checkout_failure, recovery
from handlers.domain.outcomes import REVIEW
from workflows import DEFINITIONS

STATES = {name: render()["States"] for name, render in DEFINITIONS.items()}


@pytest.mark.parametrize(
    ("workflow", "variable"), [("order_processing", "refusal"), ("checkout", "failed")]
)
def test_a_recovery_knows_the_machines_words_for_support_was_told(
    workflow: str, variable: str
) -> None:
    said = STATES[workflow]["ReportUnrecorded"]["Assign"][variable]

    assert f"cause & '{recovery.SUPPORT_TOLD}'" in said


@pytest.mark.parametrize(
    ("workflow", "step"),
    [("order_processing", recovery.STEP), ("checkout", checkout_failure.STEP)],
)
def test_an_unrecorded_refusal_is_told_by_the_review_that_the_recovery_will_ask_for(
    workflow: str, step: str
) -> None:
    (entry,) = STATES[workflow]["ReportUnrecorded"]["Arguments"]["Entries"]

    assert entry["Detail"]["step"] == step


def test_a_called_human_finds_the_review_by_the_step_in_the_call() -> None:
    states = STATES["order_processing"]
    (entry,) = states["RequestManualReview"]["Arguments"]["Entries"]
    item = states["RecordManualReview"]["Arguments"]["Item"]

    assert entry["Detail"]["step"] == item["Step"]["S"]
    assert item["Untold"] == {"S": "yes"}


@pytest.mark.parametrize("workflow", ["order_processing", "checkout"])
def test_a_recovery_knows_by_their_names_the_states_that_tell_an_outcome(workflow: str) -> None:
    events = {
        name: state["Arguments"]["Entries"][0]["DetailType"]
        for name, state in STATES[workflow].items()
        if state.get("Resource", "").endswith(":putEvents")
    }

    telling = {name for name, detail_type in events.items() if detail_type != REVIEW}
    assert telling == {name for name in STATES[workflow] if name.startswith(TELLING)}
    assert len(telling) == 2
