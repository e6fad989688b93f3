"""Mails: at most one for an outcome, whatever is delivered, published or crashed twice."""

from io import StringIO
from itertools import count
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore import exceptions as aws

from handlers.adapters.dynamodb import read, typed
from handlers.adapters.mailer import Mailer
from handlers.adapters.notifications import Notifications
from handlers.adapters.orders import Orders
from handlers.domain.errors import MailRefused, MailUnsure
from handlers.domain.mails import Mail, mail
from handlers.domain.notifying import Notified, Notifying
from handlers.notify_user import handler
from tests.handlers.bus import batch, bus_event, failures
from tests.handlers.checkouts import Fused
from tests.handlers.fakes import Crash, Fuse

ROW: dict[str, Any] = {
    "OrderId": "o-1",
    "State": "PROCESSED",
    "Email": "ada@example.com",
    "OrderTotal": 127,
    "Currency": "USD",
}


class Post:
    """A mail service that keeps what it was given, or raises."""

    def __init__(self, *errors: Exception | None) -> None:
        self.errors, self.sent = list(errors), list[tuple[str, Mail]]()

    def send(self, to: str, mail: Mail) -> None:
        error = self.errors.pop(0) if self.errors else None
        if error:
            raise error
        self.sent.append((to, mail))


@pytest.fixture
def client(dynamodb: Any) -> Any:
    put(dynamodb)
    return dynamodb


def put(client: Any, **columns: Any) -> None:
    client.put_item(TableName="CustomerOrders", Item=typed({**ROW, **columns}))


def notifying(client: Any, post: Post) -> Notifying:
    return Notifying(Orders(client, "CustomerOrders"), Notifications(client, "Notifications"), post)


def status(client: Any, detail_type: str = "OrderConfirmed", order: str = "o-1") -> str | None:
    row = read(client, "Notifications", EventKey=f"{order}#{detail_type}")
    return row["Status"] if row else None


def test_an_outcome_is_told_once_to_the_orders_address(client: Any) -> None:
    post = Post()
    assert notifying(client, post).notify("e-1", "OrderConfirmed", "o-1") is Notified.SENT
    assert post.sent == [("ada@example.com", mail("OrderConfirmed", ROW))]
    assert status(client) == "SENT"


@pytest.mark.parametrize("event", ["e-1", "e-2"], ids=["delivered twice", "published twice"])
def test_an_outcome_that_comes_twice_is_told_once(event: str, client: Any) -> None:
    post = Post()
    notifying(client, post).notify("e-1", "OrderConfirmed", "o-1")
    again = notifying(client, post).notify(event, "OrderConfirmed", "o-1")
    assert (again, len(post.sent)) == (Notified.CLAIMED_BEFORE, 1)
    assert status(client) == "SENT"


@pytest.mark.parametrize(
    "columns",
    [{"Email": None}, {"OrderId": "o-2"}, {"Email": 5}]
    + [
        {"Email": wrong}
        for wrong in ("", "not an address", "a@b.ch, c@d.ch", "a@b.ch\nBcc: c@d.ch")
    ],
)
def test_who_has_no_address_gets_no_mail(columns: dict[str, Any], dynamodb: Any) -> None:
    put(dynamodb, **columns)
    post = Post()
    assert notifying(dynamodb, post).notify("e-1", "OrderConfirmed", "o-1") is Notified.NO_ADDRESS
    assert (post.sent, status(dynamodb)) == ([], None)


def test_what_is_no_outcome_is_not_told(client: Any) -> None:
    found = notifying(client, Post()).notify("e-1", "ManualReviewRequired", "o-1")
    assert found is Notified.NOT_TOLD_BY_MAIL


def test_a_mail_that_may_have_been_sent_is_never_sent_again(client: Any) -> None:
    post = Post(MailUnsure("no answer"))
    assert notifying(client, post).notify("e-1", "OrderConfirmed", "o-1") is Notified.UNSURE
    assert status(client) == "UNSURE"
    notifying(client, post).notify("e-1", "OrderConfirmed", "o-1")
    assert (post.sent, status(client)) == ([], "UNSURE")


def test_a_mail_that_was_refused_is_tried_again(client: Any) -> None:
    post = Post(MailRefused("throttled"))
    with pytest.raises(MailRefused):
        notifying(client, post).notify("e-1", "OrderConfirmed", "o-1")
    assert status(client) is None
    assert notifying(client, post).notify("e-1", "OrderConfirmed", "o-1") is Notified.SENT
    assert len(post.sent) == 1


def test_a_refusal_frees_no_claim_but_its_own(client: Any) -> None:
    claims = Notifications(client, "Notifications")
    assert claims.claim("k", "e-1")
    claims.free("k", "e-2")
    assert not claims.claim("k", "e-2")
    claims.free("k", "e-1")
    assert claims.claim("k", "e-2")


def test_two_deliveries_at_once_send_one_mail(client: Any) -> None:
    class Slow(Post):
        """While it sends, the event is handled by another process too."""

        def send(self, to: str, mail: Mail) -> None:
            other = notifying(client, self).notify("e-1", "OrderConfirmed", "o-1")
            assert other is Notified.CLAIMED_BEFORE
            super().send(to, mail)

    post = Slow()
    assert notifying(client, post).notify("e-1", "OrderConfirmed", "o-1") is Notified.SENT
    assert (len(post.sent), status(client)) == (1, "SENT")


def test_after_a_crash_anywhere_no_mail_is_sent_twice(dynamodb: Any) -> None:
    for steps in count():
        order = f"o-{steps}"
        put(dynamodb, OrderId=order)
        fuse, post = Fuse(steps), Post()
        service = notifying(Fused(dynamodb, fuse), post)
        try:
            service.notify("e-1", "OrderConfirmed", order)
            break
        except Crash:
            service.notify("e-1", "OrderConfirmed", order)
        assert len(post.sent) == (1 if steps != 1 else 0)
        assert status(dynamodb, order=order) == ("SENT" if steps in (0, 3) else "UNSURE")
    assert steps == 4


@pytest.fixture
def outbox(client: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """SES with a verified sender."""
    boto3.client("sesv2").create_email_identity(EmailIdentity="orders@example.com")
    from moto.backends import get_backend

    return get_backend("ses")["123456789012"]["us-east-1"].sent_messages


def test_the_function_sends_both_forms_by_ses(
    client: Any, outbox: Any, context: LambdaContext, log: StringIO
) -> None:
    event = bus_event("OrderConfirmed", orderId="o-1")
    assert failures(handler(batch(event, event), context)) == []
    (sent,) = outbox
    assert sent.destinations["ToAddresses"] == ["ada@example.com"]
    assert sent.source == "orders@example.com"
    assert sent.subject == "Your order o-1 is confirmed"
    assert '"notified":"SENT"' in log.getvalue()
    assert "ada@" not in log.getvalue()


def test_a_message_that_fails_comes_again_and_holds_up_no_other(
    client: Any, outbox: Any, context: LambdaContext, log: StringIO
) -> None:
    good = bus_event("OrderConfirmed", orderId="o-1")
    answer = handler(batch("no JSON", good, bus_event("OrderConfirmed")), context)
    assert failures(answer) == ["m-0", "m-2"]
    assert len(outbox) == 1


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
    ("error", "told"),
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
    error: Exception, told: type[Exception]
) -> None:
    with pytest.raises(told):
        Mailer(Ses(error), "orders@example.com").send("ada@example.com", Mail("s", "t", "h"))
