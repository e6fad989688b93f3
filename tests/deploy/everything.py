"""A Pulumi program with one of each type that the local cloud can create."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_random as random

DELIVERY = ["CreateLogDelivery", "GetLogDelivery", "UpdateLogDelivery", "DeleteLogDelivery"]
DELIVERY += ["ListLogDeliveries", "PutResourcePolicy", "DescribeResourcePolicies"]
READ_STREAM = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]
CONSUME = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
HANDLER = """
import lib, os

def handler(event, context):
    return {"table": os.environ["TABLE"], "layer": lib.ANSWER}
"""


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def allow(action: str | list[str], resource: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def trust(service: str) -> str:
    principal = {"Service": f"{service}.amazonaws.com"}
    return document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


aws.Provider("here", region="us-east-1")

account = aws.get_caller_identity().account_id
owner = {"AWS": f"arn:aws:iam::{account}:root"}
key = aws.kms.Key(
    "key",
    description="of the topic",
    enable_key_rotation=True,
    deletion_window_in_days=7,
    policy=document(allow("kms:*", "*", Principal=owner)),
    tags={"kind": "key"},
)
aws.kms.Alias("alias", target_key_id=key.key_id)

table = aws.dynamodb.Table(
    "table",
    hash_key="Id",
    range_key="Step",
    attributes=[{"name": name, "type": "S"} for name in ("Id", "Step", "Customer")],
    billing_mode="PAY_PER_REQUEST",
    global_secondary_indexes=[
        {
            "name": "old",
            "hash_key": "Customer",
            "projection_type": "INCLUDE",
            "non_key_attributes": ["Total"],
        },
        {
            "name": "new",
            "key_schemas": [
                {"attribute_name": "Customer", "key_type": "HASH"},
                {"attribute_name": "Step", "key_type": "RANGE"},
            ],
            "projection_type": "ALL",
        },
    ],
    point_in_time_recovery={"enabled": True},
    server_side_encryption={"enabled": True},
    deletion_protection_enabled=True,
    ttl={"enabled": True, "attribute_name": "Expires"},
    stream_enabled=True,
    stream_view_type="NEW_AND_OLD_IMAGES",
    tags={"kind": "table"},
)

dead = aws.sqs.Queue("dead", sqs_managed_sse_enabled=True, message_retention_seconds=1209600)
queue = aws.sqs.Queue("queue", visibility_timeout_seconds=60, tags={"kind": "queue"})
redrive = {"deadLetterTargetArn": dead.arn, "maxReceiveCount": 5}
aws.sqs.RedrivePolicy(
    "redrive", queue_url=queue.url, redrive_policy=pulumi.Output.json_dumps(redrive)
)
sources = {"redrivePermission": "byQueue", "sourceQueueArns": [queue.arn]}
aws.sqs.RedriveAllowPolicy(
    "allow", queue_url=dead.url, redrive_allow_policy=pulumi.Output.json_dumps(sources)
)

dead_requests = aws.sqs.Queue("dead-requests", fifo_queue=True)
requests = aws.sqs.Queue(
    "requests",
    fifo_queue=True,
    content_based_deduplication=True,
    redrive_policy=pulumi.Output.json_dumps(
        {"deadLetterTargetArn": dead_requests.arn, "maxReceiveCount": 3}
    ),
)

topic = aws.sns.Topic(
    "topic", display_name="Topic", kms_master_key_id=key.arn, tags={"kind": "topic"}
)
alarms = {"Principal": {"Service": "cloudwatch.amazonaws.com"}}
aws.sns.TopicPolicy(
    "topic",
    arn=topic.arn,
    policy=topic.arn.apply(lambda arn: document(allow("sns:Publish", arn, **alarms))),
)
subscription = aws.sns.TopicSubscription(
    "subscription",
    topic=topic.arn,
    protocol="sqs",
    endpoint=queue.arn,
    raw_message_delivery=True,
    filter_policy=json.dumps({"kind": ["order"]}),
)

bus = aws.cloudwatch.EventBus("bus", description="of orders")
rule = aws.cloudwatch.EventRule(
    "rule", event_bus_name=bus.name, event_pattern=json.dumps({"source": ["orders"]})
)
events = {"Principal": {"Service": "events.amazonaws.com"}}
aws.sqs.QueuePolicy(
    "queue",
    queue_url=queue.url,
    policy=queue.arn.apply(lambda arn: document(allow("sqs:SendMessage", arn, **events))),
)
asleep = aws.cloudwatch.EventRule(
    "asleep",
    event_bus_name=bus.name,
    event_pattern=json.dumps({"source": ["nobody"]}),
    state="DISABLED",
)
target = aws.cloudwatch.EventTarget(
    "target",
    rule=rule.name,
    event_bus_name=bus.name,
    arn=queue.arn,
    dead_letter_config={"arn": dead.arn},
    retry_policy={"maximum_event_age_in_seconds": 3600, "maximum_retry_attempts": 10},
    input_transformer={"input_paths": {"id": "$.detail.id"}, "input_template": '{"id": <id>}'},
)
aws.cloudwatch.EventArchive("archive", event_source_arn=bus.arn, retention_days=30)
aws.cloudwatch.EventBusPolicy(
    "bus",
    event_bus_name=bus.name,
    policy=bus.arn.apply(
        lambda arn: document(allow("events:PutEvents", arn, Principal=owner, Sid="own"))
    ),
)

role = aws.iam.Role(
    "function",
    assume_role_policy=trust("lambda"),
    inline_policies=[{"name": "logs", "policy": document(allow("logs:PutLogEvents", "*"))}],
)
consume = aws.iam.RolePolicy(
    "consume",
    role=role.name,
    policy=pulumi.Output.all(queue.arn, dead.arn, table.stream_arn).apply(
        lambda arns: document(
            allow(CONSUME, arns[0]),
            allow("sqs:SendMessage", arns[1]),
            allow(READ_STREAM, arns[2]),
            allow("dynamodb:ListStreams", "*"),
        )
    ),
)
aws.iam.RolePolicyAttachment(
    "basic",
    role=role.name,
    policy_arn="arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
)
logs = aws.cloudwatch.LogGroup("logs", retention_in_days=14, kms_key_id=key.arn)
layer = aws.lambda_.LayerVersion(
    "layer",
    layer_name="answers",
    code=pulumi.AssetArchive({"python/lib.py": pulumi.StringAsset("ANSWER = 42\n")}),
    compatible_runtimes=["python3.13"],
)
function = aws.lambda_.Function(
    "function",
    role=role.arn,
    handler="app.handler",
    runtime="python3.13",
    architectures=["arm64"],
    timeout=10,
    memory_size=256,
    layers=[layer.arn],
    code=pulumi.AssetArchive({"app.py": pulumi.StringAsset(HANDLER)}),
    environment={"variables": {"TABLE": table.name}},
    logging_config={"log_format": "JSON", "log_group": logs.name},
    tracing_config={"mode": "Active"},
    publish=True,
    reserved_concurrent_executions=5,
    dead_letter_config={"target_arn": dead.arn},
    opts=pulumi.ResourceOptions(depends_on=[consume]),
)
mapping = aws.lambda_.EventSourceMapping(
    "mapping",
    event_source_arn=queue.arn,
    function_name=function.arn,
    batch_size=7,
    function_response_types=["ReportBatchItemFailures"],
    scaling_config={"maximum_concurrency": 5},
    opts=pulumi.ResourceOptions(depends_on=[consume]),
)
aws.lambda_.EventSourceMapping(
    "stream",
    event_source_arn=table.stream_arn,
    function_name=function.arn,
    starting_position="TRIM_HORIZON",
    batch_size=20,
    bisect_batch_on_function_error=True,
    destination_config={"on_failure": {"destination_arn": dead.arn}},
    filter_criteria={"filters": [{"pattern": json.dumps({"eventName": ["INSERT"]})}]},
    function_response_types=["ReportBatchItemFailures"],
    maximum_record_age_in_seconds=3600,
    maximum_retry_attempts=0,
    opts=pulumi.ResourceOptions(depends_on=[consume]),
)
live = aws.lambda_.Alias(
    "live", name="live", function_name=function.name, function_version=function.version
)
aws.lambda_.Permission(
    "permission",
    action="lambda:InvokeFunction",
    function=function.name,
    principal="events.amazonaws.com",
    source_arn=rule.arn,
)
aws.lambda_.FunctionEventInvokeConfig(
    "async",
    function_name=function.name,
    maximum_retry_attempts=1,
    destination_config={"on_failure": {"destination": dead.arn}},
)

machine_role = aws.iam.Role("machine", assume_role_policy=trust("states"))
machine_policy = aws.iam.RolePolicy(
    "machine",
    role=machine_role.id,
    policy=function.arn.apply(
        lambda arn: document(
            allow("lambda:InvokeFunction", arn),
            allow([f"logs:{action}" for action in [*DELIVERY, "DescribeLogGroups"]], "*"),
        )
    ),
)
invoke: dict[str, Any] = {
    "Type": "Task",
    "Resource": "arn:aws:states:::lambda:invoke",
    "Arguments": {"FunctionName": function.arn, "Payload": {}},
    "Output": "{% $states.result.Payload %}",
    "End": True,
}
definition = {"QueryLanguage": "JSONata", "StartAt": "Ask", "States": {"Ask": invoke}}
machine = aws.sfn.StateMachine(
    "machine",
    role_arn=machine_role.arn,
    type="STANDARD",
    publish=True,
    definition=pulumi.Output.json_dumps(definition, sort_keys=True),
    logging_configuration=aws.sfn.StateMachineLoggingConfigurationArgs(
        level="ERROR",
        include_execution_data=False,
        log_destination=pulumi.Output.concat(logs.arn, ":*"),
    ),
    tracing_configuration={"enabled": True},
    tags={"kind": "machine"},
    opts=pulumi.ResourceOptions(depends_on=[machine_policy]),
)
aws.sfn.Alias(
    "stable",
    name="stable",
    routing_configurations=[
        {"state_machine_version_arn": machine.state_machine_version_arn, "weight": 100}
    ],
)

aws.cloudwatch.MetricAlarm(
    "failed",
    namespace="AWS/States",
    metric_name="ExecutionsFailed",
    dimensions={"StateMachineArn": machine.arn},
    comparison_operator="GreaterThanThreshold",
    evaluation_periods=1,
    threshold=0,
    period=60,
    statistic="Sum",
    treat_missing_data="notBreaching",
    alarm_actions=[topic.arn],
)
aws.cloudwatch.MetricAlarm(
    "ratio",
    comparison_operator="GreaterThanThreshold",
    evaluation_periods=1,
    threshold=0.5,
    metric_queries=[
        {"id": "ratio", "expression": "failed / 10", "return_data": True},
        {
            "id": "failed",
            "metric": {
                "namespace": "AWS/States",
                "metric_name": "ExecutionsFailed",
                "dimensions": {"StateMachineArn": machine.arn},
                "period": 60,
                "stat": "Sum",
            },
        },
    ],
)
aws.cloudwatch.Dashboard("board", dashboard_name="board", dashboard_body='{"widgets": []}')

group = aws.scheduler.ScheduleGroup("group")
scheduler_role = aws.iam.Role("scheduler", assume_role_policy=trust("scheduler"))
aws.scheduler.Schedule(
    "schedule",
    group_name=group.name,
    schedule_expression="rate(5 minutes)",
    flexible_time_window={"mode": "OFF"},
    target={
        "arn": function.arn,
        "role_arn": scheduler_role.arn,
        "retry_policy": {"maximum_retry_attempts": 2},
        "dead_letter_config": {"arn": dead.arn},
    },
)

aws.ses.EmailIdentity("mail", email="shop@example.com")
aws.sesv2.EmailIdentity("domain", email_identity="example.com")

api = aws.apigatewayv2.Api(
    "api", protocol_type="HTTP", cors_configuration={"allow_origins": ["https://example.com"]}
)
integration = aws.apigatewayv2.Integration(
    "integration",
    api_id=api.id,
    integration_type="AWS_PROXY",
    integration_uri=function.invoke_arn,
    payload_format_version="2.0",
)
aws.lambda_.Permission(
    "routes",
    action="lambda:InvokeFunction",
    function=function.name,
    principal="apigateway.amazonaws.com",
    source_arn=api.execution_arn.apply("{}/*/*".format),
)
authorizer = aws.apigatewayv2.Authorizer(
    "authorizer",
    api_id=api.id,
    name="tokens",
    authorizer_type="JWT",
    identity_sources=["$request.header.Authorization"],
    jwt_configuration={"issuer": "https://issuer.example.com", "audiences": ["shop"]},
)
aws.apigatewayv2.Route(
    "open",
    api_id=api.id,
    route_key="GET /open",
    target=integration.id.apply("integrations/{}".format),
)
aws.apigatewayv2.Route(
    "closed",
    api_id=api.id,
    route_key="GET /closed",
    target=integration.id.apply("integrations/{}".format),
    authorization_type="JWT",
    authorizer_id=authorizer.id,
)
aws.apigatewayv2.Route(
    "signed",
    api_id=api.id,
    route_key="GET /orders/{orderId}",
    target=integration.id.apply("integrations/{}".format),
    authorization_type="AWS_IAM",
)
stage = aws.apigatewayv2.Stage(
    "stage",
    name="$default",
    api_id=api.id,
    auto_deploy=True,
    default_route_settings={"throttling_burst_limit": 10, "throttling_rate_limit": 5},
    route_settings=[
        {"route_key": "GET /open", "throttling_burst_limit": 2, "throttling_rate_limit": 1}
    ],
    access_log_settings={"destination_arn": logs.arn, "format": "{}"},
)

secret = aws.secretsmanager.Secret("secret", recovery_window_in_days=7)
aws.secretsmanager.SecretVersion(
    "secret", secret_id=secret.id, secret_string=pulumi.Output.secret("hunter2")
)

random.RandomPassword("password", length=32)

bucket = aws.s3.Bucket("Labels", tags={"kind": "bucket"})
aws.s3.BucketPublicAccessBlock(
    "private",
    bucket=bucket.id,
    block_public_acls=True,
    block_public_policy=True,
    ignore_public_acls=True,
    restrict_public_buckets=True,
)
aws.s3.BucketVersioning(
    "versions", bucket=bucket.id, versioning_configuration={"status": "Enabled"}
)
aws.s3.BucketServerSideEncryptionConfiguration(
    "encryption",
    bucket=bucket.id,
    rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
)
aws.s3.BucketLifecycleConfiguration(
    "expiry",
    bucket=bucket.id,
    rules=[
        {"id": "old", "status": "Enabled", "expiration": {"days": 30}, "filter": {"prefix": "l/"}}
    ],
)
aws.s3.BucketOwnershipControls(
    "owner", bucket=bucket.id, rule={"object_ownership": "BucketOwnerEnforced"}
)
tls_only = {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}
aws.s3.BucketPolicy(
    "tls",
    bucket=bucket.id,
    policy=bucket.arn.apply(
        lambda arn: document({**allow("s3:*", arn, **tls_only), "Effect": "Deny", "Principal": "*"})
    ),
)

pulumi.export("api", stage.invoke_url)
pulumi.export("machine", machine.arn)
