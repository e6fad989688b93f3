"""Mail is sent by who may, from whom they may, and lies in the outbox."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.bench import Bench
from tests.emulator.contracts import contract

_IDENTITY = "arn:aws:ses:us-east-1:000000000000:identity/"
_SENDS = """
    import boto3
    def handler(event, context):
        boto3.client("sesv2").send_email(**event)
    """


def _mail(sender: str, subject: str = "Your order") -> dict[str, Any]:
    texts = {"Text": {"Data": "It is on its way."}, "Html": {"Data": "<p>It is on its way.</p>"}}
    return {
        "FromEmailAddress": sender,
        "Destination": {"ToAddresses": ["jane.roe@example.com"]},
        "Content": {"Simple": {"Subject": {"Data": subject}, "Body": texts}},
    }


def _identity(bench: Bench, name: str) -> str:
    bench.cloud.client("sesv2").create_email_identity(EmailIdentity=name)
    return name


@contract("mail_senders")
def test_a_function_sends_from_the_identity_it_may(bench: Bench) -> None:
    ours = _identity(bench, f"{bench.name('shop')}@example.org")
    theirs = _identity(bench, f"{bench.name('shop')}@example.org")
    function = bench.function(_SENDS, ("ses:SendEmail", _IDENTITY + ours))
    assert bench.invoke(function, _mail(f"Our Shop <{ours}>")) is None
    refused = bench.invoke(function, _mail(theirs))
    assert refused["errorType"] == "ClientError", refused
    assert "AccessDenied" in refused["errorMessage"]


@contract("mail_senders")
def test_an_address_of_a_verified_domain_is_sent_from_the_domain(bench: Bench) -> None:
    domain = _identity(bench, f"{bench.name('shop')}.example.org")
    function = bench.function(_SENDS, ("ses:SendEmail", _IDENTITY + domain))
    assert bench.invoke(function, _mail(f"orders@{domain}")) is None


@contract("mail_senders")
def test_the_older_api_asks_for_the_same_identity(bench: Bench) -> None:
    sender = _identity(bench, f"{bench.name('shop')}@example.org")
    source = """
        import boto3
        def handler(event, context):
            text = {"Data": "hello"}
            message = {"Subject": text, "Body": {"Text": text}}
            to = {"ToAddresses": ["jane.roe@example.com"]}
            boto3.client("ses").send_email(Source=event, Destination=to, Message=message)
        """
    function = bench.function(source, ("ses:SendEmail", _IDENTITY + sender))
    assert bench.invoke(function, sender) is None


def test_what_was_sent_lies_in_the_outbox(bench: Bench) -> None:
    sender, subject = _identity(bench, f"{bench.name('shop')}@example.org"), bench.name("order")
    sent = bench.cloud.client("sesv2").send_email(**_mail(sender, subject))
    (mail,) = (mail for mail in bench.cloud.mails() if mail["subject"] == subject)
    assert [mail] == [
        {
            "id": sent["MessageId"],
            "time": mail["time"],
            "to": "jane.roe@example.com",
            "subject": subject,
            "body": "It is on its way.",
            "html": "<p>It is on its way.</p>",
        }
    ]
    assert abs(datetime.now(UTC) - datetime.fromisoformat(mail["time"])) < timedelta(minutes=1)


def test_a_sender_nobody_verified_is_refused(bench: Bench) -> None:
    before = bench.cloud.mails()
    with pytest.raises(ClientError, match="not verified"):
        bench.cloud.client("sesv2").send_email(**_mail("nobody@example.net"))
    assert bench.cloud.mails() == before


def test_a_function_reads_the_one_secret_it_may(bench: Bench) -> None:
    secrets = bench.cloud.client("secretsmanager")
    ours, other = (
        secrets.create_secret(Name=bench.name("secret"), SecretString=json.dumps({"key": n}))["ARN"]
        for n in range(2)
    )
    reads = """
        import boto3
        def handler(event, context):
            client = boto3.client("secretsmanager")
            return client.get_secret_value(SecretId=event)["SecretString"]
        """
    function = bench.function(reads, ("secretsmanager:GetSecretValue", ours))
    assert bench.invoke(function, ours) == '{"key": 0}'
    assert "AccessDenied" in bench.invoke(function, other)["errorMessage"]
