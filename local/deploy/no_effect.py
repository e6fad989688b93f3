"""Properties that are accepted and then do nothing here, each with the reason.

One that its provider's table also has is passed on, so that it can be read back; the emulator
does not act on it. What is in neither table is refused.
"""

from __future__ import annotations

_AT_DELETION = "it decides only what becomes of the resource when it is deleted"
_UNENCRYPTED = "nothing is stored beyond the run, so nothing is encrypted"
_NO_TRACES = "there is no X-Ray service"
_HOST = "functions run on this machine's processor, Python, memory and disk"
_UNMETERED = "throughput is not metered"
_SHORT_LIVED = "the cloud does not live long enough to drop or keep anything by age"
_ONE_ATTEMPT = "a target is tried once, and then its dead-letter queue, if any, gets the event"
_AT_ONCE = "what is due is delivered at once"
_NO_AWS = "no call goes to AWS, so none needs these credentials and checks"
_UNMANAGED = "no rule here is one that an AWS service manages"
_STORED_ONLY = "the emulator stores it and does not act on it"

LOCAL_NO_EFFECT: dict[str, dict[str, str]] = {
    "aws:apigatewayv2/integration:Integration": {"timeoutMilliseconds": _STORED_ONLY},
    "aws:apigatewayv2/stage:Stage": {
        "accessLogSettings": _STORED_ONLY,
        "defaultRouteSettings.detailedMetricsEnabled": _STORED_ONLY,
        "routeSettings.detailedMetricsEnabled": _STORED_ONLY,
    },
    "aws:cloudwatch/dashboard:Dashboard": {"dashboardBody": _STORED_ONLY},
    "aws:cloudwatch/eventArchive:EventArchive": {
        "kmsKeyIdentifier": _UNENCRYPTED,
        "retentionDays": _SHORT_LIVED,
    },
    "aws:cloudwatch/eventBus:EventBus": {
        "deadLetterConfig": _ONE_ATTEMPT,
        "kmsKeyIdentifier": _UNENCRYPTED,
    },
    "aws:cloudwatch/eventRule:EventRule": {"forceDestroy": _UNMANAGED},
    "aws:cloudwatch/eventTarget:EventTarget": {
        "forceDestroy": _UNMANAGED,
        "retryPolicy": _ONE_ATTEMPT,
    },
    "aws:cloudwatch/logGroup:LogGroup": {
        "deletionProtectionEnabled": _STORED_ONLY,
        "kmsKeyId": _UNENCRYPTED,
        "logGroupClass": _STORED_ONLY,
        "retentionInDays": _SHORT_LIVED,
        "skipDestroy": _AT_DELETION,
    },
    "aws:cloudwatch/metricAlarm:MetricAlarm": {
        "metricQueries": "the emulator watches single metrics: such an alarm never goes off",
    },
    "aws:dynamodb/table:Table": {
        "globalSecondaryIndexes.readCapacity": _UNMETERED,
        "globalSecondaryIndexes.writeCapacity": _UNMETERED,
        "pointInTimeRecovery": _SHORT_LIVED,
        "readCapacity": _UNMETERED,
        "serverSideEncryption": _UNENCRYPTED,
        "tableClass": _UNMETERED,
        "writeCapacity": _UNMETERED,
    },
    "aws:iam/role:Role": {
        "forceDetachPolicies": _AT_DELETION,
        "maxSessionDuration": _SHORT_LIVED,
    },
    "aws:kms/key:Key": {
        "deletionWindowInDays": _AT_DELETION,
        "enableKeyRotation": _SHORT_LIVED,
        "rotationPeriodInDays": _SHORT_LIVED,
    },
    "aws:lambda/eventSourceMapping:EventSourceMapping": {
        "kmsKeyArn": _UNENCRYPTED,
        "maximumBatchingWindowInSeconds": _AT_ONCE,
        "parallelizationFactor": _STORED_ONLY,
    },
    "aws:lambda/function:Function": {
        "architectures": _HOST,
        "ephemeralStorage": _HOST,
        "kmsKeyArn": _UNENCRYPTED,
        "loggingConfig.applicationLogLevel": "log lines are kept as the handler writes them",
        "loggingConfig.logFormat": "log lines are kept as the handler writes them",
        "loggingConfig.systemLogLevel": "the emulator writes no system log",
        "memorySize": _HOST,
        "runtime": _HOST,
        "skipDestroy": _AT_DELETION,
        "tracingConfig": _NO_TRACES,
    },
    "aws:lambda/layerVersion:LayerVersion": {
        "compatibleArchitectures": _HOST,
        "compatibleRuntimes": _HOST,
        "skipDestroy": _AT_DELETION,
    },
    "aws:s3/bucket:Bucket": {"forceDestroy": _AT_DELETION},
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {"rules": _SHORT_LIVED},
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {"skipDestroy": _AT_DELETION},
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
        "rules": _UNENCRYPTED
    },
    "aws:scheduler/schedule:Schedule": {
        "flexibleTimeWindow": _AT_ONCE,
        "kmsKeyArn": _UNENCRYPTED,
        "target.deadLetterConfig": _STORED_ONLY,
        "target.retryPolicy": _STORED_ONLY,
    },
    "aws:secretsmanager/secret:Secret": {
        "kmsKeyId": _UNENCRYPTED,
        "recoveryWindowInDays": _AT_DELETION,
    },
    "aws:sfn/stateMachine:StateMachine": {
        "encryptionConfiguration": _UNENCRYPTED,
        "tracingConfiguration": _NO_TRACES,
    },
    "aws:sns/topic:Topic": {
        "deliveryPolicy": _STORED_ONLY,
        "kmsMasterKeyId": _UNENCRYPTED,
        "signatureVersion": _STORED_ONLY,
        "tracingConfig": _NO_TRACES,
    },
    "aws:sns/topicSubscription:TopicSubscription": {
        "deliveryPolicy": _STORED_ONLY,
        "redrivePolicy": _STORED_ONLY,
    },
    "aws:sqs/queue:Queue": {
        "kmsDataKeyReusePeriodSeconds": _UNENCRYPTED,
        "kmsMasterKeyId": _UNENCRYPTED,
        "redriveAllowPolicy": _STORED_ONLY,
        "sqsManagedSseEnabled": _UNENCRYPTED,
    },
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": {"redriveAllowPolicy": _STORED_ONLY},
    "pulumi:providers:aws": {
        "allowedAccountIds": _NO_AWS,
        "assumeRoles": _NO_AWS,
        "forbiddenAccountIds": _NO_AWS,
        "maxRetries": _NO_AWS,
        "profile": _NO_AWS,
        "skipCredentialsValidation": _NO_AWS,
        "skipMetadataApiCheck": _NO_AWS,
        "skipRegionValidation": _NO_AWS,
        "skipRequestingAccountId": _NO_AWS,
    },
}
"""Type → property path (`a.b`, lists without index) → why it has no effect."""
