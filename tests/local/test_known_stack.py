"""A stack is known by its outputs; what is missing to use it is one sentence."""

import json
from pathlib import Path

import pytest

from local.cloud import Cloud
from tests.emulator.bench import Bench
from tests.local.known import Known, call_as_root, make
from tests.local.test_cli import Ended, orders

_COMMANDS = (("review", "list"), ("review", "settle", "o-1"), ("republish",))


@pytest.fixture
def known(cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Known:
    call_as_root(monkeypatch, cloud)
    return make(Bench(cloud), tmp_path)


def sentence(ended: Ended, code: int) -> str:
    assert (ended.returncode, ended.stdout) == (code, "")
    assert "Traceback" not in ended.stderr
    (only,) = ended.stderr.splitlines()
    return only


@pytest.mark.parametrize("command", _COMMANDS, ids=" ".join)
def test_without_outputs_it_is_said_where_they_come_from(
    known: Known, command: tuple[str, ...]
) -> None:
    assert "pulumi stack output --json" in sentence(orders(*command), 2)


@pytest.mark.parametrize(
    ("text", "part"), [("[]", "must be an object"), ("{", "must be JSON"), ("{}", "no tables.")]
)
def test_a_file_that_has_no_outputs_is_refused(
    known: Known, tmp_path: Path, text: str, part: str
) -> None:
    file = tmp_path / "other.json"
    file.write_text(text, encoding="utf-8")
    said = sentence(orders("review", "list", "--outputs", file), 2)
    assert "other.json" in said
    assert part in said


@pytest.mark.parametrize("output", ["queues", "eventBus"])
def test_an_output_that_is_missing_is_named(known: Known, output: str) -> None:
    known.file.write_text(json.dumps({**known.outputs, output: None}), encoding="utf-8")
    assert output in sentence(orders("republish", "--outputs", known.file), 2)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_ACCESS_KEY_ID", ""),
        ("AWS_SECRET_ACCESS_KEY", ""),
        ("AWS_DEFAULT_REGION", ""),
        ("AWS_PROFILE", "nobody"),
    ],
)
def test_what_the_environment_lacks_is_one_sentence(
    known: Known, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.delenv(name, raising=False)
    if value:
        monkeypatch.setenv(name, value)
    said = sentence(orders("review", "list", "--outputs", known.file), 2)
    assert said.startswith("orders: AWS cannot be asked: ")


def test_a_service_that_refuses_is_quoted(known: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    said = sentence(orders("review", "list", "--outputs", known.file), 1)
    assert "Scan" in said


@pytest.mark.parametrize("command", _COMMANDS, ids=" ".join)
def test_the_help_is_enough_to_start(command: tuple[str, ...]) -> None:
    ended = orders(*command[:2], "--help")
    assert ended.returncode == 0
    assert "ORDERS_OUTPUTS" in ended.stdout
