"""Finding, changing and deleting what the local cloud can create: one module a service."""

from local.deploy.lifecycle import Lifecycles
from local.deploy.lifecycles import (
    apigateway,
    cloudwatch,
    dynamodb,
    event_sources,
    events,
    functions,
    iam,
    kms,
    logs,
    remembered,
    s3,
    scheduler,
    secrets,
    ses,
    sns,
    sqs,
    states,
)

LIFECYCLES: Lifecycles = {
    **apigateway.LIFECYCLES,
    **cloudwatch.LIFECYCLES,
    **dynamodb.LIFECYCLES,
    **event_sources.LIFECYCLES,
    **events.LIFECYCLES,
    **functions.LIFECYCLES,
    **iam.LIFECYCLES,
    **kms.LIFECYCLES,
    **logs.LIFECYCLES,
    **remembered.LIFECYCLES,
    **s3.LIFECYCLES,
    **scheduler.LIFECYCLES,
    **secrets.LIFECYCLES,
    **ses.LIFECYCLES,
    **sns.LIFECYCLES,
    **sqs.LIFECYCLES,
    **states.LIFECYCLES,
}

__all__ = ["LIFECYCLES"]
