"""The result of a load, in numbers."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Counts:
    """The numbers at the end.

    Attributes:
        orders: that were asked for, repetitions not counted.
        answered: requests that were answered 202, repetitions counted.
        retries: requests sent again, by why: 429, 5xx, or how no answer came.
        refused: requests that were given up, by why.
        distinct: orders that the answers name.
        states: rows of CustomerOrders by State.
        lost: orders asked for that did not end as valid orders do: refused, undecided or failed.
        double: orders charged more than once, and keys that became more than one order.
        uncharged: orders that ended well and were not charged.
        reviews: that are open.
        at_a_human: orders that have an open review.
        stock: by item, what is missing of on hand + reserved + shipped = start.
        dead_letters: messages by dead-letter queue.
        executions: by machine, then by status.
        mails: that were sent.
        mails_twice: of these, repetitions of another.
        disturbed: what was done to the orders meanwhile, of a load that was disturbed.
        broken: of such a load, how many orders break each rule.
    """

    orders: int
    answered: int
    retries: dict[str, int]
    refused: dict[str, int]
    distinct: int
    states: dict[str, int]
    lost: int
    double: int
    uncharged: int
    reviews: int
    at_a_human: int
    stock: dict[str, int]
    dead_letters: dict[str, int]
    executions: dict[str, dict[str, int]]
    mails: int
    mails_twice: int
    disturbed: dict[str, int] = field(default_factory=dict)
    broken: dict[str, int] = field(default_factory=dict)

    @property
    def met(self) -> bool:
        """True if no order was lost, charged twice or left to a human, and no stock is missing.

        Orders that were disturbed may fail or be left to a human, as long as they break no rule.
        """
        wrong = self.double, self.uncharged, len(self.stock), len(self.broken)
        return not any(wrong if self.disturbed else (*wrong, self.lost, self.reviews))

    def document(self) -> dict[str, Any]:
        """The numbers as plain JSON, with names as other commands' JSON has them."""
        return {_camel(name): value for name, value in asdict(self).items()} | {"met": self.met}


@dataclass(frozen=True)
class Times:
    """The seconds that a load took: until all were answered, and until all had settled."""

    answering: float
    settling: float


def line(counts: Counts, times: Times, connections: int, stalled: str | None) -> str:
    """The result as one line of JSON."""
    took = {name: round(seconds, 1) for name, seconds in asdict(times).items()}
    document = {**counts.document(), "connections": connections, "seconds": took}
    return json.dumps({**document, "met": counts.met and stalled is None, "stalled": stalled})


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
