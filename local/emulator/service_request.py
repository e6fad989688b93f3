"""A request that an AWS service makes in its own name, and the condition keys that come with it.

`service_request_table.py` has one row for each kind of request.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

ARN, ACCOUNT, OWNER = "aws:SourceArn", "aws:SourceAccount", "aws:SourceOwner"
_CONTEXT = "kms:EncryptionContext:"
_ALWAYS = frozenset(
    {"aws:principalisawsservice", "aws:principalservicename", "aws:securetransport"}
)
"""Keys of every request of a service (IAM User Guide, "AWS global condition context keys")."""


class Target(StrEnum):
    """A kind of resource whose policy admits services; a key counts by what it encrypts."""

    TOPIC = "topic"
    QUEUE = "queue"
    FUNCTION = "function"
    BUS = "event bus"
    LOG_GROUP = "log group"
    ROLE = "role"
    TOPIC_KEY = "key of a topic"
    QUEUE_KEY = "key of a queue"
    BUS_KEY = "key of an event bus"
    LOG_GROUP_KEY = "key of a log group"


@dataclass(frozen=True)
class ServiceRequest:
    """One kind of request of one service.

    Attributes:
        service: the principal without `.amazonaws.com` and without a region.
        target: the resource whose policy decides.
        actions: those that the policy must allow, all of them.
        keys: the global condition keys that come with it.
        page: AWS's page that says so.
        context: the key of the KMS encryption context, whose value is the encrypted resource's
            ARN; empty if there is none.
        note: what the page leaves open, and on what the row relies instead.
    """

    service: str
    target: Target
    actions: tuple[str, ...]
    keys: tuple[str, ...]
    page: str
    context: str = ""
    note: str = ""

    def unsent(self, keys: Iterable[str]) -> list[str]:
        """Those of a condition's keys that do not come, so that it never holds; sorted."""
        sent = {*_ALWAYS, *self.values("", "", "")}
        return sorted({key for key in keys if key.lower() not in sent})

    def values(self, source_arn: str, account: str, resource_arn: str) -> dict[str, str]:
        """The condition keys, in lower case, with their values.

        Args:
            source_arn: the resource for which the service acts.
            account: whose resource that is.
            resource_arn: the resource that is reached or whose content is encrypted.
        """
        known = {ARN: source_arn, ACCOUNT: account, OWNER: account}
        found = {key.lower(): known[key] for key in self.keys}
        return {**found, (_CONTEXT + self.context).lower(): resource_arn} if self.context else found
