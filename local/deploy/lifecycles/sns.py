"""SNS topics, their policies and subscriptions."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from local.deploy.kinds import Order
from local.deploy.lifecycle import Existing, Lifecycle, Lifecycles, again, answers, call
from local.deploy.providers.sns import KINDS

_POLICY = "aws:sns/topicPolicy:TopicPolicy"


def _attributes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Mapping[str, str]:
    """The attributes that differ; one that is not given any more becomes empty."""
    before, after = old.get("Attributes", {}), new.get("Attributes", {})
    names = sorted(before.keys() | after.keys())
    return {name: after.get(name, "") for name in names if before.get(name) != after.get(name)}


def _topic(existing: Existing, order: Order, _: Collection[str]) -> dict[str, Any]:
    client = existing.client("sns")
    for name, value in _attributes(existing.order.params, order.params).items():
        client.set_topic_attributes(TopicArn=existing.id, AttributeName=name, AttributeValue=value)
    return {}


def _subscription(existing: Existing, order: Order, _: Collection[str]) -> dict[str, Any]:
    client = existing.client("sns")
    for name, value in _attributes(existing.order.params, order.params).items():
        client.set_subscription_attributes(
            SubscriptionArn=existing.id, AttributeName=name, AttributeValue=value
        )
    return {}


def _owners_alone(existing: Existing) -> str:
    """The policy that a topic has without one: the account may do what it likes."""
    account = existing.order.cloud.account
    allowed = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
        "Action": ["sns:Publish", "sns:Subscribe", "sns:SetTopicAttributes", "sns:DeleteTopic"],
        "Resource": existing.id,
    }
    return json.dumps({"Version": "2012-10-17", "Id": "default", "Statement": [allowed]})


def _reset_policy(existing: Existing) -> None:
    existing.client("sns").set_topic_attributes(
        TopicArn=existing.id, AttributeName="Policy", AttributeValue=_owners_alone(existing)
    )


def _has_policy(existing: Existing) -> bool:
    found = existing.client("sns").get_topic_attributes(TopicArn=existing.id)["Attributes"]
    wanted = json.loads(existing.order.params["AttributeValue"])
    return bool(json.loads(found.get("Policy") or "{}") == wanted)


LIFECYCLES: Lifecycles = {
    "aws:sns/topic:Topic": Lifecycle(
        answers(call("sns", "get_topic_attributes", by="TopicArn")),
        call("sns", "delete_topic", by="TopicArn"),
        _topic,
        frozenset({"fifoTopic"}),
    ),
    _POLICY: Lifecycle(
        answers(_has_policy), _reset_policy, again(KINDS[_POLICY]), frozenset({"arn"})
    ),
    "aws:sns/topicSubscription:TopicSubscription": Lifecycle(
        answers(call("sns", "get_subscription_attributes", by="SubscriptionArn")),
        call("sns", "unsubscribe", by="SubscriptionArn"),
        _subscription,
        frozenset({"endpoint", "protocol", "topic"}),
    ),
}
