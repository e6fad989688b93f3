"""Every creatable type, created for real and read back from the embedded cloud."""

import json
import shutil
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from local.cloud import Cloud
from local.deploy import Deployment, Registration, up
from local.deploy.providers import KINDS

PROGRAM = Path(__file__).with_name("everything.py")


@pytest.fixture(scope="module")
def deployment(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    root = tmp_path_factory.mktemp("everything")
    (root / "Pulumi.yaml").write_text("name: everything\nruntime: python\n")
    (root / "Pulumi.dev.yaml").write_text("")
    shutil.copy(PROGRAM, root / "__main__.py")
    return up(root, "dev", cloud)


@pytest.fixture(scope="module")
def made(deployment: Deployment) -> dict[str, Registration]:
    """Registrations by `service/Type name`, as `sqs/Queue dead`."""
    return {
        f"{made.type.split(':')[1].split('/')[0]}/{made.type.split(':')[2]} {made.name}": made
        for made in deployment.registrations
    }


Made = dict[str, Registration]


def arn_of(made: Made, key: str) -> str:
    return str(made[key].outputs["arn"])


def test_every_type_is_created(deployment: Deployment) -> None:
    types = {made.type for made in deployment.registrations if made.custom}
    assert types == set(KINDS)
    assert all(made.id for made in deployment.registrations if made.custom)


def test_a_table_is_as_declared(cloud: Cloud, made: Made) -> None:
    client, name = cloud.client("dynamodb"), made["dynamodb/Table table"].id
    table = client.describe_table(TableName=name)["Table"]
    assert [key["AttributeName"] for key in table["KeySchema"]] == ["Id", "Step"]
    indexes = {index["IndexName"]: index for index in table["GlobalSecondaryIndexes"]}
    assert [key["KeyType"] for key in indexes["new"]["KeySchema"]] == ["HASH", "RANGE"]
    assert indexes["old"]["Projection"] == {
        "ProjectionType": "INCLUDE",
        "NonKeyAttributes": ["Total"],
    }
    assert table["DeletionProtectionEnabled"]
    assert table["SSEDescription"]["Status"] == "ENABLED"
    assert table["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    assert table["LatestStreamArn"] == made["dynamodb/Table table"].outputs["streamArn"]
    expiry = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert expiry == {"TimeToLiveStatus": "ENABLED", "AttributeName": "Expires"}
    backups = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
    assert recovery == "ENABLED"


def test_a_queue_has_its_settings_policy_and_dead_letters(cloud: Cloud, made: Made) -> None:
    def attributes(name: str) -> dict[str, str]:
        url = made[f"sqs/Queue {name}"].id
        answer = cloud.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
        return dict(answer["Attributes"])

    queue, dead = attributes("queue"), attributes("dead")
    assert queue["QueueArn"] == arn_of(made, "sqs/Queue queue")
    assert queue["VisibilityTimeout"] == "60"
    assert json.loads(queue["RedrivePolicy"])["deadLetterTargetArn"] == dead["QueueArn"]
    assert json.loads(queue["Policy"])["Statement"][0]["Action"] == "sqs:SendMessage"
    assert dead["SqsManagedSseEnabled"] == "true"
    assert json.loads(dead["RedriveAllowPolicy"])["sourceQueueArns"] == [queue["QueueArn"]]


def test_a_fifo_queue_is_named_so_and_drops_repeats(cloud: Cloud, made: Made) -> None:
    client, url = cloud.client("sqs"), made["sqs/Queue requests"].id
    assert made["sqs/Queue requests"].outputs["name"].endswith(".fifo")
    for _ in range(2):
        client.send_message(QueueUrl=url, MessageBody="ship", MessageGroupId="order-1")
    answer = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    assert [message["Body"] for message in answer["Messages"]] == ["ship"]
    found = client.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])
    dead = json.loads(found["Attributes"]["RedrivePolicy"])["deadLetterTargetArn"]
    assert dead == arn_of(made, "sqs/Queue dead-requests")


def test_a_topic_has_its_policy_and_a_filtered_subscription(cloud: Cloud, made: Made) -> None:
    client = cloud.client("sns")
    topic = client.get_topic_attributes(TopicArn=made["sns/Topic topic"].id)["Attributes"]
    assert topic["DisplayName"] == "Topic"
    assert topic["KmsMasterKeyId"] == arn_of(made, "kms/Key key")
    assert json.loads(topic["Policy"])["Statement"][0]["Action"] == "sns:Publish"
    arn = made["sns/TopicSubscription subscription"].id
    subscription = client.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert json.loads(subscription["FilterPolicy"]) == {"kind": ["order"]}
    assert subscription["RawMessageDelivery"] == "true"


def test_a_rule_delivers_to_its_target(cloud: Cloud, made: Made) -> None:
    client = cloud.client("events")
    rule = made["cloudwatch/EventRule rule"].outputs
    bus = made["cloudwatch/EventBus bus"].id
    assert made["cloudwatch/EventRule rule"].id == f"{bus}/{rule['name']}"
    pattern = client.describe_rule(Name=rule["name"], EventBusName=bus)["EventPattern"]
    assert json.loads(pattern) == {"source": ["orders"]}
    asleep = made["cloudwatch/EventRule asleep"].outputs["name"]
    assert asleep.startswith("asleep-")
    assert client.describe_rule(Name=asleep, EventBusName=bus)["State"] == "DISABLED"
    [target] = client.list_targets_by_rule(Rule=rule["name"], EventBusName=bus)["Targets"]
    assert target["Arn"] == arn_of(made, "sqs/Queue queue")
    assert target["DeadLetterConfig"] == {"Arn": arn_of(made, "sqs/Queue dead")}
    assert target["InputTransformer"]["InputPathsMap"] == {"id": "$.detail.id"}


def test_a_function_runs_with_its_layer_and_environment(cloud: Cloud, made: Made) -> None:
    function = made["lambda/Function function"]
    answer = cloud.client("lambda").invoke(FunctionName=function.id, Payload=b"{}")
    table = made["dynamodb/Table table"].id
    assert json.loads(answer["Payload"].read()) == {"table": table, "layer": 42}


def test_a_function_is_as_declared(cloud: Cloud, made: Made) -> None:
    client, function = cloud.client("lambda"), made["lambda/Function function"]
    found = client.get_function(FunctionName=function.id)
    settings = found["Configuration"]
    assert settings["FunctionArn"] == function.outputs["arn"]
    assert (settings["Runtime"], settings["Architectures"]) == ("python3.13", ["arm64"])
    assert (settings["Timeout"], settings["MemorySize"]) == (10, 256)
    assert settings["LoggingConfig"]["LogGroup"] == made["cloudwatch/LogGroup logs"].id
    assert settings["CodeSha256"] == function.outputs["codeSha256"]
    assert found["Concurrency"] == {"ReservedConcurrentExecutions": 5}
    alias = client.get_alias(FunctionName=function.id, Name="live")
    assert alias["FunctionVersion"] == function.outputs["version"] == "1"
    policy = json.loads(client.get_policy(FunctionName=function.id)["Policy"])
    principals = {statement["Principal"]["Service"] for statement in policy["Statement"]}
    assert principals == {"events.amazonaws.com", "apigateway.amazonaws.com"}
    retries = client.get_function_event_invoke_config(FunctionName=function.id)
    assert retries["MaximumRetryAttempts"] == 1


def test_an_event_source_is_as_declared(cloud: Cloud, made: Made) -> None:
    uuid = made["lambda/EventSourceMapping mapping"].id
    mapping = cloud.client("lambda").get_event_source_mapping(UUID=uuid)
    assert mapping["BatchSize"] == 7
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 5}


def test_a_streams_event_source_is_as_declared(cloud: Cloud, made: Made) -> None:
    uuid = made["lambda/EventSourceMapping stream"].id
    mapping = cloud.client("lambda").get_event_source_mapping(UUID=uuid)
    assert mapping["EventSourceArn"] == made["dynamodb/Table table"].outputs["streamArn"]
    assert mapping["StartingPosition"] == "TRIM_HORIZON"
    assert mapping["BatchSize"] == 20
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["MaximumRecordAgeInSeconds"] == 3600
    assert mapping["MaximumRetryAttempts"] == 0
    dead = made["sqs/Queue dead"].outputs["arn"]
    assert mapping["DestinationConfig"] == {"OnFailure": {"Destination": dead}}
    pattern = json.dumps({"eventName": ["INSERT"]})
    assert mapping["FilterCriteria"] == {"Filters": [{"Pattern": pattern}]}


def test_a_machine_runs_and_is_as_declared(
    cloud: Cloud, deployment: Deployment, made: Made
) -> None:
    client, arn = cloud.client("stepfunctions"), deployment.outputs["machine"]
    machine = client.describe_state_machine(stateMachineArn=arn)
    assert machine["definition"] == made["sfn/StateMachine machine"].inputs["definition"]
    logging = machine["loggingConfiguration"]
    assert (logging["level"], logging["includeExecutionData"]) == ("ERROR", False)
    assert machine["tracingConfiguration"] == {"enabled": True}
    alias = made["sfn/Alias stable"]
    [route] = alias.inputs["routingConfigurations"]
    assert route == {"stateMachineVersionArn": f"{arn}:1", "weight": 100}
    execution = client.start_execution(stateMachineArn=arn, input="{}", name="once")
    ended = settled(client, execution["executionArn"])
    assert (ended["status"], json.loads(ended["output"])["layer"]) == ("SUCCEEDED", 42)


def settled(client: Any, execution: str) -> dict[str, Any]:
    until = time.monotonic() + 10
    while (found := client.describe_execution(executionArn=execution))["status"] == "RUNNING":
        assert time.monotonic() < until, f"{execution} does not end"
        time.sleep(0.05)
    return dict(found)


def test_an_alarm_watches_its_metric_and_tells_its_topic(cloud: Cloud, made: Made) -> None:
    answer = cloud.client("cloudwatch").describe_alarms()["MetricAlarms"]
    alarms = {alarm["AlarmName"]: alarm for alarm in answer}
    failed = alarms[made["cloudwatch/MetricAlarm failed"].id or ""]
    assert failed["Dimensions"] == [
        {"Name": "StateMachineArn", "Value": arn_of(made, "sfn/StateMachine machine")}
    ]
    assert failed["AlarmActions"] == [arn_of(made, "sns/Topic topic")]
    assert (failed["TreatMissingData"], failed["Period"]) == ("notBreaching", 60)


def test_a_key_rotates_and_keeps_its_policy(cloud: Cloud, made: Made) -> None:
    client, id_ = cloud.client("kms"), made["kms/Key key"].id
    assert client.get_key_rotation_status(KeyId=id_)["KeyRotationEnabled"]
    policy = json.loads(client.get_key_policy(KeyId=id_, PolicyName="default")["Policy"])
    assert policy["Statement"][0]["Action"] == "kms:*"
    alias = made["kms/Alias alias"]
    found = client.describe_key(KeyId=alias.id)["KeyMetadata"]
    assert found["Arn"] == arn_of(made, "kms/Key key") == alias.outputs["targetKeyArn"]


def test_a_role_holds_its_policies(cloud: Cloud, made: Made) -> None:
    client, name = cloud.client("iam"), made["iam/Role function"].id
    own = made["iam/RolePolicy consume"].outputs["name"]
    assert set(client.list_role_policies(RoleName=name)["PolicyNames"]) == {"logs", own}
    [attached] = client.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    assert attached["PolicyName"] == "AWSLambdaBasicExecutionRole"


def test_a_schedule_is_as_declared(cloud: Cloud, made: Made) -> None:
    group, name = str(made["scheduler/Schedule schedule"].id).split("/")
    schedule = cloud.client("scheduler").get_schedule(GroupName=group, Name=name)
    assert schedule["ScheduleExpression"] == "rate(5 minutes)"
    assert schedule["Target"]["Arn"] == arn_of(made, "lambda/Function function")
    assert schedule["Target"]["RoleArn"] == arn_of(made, "iam/Role scheduler")


def test_a_log_group_is_as_declared(cloud: Cloud, made: Made) -> None:
    logs = made["cloudwatch/LogGroup logs"]
    [found] = cloud.client("logs").describe_log_groups(logGroupNamePrefix=logs.id)["logGroups"]
    assert found["retentionInDays"] == 14
    assert found["logGroupArn"] == logs.outputs["arn"]


def test_a_secret_can_be_read_in_the_cloud_and_nowhere_else(
    cloud: Cloud, deployment: Deployment, made: Made
) -> None:
    name = made["secretsmanager/Secret secret"].id
    value = cloud.client("secretsmanager").get_secret_value(SecretId=name)
    assert value["SecretString"] == "hunter2"
    assert "hunter2" not in repr(deployment)


def test_a_bucket_is_private_versioned_and_encrypted(cloud: Cloud, made: Made) -> None:
    client, name = cloud.client("s3"), str(made["s3/Bucket Labels"].id)
    assert name.startswith("labels-")
    assert client.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
    public = client.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
    assert set(public.values()) == {True}
    encryption = client.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]
    [rule] = encryption["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    [expiry] = client.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
    assert expiry["Expiration"] == {"Days": 30}
    [owner] = client.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"]
    assert owner["ObjectOwnership"] == "BucketOwnerEnforced"
    policy = json.loads(client.get_bucket_policy(Bucket=name)["Policy"])
    assert policy["Statement"][0]["Effect"] == "Deny"


def test_senders_of_mail_are_verified(cloud: Cloud, made: Made) -> None:
    address = made["ses/EmailIdentity mail"].id
    found = cloud.client("ses").get_identity_verification_attributes(Identities=[address])
    assert found["VerificationAttributes"][address]["VerificationStatus"] == "Success"
    domain = cloud.client("sesv2").get_email_identity(
        EmailIdentity=made["sesv2/EmailIdentity domain"].id
    )
    assert domain["IdentityType"] == "DOMAIN"


def test_an_api_answers_on_its_open_route_and_guards_the_others(deployment: Deployment) -> None:
    url = deployment.outputs["api"]
    status, body = fetched(f"{url}open")
    assert (status, json.loads(body)["layer"]) == (200, 42)
    assert fetched(f"{url}closed")[0] == 401
    assert fetched(f"{url}orders/1")[0] == 403


def test_an_api_and_its_stage_are_as_declared(cloud: Cloud, made: Made) -> None:
    client, api = cloud.client("apigatewayv2"), made["apigatewayv2/Api api"].id
    origins = client.get_api(ApiId=api)["CorsConfiguration"]["AllowOrigins"]
    assert origins == ["https://example.com"]
    stage = client.get_stage(ApiId=api, StageName="$default")
    limits = {"ThrottlingBurstLimit": 10, "ThrottlingRateLimit": 5.0}
    assert stage["DefaultRouteSettings"] == limits
    limits = {"ThrottlingBurstLimit": 2, "ThrottlingRateLimit": 1.0}
    assert stage["RouteSettings"] == {"GET /open": limits}
    [authorizer] = client.get_authorizers(ApiId=api)["Items"]
    issuer = {"Issuer": "https://issuer.example.com", "Audience": ["shop"]}
    assert authorizer["JwtConfiguration"] == issuer


def fetched(url: str) -> tuple[int, bytes]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()
