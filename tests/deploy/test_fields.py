"""From Pulumi's properties to an API's parameters."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from local.deploy.fields import Fields, inside, tag_list, text, translate, unknown_paths

FIELDS: Fields = {
    "hashKey": lambda name: {"Keys": [{"Name": name, "Role": "HASH"}]},
    "rangeKey": lambda name: {"Keys": [{"Name": name, "Role": "RANGE"}]},
    "delay": text("Delay"),
    "encrypted": text("Encrypted"),
    "minimum": inside("Limits", "Min"),
    "maximum": inside("Limits", "Max"),
    "target": ("Target", {"arn": "Arn", "retries": ("Retries", {"count": "Count"})}),
    "filters": ("Filters", {"pattern": "Pattern"}),
    "tags": tag_list(),
}


def test_properties_become_parameters_in_the_tables_order() -> None:
    inputs = {
        "rangeKey": "b",
        "hashKey": "a",
        "maximum": 9,
        "minimum": 1,
        "delay": 5,
        "encrypted": True,
        "target": {"arn": "x", "retries": {"count": 2}},
        "filters": [{"pattern": "p"}, {"pattern": "q"}],
        "tags": {"z": "1", "a": "2"},
    }
    assert translate(inputs, FIELDS) == {
        "Keys": [{"Name": "a", "Role": "HASH"}, {"Name": "b", "Role": "RANGE"}],
        "Attributes": {"Delay": "5", "Encrypted": "true"},
        "Limits": {"Min": 1, "Max": 9},
        "Target": {"Arn": "x", "Retries": {"Count": 2}},
        "Filters": [{"Pattern": "p"}, {"Pattern": "q"}],
        "Tags": [{"Key": "a", "Value": "2"}, {"Key": "z", "Value": "1"}],
    }
    assert list(unknown_paths(inputs, FIELDS)) == []


def test_what_is_null_is_left_out() -> None:
    inputs: dict[str, Any] = {"delay": None, "colour": None, "target": None}
    assert translate(inputs, FIELDS) == {}
    assert list(unknown_paths(inputs, FIELDS)) == []


def test_an_unknown_property_is_found_at_any_depth() -> None:
    inputs = {
        "colour": "red",
        "target": {"arn": "x", "retries": {"age": 1}},
        "filters": [{"pattern": "p"}, {"shape": "round"}],
    }
    assert list(unknown_paths(inputs, FIELDS)) == ["colour", "target.retries.age", "filters.shape"]


@given(st.dictionaries(st.text(max_size=5), st.integers(), max_size=6))
def test_every_property_is_either_translated_or_told(inputs: dict[str, int]) -> None:
    fields: Fields = {key: f"P{key}" for key in sorted(inputs)[::2]}
    told = set(unknown_paths(inputs, fields))
    translated = {name.removeprefix("P") for name in translate(inputs, fields)}
    assert told | translated == set(inputs)
    assert not told & translated
