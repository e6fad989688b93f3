"""Amazon SES, by its second API."""

from dataclasses import dataclass
from typing import Any

from botocore import exceptions as aws

from handlers.notifications.rules.errors import MailRefused, MailUnsure
from handlers.notifications.rules.mails import Mail
from handlers.shared.adapters.dynamodb import code

_UNREACHED = (aws.EndpointConnectionError, aws.ConnectTimeoutError, aws.ProxyConnectionError)
_CHARSET = "UTF-8"


@dataclass(frozen=True)
class Mailer:
    """Sends mails.

    Attributes:
        client: an SES v2 client that makes every call once.
        sender: the address that mails come from.
    """

    client: Any
    sender: str

    def send(self, to: str, mail: Mail) -> None:
        """Sends a mail.

        Raises:
            MailRefused: SES refused it, or was never reached.
            MailUnsure: SES failed or did not answer.
        """
        try:
            self.client.send_email(
                FromEmailAddress=self.sender,
                Destination={"ToAddresses": [to]},
                Content={"Simple": _content(mail)},
            )
        except _UNREACHED:
            raise MailRefused("the mail service could not be reached") from None
        except aws.ClientError as error:
            raise _judged(error) from None
        except aws.HTTPClientError as error:
            raise MailUnsure("the mail service did not answer") from error


def _judged(error: aws.ClientError) -> MailRefused | MailUnsure:
    """SES's answer to a request it did not fulfil; its own words may hold the address."""
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    if status >= 500:
        return MailUnsure(f"the mail service failed: {code(error)}")
    return MailRefused(f"the mail service refused the mail: {code(error)}")


def _content(mail: Mail) -> dict[str, Any]:
    return {
        "Subject": _part(mail.subject),
        "Body": {"Text": _part(mail.text), "Html": _part(mail.html)},
    }


def _part(data: str) -> dict[str, str]:
    return {"Data": data, "Charset": _CHARSET}
