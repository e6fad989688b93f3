"""Every kind of request that AWS services make in their own name, with AWS's page for it.

A key that AWS documents neither on the row's page nor where its note says counts as not sent: a
condition on it would keep the service out. No row has `kms:ViaService` or `kms:CallerAccount`,
which come with calls for an IAM principal (AWS KMS Developer Guide, "AWS KMS condition keys"), nor
`aws:SourceOrgID`, which comes only from accounts of an organization.

Not here is what services do with a role: Lambda reads queues and table streams with a function's,
EventBridge Scheduler and Step Functions call their targets with their own. SQS, DynamoDB and
Secrets Manager call nobody in this project.
"""

from local.emulator.service_request import ACCOUNT, ARN, OWNER, ServiceRequest, Target

_DOCS = "https://docs.aws.amazon.com"
_ALARMS = f"{_DOCS}/AmazonCloudWatch/latest/monitoring"
_EVENTS = f"{_DOCS}/eventbridge/latest/userguide"
_EVENTS_POLICIES = f"{_EVENTS}/eb-use-resource-based.html"
_LAMBDA = f"{_DOCS}/lambda/latest/dg"
_FUNCTION_POLICIES = f"{_LAMBDA}/access-control-resource-based.html"
_LOGS = f"{_DOCS}/AmazonCloudWatch/latest/logs"
_S3_DESTINATIONS = f"{_DOCS}/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html"
_SCHEDULER_ROLES = (
    f"{_DOCS}/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html"
)
_SES_NOTIFICATIONS = f"{_DOCS}/ses/latest/dg/configure-sns-notifications.html"
_SNS = f"{_DOCS}/sns/latest/dg"
_SNS_KEYS = f"{_SNS}/sns-key-management.html"
_SNS_POLICIES = f"{_SNS}/sns-access-policy-use-cases.html"
_SQS_KEYS = f"{_DOCS}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html"

_PUBLISH, _SEND, _INVOKE = ("sns:Publish",), ("sqs:SendMessage",), ("lambda:InvokeFunction",)
_ASSUME, _USE_KEY = ("sts:AssumeRole",), ("kms:Decrypt", "kms:GenerateDataKey")
_WRITE_LOG = ("logs:CreateLogStream", "logs:PutLogEvents")
_LOG_KEY = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey")

_BUS_ARN, _LOG_ARN = "aws:events:event-bus:arn", "aws:logs:arn"
_TOPIC_ARN, _QUEUE_ARN = "aws:sns:topicArn", "aws:sqs:arn"
_TOPIC_CONTEXT = f"Encryption context: {_SNS}/sns-enable-encryption-for-topic.html"
_QUEUE_CONTEXT = "Encryption context: no page found; key policies in public use rely on it."

REQUESTS = (
    ServiceRequest(
        "events",
        Target.TOPIC,
        _PUBLISH,
        (),
        _EVENTS_POLICIES,
        note="The page: no Condition block in a topic's policy for EventBridge.",
    ),
    ServiceRequest(
        "events", Target.TOPIC_KEY, _USE_KEY, (), _SNS_KEYS, _TOPIC_ARN, note=_TOPIC_CONTEXT
    ),
    ServiceRequest(
        "events",
        Target.QUEUE,
        _SEND,
        (ARN,),
        _EVENTS_POLICIES,
        note=f"As a target's dead-letter queue: {_EVENTS}/eb-rule-dlq.html",
    ),
    ServiceRequest(
        "events",
        Target.QUEUE_KEY,
        _USE_KEY,
        (ARN, ACCOUNT),
        _SQS_KEYS,
        _QUEUE_ARN,
        note=_QUEUE_CONTEXT,
    ),
    ServiceRequest(
        "events",
        Target.FUNCTION,
        _INVOKE,
        (ARN,),
        f"{_EVENTS}/eb-troubleshooting.html",
        note="The page: a source account in its policy keeps EventBridge from invoking a function.",
    ),
    ServiceRequest(
        "events",
        Target.BUS,
        ("events:PutEvents",),
        (ARN, ACCOUNT),
        f"{_EVENTS}/eb-use-conditions.html",
    ),
    ServiceRequest(
        "events",
        Target.BUS_KEY,
        _USE_KEY,
        (ARN, ACCOUNT),
        f"{_EVENTS}/eb-encryption-key-policy.html",
        _BUS_ARN,
    ),
    ServiceRequest("events", Target.LOG_GROUP, _WRITE_LOG, (), _EVENTS_POLICIES),
    ServiceRequest(
        "cloudwatch",
        Target.TOPIC,
        _PUBLISH,
        (ARN, ACCOUNT, OWNER),
        f"{_ALARMS}/US_SetupSNS.html",
        note=f"The owner, of the default policy: {_SNS_POLICIES}",
    ),
    ServiceRequest(
        "cloudwatch",
        Target.TOPIC_KEY,
        _USE_KEY,
        (ARN, ACCOUNT),
        _SNS_KEYS,
        _TOPIC_ARN,
        note=f"{_TOPIC_CONTEXT}. The page recommends both keys and excepts EventBridge alone; "
        "CloudWatch's guide is silent on keys.",
    ),
    ServiceRequest("sns", Target.QUEUE, _SEND, (ARN,), _SNS_POLICIES),
    ServiceRequest(
        "sns",
        Target.QUEUE_KEY,
        _USE_KEY,
        (ARN, ACCOUNT),
        _SQS_KEYS,
        _QUEUE_ARN,
        note=_QUEUE_CONTEXT,
    ),
    ServiceRequest("sns", Target.FUNCTION, _INVOKE, (ARN,), _FUNCTION_POLICIES),
    ServiceRequest("s3", Target.TOPIC, _PUBLISH, (ARN, ACCOUNT), _S3_DESTINATIONS),
    ServiceRequest(
        "s3", Target.TOPIC_KEY, _USE_KEY, (), _S3_DESTINATIONS, _TOPIC_ARN, note=_TOPIC_CONTEXT
    ),
    ServiceRequest("s3", Target.QUEUE, _SEND, (ARN, ACCOUNT), _S3_DESTINATIONS),
    ServiceRequest(
        "s3", Target.QUEUE_KEY, _USE_KEY, (ARN, ACCOUNT), _SQS_KEYS, _QUEUE_ARN, note=_QUEUE_CONTEXT
    ),
    ServiceRequest("s3", Target.FUNCTION, _INVOKE, (ARN, ACCOUNT), _FUNCTION_POLICIES),
    ServiceRequest("ses", Target.TOPIC, _PUBLISH, (ARN, ACCOUNT), _SES_NOTIFICATIONS),
    ServiceRequest(
        "ses", Target.TOPIC_KEY, _USE_KEY, (), _SES_NOTIFICATIONS, _TOPIC_ARN, note=_TOPIC_CONTEXT
    ),
    ServiceRequest(
        "apigateway",
        Target.FUNCTION,
        _INVOKE,
        (ARN, ACCOUNT),
        f"{_LAMBDA}/services-apigateway.html",
    ),
    ServiceRequest(
        "delivery.logs",
        Target.LOG_GROUP,
        _WRITE_LOG,
        (ARN, ACCOUNT),
        f"{_LOGS}/AWS-logs-and-resource-policy.html",
    ),
    ServiceRequest(
        "logs", Target.LOG_GROUP_KEY, _LOG_KEY, (), f"{_LOGS}/encrypt-log-data-kms.html", _LOG_ARN
    ),
    ServiceRequest(
        "states",
        Target.ROLE,
        _ASSUME,
        (ARN, ACCOUNT),
        f"{_DOCS}/step-functions/latest/dg/procedure-create-iam-role.html",
    ),
    ServiceRequest(
        "scheduler",
        Target.ROLE,
        _ASSUME,
        (ARN, ACCOUNT),
        _SCHEDULER_ROLES,
        note="The source is the schedule's group.",
    ),
    ServiceRequest(
        "lambda",
        Target.ROLE,
        _ASSUME,
        (ARN, ACCOUNT),
        f"{_LAMBDA}/permissions-managed-policies.html",
        note="The page recommends both for the roles of services in general.",
    ),
)


def find(service: str, target: Target) -> ServiceRequest | None:
    """The row of a service principal, such as `events.amazonaws.com`, and a kind of target."""
    name = _short(service)
    found = (row for row in REQUESTS if (row.service, row.target) == (name, target))
    return next(found, None)


def _short(principal: str) -> str:
    """A principal's service; of a regional one, such as `logs.eu-west-1.amazonaws.com`, too."""
    head, _, last = principal.removesuffix(".amazonaws.com").rpartition(".")
    return head if last.count("-") > 1 else principal.removesuffix(".amazonaws.com")
