"""Values that functions read from their environment."""

import pytest

from handlers.payments.adapters.gateways import payment_gateway
from handlers.shared.environment import SettingMissing, json_object, seconds, variable


def test_a_variable_is_read_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERS_TABLE", "o")
    assert variable("ORDERS_TABLE") == "o"


@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_or_empty_variable_is_named(
    monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv("GATEWAY_TABLE", raising=False)
    if value is not None:
        monkeypatch.setenv("GATEWAY_TABLE", value)
    with pytest.raises(SettingMissing, match="lacks GATEWAY_TABLE; set it where"):
        variable("GATEWAY_TABLE")


def test_an_unknown_gateway_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"PAYMENT_GATEWAY is 'real', .* use one of simulated"):
        payment_gateway("real", "table")


def test_seconds_are_a_whole_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHECKOUT_SECONDS", "90")
    assert seconds("CHECKOUT_SECONDS").total_seconds() == 90
    monkeypatch.setenv("CHECKOUT_SECONDS", "1.5")
    with pytest.raises(ValueError, match="CHECKOUT_SECONDS must be a whole number"):
        seconds("CHECKOUT_SECONDS")


@pytest.mark.parametrize("value", ["{order", "[]", "1"])
def test_what_is_no_json_object_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("RECONCILED_MACHINES", '{"arn": "order_processing"}')
    assert json_object("RECONCILED_MACHINES") == {"arn": "order_processing"}
    monkeypatch.setenv("RECONCILED_MACHINES", value)
    with pytest.raises(ValueError, match=r"Expecting|must be a JSON object"):
        json_object("RECONCILED_MACHINES")
