"""Checkout: its definition against the golden file, and what must hold of it."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonata import Jsonata

import asl
from handlers.domain.checkout_refusals import Stage, refusal
from workflows import DEFINITIONS

GOLDEN = Path(__file__).parent / "checkout.json"
DEFINITION = DEFINITIONS["checkout"]()
STATES = DEFINITION["States"]


def test_the_definition_is_exactly_the_golden_file() -> None:
    assert json.loads(GOLDEN.read_text(encoding="utf-8")) == DEFINITION


def test_the_definition_has_no_problem() -> None:
    assert asl.check(DEFINITION) == []


def test_success_takes_six_transitions() -> None:
    assert asl.success_cost(DEFINITION).transitions == 6


@pytest.mark.parametrize(
    ("state", "word"), [("RequestPayment", "succeeded"), ("RequestShipping", "available")]
)
def test_only_the_exact_success_word_passes(state: str, word: str) -> None:
    def passes(result: dict[str, Any]) -> bool:
        query = Jsonata(STATES[state]["Output"].removeprefix("{% ").removesuffix(" %}"))
        query.assign("states", {"result": result})
        try:
            return bool(query.evaluate(None) == result)
        except Exception:  # whatever $error raises, the state fails
            return False

    assert passes({"status": word})
    for other in (word.upper(), f"{word} ", "failed", "", None, True, {"status": word}):
        assert not passes({"status": other})
    assert not passes({})


def test_a_service_is_waited_for_with_a_token_a_timeout_and_a_heartbeat() -> None:
    for state in ("RequestPayment", "RequestShipping"):
        waiting = STATES[state]
        assert waiting["Resource"].endswith(".waitForTaskToken")
        assert waiting["HeartbeatSeconds"] < waiting["TimeoutSeconds"]


def test_silence_of_a_service_is_an_answer_that_only_a_cut_off_invocation_repeats() -> None:
    for state in ("RequestPayment", "RequestShipping"):
        (rule,) = STATES[state]["Retry"]
        assert "Sandbox.Timedout" in rule["ErrorEquals"]
        assert not {"States.Timeout", "States.HeartbeatTimeout"} & set(rule["ErrorEquals"])


def test_every_task_has_a_way_on_from_any_error() -> None:
    for name, state in STATES.items():
        if state["Type"] == "Task":
            assert state["Catch"][-1]["ErrorEquals"] == ["States.ALL"], name


def test_everything_that_fails_before_the_confirmation_is_given_back() -> None:
    on_the_way = ("CreateOrder", "RequestPayment", "RecordPayment", "RequestShipping")
    for name in (*on_the_way, "ConfirmOrder"):
        assert STATES[name]["Catch"][-1]["Next"] == "FailCheckout"


STAGES = {
    "CreateOrder": Stage.CREATE,
    "RequestPayment": Stage.PAYMENT,
    "RecordPayment": Stage.RECORD,
    "RequestShipping": Stage.SHIPPING,
    "ConfirmOrder": Stage.CONFIRM,
}


@pytest.mark.parametrize("error", ["OutOfStock", "PriceMismatch", "InvalidOrder", "States.Timeout"])
@pytest.mark.parametrize("state", STAGES)
def test_an_execution_that_hears_no_reason_gives_the_one_that_would_have_been_recorded(
    state: str, error: str
) -> None:
    (caught,) = STATES[state]["Catch"]
    said = caught["Assign"]["reason"]
    if said.startswith("{% "):
        query = Jsonata(said.removeprefix("{% ").removesuffix(" %}"))
        query.assign("states", {"errorOutput": {"Error": error}})
        said = query.evaluate(None)

    assert said == refusal(STAGES[state], error, "").reason
    (unrecorded,) = STATES["FailCheckout"]["Catch"]
    assert unrecorded["Assign"]["failed"]["reason"] == "{% $reason %}"
