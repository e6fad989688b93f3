"""Values on the SDK's wire."""

import asyncio
from pathlib import Path
from typing import Any

import pulumi
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime import rpc

from local.deploy.archives import Package
from local.deploy.values import COMPUTED, Secret, computed_paths, opened, read, shown

HERE = Path(__file__).parent
SECRET = {rpc._special_sig_key: rpc._special_secret_sig, "value": {"pin": 7}}

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8).filter(
    lambda text: text != rpc.UNKNOWN
)
keys = texts.filter(lambda key: key != rpc._special_sig_key)
scalars = st.one_of(texts, st.booleans(), st.integers(-(2**53), 2**53))
documents = st.dictionaries(
    keys,
    st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    ),
    max_size=4,
)


def sent(properties: dict[str, Any]) -> Any:
    return asyncio.run(rpc.serialize_properties(properties, {}))


@given(documents)
def test_plain_json_comes_through_unchanged(document: dict[str, Any]) -> None:
    values = read(sent(document), HERE)
    assert values == document
    assert opened(values) == document
    assert shown(values) == document


def test_a_whole_number_is_an_integer_again() -> None:
    values = read(sent({"count": 5, "share": 0.5}), HERE)
    assert values == {"count": 5, "share": 0.5}
    assert isinstance(values["count"], int)


def test_a_secret_is_open_to_the_provider_and_hidden_from_the_reader() -> None:
    values = read(sent({"login": SECRET, "user": "jane"}), HERE)
    assert values == {"login": Secret({"pin": 7}), "user": "jane"}
    assert opened(values) == {"login": {"pin": 7}, "user": "jane"}
    assert shown(values) == {"login": "[secret]", "user": "jane"}


def test_a_value_not_known_yet_is_told_with_its_path() -> None:
    values = read(sent({"tags": [{"owner": rpc.UNKNOWN}], "name": "x"}), HERE)
    assert values == {"tags": [{"owner": COMPUTED}], "name": "x"}
    assert shown(values) == {"name": "x", "tags": [{"owner": "<computed>"}]}
    assert list(computed_paths(values)) == ["tags[0].owner"]


def test_an_unknown_inside_a_secret_is_found() -> None:
    values = {"login": Secret({"pin": COMPUTED})}
    assert list(computed_paths(values)) == ["login.pin"]


def test_an_archive_is_shown_as_the_hash_of_its_content() -> None:
    archive = pulumi.AssetArchive({"a.py": pulumi.StringAsset("x = 1")})
    code = read(sent({"code": archive}), HERE)["code"]
    assert isinstance(code, Package)
    assert shown(code) == {"sha256": code.sha256}
