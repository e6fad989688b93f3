"""Money is taken once, for stock that is reserved, and the order's row says where it is."""

from collections.abc import Iterator

from local.faults.rules.rule import Rule
from local.faults.story import STANDING, UNDONE, Story

_STANDING_SESSION, _KEPT, _UNDECIDED = "Success", "CAPTURED", ("AUTHORIZED", "CAPTURED")


def captured_once(story: Story) -> Iterator[str]:
    """Several captures, or one of another amount than the order's."""
    captures = [entry for entry in story.result.payments if entry["operation"] == "capture"]
    if len(captures) > 1:
        yield f"it was captured {len(captures)} times"
    for entry in captures:
        charged, ordered = entry["amount"], story.row.get("OrderTotal")
        if ordered is not None and charged != ordered:
            yield f"{charged} was captured for an order of {ordered}"


def captured_with_stock(story: Story) -> Iterator[str]:
    """A capture without a reservation."""
    operations = [entry["operation"] for entry in story.result.payments]
    reservation = story.result.reservation or {}
    if "capture" in operations and not reservation.get("Items"):
        yield "it was captured, and nothing was ever reserved"
    if story.money == _KEPT and reservation.get("Status") == "RELEASED":
        yield "the money is kept, and the stock was released"


def agrees_with_the_row(story: Story) -> Iterator[str]:
    """A row that says other things about the money than the ledger and the session."""
    if story.state in STANDING:
        yield from _standing(story)
    elif story.state in UNDONE and story.is_closed and story.is_ours:
        yield from _undone(story)


def _standing(story: Story) -> Iterator[str]:
    session, row = story.result.session or {}, story.row
    if story.is_ours and story.money != _KEPT:
        yield f"the order is {story.state}, and its payment is {story.money}"
    if row.get("PaymentStatus") != "Successful":
        yield f"the order is {story.state}, and its PaymentStatus is {row.get('PaymentStatus')}"
    if session.get("PaymentStatus") != _STANDING_SESSION:
        yield f"the order is {story.state}, and its session is {session.get('PaymentStatus')}"


def _undone(story: Story) -> Iterator[str]:
    if story.money in _UNDECIDED:
        yield f"the order is {story.state} and closed, and its payment is {story.money}"
    if story.money is None:
        yield f"the order is {story.state} and closed, and nothing refuses a later payment"
    wanted = "Refunded" if story.money == "REFUNDED" else "Unsuccessful"
    said = story.row.get("PaymentStatus")
    if said != wanted:
        yield f"the payment is {story.money}, and the row's PaymentStatus is {said}"
    session = story.result.session or {}
    if session.get("PaymentStatus") == _STANDING_SESSION:
        yield f"the order is {story.state}, and its session is still paid"


RULES = (
    Rule("captured once", "at most one capture an order, of the order's amount", captured_once),
    Rule("captured with stock", "never captured without stock reserved", captured_with_stock),
    Rule("money and row agree", "the row says where the money is", agrees_with_the_row),
)
