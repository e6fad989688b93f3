"""Who makes a request of the HTTP API, and for which customers."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from handlers.shared.http import Refused


@dataclass(frozen=True)
class Caller:
    """Whom the HTTP API's authorizer let in.

    Attributes:
        name: no other caller's; one of a role is the same whatever its sessions are called.
        customer: the only customer it may act for; None for one that is trusted with all.
    """

    name: str
    customer: str | None

    def acts_for(self, customer_id: str | None) -> bool:
        """Whether it may see and change what is this customer's."""
        return self.customer is None or self.customer == customer_id


def caller_of(event: Mapping[str, Any]) -> Caller:
    """Whom the authorizer of an event's route let in.

    A JWT's subject is a customer. Who signs with IAM is trusted by the policy that lets it
    invoke the route.

    Raises:
        Refused: the route had no authorizer, or it knows nobody.
    """
    authorizer = event.get("requestContext", {}).get("authorizer") or {}
    if "jwt" in authorizer:
        subject = authorizer["jwt"].get("claims", {}).get("sub")
        if isinstance(subject, str) and subject:
            return Caller(f"jwt:{subject}", subject)
    elif principal := (authorizer.get("iam") or {}).get("userArn"):
        return Caller(f"iam:{_without_session(principal)}", None)
    raise Refused(HTTPStatus.UNAUTHORIZED, "sign the request, or send a token, to be known")


def _without_session(arn: str) -> str:
    """A principal's ARN; of an assumed role, without the session's name (IAM User Guide)."""
    return arn.rpartition("/")[0] if ":assumed-role/" in arn else arn
