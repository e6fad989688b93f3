"""Settings that nothing reads are refused, with the one that was perhaps meant."""

import json

import pulumi
import pytest
import yaml

from components.orders.known_settings import SETTINGS, refuse_unknown_settings
from tests.components.conftest import ROOT, Register


def refusal(register: Register, *keys: str) -> str:
    pulumi.runtime.set_all_config(dict.fromkeys(keys, "x"))
    with pytest.raises(pulumi.RunError) as refused:
        register(refuse_unknown_settings)
    return str(refused.value)


def test_the_settings_are_those_that_the_project_declares() -> None:
    declared = yaml.safe_load((ROOT / "Pulumi.yaml").read_text(encoding="utf-8"))["config"]
    assert set(declared) == SETTINGS


def test_every_setting_there_is_passes(register: Register) -> None:
    keys = [f"orders:{name}" for name in SETTINGS]
    others = ["aws:region", "aws:skipMetadataApiCheck", "aws:assumeRoles", "pulumi:tags"]
    pulumi.runtime.set_all_config(dict.fromkeys([*keys, *others], "x"))
    register(refuse_unknown_settings)


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("orders:logLvl", "orders:logLevel"),
        ("orders:loglevel", "orders:logLevel"),
        ("orders:log_retention_days", "orders:logRetentionDays"),
        ("orders:deletionProtected", "orders:deletionProtection"),
        ("order:mailSender", "orders:mailSender"),
        ("orders:region", "aws:region"),
        ("aws:regoin", "aws:region"),
        ("aws:skipMetaDataApiCheck", "aws:skipMetadataApiCheck"),
    ],
)
def test_a_misspelt_setting_is_refused_with_the_one_meant(
    register: Register, key: str, meant: str
) -> None:
    assert refusal(register, key) == f"the setting {key} is unknown: perhaps {meant} is meant"


def test_a_setting_like_no_other_is_refused_too(register: Register) -> None:
    why = "the setting orders:colour is unknown: Pulumi.yaml lists those that are known"
    assert refusal(register, "orders:colour") == why


def test_all_unknown_settings_are_refused_at_once(register: Register) -> None:
    said = refusal(register, "orders:logLvl", "orders:apiRat", "orders:apiRate")
    assert "orders:logLvl is unknown" in said
    assert "orders:apiRat is unknown" in said


def test_settings_that_the_clis_language_host_hands_over_are_held_too(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps({"orders:logLvl": "DEBUG"}))
    assert "orders:logLvl is unknown" in refusal(register)
