"""The story of one order, in the words of the rules."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.given import AMPLE
from local.result import Result
from local.scenario import FunctionFault, Scenario

Row = Mapping[str, Any]

STANDING = ("PROCESSED", "FULFILLED")
UNDONE = ("FAILED", "CANCELLED")
HOLDING = ("RESERVED", "COMMITTED")


@dataclass(frozen=True)
class Execution:
    """An execution, and the order that it was about.

    Attributes:
        workflow: which it is of.
        arn: which it is.
        status: how it ended.
        error: the error that it ended with, if it did.
        row: the order's row; empty if there is none.
        reviews: the reviews that name the execution, at whichever step.
    """

    workflow: str
    arn: str
    status: str
    error: str | None
    row: Row
    reviews: Sequence[Row]


@dataclass(frozen=True)
class Story:
    """A scenario and its result."""

    scenario: Scenario
    result: Result

    @property
    def row(self) -> Row:
        """The order's row; empty if there is none."""
        return self.result.order or {}

    @property
    def state(self) -> str | None:
        """The order's State; None without a row."""
        return self.row.get("State")

    @property
    def money(self) -> str | None:
        """Where the order's payment stands at the gateway; None if that never heard of it."""
        return (self.result.ledger or {}).get("Status")

    @property
    def is_ours(self) -> bool:
        """True of an order paid through this stack, not given as another system's session."""
        return self.scenario.workflow != "fulfillment"

    @property
    def executions(self) -> list[Execution]:
        """Every execution about the order, the scenario's own first, and of one begun beside it."""
        result = self.result
        own = {"execution": str(result.execution), "status": result.status, "error": result.error}
        return [self._execution(self.scenario.workflow, own), *self._others()]

    def _others(self) -> Iterator[Execution]:
        known = {run["execution"] for run in self.result.followed}
        for run in self.result.followed:
            yield self._execution(run["workflow"], run)
        for action in self.result.actions:
            answer = action["answer"]
            if isinstance(answer, dict) and answer["execution"] not in known:
                yield self._execution(self.scenario.place(action["after"])[0], answer)

    def _execution(self, workflow: str, run: Row) -> Execution:
        row = run.get("order", self.row) or {}
        reviews = run.get("manualReview", self.result.manualReview)
        named = [review for review in reviews if review["ExecutionArn"] == run["execution"]]
        return Execution(workflow, run["execution"], run["status"], run["error"], row, named)

    @property
    def open_reviews(self) -> list[Row]:
        """The reviews that nobody has settled."""
        return [row for row in self.result.manualReview if "SettledAt" not in row]

    @property
    def is_closed(self) -> bool:
        """True once the order was refused or cancelled, and everything undone."""
        return "ClosedAt" in self.row

    @property
    def is_handed_over(self) -> bool:
        """True while something cannot be undone and a human has it."""
        return "HandedOverAt" in self.row and bool(self.open_reviews)

    @property
    def holds(self) -> Counter[str]:
        """The quantities reserved or committed for the order and those begun beside it, by item."""
        total: Counter[str] = Counter()
        for outcome in self._outcomes():
            reservation = outcome["reservation"] or {}
            if reservation.get("Status") in HOLDING:
                total.update(_quantities(reservation["Items"], "itemId"))
        return total

    @property
    def taken(self) -> Counter[str]:
        """The quantities taken out of stock for shipments, by item."""
        total: Counter[str] = Counter()
        for outcome in self._outcomes():
            for shipment in outcome["shipments"]:
                if "InventoryUpdatedAt" in shipment:
                    total.update(_quantities(shipment["Products"], "id"))
        return total

    def given(self, item: str) -> int:
        """The quantity of an item that there was to begin with."""
        return self.scenario.stock.get(item, AMPLE)

    def is_given_up(self, function: str, attempts: int) -> bool:
        """True if a fault strikes a function so often that nobody tries again."""
        return any(
            isinstance(each, FunctionFault)
            and each.function == function
            and not 0 < each.times < attempts
            for each in self.scenario.faults
        )

    def _outcomes(self) -> Iterator[Row]:
        """The rows of the order, and of one that a second execution made of the same cart."""
        yield {"reservation": self.result.reservation, "shipments": self.result.shipments}
        for action in self.result.actions:
            answer = action["answer"]
            if isinstance(answer, dict) and "reservation" in answer:
                yield answer


def _quantities(lines: Sequence[Row], name: str) -> Counter[str]:
    total: Counter[str] = Counter()
    for line in lines:
        total[line[name]] += line["quantity"]
    return total
