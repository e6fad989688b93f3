from __future__ import annotations

from typing import Any

import pytest

from tests.asl.samples import (
    LAMBDA,
    PASS,
    assert_refused,
    jsonpath,
    machine,
    task,
)


@pytest.mark.parametrize(
    ("definition", "sentence"),
    [
        pytest.param(
            jsonpath({**PASS, "Parameters": {"in": [{"a": 1, "a.$": "$.a"}]}}),
            "Parameters.in[0] gives a twice, once as a.$",
            id="a field given twice",
        ),
        pytest.param(
            machine({**PASS, "ResultPath": "$.a"}),
            "ResultPath belongs to JSONPath",
            id="JSONPath in JSONata",
        ),
        pytest.param(
            jsonpath({**PASS, "Output": "x"}), "Output belongs to JSONata", id="JSONata in JSONPath"
        ),
        pytest.param(
            jsonpath({"Type": "Wait", "Seconds": "{% 1 %}", "End": True}),
            "Seconds must be a whole number",
            id="an expression for a JSONPath number",
        ),
        pytest.param(
            machine({**PASS, "QueryLanguage": "JSONPath"}),
            "which a JSONata machine does not allow",
            id="a JSONPath state in a JSONata machine",
        ),
        pytest.param(
            machine({**PASS, "QueryLanguage": "XPath"}),
            "QueryLanguage must be 'JSONPath' or 'JSONata'",
            id="an unknown language",
        ),
        pytest.param(
            machine({**PASS, "Output": {"a": ["{% $x + %}"]}}),
            "Output.a[0] is not JSONata: ",
            id="unparsable JSONata",
        ),
        pytest.param(
            machine({**PASS, "Output": "{%%}"}), "Output is not JSONata", id="an empty expression"
        ),
        pytest.param(
            machine(task(LAMBDA, TimeoutSeconds="{% ( %}")),
            "TimeoutSeconds is not JSONata",
            id="an unparsable timeout",
        ),
        pytest.param(
            machine({**PASS, "Output": "{% $eval('1') %}"}),
            "calls $eval, which Step Functions does not have",
            id="$eval",
        ),
        pytest.param(
            jsonpath({**PASS, "InputPath": "$.a[", "End": True}),
            "InputPath must be null or a JSONPath",
            id="a malformed path",
        ),
        pytest.param(
            jsonpath({**PASS, "Parameters": {"a.$": "b.c"}}),
            "Parameters.a.$ must be a JSONPath or an intrinsic",
            id="a path without a root",
        ),
        pytest.param(
            jsonpath({**PASS, "Parameters": {"a.$": 1}}),
            "Parameters.a.$ must be a JSONPath or an intrinsic",
            id="a number for a path",
        ),
        pytest.param(
            jsonpath({**PASS, "ResultPath": "$.a[0:1]"}),
            "ResultPath must be null or a Reference Path",
            id="a result path with a slice",
        ),
        pytest.param(
            jsonpath({**PASS, "ResultPath": "$$.a"}),
            "ResultPath must be null or a Reference Path",
            id="a result path into the context",
        ),
        pytest.param(
            jsonpath({**PASS, "Parameters": {"a.$": "States.Format('x'"}}),
            "is no intrinsic function",
            id="an unclosed intrinsic",
        ),
        pytest.param(
            jsonpath({**PASS, "Parameters": {"a.$": "States.Sum(1)"}}),
            "there is no function States.Sum",
            id="an unknown intrinsic",
        ),
        pytest.param(
            jsonpath({**PASS, "Parameters": {"a.$": "States.Hash($.a)"}}),
            "States.Hash takes 2 arguments, not 1",
            id="arguments too few",
        ),
        pytest.param(
            jsonpath({**PASS, "Parameters": {"a.$": "States.Array(1 2)"}}),
            "a comma or a bracket is missing",
            id="a missing comma",
        ),
        pytest.param(
            jsonpath({**PASS, "Parameters": {"a.$": "States.UUID() x"}}),
            "there is more behind its end",
            id="text behind an intrinsic",
        ),
        pytest.param(
            jsonpath({**PASS, "Parameters": {"a.$": "States.Array(" * 11 + ")" * 11}}),
            "nest more than 10 deep",
            id="intrinsics nested too deep",
        ),
    ],
)
def test_a_mixed_or_broken_expression_is_refused_by_its_states_name(
    definition: Any, sentence: str
) -> None:
    assert_refused(definition, sentence)
