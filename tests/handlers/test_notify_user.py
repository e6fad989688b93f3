"""Mails: at most one for an outcome, true when it is sent, and none after a later one."""

from io import StringIO
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore import exceptions as aws
from moto.backends import get_backend

from handlers.notifications.adapters.mailer import Mailer
from handlers.notifications.notify_user import handler
from handlers.notifications.rules.errors import MailRefused, MailUnsure
from handlers.notifications.rules.mails import Mail, mail
from handlers.notifications.rules.notifier import Notified
from handlers.shared.rules.errors import TableContended
from tests.handlers.bus import batch, bus_event, failures
from tests.handlers.post import Overtaken, Post
from tests.handlers.rows import CLOSED, ORDER_ID, order

HANDLED = Notified.HANDLED_BEFORE
PAID, CONFIRMED, SHIPPED = "OrderProcessed", "OrderConfirmed", "OrderFulfilled"
CANCELLED, REJECTED, UNPAID = "OrderCancelled", "OrderRejected", "PaymentNotReceived"


@pytest.fixture
def post(dynamodb: Any) -> Post:
    """An order that was paid, of which nobody was notified yet."""
    made = Post(dynamodb)
    made.stands("PROCESSED")
    return made


def test_a_customer_is_notified_once_at_the_orders_address(post: Post) -> None:
    assert post.notify(PAID) is Notified.SENT
    assert post.mails.sent == [("ada@example.com", mail(PAID, order("PROCESSED")))]
    assert post.row == {PAID: "SENT"}


def test_an_event_that_comes_again_is_no_second_mail(post: Post) -> None:
    post.notify(PAID)
    assert post.notify(PAID) is HANDLED
    post.give_up()
    assert post.notify(PAID) is HANDLED
    assert (len(post.mails.sent), post.row) == (1, {PAID: "SENT"})


ADDRESSES = (None, 5, "", "not an address", "a@b.ch, c@d.ch", "a@b.ch\nBcc: c@d.ch")


@pytest.mark.parametrize("email", ADDRESSES)
def test_who_has_no_address_gets_no_mail(email: Any, post: Post) -> None:
    post.stands("PROCESSED", Email=email)
    assert post.notify(PAID) is Notified.DROPPED
    assert (post.mails.sent, post.row) == ([], {PAID: "DROPPED"})
    assert post.notify(PAID) is HANDLED


def test_an_order_without_a_row_gets_no_mail(dynamodb: Any) -> None:
    post = Post(dynamodb)
    assert post.notify(PAID) is Notified.DROPPED
    assert (post.mails.sent, post.row) == ([], {PAID: "DROPPED"})


def test_no_mail_is_claimed_for_what_is_no_outcome(post: Post) -> None:
    assert post.notify("ManualReviewRequired") is Notified.NOT_MAILED
    assert (post.mails.sent, post.row) == ([], {})


REFUSED = {"Reason": "OutOfStock", **CLOSED}
CONTRADICTED: list[tuple[str, str, dict[str, Any]]] = [
    (PAID, "PENDING", {}),
    (PAID, "CANCELLED", CLOSED),
    (CONFIRMED, "FAILED", {"Reason": "ShippingFailed", **CLOSED}),
    (REJECTED, "FULFILLED", {}),
    (REJECTED, "FAILED", {"Reason": "PaymentNotReceived", **CLOSED}),
    (UNPAID, "FAILED", REFUSED),
    (UNPAID, "FULFILLED", {}),
    (CANCELLED, "PROCESSED", {}),
    (SHIPPED, "PROCESSED", {}),
    (SHIPPED, "CANCELLED", CLOSED),
]


@pytest.mark.parametrize(("detail_type", "state", "columns"), CONTRADICTED)
def test_a_mail_that_the_orders_row_contradicts_is_dropped(
    detail_type: str, state: str, columns: dict[str, Any], post: Post
) -> None:
    post.stands(state, **columns)
    assert post.notify(detail_type) is Notified.DROPPED
    assert (post.mails.sent, post.row) == ([], {detail_type: "DROPPED"})


@pytest.mark.parametrize(
    ("detail_type", "state", "columns"),
    [
        (PAID, "FULFILLED", {}),
        (CONFIRMED, "FULFILLED", {"CartId": "835235"}),
        (REJECTED, "FAILED", REFUSED),
        (UNPAID, "FAILED", {"Reason": "PaymentNotReceived", **CLOSED}),
        (CANCELLED, "CANCELLED", {"HandedOverAt": "now"}),
    ],
)
def test_a_mail_that_is_still_true_is_sent(
    detail_type: str, state: str, columns: dict[str, Any], post: Post
) -> None:
    post.stands(state, **columns)
    assert post.notify(detail_type) is Notified.SENT
    assert post.row == {detail_type: "SENT"}


def test_a_mail_that_was_dropped_keeps_no_true_one_back(post: Post) -> None:
    post.stands("CANCELLED", **CLOSED)
    assert post.notify(PAID) is Notified.DROPPED
    assert post.notify(CANCELLED) is Notified.SENT
    assert post.mails.subjects == ["is cancelled"]


def test_the_order_is_read_after_the_claim_so_that_a_change_before_it_counts(post: Post) -> None:
    def cancel() -> None:
        post.stands("CANCELLED", **CLOSED)

    racing = Overtaken(post.client, "get_item", "CustomerOrders", cancel)
    assert post.notify(PAID, racing) is Notified.DROPPED
    assert post.mails.sent == []


def test_no_mail_begins_while_another_of_the_order_is_in_flight(post: Post) -> None:
    def ship() -> None:
        post.stands("FULFILLED")
        with pytest.raises(TableContended, match="in flight"):
            post.notify(SHIPPED)
        assert set(post.row) == {PAID, "SendingUntil"}

    post.mails.before = ship
    assert post.notify(PAID) is Notified.SENT
    post.mails.before = lambda: None
    assert post.notify(SHIPPED) is Notified.SENT
    assert post.mails.subjects == ["is paid", "is on its way"]


@pytest.mark.parametrize("status", ["SENT", "UNSURE", "DROPPED"])
def test_no_mail_follows_a_later_one_whatever_became_of_that(status: str, post: Post) -> None:
    post.stands("FULFILLED", Email="none" if status == "DROPPED" else "ada@example.com")
    post.mails.errors = [MailUnsure("no answer")] if status == "UNSURE" else []
    post.notify(SHIPPED)
    assert post.row == {SHIPPED: status}
    post.stands("FULFILLED")
    assert post.notify(PAID) is Notified.DROPPED
    assert (len(post.mails.sent), post.row[PAID]) == (status == "SENT", "DROPPED")


@pytest.mark.parametrize("status", ["SENT", "DROPPED"])
def test_an_earlier_mail_keeps_no_later_one_back(status: str, post: Post) -> None:
    post.stands("PROCESSED", Email="none" if status == "DROPPED" else "ada@example.com")
    post.notify(PAID)
    post.stands("FULFILLED")
    assert post.notify(SHIPPED) is Notified.SENT


def test_a_mail_that_may_have_been_sent_is_never_sent_again(post: Post) -> None:
    post.mails.errors = [MailUnsure("no answer")]
    assert post.notify(PAID) is Notified.UNSURE
    for _ in range(2):
        assert post.notify(PAID) is HANDLED
        post.give_up()
    assert (post.mails.sent, post.row) == ([], {PAID: "UNSURE"})


def test_a_mail_that_failed_in_a_way_that_nobody_knows_is_never_sent_again(post: Post) -> None:
    post.mails.errors = [RuntimeError("what?")]
    with pytest.raises(RuntimeError):
        post.notify(PAID)
    post.give_up()
    assert post.notify(PAID) is HANDLED
    assert (post.mails.sent, post.row) == ([], {PAID: "UNSURE"})


def test_a_mail_that_was_refused_is_tried_again(post: Post) -> None:
    post.mails.errors = [MailRefused("throttled")]
    with pytest.raises(MailRefused):
        post.notify(PAID)
    assert post.row == {}
    assert post.notify(PAID) is Notified.SENT
    assert len(post.mails.sent) == 1


def test_a_refused_mail_keeps_no_other_back(post: Post) -> None:
    post.mails.errors = [MailRefused("throttled")]
    with pytest.raises(MailRefused):
        post.notify(PAID)
    post.stands("CANCELLED", **CLOSED)
    assert post.notify(CANCELLED) is Notified.SENT


@pytest.fixture
def outbox(post: Post) -> Any:
    """SES with a verified sender."""
    boto3.client("sesv2").create_email_identity(EmailIdentity="orders@example.com")
    return get_backend("ses")["123456789012"]["us-east-1"].sent_messages


def test_the_function_sends_both_forms_by_ses(
    outbox: Any, context: LambdaContext, log: StringIO
) -> None:
    event = bus_event(PAID, orderId=ORDER_ID)
    assert failures(handler(batch(event, event), context)) == []
    (sent,) = outbox
    assert sent.destinations["ToAddresses"] == ["ada@example.com"]
    assert sent.source == "orders@example.com"
    assert sent.subject == f"Your order {ORDER_ID} is paid"
    assert '"notified":"SENT"' in log.getvalue()
    assert "ada@" not in log.getvalue()


def test_a_message_that_fails_comes_again_and_holds_up_no_other(
    outbox: Any, context: LambdaContext, log: StringIO
) -> None:
    good = bus_event(PAID, orderId=ORDER_ID)
    answer = handler(batch("no JSON", good, bus_event(PAID), bus_event(PAID, orderId=5)), context)
    assert failures(answer) == ["m-0", "m-2", "m-3"]
    assert len(outbox) == 1


def test_a_mail_that_must_wait_for_another_comes_again(
    post: Post, outbox: Any, context: LambdaContext, log: StringIO
) -> None:
    assert post.claims.claim(ORDER_ID, PAID, {})
    claimed = post.row | {"SendingUntil": 2**40}
    boto3.resource("dynamodb").Table("Notifications").put_item(
        Item={"OrderId": ORDER_ID, **claimed}
    )
    post.stands("FULFILLED")
    event = bus_event(SHIPPED, orderId=ORDER_ID)
    assert failures(handler(batch(event), context)) == ["m-0"]
    assert list(outbox) == []
    assert '"error":"TableContended"' in log.getvalue()


class Ses:
    """An SES client that fails."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def send_email(self, **request: Any) -> None:
        raise self.error


def refused(code: str, status: int) -> aws.ClientError:
    answer = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return aws.ClientError(answer, "SendEmail")


@pytest.mark.parametrize(
    ("error", "known_as"),
    [
        (refused("MessageRejected", 400), MailRefused),
        (refused("TooManyRequestsException", 429), MailRefused),
        (refused("AccessDeniedException", 403), MailRefused),
        (aws.EndpointConnectionError(endpoint_url="x"), MailRefused),
        (aws.ConnectTimeoutError(endpoint_url="x"), MailRefused),
        (refused("InternalServiceErrorException", 500), MailUnsure),
        (aws.ReadTimeoutError(endpoint_url="x"), MailUnsure),
        (aws.ConnectionClosedError(endpoint_url="x"), MailUnsure),
    ],
)
def test_ses_is_unsure_only_when_the_mail_may_have_been_taken(
    error: Exception, known_as: type[Exception]
) -> None:
    with pytest.raises(known_as):
        Mailer(Ses(error), "orders@example.com").send("ada@example.com", Mail("s", "t", "h"))
