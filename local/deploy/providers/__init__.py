"""The resource types the local cloud can create: one module for each AWS service."""

from local.deploy.kinds import Kinds
from local.deploy.providers import (
    apigateway,
    cloudwatch,
    dynamodb,
    event_sources,
    events,
    functions,
    iam,
    kms,
    logs,
    provider,
    random,
    s3,
    scheduler,
    secrets,
    ses,
    sns,
    sqs,
    states,
)

KINDS: Kinds = {
    **apigateway.KINDS,
    **cloudwatch.KINDS,
    **dynamodb.KINDS,
    **event_sources.KINDS,
    **events.KINDS,
    **functions.KINDS,
    **iam.KINDS,
    **kms.KINDS,
    **logs.KINDS,
    **provider.KINDS,
    **random.KINDS,
    **s3.KINDS,
    **scheduler.KINDS,
    **secrets.KINDS,
    **ses.KINDS,
    **sns.KINDS,
    **sqs.KINDS,
    **states.KINDS,
}

__all__ = ["KINDS"]
