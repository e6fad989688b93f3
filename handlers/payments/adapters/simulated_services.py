"""The payment service's cancellation, simulated."""

from dataclasses import dataclass
from handlers.domain.payments import PaymentGateway
from handlers.domain.states import Voided


@dataclass(frozen=True)
class SimulatedCancellation:
    """The payment service's other half, which keeps its ledger at the simulated gateway."""

    gateway: PaymentGateway

    def cancel(self, order_id: str) -> Voided:
        """Gives back whatever was taken, and refuses to take anything later."""
        return self.gateway.void(order_id)
