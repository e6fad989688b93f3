"""Nobody hears what the order's row contradicts; the final state is published, mailed once."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from local.faults.mails import kind_of
from local.faults.rules.rule import Rule
from local.faults.story import UNDONE, Story

REVIEW = "ManualReviewRequired"
_CUSTOMERS, _SUPPORT = "OrderNotifications", "SupportAlerts"
_PAID = ("OrderProcessed", "OrderConfirmed")
_REFUSED = ("PaymentFailed", "ShippingFailed", "PaymentNotReceived")
_RANKS: Mapping[str, int] = {
    **dict.fromkeys((*_PAID, "OrderRejected", *_REFUSED), 1),
    "OrderFulfilled": 2,
    "OrderCancelled": 3,
}


def events_are_true(story: Story) -> Iterator[str]:
    """An event of a state that the row never had, or of a review that is none."""
    known = _may_be_published(story)
    reviews = {f"{row['OrderId']}:{row['ReviewId']}" for row in story.result.manualReview}
    for event in story.result.events:
        kind, detail = event["detail-type"], event["detail"]
        if kind == REVIEW and detail["eventId"] not in reviews:
            yield f"a review {detail['eventId']} was published, and there is none"
        elif kind != REVIEW and kind not in known:
            yield f"{kind} was published, and the order is {_shown(story)}"
        elif kind == _final(story) and detail["reason"] != story.row.get("Reason", ""):
            yield f"{kind} gives the reason {detail['reason']}, the row {story.row.get('Reason')}"
    for kind in known:
        yield from _differing(story, kind)


def _shown(story: Story) -> str:
    reason = story.row.get("Reason")
    return f"{story.state} for {reason}" if reason else str(story.state)


def _differing(story: Story, kind: str) -> Iterator[str]:
    """A repeated event must be known as a repetition, by its id."""
    details = [event["detail"] for event in story.result.events if event["detail-type"] == kind]
    ids = {detail["eventId"] for detail in details}
    if len(ids) > 1:
        yield f"{kind} was published under {len(ids)} ids"
    for detail in details:
        if detail["sequence"] != _RANKS[kind]:
            yield f"{kind} has the sequence {detail['sequence']}; it should have {_RANKS[kind]}"
            return


def all_is_published(story: Story) -> Iterator[str]:
    """A final state, or a review, of which there is no event, or none on its topic."""
    published = {event["detail-type"] for event in story.result.events}
    final = _final(story)
    if final and final not in published:
        yield f"the order is {story.state}, and {final} was never published"
    for kind in sorted(published):
        topic = _SUPPORT if kind == REVIEW else _CUSTOMERS
        sent = (each["message"] for each in story.result.topics if each["topic"] == topic)
        if not any(f'"{kind}"' in message for message in sent):
            yield f"{kind} was published, and never came to the topic {topic}"
    ids = {event["detail"].get("eventId") for event in story.result.events}
    for row in story.result.manualReview:
        if f"{row['OrderId']}:{row['ReviewId']}" not in ids:
            yield f"the review {row['ReviewId']} was never published"


def mails_are_true(story: Story) -> Iterator[str]:
    """A mail that the row contradicts, that overtakes another, or that comes twice or never."""
    kinds = _mailed(story)
    known, final = _may_be_published(story), _final(story)
    for kind in kinds:
        if kind not in known:
            yield f"a mail says {kind}, and the order is {story.state}"
    for kind in sorted(set(kinds)):
        if kinds.count(kind) > 1:
            yield f"{kinds.count(kind)} mails say {kind}"
    for earlier, later in pairwise(kinds):
        if _RANKS[earlier] > _RANKS[later]:
            yield f"a mail says {earlier}, and a later one {later}"
    if final and story.row.get("Email") and final not in kinds:
        yield f"the order is {story.state}, and no mail says {final}"


def _mailed(story: Story) -> list[str]:
    """The events of the mails to the customer, in the order sent."""
    to = [mail for mail in story.result.emails if mail["to"] == story.row.get("Email")]
    return [kind_of(mail, story.row) for mail in to]


def _final(story: Story) -> str | None:
    """The event of the state that the order ended in; None while that is not to be published."""
    if story.state == "PROCESSED":
        return _paid(story.row)
    if story.state == "FULFILLED":
        return "OrderFulfilled"
    if story.state in UNDONE and (story.is_closed or story.is_handed_over):
        return "OrderCancelled" if story.state == "CANCELLED" else _refused(story.row)
    return None


def _may_be_published(story: Story) -> tuple[str, ...]:
    """The events of every state that the row had, the last of them its final one."""
    final = _final(story)
    earlier: tuple[str, ...] = ()
    if story.state == "FULFILLED":
        earlier = (_paid(story.row),) if story.is_ours else ("PaymentNotReceived",)
    if story.state == "CANCELLED" and story.result.session:  # one is made with a PROCESSED row
        earlier = (_paid(story.row),)
    return (*earlier, final) if final else earlier


def _paid(row: Mapping[str, Any]) -> str:
    return "OrderConfirmed" if "CartId" in row else "OrderProcessed"


def _refused(row: Mapping[str, Any]) -> str:
    reason = row.get("Reason", "")
    return str(reason) if reason in _REFUSED else "OrderRejected"


RULES = (
    Rule("events are true", "an event is of a state that the row had", events_are_true),
    Rule("all is published", "the final state and every review is published", all_is_published),
    Rule("mails are true", "one mail an event, in order, true of the row", mails_are_true),
)
