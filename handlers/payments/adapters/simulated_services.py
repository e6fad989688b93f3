"""The payment service's cancellation, simulated."""

from dataclasses import dataclass

from handlers.orders.rules.states import Voided
from handlers.payments.rules.gateway import PaymentGateway


@dataclass(frozen=True)
class SimulatedCancellation:
    """The payment service's other half, which keeps its ledger at the simulated gateway."""

    gateway: PaymentGateway

    def cancel(self, order_id: str) -> Voided:
        """Gives back whatever was taken, and refuses to take anything later."""
        return self.gateway.void(order_id)
