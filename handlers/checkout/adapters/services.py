"""The outside services by the name that configuration gives them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from handlers.checkout.adapters.simulated_services import SimulatedPayments, SimulatedShipping
from handlers.checkout.rules.services import PaymentService, ShippingService
from handlers.shared.adapters.clients import client


@dataclass(frozen=True)
class Services:
    """How to reach one set of outside services: each by the URL of its requests' queue."""

    payments: Callable[[str], PaymentService]
    shipping: Callable[[str], ShippingService]


_SERVICES: Mapping[str, Services] = {
    "simulated": Services(
        payments=lambda url: SimulatedPayments(client("sqs"), url),
        shipping=lambda url: SimulatedShipping(client("sqs"), url),
    )
}


def services(name: str) -> Services:
    """The services that configuration names.

    Raises:
        ValueError: there are none of this name.
    """
    if name not in _SERVICES:
        raise ValueError(
            f"OUTSIDE_SERVICES is {name!r}, which names none; use one of {', '.join(_SERVICES)}"
        )
    return _SERVICES[name]
