"""The payment gateways by the name that configuration gives them."""

from collections.abc import Callable, Mapping

from handlers.adapters.aws import client
from handlers.adapters.simulated_gateway import SimulatedGateway
from handlers.domain.payments import PaymentGateway


def _simulated(table: str) -> PaymentGateway:
    return SimulatedGateway(client("dynamodb"), table)


_GATEWAYS: Mapping[str, Callable[[str], PaymentGateway]] = {"simulated": _simulated}


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
