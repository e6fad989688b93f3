"""The project's own program on Pulumi's own engine, into the embedded cloud."""

import base64
import hashlib
import json

import pytest
import yaml
from botocore.exceptions import ClientError
from pulumi.automation import OpType

from tests.engine.story import ONE_LINE_MORE, SENDER, Story
from tests.engine.workplace import ROOT

MOST_STATE_BYTES = 2_000_000
LONG = "a-secret-of-at-least-32-characters"


def of_type(urns: list[str]) -> set[str]:
    """The types, `Function` and the like, of URNs."""
    return {urn.split("::")[2].rpartition(":")[2] for urn in urns}


def test_a_preview_creates_nothing_and_an_up_creates_what_it_said(story: Story) -> None:
    assert set(story.preview.counts) == {"create"}
    assert story.up.operations == story.preview.operations
    assert len(story.up.operations) > 300


def test_an_order_is_placed_charged_and_shipped_on_what_stands_there(story: Story) -> None:
    assert story.order["State"]["S"] == "FULFILLED"
    sender = SENDER if story.name == "prod" else "orders@example.com"
    identities = story.place.cloud.client("sesv2").list_email_identities()["EmailIdentities"]
    assert [identity["IdentityName"] for identity in identities] == [sender]
    assert {mail["to"] for mail in story.place.cloud.mails()} == {"john.doe@example.com"}


def test_a_second_up_changes_nothing(story: Story) -> None:
    assert story.up_again.changed == []
    assert story.up_again.operations.keys() == story.up.operations.keys()


def test_a_changed_definition_updates_its_machine_and_its_role_alone(story: Story) -> None:
    assert story.changed_definition.changed == [
        "RolePolicy order-processing-policy",
        "StateMachine order-processing",
    ]
    assert set(story.changed_definition.counts) == {"same", "update"}


def test_a_changed_handler_updates_its_subjects_functions_alone(story: Story) -> None:
    updated = story.changed_handler.done(OpType.UPDATE)
    assert of_type(updated) == {"Function"}
    assert len(updated) == len(story.changed_handler.changed)
    [zipped] = {
        path.read_bytes()
        for path in story.place.folder.glob(".build/handlers-fulfillment-*.zip")
        if ONE_LINE_MORE.encode() in path.read_bytes()
    }
    digest = base64.b64encode(hashlib.sha256(zipped).digest()).decode()
    functions = story.place.cloud.client("lambda").list_functions(MaxItems=100)["Functions"]
    changed = [each["Handler"] for each in functions if each["CodeSha256"] == digest]
    assert len(changed) == len(updated)
    assert all(handler.startswith("handlers.fulfillment.") for handler in changed)
    assert len(functions) > len(changed)


def test_an_order_is_shipped_by_the_changed_functions(story: Story) -> None:
    assert story.second_order["State"]["S"] == "FULFILLED"


def test_a_refresh_finds_everything_as_it_was(story: Story) -> None:
    assert story.refresh.changed == []


def test_the_state_holds_no_list_of_files_and_no_secret(story: Story) -> None:
    assert story.up.state_bytes < MOST_STATE_BYTES
    inputs = [resource.get("inputs", {}) for resource in story.place.resources()]
    archives = [given["code"] for given in inputs if "code" in given]
    assert {tuple(sorted(archive))[1:] for archive in archives} == {("hash", "path")}
    assert {archive["path"].split("-")[0] for archive in archives} == {
        ".build/handlers",
        ".build/python",
    }
    arn = story.place.stack.outputs()["callbackSecretArn"].value if story.up else ""
    secrets = story.place.cloud.client("secretsmanager")
    kept = secrets.get_secret_value(SecretId=arn)["SecretString"]
    assert len(kept) == 64
    assert kept not in story.place.state()


def test_the_cli_leaves_the_stacks_file_as_it_is_but_for_a_salt(story: Story) -> None:
    assert story.up
    committed = (ROOT / f"Pulumi.{story.name}.yaml").read_text(encoding="utf-8")
    written = yaml.safe_load(story.place.file())
    assert written.pop("encryptionsalt")
    if story.name == "dev":
        lines = story.place.file().splitlines(keepends=True)
        assert "".join(line for line in lines if "encryptionsalt" not in line) == committed
    assert yaml.safe_load(committed)["config"].items() <= written["config"].items()


def test_a_misspelt_setting_ends_the_program_with_the_one_meant(story: Story) -> None:
    assert story.preview
    with story.setting("logLvl", "DEBUG"):
        said = story.refusal()
    assert "the setting orders:logLvl is unknown: perhaps orders:logLevel is meant" in said


@pytest.mark.stack("prod")
def test_a_plain_secret_ends_prods_program_and_a_secret_one_does_not(story: Story) -> None:
    assert story.up
    with story.setting("callbackSecret", LONG):
        said = story.refusal()
    assert "the setting orders:callbackSecret is in plain text" in said
    assert "pulumi config set --secret callbackSecret" in said
    with story.setting("callbackSecret", LONG, secret=True):
        assert story.trial().changed == [
            "RandomPassword callback-secret",
            "SecretVersion callback-secret",
        ]
        assert LONG not in story.place.file()


@pytest.mark.stack("prod")
def test_prods_tables_cannot_be_deleted_until_their_protection_is_off(story: Story) -> None:
    assert story.up
    client = story.place.cloud.client("dynamodb")
    for name in client.list_tables()["TableNames"]:
        with pytest.raises(ClientError, match="protect"):
            client.delete_table(TableName=name)
    assert of_type(story.unprotected.done(OpType.UPDATE)) == {"Table"}
    assert len(story.unprotected.changed) > 8


def test_a_destroy_leaves_nothing(story: Story) -> None:
    assert set(story.destroy.counts) == {"delete"}
    assert story.destroy.operations.keys() == story.up.operations.keys()
    assert story.left == []
    assert "resources" not in json.loads(story.place.state())["checkpoint"]["latest"]
