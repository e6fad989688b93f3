from __future__ import annotations

from typing import Any

import pytest

from tests.asl.samples import (
    PASS,
    assert_refused,
    load,
    machine,
    sentences,
)


def mapping(**fields: Any) -> dict[str, Any]:
    body = {"StartAt": "Each", "States": {"Each": PASS}}
    return machine({"Type": "Map", "ItemProcessor": body, "End": True, **fields})


@pytest.mark.parametrize(
    ("definition", "sentence"),
    [
        pytest.param(
            machine({"Type": "Map", "End": True}),
            "exactly one of ItemProcessor, Iterator, and has none",
            id="no processor",
        ),
        pytest.param(
            machine({"Type": "Parallel", "Branches": [], "End": True}),
            "Branches must be a list with at least one member",
            id="no branches",
        ),
        pytest.param(
            machine({"Type": "Parallel", "Branches": [{}], "End": True}),
            "Branches[0] lacks StartAt",
            id="an empty branch",
        ),
        pytest.param(
            machine(
                {
                    "Type": "Parallel",
                    "Branches": [{"StartAt": "A", "States": {"A": PASS}, "TimeoutSeconds": 5}],
                    "End": True,
                }
            ),
            "TimeoutSeconds is not a field of a branch",
            id="a branch with a timeout",
        ),
        pytest.param(
            mapping(Items="items"),
            "Items must be a list, an object or a JSONata expression",
            id="items that are text",
        ),
        pytest.param(
            mapping(
                ItemProcessor={
                    "ProcessorConfig": {"Mode": "FAST"},
                    "StartAt": "A",
                    "States": {"A": PASS},
                }
            ),
            "Mode must be 'INLINE' or 'DISTRIBUTED'",
            id="an unknown mode",
        ),
        pytest.param(
            mapping(ItemReader={"Resource": "arn:aws:states:::s3:getObject"}),
            "ItemReader needs distributed mode",
            id="a reader inline",
        ),
        pytest.param(
            mapping(ToleratedFailurePercentage=101),
            "a number from 0 to 100",
            id="too much tolerance",
        ),
        pytest.param(
            mapping(
                ItemProcessor={
                    "ProcessorConfig": {"Mode": "DISTRIBUTED"},
                    "StartAt": "A",
                    "States": {"A": PASS},
                }
            ),
            "lacks ExecutionType",
            id="no execution type",
        ),
    ],
)
def test_a_bad_body_is_refused_by_its_states_name(definition: Any, sentence: str) -> None:
    assert_refused(definition, sentence)


def test_an_express_machine_has_no_distributed_map() -> None:
    found = sentences(load("distributed_map"), machine_type="EXPRESS")
    assert [text for text in found if "is in distributed mode, which an Express" in text]


def test_a_reader_takes_its_limit_from_one_place() -> None:
    definition = load("distributed_map")
    config = definition["States"]["Every line"]["ItemReader"]["ReaderConfig"]
    config["MaxItemsPath"] = "$.limit"
    assert sentences(definition) == [
        "State 'Every line': ItemReader.ReaderConfig may have only one of MaxItems, MaxItemsPath."
    ]
