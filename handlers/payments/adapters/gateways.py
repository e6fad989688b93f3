"""Payment gateways, and outside services' cancellations, by their names in configuration."""

from collections.abc import Callable, Mapping

from handlers.payments.adapters.simulated_gateway import SimulatedGateway
from handlers.payments.adapters.simulated_services import SimulatedCancellation
from handlers.payments.rules.gateway import PaymentCancellation, PaymentGateway
from handlers.shared.adapters.clients import client


def _simulated(table: str) -> PaymentGateway:
    return SimulatedGateway(client("dynamodb"), table)


_GATEWAYS: Mapping[str, Callable[[str], PaymentGateway]] = {"simulated": _simulated}
_CANCELLATIONS: Mapping[str, Callable[[PaymentGateway], PaymentCancellation]] = {
    "simulated": SimulatedCancellation
}


def payment_gateway(name: str, table: str) -> PaymentGateway:
    """The gateway that configuration names.

    Args:
        name: one of the names of the table above.
        table: the table of a gateway that keeps its ledger in DynamoDB.

    Raises:
        ValueError: no gateway has this name.
    """
    if name not in _GATEWAYS:
        raise ValueError(
            f"PAYMENT_GATEWAY is {name!r}, which is no gateway; use one of {', '.join(_GATEWAYS)}"
        )
    return _GATEWAYS[name](table)


def service_cancellation(name: str, gateway: PaymentGateway) -> PaymentCancellation:
    """Find the cancellation of the outside payment service that configuration names.

    Args:
        name: one of the names of the table above.
        gateway: where a simulated service keeps its ledger.

    Raises:
        ValueError: no payment service has this name.
    """
    if name not in _CANCELLATIONS:
        raise ValueError(
            f"OUTSIDE_SERVICES is {name!r}, which names none; use one of"
            f" {', '.join(_CANCELLATIONS)}"
        )
    return _CANCELLATIONS[name](gateway)
