"""SNS topics, their policies and subscriptions."""

from __future__ import annotations

from local.deploy.backend import Created
from local.deploy.fields import Fields, tag_list, text
from local.deploy.kinds import Kind, Kinds, Order

_TOPIC: Fields = {
    "contentBasedDeduplication": text("ContentBasedDeduplication"),
    "deliveryPolicy": text("DeliveryPolicy"),
    "displayName": text("DisplayName"),
    "fifoTopic": text("FifoTopic"),
    "kmsMasterKeyId": text("KmsMasterKeyId"),
    "policy": text("Policy"),
    "signatureVersion": text("SignatureVersion"),
    "tracingConfig": text("TracingConfig"),
    "tags": tag_list(),
}
_POLICY: Fields = {"arn": "TopicArn", "policy": "AttributeValue"}
_SUBSCRIPTION: Fields = {
    "topic": "TopicArn",
    "protocol": "Protocol",
    "endpoint": "Endpoint",
    "deliveryPolicy": text("DeliveryPolicy"),
    "filterPolicy": text("FilterPolicy"),
    "filterPolicyScope": text("FilterPolicyScope"),
    "rawMessageDelivery": text("RawMessageDelivery"),
    "redrivePolicy": text("RedrivePolicy"),
}
# These endpoints must confirm before they get a message; the others are confirmed at once.
_CONFIRMED_BY_HAND = {"email", "email-json", "http", "https"}


def _topic(order: Order) -> Created:
    arn = order.cloud.client("sns").create_topic(**order.params)["TopicArn"]
    return Created(arn, {"arn": arn, "owner": order.cloud.account})


def _policy(order: Order) -> Created:
    order.cloud.client("sns").set_topic_attributes(AttributeName="Policy", **order.params)
    return Created(order.params["TopicArn"], {"owner": order.cloud.account})


def _subscription(order: Order) -> Created:
    client = order.cloud.client("sns")
    arn = client.subscribe(ReturnSubscriptionArn=True, **order.params)["SubscriptionArn"]
    pending = order.params["Protocol"] in _CONFIRMED_BY_HAND
    outputs = {"arn": arn, "ownerId": order.cloud.account, "pendingConfirmation": pending}
    return Created(arn, outputs)


KINDS: Kinds = {
    "aws:sns/topic:Topic": Kind(_topic, _TOPIC, "Name"),
    "aws:sns/topicPolicy:TopicPolicy": Kind(_policy, _POLICY),
    "aws:sns/topicSubscription:TopicSubscription": Kind(_subscription, _SUBSCRIPTION),
}
