"""Executions that ended without success, and which order each was for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from handlers.orders.rules.description import described
from handlers.orders.rules.reviews import Review

UNHAPPY = ("FAILED", "TIMED_OUT", "ABORTED")
"""The ends of an execution that are no success."""

GONE = "GONE"
"""The status of an execution that Step Functions does not know, or no longer: after 90 days."""

LONGEST = timedelta(hours=8)
"""How long an execution of any machine here may run."""

_SESSION = re.compile(r"[0-9A-Za-z-]{1,80}")
_RESUMED = re.compile(r"-[0-9]{1,6}")


def machine_of(execution: str) -> str:
    """The ARN of the state machine whose name an execution's ARN holds."""
    return execution.rpartition(":")[0].replace(":execution:", ":stateMachine:", 1)


@dataclass(frozen=True)
class Execution:
    """How an execution stands.

    Attributes:
        arn: its ARN.
        status: one of Step Functions' own words, such as RUNNING, or GONE.
        input: what it was started with, anything that JSON can say; None when GONE.
        error: the error it ended with, if it has one.
    """

    arn: str
    status: str
    input: Any
    error: str | None = None

    @property
    def name(self) -> str:
        """The execution's name."""
        return self.arn.rpartition(":")[2]

    @property
    def may_still_act(self) -> bool:
        """Whether the execution runs, or is about to run again."""
        return self.status in ("RUNNING", "PENDING_REDRIVE")

    @property
    def is_unhappy(self) -> bool:
        """Whether the execution ended without success."""
        return self.status in UNHAPPY

    def field(self, name: str) -> Any:
        """A field of the input; None where there is none."""
        return self.input.get(name) if isinstance(self.input, Mapping) else None

    @property
    def own_order(self) -> str | None:
        """The order that the input names, if the execution is named after it.

        Its name is `<orderId>` or `<orderId>-<n>`; an input that names another order is nobody's.
        """
        order_id = self.field("orderId")
        if not isinstance(order_id, str) or not order_id or not self.name.startswith(order_id):
            return None
        rest = self.name.removeprefix(order_id)
        return order_id if not rest or _RESUMED.fullmatch(rest) else None

    @property
    def session_order(self) -> str | None:
        """The order of the session that a fulfillment's input names; None where it names none."""
        session = self.field("SessionId")
        named = isinstance(session, str) and _SESSION.fullmatch(session)
        return session if named else None

    def review(self, order_id: str, step: str, to_do: str) -> Review:
        """The review of this execution's end.

        Args:
            order_id: the order, or the execution's name where it is about none.
            step: what is reviewed.
            to_do: what a human does.
        """
        return Review(
            order_id=order_id,
            step=step,
            execution=self.arn,
            reason="ProcessingError",
            cause=self.ending,
            to_do=to_do,
            customer_id=described(self.input).get("CustomerId"),
        )

    @property
    def ending(self) -> str:
        """How the execution ended, a sentence; its cause is left out, as it may quote the input."""
        if self.status == GONE:
            return "the execution is not known any more"
        return f"the execution ended {self.status}" + (f" with {self.error}" if self.error else "")
