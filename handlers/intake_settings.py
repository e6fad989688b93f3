"""What the functions of purchase intake read from their environment, beside what all read."""

from dataclasses import dataclass


@dataclass(frozen=True)
class QueueSettings:
    """Where accepted orders wait for their machine."""

    purchase_queue_url: str


@dataclass(frozen=True)
class KeySettings:
    """The table of the idempotency keys."""

    idempotency_table: str


@dataclass(frozen=True)
class MachineSettings:
    """Order processing's state machine."""

    order_state_machine_arn: str


@dataclass(frozen=True)
class SessionSettings:
    """The table of the payment sessions, from which fulfillment starts."""

    sessions_table: str


@dataclass(frozen=True)
class CatalogueSettings:
    """The table of the products and their prices."""

    inventory_table: str
