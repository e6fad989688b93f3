"""Reading scenarios: the one shape, and a sentence for everything else."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.documents import BadDocument, read_document
from local.machines import task_states
from local.scenario import Fault
from local.scenario_files import BadScenario, read_scenario
from local.stack import ROOT

SAMPLES = sorted((ROOT / "samples").glob("*/*.json"))
KNOWN = {"order_processing": {"CapturePayment"}}
GOOD: dict[str, Any] = {"workflow": "order_processing", "input": {"customerId": "c"}}


def write(folder: Path, document: Any) -> Path:
    path = folder / "scenario.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def refusal(folder: Path, document: Any) -> str:
    with pytest.raises(BadDocument) as refused:
        read_scenario(write(folder, document), KNOWN)
    return str(refused.value)


def test_the_least_scenario_is_a_workflow_and_an_input(tmp_path: Path) -> None:
    scenario = read_scenario(write(tmp_path, GOOD), KNOWN)

    assert (scenario.name, scenario.workflow, scenario.expect) == (
        "scenario",
        "order_processing",
        None,
    )


def test_amounts_stay_exact(tmp_path: Path) -> None:
    text = '{"workflow": "order_processing", "input": {"price": 0.1}}'

    assert read_scenario(write(tmp_path, text), KNOWN).input == {"price": Decimal("0.1")}


def test_faults_default_to_always_before_the_call(tmp_path: Path) -> None:
    fault = {"state": "CapturePayment", "error": "States.Timeout"}

    scenario = read_scenario(write(tmp_path, {**GOOD, "faults": [fault]}), KNOWN)

    assert scenario.faults == (Fault("CapturePayment", "States.Timeout", "before", 0),)


def nested(levels: int) -> list[Any]:
    """Lists in lists."""
    return [] if levels == 1 else [nested(levels - 1)]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"workflow": "bakery"}, 'workflow: must not be "bakery"; it may be order_processing'),
        ({"workflow": ["order_processing"]}, 'workflow: must not be ["order_processing"]'),
        ({"surprise": 1}, "surprise: unknown field; it may be actions, callbacks, expect, "),
        ({"given": {"stock": {"a": -1}}}, "given.stock.a: must not be negative; it is -1"),
        ({"given": {"stock": {"a": 1.5}}}, "given.stock.a: must be a whole number"),
        ({"given": {"stock": {"a": True}}}, "given.stock.a: must be a whole number"),
        ({"given": {"sessions": [{}]}}, "given.sessions[0].SessionId: must be text"),
        ({"callbacks": {"payment": "maybe"}}, 'callbacks.payment: must not be "maybe"'),
        (
            {"callbacks": {"payment": []}},
            "callbacks.payment: must not be []; it may be succeeded, failed, ",
        ),
        ({"callbacks": {"payment": 0.5}}, "callbacks.payment: must not be 0.5"),
        ({"callbacks": []}, "callbacks: must be a JSON object"),
        ({"given": []}, "given: must be a JSON object"),
        ({"given": {"centers": {"a": 1}}}, "given.centers.a: must be text"),
        ({"given": {"sessions": [{"SessionId": ""}]}}, "given.sessions[0].SessionId: must have 1"),
        (
            {"given": {"sessions": [{"SessionId": "s", "Products": [{"price": 1e200}]}]}},
            "given.sessions[0]: has a value that no table can hold",
        ),
        (
            {"given": {"sessions": [{"SessionId": "s", "Products": nested(40)}]}},
            "given.sessions[0]: must not be nested deeper than 32",
        ),
        ({"callbacks": False}, "callbacks: must be a JSON object"),
        ({"given": {"stock": []}}, "given.stock: must be an object by item"),
        ({"faults": {}}, "faults: must be a list"),
        ({"expect": []}, "expect: must be an object"),
        ({"through": "post"}, 'through: must not be "post"; it may be api'),
        ({"follow": "yes"}, "follow: must be true or false"),
        ({"faults": [{"state": "CapturePayment"}]}, "faults[0].error: must be"),
        (
            {"faults": [{"state": "Nowhere", "error": "E"}]},
            'faults[0].state: must not be "Nowhere"; it may be CapturePayment',
        ),
        (
            {"faults": [{"state": "CapturePayment", "error": "E", "when": "during"}]},
            'faults[0].when: must not be "during"; it may be before, after',
        ),
        (
            {"faults": [{"state": "CapturePayment", "error": "E", "times": -1}]},
            "faults[0].times: must not be negative; it is -1",
        ),
        ({"expect": "SUCCEEDED"}, "expect: must be an object"),
        ({"expct": {}}, "scenario.json: expct: unknown field; did you mean expect?"),
        ({"Follow": True}, "scenario.json: Follow: unknown field; did you mean follow?"),
        ({"given": {"stok": {}}}, "scenario.json: given.stok: unknown field; did you mean stock?"),
        ({"callbacks": {"payment": "succeded"}}, '"succeded"; did you mean succeeded?'),
        ({"given": {"stock": {"a b": -1}}}, 'scenario.json: given.stock."a b": must not be'),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, change: dict[str, Any], sentence: str) -> None:
    assert sentence in refusal(tmp_path, {**GOOD, **change})


@pytest.mark.parametrize(
    ("expect", "sentence"),
    [
        ({"stauts": "FAILED"}, "expect.stauts: no result has it; did you mean status?"),
        ({"lambdacalls": 2}, "expect.lambdacalls: no result has it; did you mean lambdaCalls?"),
        ({"order": {"Reasn": None}}, "expect.order.Reasn: no result has it; did you mean Reason?"),
        (
            {"payments": [{"operation": "capture", "ammount": 1}]},
            "expect.payments[0].ammount: no result has it; did you mean amount?",
        ),
        ({"events": [{"detail": {"orderid": "a"}}]}, "expect.events[0].detail.orderid: no result"),
        ({"stock": {"a": {"onhand": 1}}}, "expect.stock.a.onhand: no result has it"),
        ({"ledger": {"Entries": [{"when": 1}]}}, "expect.ledger.Entries[0].when: no result has it"),
        ({"zzz": 1}, "expect.zzz: no result has it; it may be name, workflow, status, error, "),
    ],
)
def test_an_expected_field_that_no_result_has_is_refused_with_the_name_perhaps_meant(
    tmp_path: Path, expect: dict[str, Any], sentence: str
) -> None:
    assert f"scenario.json: {sentence}" in refusal(tmp_path, {**GOOD, "expect": expect})


def test_what_has_names_of_its_own_may_be_expected_by_any(tmp_path: Path) -> None:
    expect = {
        "stock": {"a-new item": {"onHand": 1}},
        "attempts": {"AnyState": 1},
        "output": {"any": {"thing": 1}},
        "session": {"GiftNote": "for you"},
    }

    assert read_scenario(write(tmp_path, {**GOOD, "expect": expect}), KNOWN).expect == expect


@pytest.mark.parametrize("field", ["workflow", "input"])
def test_a_missing_field_is_named(tmp_path: Path, field: str) -> None:
    document = {name: value for name, value in GOOD.items() if name != field}

    assert f"scenario.json: {field}: is missing" in refusal(tmp_path, document)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "the document must be JSON"),
        ("[]", "scenario.json: the document: must be a JSON object"),
        ('{"workflow": 1, "workflow": 2}', 'must not give "workflow" twice'),
        ("[" * 100_000, "must not be nested deeper than 100"),
        ('{"name": "\\ud800"}', "must be Unicode text"),
        ('{"workflow": ' + "9" * 5000 + "}", "a number of more than 40 characters"),
    ],
)
def test_a_file_that_is_no_scenario_is_one_sentence(
    tmp_path: Path, text: str, sentence: str
) -> None:
    assert sentence in refusal(tmp_path, text)


def test_a_file_that_begins_with_a_mark_of_its_byte_order_is_read(tmp_path: Path) -> None:
    path = tmp_path / "scenario.json"
    path.write_text(json.dumps(GOOD), encoding="utf-8-sig")

    assert read_scenario(path, KNOWN).workflow == "order_processing"


def test_a_refused_scenario_keeps_its_name_and_workflow(tmp_path: Path) -> None:
    path = write(tmp_path, {**GOOD, "name": "mine", "surprise": 1})

    with pytest.raises(BadScenario) as refused:
        read_scenario(path, KNOWN)

    assert (refused.value.name, refused.value.workflow) == ("mine", "order_processing")


def test_only_an_order_may_be_posted(tmp_path: Path) -> None:
    known = {**KNOWN, "checkout": set[str]()}
    path = write(tmp_path, {**GOOD, "workflow": "checkout", "through": "api"})

    with pytest.raises(BadScenario, match="only order_processing takes it"):
        read_scenario(path, known)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadDocument, match="cannot be read: No such file"):
        read_document(tmp_path / "none.json")


def test_a_file_that_is_not_text_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "binary.json"
    path.write_bytes(b"\xff\xfe{}")
    with pytest.raises(BadDocument, match="must be UTF-8 text"):
        read_document(path)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
_FIELDS = st.sampled_from(["given", "callbacks", "follow", "faults", "expect", "name", "workflow"])


@given(st.dictionaries(_FIELDS, _JSON))
def test_no_document_breaks_the_reader(
    tmp_path_factory: pytest.TempPathFactory, change: dict[str, Any]
) -> None:
    path = write(tmp_path_factory.mktemp("scenario"), {**GOOD, **change})
    try:
        scenario = read_scenario(path, KNOWN)
    except BadDocument:
        return
    assert scenario.workflow == "order_processing"


@pytest.mark.parametrize("path", SAMPLES, ids=[path.stem for path in SAMPLES])
def test_every_sample_can_be_read_and_says_how_it_must_end(path: Path) -> None:
    assert read_scenario(path, task_states()).expect
