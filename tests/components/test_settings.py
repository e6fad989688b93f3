"""What a stack may be set to, and the sentence that refuses all else."""

import shutil
from pathlib import Path
from typing import Any

import pulumi
import pytest

from components.orders.settings import Settings, read_settings
from local.deploy import DeployError, preview
from tests.components.conftest import ROOT, Register

LONG = "x" * 32


def settings(register: Register, config: dict[str, str], **changes: str) -> Settings:
    return read(register, config, changes, [])


def secretly(register: Register, config: dict[str, str], secret: str) -> Settings:
    """With a callback secret that was set with `--secret`."""
    return read(register, config, {"callbackSecret": secret}, ["orders:callbackSecret"])


def read(
    register: Register, config: dict[str, str], changes: dict[str, str], secret_keys: list[str]
) -> Settings:
    found: list[Settings] = []
    changed = {f"orders:{key}": value for key, value in changes.items()}
    pulumi.runtime.set_all_config({**config, **changed}, secret_keys)
    register(lambda: found.append(read_settings()))
    return found[0]


@pytest.mark.parametrize("days", [1, 30, 3653])
def test_logs_are_kept_for_days_that_cloudwatch_knows(
    register: Register, config: dict[str, str], days: int
) -> None:
    assert settings(register, config, logRetentionDays=str(days)).log_retention_days == days


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("logRetentionDays", "31", "is 31; it must be one of 1, 3, 5, 7"),
        ("logRetentionDays", "0", "is 0; it must be one of"),
        ("logLevel", "info", "is info; it must be one of DEBUG, ERROR, INFO, WARNING"),
        ("logLevel", "TRACE", "is TRACE; it must be one of"),
        ("mailSender", "orders", "is 'orders'; it must be one mail address"),
        ("mailSender", "Orders <orders@example.com>", "it must be one mail address"),
        ("mailSender", "a@example.com,b@example.com", "it must be one mail address"),
        ("mailSender", "a@example.com\n", "it must be one mail address"),
        ("supportEmail", "support@localhost", "it must be one mail address"),
        ("apiRate", "0", "is 0.0; it must be at least 1.0"),
        ("apiBurst", "0", "is 0; it must be at least 1"),
        ("apiOrigins", '["*"]', r"has '\*'; each must be an origin"),
        ("apiOrigins", '["https://shop.example.com/"]', "each must be an origin"),
        ("apiOrigins", '{"a": 1}', "each must be an origin"),
        ("purchaseConcurrency", "1", "is 1; it must be from 2 to 1000"),
        ("purchaseConcurrency", "1001", "is 1001; it must be from 2 to 1000"),
        ("gatewayConcurrency", "-1", "is -1; it must be from 0 to 1000"),
        ("gatewayConcurrency", "1001", "is 1001; it must be from 0 to 1000"),
    ],
)
def test_a_wrong_setting_is_refused_by_its_key(
    register: Register, config: dict[str, str], key: str, value: str, why: str
) -> None:
    with pytest.raises(pulumi.RunError, match=f"the setting orders:{key} .*{why}"):
        settings(register, config, **{key: value})


@pytest.mark.parametrize("most", [0, 1, 1000])
def test_the_gateway_is_called_at_once_as_often_as_one_likes(
    register: Register, config: dict[str, str], most: int
) -> None:
    assert settings(register, config, gatewayConcurrency=str(most)).gateway_concurrency == most


def test_tokens_are_trusted_over_tls_only(register: Register, config: dict[str, str]) -> None:
    good = settings(register, config, tokenIssuer="https://id.example.com", tokenAudience="orders")
    assert good.tokens == {"issuer": "https://id.example.com", "audience": "orders"}
    with pytest.raises(pulumi.RunError, match=r"orders:tokenIssuer .* starts with https://"):
        settings(register, config, tokenIssuer="http://id.example.com", tokenAudience="orders")
    with pytest.raises(pulumi.RunError, match="both, or neither"):
        settings(register, config, tokenIssuer="https://id.example.com")


def test_nobody_need_be_alerted(register: Register, config: dict[str, str]) -> None:
    assert settings(register, config, supportEmail="").support_email == ""


def test_a_short_secret_is_refused_and_not_shown(
    register: Register, config: dict[str, str]
) -> None:
    with pytest.raises(pulumi.RunError) as refusal:
        secretly(register, config, "hunter2")
    assert "orders:callbackSecret has 7 characters; it must have at least 32" in str(refusal.value)
    assert "hunter2" not in str(refusal.value)
    assert secretly(register, config, LONG).callback_secret is not None


@pytest.mark.parametrize("given", [{}, {"callbackSecret": ""}])
def test_without_a_secret_the_stack_is_to_make_one(
    register: Register, config: dict[str, str], given: dict[str, str]
) -> None:
    assert settings(register, config, **given).callback_secret is None


def test_a_plain_secret_is_refused_where_tables_are_protected(
    register: Register, config: dict[str, str]
) -> None:
    with pytest.raises(pulumi.RunError, match="is in plain text") as refusal:
        settings(register, config, callbackSecret=LONG)
    command = 'pulumi config set --secret callbackSecret "$(openssl rand -hex 32)"'
    assert command in str(refusal.value)
    assert LONG not in str(refusal.value)
    changes = {"deletionProtection": "false", "callbackSecret": LONG}
    assert settings(register, config, **changes).callback_secret is not None


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("logLevel: LOUD", "orders:logLevel is LOUD"),
        ("callbackSecret: short", "is in plain text"),
        ("logLvl: DEBUG", "orders:logLvl is unknown: perhaps orders:logLevel is meant"),
    ],
)
def test_a_preview_ends_with_the_refusal_alone(tmp_path: Path, line: str, why: str) -> None:
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(ROOT / name, tmp_path)
    good = {"mailSender": "orders@example.com"}
    given: dict[str, Any] = {**good, **dict([line.split(": ")])}
    values = "".join(f"  orders:{key}: {value}\n" for key, value in given.items())
    (tmp_path / "Pulumi.mine.yaml").write_text(f"config:\n{values}")

    with pytest.raises(DeployError) as refusal:
        preview(tmp_path, "mine")

    assert why in str(refusal.value)
    assert "\n" not in str(refusal.value)
