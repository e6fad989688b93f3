"""What functions read from their environment."""

import pytest

from handlers.adapters.gateways import payment_gateway
from handlers.settings import (
    OrdersSettings,
    PatienceSettings,
    PaymentSettings,
    ReconcilerSettings,
    SettingMissing,
    StockSettings,
    parse,
)


def test_a_field_is_the_variable_of_its_name() -> None:
    environment = {"RESERVATIONS_TABLE": "r", "INVENTORY_TABLE": "i", "OTHER": "x"}
    assert parse(StockSettings, environment) == StockSettings("r", "i")


def test_every_missing_or_empty_variable_is_named() -> None:
    with pytest.raises(SettingMissing, match="lacks PAYMENT_GATEWAY, GATEWAY_TABLE;"):
        parse(PaymentSettings, {"GATEWAY_TABLE": ""})


def test_the_processes_environment_is_read_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERS_TABLE", "o")
    assert parse(OrdersSettings) == OrdersSettings("o")


def test_an_unknown_gateway_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"PAYMENT_GATEWAY is 'real', .* use one of simulated"):
        payment_gateway("real", "table")


def test_patience_is_a_whole_number_of_seconds() -> None:
    assert parse(PatienceSettings, {"CHECKOUT_SECONDS": "90"}).patience.total_seconds() == 90
    with pytest.raises(ValueError, match="CHECKOUT_SECONDS must be a whole number"):
        _ = parse(PatienceSettings, {"CHECKOUT_SECONDS": "1.5"}).patience


def test_the_machines_that_are_reconciled_are_known_by_their_arns() -> None:
    named = '{"arn:aws:states:eu-west-1:1:stateMachine:o": "order_processing"}'
    found = parse(ReconcilerSettings, {"RECONCILED_MACHINES": named}).machines
    assert found == {"arn:aws:states:eu-west-1:1:stateMachine:o": "order_processing"}
    with pytest.raises(ValueError, match="Expecting"):
        _ = parse(ReconcilerSettings, {"RECONCILED_MACHINES": "{order"}).machines
