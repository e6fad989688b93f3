"""A stack's settings."""

import pytest

from local.deploy import DeployError
from local.deploy.config import ENCRYPTED_PLACEHOLDER, load

from .conftest import Write

DECLARED = """
config:
  days: {type: integer, default: 30}
  debug: {type: boolean, default: false}
  email: {type: string, description: who is told}
  zones: {type: array, items: {type: string}, default: [a, b]}
"""


def failures(project: Write, settings: str, dev: str, stack: str = "dev") -> list[str]:
    with pytest.raises(DeployError) as caught:
        load(project(settings=settings, dev=dev), stack)
    return caught.value.failures


def test_a_stack_overrides_the_defaults(project: Write) -> None:
    loaded = load(project(settings=DECLARED, dev="config: {email: a@b.c, 'shop:days': 7}"), "dev")
    assert (loaded.name, loaded.stack, loaded.secrets) == ("shop", "dev", [])
    assert loaded.values == {
        "shop:days": "7",
        "shop:debug": "false",
        "shop:email": "a@b.c",
        "shop:zones": '["a", "b"]',
    }


def test_a_required_setting_that_is_missing_is_named_with_its_description(project: Write) -> None:
    assert failures(project, DECLARED, "") == ["Pulumi.dev.yaml must set shop:email: who is told."]


def test_every_wrong_setting_is_told_at_once(project: Write) -> None:
    dev = "config: {days: soon, debug: 1, email: [a@b.c], zones: [x, 2]}"
    assert failures(project, DECLARED, dev) == [
        "shop:days of stack dev must be an integer, not 'soon'.",
        "shop:debug of stack dev must be a boolean, not 1.",
        "shop:email of stack dev must be a string, not ['a@b.c'].",
        "shop:zones of stack dev must be an array whose items are a string each, not ['x', 2].",
    ]


def test_text_of_a_number_or_a_boolean_is_one_as_the_cli_writes_it(project: Write) -> None:
    dev = "config: {days: '7', debug: 'true', email: 5}"
    values = load(project(settings=DECLARED, dev=dev), "dev").values
    assert (values["shop:days"], values["shop:debug"], values["shop:email"]) == ("7", "true", "5")


@pytest.mark.parametrize("days", ["'7 days'", "'1e3'", "7.5", "''"])
def test_text_of_anything_else_is_no_integer(project: Write, days: str) -> None:
    [failure] = failures(project, "config: {days: {type: integer}}", f"config: {{days: {days}}}")
    assert failure.startswith("shop:days of stack dev must be an integer, not ")


def test_what_is_not_declared_is_the_programs_to_refuse(project: Write) -> None:
    dev = "config: {email: a@b.c, colour: red}"
    assert load(project(settings=DECLARED, dev=dev), "dev").values["shop:colour"] == "red"


def test_true_is_no_integer(project: Write) -> None:
    assert failures(project, "config: {days: {type: integer}}", "config: {days: true}") == [
        "shop:days of stack dev must be an integer, not True."
    ]


def test_the_settings_of_providers_pass(project: Write) -> None:
    loaded = load(project(dev="config: {'aws:region': eu-west-1}"), "dev")
    assert loaded.values == {"aws:region": "eu-west-1"}


def test_an_encrypted_setting_is_a_secret_with_a_stand_in(project: Write) -> None:
    settings = "config: {pin: {type: string}, key: {type: string, secret: true}}"
    loaded = load(project(settings=settings, dev="config: {pin: {secure: v1:x}, key: k}"), "dev")
    assert loaded.values == {"shop:pin": ENCRYPTED_PLACEHOLDER, "shop:key": "k"}
    assert loaded.secrets == ["shop:pin", "shop:key"]


def test_an_unknown_stack_is_told_with_those_there_are(project: Write) -> None:
    assert failures(project, "", "", stack="prdo") == [
        "There is no stack 'prdo': the project has dev."
    ]


def test_a_folder_without_a_project_is_named(project: Write) -> None:
    root = project()
    (root / "Pulumi.yaml").unlink()
    with pytest.raises(DeployError, match=r"is no Pulumi project: it has no Pulumi\.yaml"):
        load(root, "dev")


@pytest.mark.parametrize("dev", ["- a", "config: [a]", "config: 5", "config: {1: a}"])
def test_settings_that_are_no_mapping_are_refused(project: Write, dev: str) -> None:
    assert failures(project, "", dev) == ["Pulumi.dev.yaml and its config must be mappings."]


def test_broken_yaml_is_told_with_its_file(project: Write) -> None:
    [failure] = failures(project, "", "config: {")
    assert failure.startswith("Pulumi.dev.yaml is not valid YAML:")


@pytest.mark.parametrize(
    "content",
    [
        b"\x00\x01\x02",
        b"\xff\xfe\xfa",
        b"config: {a: \xe9}",
        b"config: {a: 2026-13-45}",
        b"[" * 600,
    ],
)
def test_what_is_no_yaml_text_is_one_line_with_its_file(project: Write, content: bytes) -> None:
    root = project()
    (root / "Pulumi.dev.yaml").write_bytes(content)

    with pytest.raises(DeployError) as caught:
        load(root, "dev")

    [failure] = caught.value.failures
    assert failure.startswith("Pulumi.dev.yaml is not valid YAML:")
    assert "\n" not in failure


@pytest.mark.parametrize("dev", ["", "config:"])
def test_a_stack_without_settings_is_fine(project: Write, dev: str) -> None:
    assert load(project(dev=dev), "dev").values == {}
