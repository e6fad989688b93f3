"""Adapters that several functions share: who holds and gives back an order's money."""

from functools import cache

from handlers.payments.adapters.gateways import payment_gateway, service_cancellation
from handlers.payments.rules.gateway import PaymentCancellation, PaymentGateway
from handlers.shared.environment import variable


@cache
def gateway() -> PaymentGateway:
    """Build the payment gateway that configuration names."""
    return payment_gateway(variable("PAYMENT_GATEWAY"), variable("GATEWAY_TABLE"))


@cache
def cancellation() -> PaymentCancellation:
    """Build the outside payment service's way to give money back."""
    return service_cancellation(variable("OUTSIDE_SERVICES"), gateway())
