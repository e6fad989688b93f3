"""Mails when a process dies, two are at it at once, or a table fails: never two, never untrue."""

from contextlib import suppress
from itertools import count
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto.backends import get_backend

from handlers.notifications.adapters.mailer import Mailer
from handlers.notifications.rules.errors import MailRefused, MailUnsure
from handlers.notifications.rules.notifier import Notified
from handlers.orders.rules.events import agrees, later_than
from handlers.shared.rules.errors import TableContended
from tests.handlers.calls import FAULTS, Calls, Fault
from tests.handlers.checkouts import Fused
from tests.handlers.fakes import Crash, Fuse
from tests.handlers.post import Mails, Overtaken, Post
from tests.handlers.rows import CLOSED, ORDER_ID, order

HANDLED = Notified.HANDLED_BEFORE
PAID, SHIPPED, CANCELLED = "OrderProcessed", "OrderFulfilled", "OrderCancelled"


@pytest.fixture
def post(dynamodb: Any) -> Post:
    made = Post(dynamodb)
    made.stands("PROCESSED")
    return made


def crash_after_the_claim(post: Post) -> None:
    """Leaves a claim of a process that is gone."""
    with pytest.raises(Crash):
        post.notify(PAID, Fused(post.client, Fuse(1)))
    assert post.row[PAID] == "CLAIMED"


def test_a_fresh_claim_is_somebody_elses_to_fulfil(post: Post) -> None:
    crash_after_the_claim(post)
    before = post.row
    assert post.notify(PAID) is HANDLED
    assert (post.mails.sent, post.row) == ([], before)


def test_an_old_claim_is_unsure_and_its_mail_is_never_sent_again(post: Post) -> None:
    crash_after_the_claim(post)
    post.give_up()
    for _ in range(2):
        assert post.notify(PAID) is HANDLED
        assert (post.mails.sent, post.row) == ([], {PAID: "UNSURE"})


def test_an_old_claim_of_one_mail_is_unsure_once_another_takes_its_place(post: Post) -> None:
    crash_after_the_claim(post)
    post.stands("FULFILLED")
    with pytest.raises(TableContended):
        post.notify(SHIPPED)
    post.give_up()
    assert post.notify(SHIPPED) is Notified.SENT
    assert post.row == {PAID: "UNSURE", SHIPPED: "SENT"}
    assert post.notify(PAID) is HANDLED


def test_two_deliveries_at_once_are_one_mail(post: Post) -> None:
    def deliver_again() -> None:
        assert post.notify(PAID) is HANDLED

    post.mails.before = deliver_again
    assert post.notify(PAID) is Notified.SENT
    assert (len(post.mails.sent), post.row) == (1, {PAID: "SENT"})


def test_of_two_notifiers_that_claim_at_once_one_sends_and_the_other_comes_again(
    post: Post,
) -> None:
    def be_first() -> None:
        assert post.notify(PAID) is Notified.SENT

    racing = Overtaken(post.client, "update_item", "Notifications", be_first)
    with pytest.raises(TableContended):
        post.notify(PAID, racing)
    assert post.notify(PAID) is HANDLED
    assert len(post.mails.sent) == 1


def test_a_later_mail_that_was_sent_between_reading_and_claiming_drops_the_earlier(
    post: Post,
) -> None:
    post.stands("FULFILLED")

    def be_first() -> None:
        assert post.notify(SHIPPED) is Notified.SENT

    racing = Overtaken(post.client, "update_item", "Notifications", be_first)
    assert post.notify(PAID, racing) is Notified.DROPPED
    assert post.mails.subjects == ["is on its way"]


def test_of_two_that_take_over_one_lost_claim_only_one_does(post: Post) -> None:
    crash_after_the_claim(post)
    post.give_up()
    post.stands("FULFILLED")
    taken: list[dict[str, Any]] = []

    def be_first() -> None:
        post.mails.before = lambda: taken.append(post.row)
        assert post.notify(SHIPPED) is Notified.SENT

    racing = Overtaken(post.client, "update_item", "Notifications", be_first)
    with pytest.raises(TableContended):
        post.notify(SHIPPED, racing)
    assert [row[PAID] for row in taken] == ["UNSURE"]
    assert (len(post.mails.sent), post.row[SHIPPED]) == (1, "SENT")


def test_who_lost_the_claim_frees_and_notes_nothing_of_the_one_that_follows(post: Post) -> None:
    claims = post.claims
    assert claims.claim(ORDER_ID, PAID, {})
    lost = claims.read(ORDER_ID)
    post.give_up()
    assert claims.claim(ORDER_ID, SHIPPED, lost)
    standing = post.row
    claims.free(ORDER_ID, PAID)
    claims.note(ORDER_ID, PAID, "SENT")
    assert post.row == standing
    assert (standing[PAID], standing[SHIPPED]) == ("UNSURE", "CLAIMED")


@pytest.mark.parametrize("table", ["CustomerOrders", "Notifications"])
@pytest.mark.parametrize(
    "error",
    [
        ReadTimeoutError(endpoint_url="x"),
        ClientError({"Error": {"Code": "ThrottlingException"}}, "GetItem"),
    ],
    ids=["timeout", "throttled"],
)
def test_a_table_that_fails_after_the_claim_costs_no_mail(
    table: str, error: Exception, post: Post
) -> None:
    class Failing:
        """A client that answers no read of the table once a mail is claimed."""

        def __getattr__(self, name: str) -> Any:
            return getattr(post.client, name)

        def get_item(self, **request: Any) -> Any:
            if post.row and request["TableName"] == table:
                raise error
            return post.client.get_item(**request)

    with pytest.raises(type(error)):
        post.notify(PAID, Failing())
    assert post.row == {}
    assert post.notify(PAID) is Notified.SENT


def test_a_row_of_which_no_mail_can_be_made_comes_again_until_the_queue_gives_it_up(
    post: Post,
) -> None:
    post.stands("PROCESSED", Currency=["USD"])
    for _ in range(2):
        with pytest.raises(TypeError):
            post.notify(PAID)
        assert post.row == {}
    post.stands("PROCESSED")
    assert post.notify(PAID) is Notified.SENT


def test_after_a_crash_anywhere_no_mail_is_sent_twice(dynamodb: Any) -> None:
    found: list[tuple[int, str]] = []
    for steps in count():
        post = Post(dynamodb, Mails(fuse=Fuse(steps)))
        post.stands("PROCESSED")
        dynamodb.delete_item(TableName="Notifications", Key={"OrderId": {"S": ORDER_ID}})
        try:
            post.notify(PAID, Fused(dynamodb, post.mails.fuse))
            break
        except Crash:
            post.notify(PAID)
            post.give_up()
            post.notify(PAID)
        found.append((len(post.mails.sent), post.row[PAID]))
    # The claim, the mail and the note, each before and after.
    lost, unsure, sent = (0, "UNSURE"), (1, "UNSURE"), (1, "SENT")
    assert found == [sent, lost, lost, unsure, unsure, sent]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_whatever_happens_to_a_call_no_mail_is_sent_twice_and_no_claim_stays(
    fault: Fault, dynamodb: Any, calls: Calls
) -> None:
    ses = boto3.client("sesv2")
    ses.create_email_identity(EmailIdentity="orders@example.com")
    outbox = get_backend("ses")["123456789012"]["us-east-1"].sent_messages
    found: list[tuple[int, str]] = []
    struck = True
    while struck:
        dynamodb.delete_item(TableName="Notifications", Key={"OrderId": {"S": ORDER_ID}})
        post = Post(dynamodb, mailer=Mailer(ses, "orders@example.com"))
        post.stands("PROCESSED")
        outbox.clear()
        disturbed = calls.disturbed(len(found), fault)
        with suppress(Crash, ClientError, ReadTimeoutError, MailRefused), disturbed:
            post.notify(PAID)
        struck = calls.is_struck
        post.give_up()
        post.notify(PAID)
        found += [(len(outbox), post.row[PAID])] if struck else []
    lost, unsure, sent = (0, "UNSURE"), (1, "UNSURE"), (1, "SENT")
    # The reading, the claim, the order, the later mails; the mail; the note.
    assert (
        found
        == {
            "crash": [sent, lost, lost, lost, unsure, sent],
            "lost answer": [sent, lost, sent, sent, unsure, sent],
            "throttled": [sent, sent, sent, sent, sent, unsure],
        }[fault.name]
    )


def test_after_a_crash_anywhere_the_next_mail_is_sent_once_and_none_after_it(
    dynamodb: Any,
) -> None:
    for steps in count():
        post = Post(dynamodb, Mails(fuse=Fuse(steps)))
        post.stands("PROCESSED")
        dynamodb.delete_item(TableName="Notifications", Key={"OrderId": {"S": ORDER_ID}})
        with suppress(Crash):
            post.notify(PAID, Fused(dynamodb, post.mails.fuse))
        crashed, post.mails.fuse.left = post.mails.fuse.left is None, None
        post.stands("CANCELLED", **CLOSED)
        post.give_up()
        post.notify(CANCELLED)
        post.notify(PAID)
        assert post.mails.subjects in (["is cancelled"], ["is paid", "is cancelled"])
        assert post.row[CANCELLED] == "SENT"
        if not crashed:
            break
    assert steps == 6


LIVES = {
    "shipped": ["PENDING", "PROCESSED", "FULFILLED"],
    "cancelled": ["PENDING", "PROCESSED", "CANCELLED"],
    "refused": ["PENDING", "FAILED"],
    "paid late": ["FAILED", "FULFILLED"],
}
EVENTS = (PAID, SHIPPED, CANCELLED, "OrderRejected", "PaymentNotReceived")


@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15
)
@given(data=st.data())
def test_whatever_comes_in_whichever_order_every_mail_is_true_and_none_overtakes_another(
    data: st.DataObject, dynamodb: Any
) -> None:
    dynamodb.delete_item(TableName="Notifications", Key={"OrderId": {"S": ORDER_ID}})
    post, said = Post(dynamodb), list[str]()
    for state in LIVES[data.draw(st.sampled_from(sorted(LIVES)))]:
        columns = {"Reason": "PaymentNotReceived"} if state == "FAILED" else {}
        post.stands(state, **columns, **(CLOSED if state in ("FAILED", "CANCELLED") else {}))
        for detail_type in data.draw(st.lists(st.sampled_from(EVENTS), max_size=5)):
            fuse = Fuse(data.draw(st.none() | st.integers(0, 6)))
            errors = data.draw(st.sampled_from([None, MailRefused("no"), MailUnsure("what")]))
            before = len(post.mails.sent)
            post.mails.errors, post.mails.fuse = [errors] if errors else [], fuse
            with suppress(Crash, MailRefused, TableContended):
                post.notify(detail_type, Fused(dynamodb, fuse))
            if len(post.mails.sent) > before:
                assert agrees(detail_type, order(state, **columns))
                said.append(detail_type)
            if data.draw(st.booleans()):
                post.give_up()
    assert len(said) == len(set(said))
    for place, mail in enumerate(said):
        assert not set(later_than(mail)) & set(said[:place])
