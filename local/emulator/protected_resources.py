"""The policies and keys of the resources that AWS services deliver to, as ministack keeps them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ministack.services import kms, lambda_svc, sns, sqs

from local.emulator.service_request import Target


@dataclass(frozen=True)
class Protected:
    """A resource with a policy, encrypted with a key or with none.

    Attributes:
        target: its kind.
        policy: the document, as text or read; without one nobody is admitted.
        key: the id, ARN or alias of the key that encrypts it; empty if none does.
        key_target: the kind of that key.
    """

    target: Target
    policy: Any
    key: str = ""
    key_target: Target = Target.TOPIC_KEY


def protected(arn: str) -> Protected | None:
    """The policy and key of a queue, topic or function, even of one that does not exist.

    None for a resource of another kind, which has no policy to ask.
    """
    read = _READERS.get(arn.split(":")[2]) if arn.count(":") > 4 else None
    return read(arn) if read else None


def key_arn(arn: str) -> str:
    """The ARN of the customer managed key that encrypts a queue or topic; empty if none does."""
    found = protected(arn)
    record = kms._resolve_key(found.key) if found else None
    return str(record["Arn"]) if record else ""


def _queue(arn: str) -> Protected:
    queue = sqs._queue_by_arn(arn)
    attributes = queue["attributes"] if queue else {}
    key = attributes.get("KmsMasterKeyId", "")
    return Protected(Target.QUEUE, attributes.get("Policy"), key, Target.QUEUE_KEY)


def _topic(arn: str) -> Protected:
    topic = sns._topic_by_arn_any_scope(arn)
    attributes = topic["attributes"] if topic else {}
    return Protected(Target.TOPIC, attributes.get("Policy"), attributes.get("KmsMasterKeyId", ""))


def _function(arn: str) -> Protected:
    found = lambda_svc.function_policy_for_arn(arn)
    return Protected(Target.FUNCTION, found[0] if found else None)


_READERS: dict[str, Callable[[str], Protected]] = {
    "lambda": _function,
    "sns": _topic,
    "sqs": _queue,
}
