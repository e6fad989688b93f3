"""Every creatable type, changed and deleted for real in a cloud of its own."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.cloud import Cloud
from local.deploy import Registration, up
from local.deploy.archives import Package, zipped
from local.deploy.backend import Resource
from local.deploy.changing import Changer
from local.deploy.cloud_backend import CloudBackend
from local.deploy.lifecycles import LIFECYCLES
from local.deploy.naming import NAME_RULES
from local.deploy.providers import KINDS

PROGRAM = Path(__file__).with_name("everything.py")
LAST = {"Api", "Bucket", "EventBus", "EventRule", "Function", "Key", "Queue", "Role", "Secret"}
LAST |= {"ScheduleGroup", "StateMachine", "Table", "Topic"}
"""The types that others hang on: they are deleted last."""

REMEMBERED = {"pulumi:providers:aws", "random:index/randomPassword:RandomPassword"}


@dataclass(frozen=True)
class Standing:
    """All that stands in the cloud, by the name it was registered with."""

    cloud: Cloud
    changer: Changer
    made: dict[str, Registration]

    def resource(self, key: str, **changes: Any) -> Resource:
        made = self.made[key]
        inputs = {name: made.outputs[name] for name in made.inputs if name != "code"} | changes
        rule = NAME_RULES.get(made.type)
        name = made.outputs[rule.property] if rule else made.name
        return Resource(made.type, made.urn, name, inputs)

    def id(self, key: str) -> str:
        return str(self.made[key].id)

    def update(self, key: str, **changes: Any) -> dict[str, Any]:
        after = self.resource(key, **changes)
        return self.changer.update(self.id(key), self.resource(key), after, set(changes))

    def client(self, service: str) -> Any:
        return self.cloud.client(service)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    root = tmp_path_factory.mktemp("everything")
    (root / "Pulumi.yaml").write_text("name: everything\nruntime: python\n")
    (root / "Pulumi.dev.yaml").write_text("")
    shutil.copy(PROGRAM, root / "__main__.py")
    with Cloud.start() as cloud:
        registrations = [made for made in up(root, "dev", cloud).registrations if made.custom]
        made = {f"{made.type.rpartition(':')[2]} {made.name}": made for made in registrations}
        yield Standing(cloud, Changer(CloudBackend(cloud)), made)


def test_every_creatable_type_has_a_lifecycle() -> None:
    assert set(LIFECYCLES) == set(KINDS)


def test_every_resource_is_found(standing: Standing) -> None:
    lost = [
        key
        for key in standing.made
        if not standing.changer.exists(standing.id(key), standing.resource(key))
    ]
    assert lost == []


Read = Callable[[Standing, str], Any]


def _function(standing: Standing, id_: str) -> Any:
    found = standing.client("lambda").get_function_configuration(FunctionName=id_)
    return found["Timeout"], found["Environment"]["Variables"]


def _policy(standing: Standing, id_: str) -> Any:
    role, _, name = id_.partition(":")
    found = standing.client("iam").get_role_policy(RoleName=role, PolicyName=name)
    return found["PolicyDocument"]["Statement"]


def _queue(standing: Standing, id_: str) -> Any:
    client = standing.client("sqs")
    found = client.get_queue_attributes(QueueUrl=id_, AttributeNames=["All"])["Attributes"]
    return found["VisibilityTimeout"], found["DelaySeconds"]


def _alarm(standing: Standing, id_: str) -> Any:
    [found] = standing.client("cloudwatch").describe_alarms(AlarmNames=[id_])["MetricAlarms"]
    return found["Threshold"]


def _rule(standing: Standing, id_: str) -> Any:
    bus, _, name = id_.partition("/")
    return standing.client("events").describe_rule(Name=name, EventBusName=bus)["State"]


def _stage(standing: Standing, id_: str) -> Any:
    api = standing.id("Api api")
    found = standing.client("apigatewayv2").get_stage(ApiId=api, StageName=id_)
    return found["DefaultRouteSettings"]["ThrottlingBurstLimit"]


def _integration(standing: Standing, id_: str) -> Any:
    api = standing.id("Api api")
    found = standing.client("apigatewayv2").get_integration(ApiId=api, IntegrationId=id_)
    return found["Description"]


def _schedule(standing: Standing, id_: str) -> Any:
    group, _, name = id_.partition("/")
    found = standing.client("scheduler").get_schedule(GroupName=group, Name=name)
    return found["ScheduleExpression"]


def _table(standing: Standing, id_: str) -> Any:
    client = standing.client("dynamodb")
    table = client.describe_table(TableName=id_)["Table"]
    ttl = client.describe_time_to_live(TableName=id_)["TimeToLiveDescription"]
    indexes = [index["IndexName"] for index in table["GlobalSecondaryIndexes"]]
    return indexes, ttl["TimeToLiveStatus"]


def _one(service: str, operation: str, by: str, *path: str) -> Read:
    """Reads one value by the resource's id."""

    def read(standing: Standing, id_: str) -> Any:
        found = getattr(standing.client(service), operation)(**{by: id_})
        for name in path:
            found = found[name]
        return found

    return read


ANY_POLICY = {"Version": "2012-10-17"}
STATEMENT = {"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": ["arn:aws:sqs:*:*:q"]}
TRUST = {
    **ANY_POLICY,
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
NEW_INDEX = {
    "name": "new",
    "keySchemas": [
        {"attributeName": "Customer", "keyType": "HASH"},
        {"attributeName": "Step", "keyType": "RANGE"},
    ],
    "projectionType": "ALL",
}
CHANGES: list[tuple[str, dict[str, Any], Read, Any]] = [
    (
        "Function function",
        {"timeout": 7, "environment": {"variables": {"TABLE": "t"}}},
        _function,
        (7, {"TABLE": "t"}),
    ),
    ("Function function", {"timeout": None, "environment": None}, _function, (3, {})),
    (
        "RolePolicy consume",
        {"policy": json.dumps({**ANY_POLICY, "Statement": [STATEMENT]})},
        _policy,
        [STATEMENT],
    ),
    (
        "Role scheduler",
        {"assumeRolePolicy": json.dumps(TRUST)},
        _one("iam", "get_role", "RoleName", "Role", "AssumeRolePolicyDocument"),
        TRUST,
    ),
    ("Queue queue", {"visibilityTimeoutSeconds": 90, "delaySeconds": 3}, _queue, ("90", "3")),
    ("Queue queue", {"visibilityTimeoutSeconds": None}, _queue, ("30", "3")),
    ("MetricAlarm failed", {"threshold": 5}, _alarm, 5.0),
    ("EventRule asleep", {"state": "ENABLED"}, _rule, "ENABLED"),
    ("Stage stage", {"defaultRouteSettings": {"throttlingBurstLimit": 77}}, _stage, 77),
    ("Integration integration", {"description": "changed"}, _integration, "changed"),
    ("Schedule schedule", {"scheduleExpression": "rate(9 minutes)"}, _schedule, "rate(9 minutes)"),
    (
        "Topic topic",
        {"displayName": "Changed"},
        _one("sns", "get_topic_attributes", "TopicArn", "Attributes", "DisplayName"),
        "Changed",
    ),
    (
        "TopicSubscription subscription",
        {"filterPolicy": '{"kind": ["other"]}'},
        _one("sns", "get_subscription_attributes", "SubscriptionArn", "Attributes", "FilterPolicy"),
        '{"kind": ["other"]}',
    ),
    (
        "EventSourceMapping mapping",
        {"batchSize": 3},
        _one("lambda", "get_event_source_mapping", "UUID", "BatchSize"),
        3,
    ),
    (
        "EventBus bus",
        {"description": "changed"},
        _one("events", "describe_event_bus", "Name", "Description"),
        "changed",
    ),
    (
        "Key key",
        {"description": "changed"},
        _one("kms", "describe_key", "KeyId", "KeyMetadata", "Description"),
        "changed",
    ),
    (
        "Secret secret",
        {"description": "changed"},
        _one("secretsmanager", "describe_secret", "SecretId", "Description"),
        "changed",
    ),
    (
        "Api api",
        {"description": "changed"},
        _one("apigatewayv2", "get_api", "ApiId", "Description"),
        "changed",
    ),
    (
        "Dashboard board",
        {"dashboardBody": '{"widgets": [1]}'},
        _one("cloudwatch", "get_dashboard", "DashboardName", "DashboardBody"),
        '{"widgets": [1]}',
    ),
    (
        "Table table",
        {"globalSecondaryIndexes": [NEW_INDEX], "ttl": None},
        _table,
        (["new"], "DISABLED"),
    ),
    (
        "BucketVersioning versions",
        {"versioningConfiguration": {"status": "Suspended"}},
        _one("s3", "get_bucket_versioning", "Bucket", "Status"),
        "Suspended",
    ),
]


@pytest.mark.parametrize(
    ("key", "changes", "read", "expected"),
    CHANGES,
    ids=[f"{key} {[*new]}" for key, new, *_ in CHANGES],
)
def test_a_change_is_made_in_the_cloud(
    standing: Standing, key: str, changes: dict[str, Any], read: Read, expected: Any
) -> None:
    standing.update(key, **changes)
    assert read(standing, standing.id(key)) == expected


def test_a_log_groups_days_are_changed_and_unset(standing: Standing) -> None:
    def days() -> Any:
        name = standing.id("LogGroup logs")
        [group] = standing.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
        return group.get("retentionInDays")

    standing.update("LogGroup logs", retentionInDays=90)
    assert days() == 90
    standing.update("LogGroup logs", retentionInDays=None)
    assert days() is None


def test_a_machine_runs_its_changed_definition(standing: Standing) -> None:
    done = {"QueryLanguage": "JSONata", "StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
    standing.update("StateMachine machine", definition=json.dumps(done))
    arn = standing.id("StateMachine machine")
    found = standing.client("stepfunctions").describe_state_machine(stateMachineArn=arn)
    assert json.loads(found["definition"]) == done


def test_a_function_runs_its_changed_code(standing: Standing) -> None:
    source = b"def handler(event, context):\n    return 'changed'\n"
    outputs = standing.update("Function function", code=Package(zipped({"app.py": source})))
    name = standing.id("Function function")
    answer = standing.client("lambda").invoke(FunctionName=name, Payload=b"{}")
    assert json.loads(answer["Payload"].read()) == "changed"
    assert outputs["codeSha256"] != standing.made["Function function"].outputs["codeSha256"]


def test_a_functions_reserved_concurrency_is_changed_and_taken_away(standing: Standing) -> None:
    def reserved() -> Any:
        found = standing.client("lambda").get_function(
            FunctionName=standing.id("Function function")
        )
        return found.get("Concurrency", {}).get("ReservedConcurrentExecutions")

    standing.update("Function function", reservedConcurrentExecutions=9)
    assert reserved() == 9
    standing.update("Function function", reservedConcurrentExecutions=None)
    assert reserved() is None


@pytest.mark.parametrize(
    ("key", "changes", "why"),
    [
        ("Queue queue", {"tags": {"kind": "other"}}, "does not change tags"),
        ("Route open", {"target": None}, "does not unset target"),
        (
            "LayerVersion layer",
            {"description": "x"},
            "description cannot be changed, only replaced",
        ),
        ("Queue queue", {"unheardOf": 1}, "does not honour unheardOf"),
    ],
)
def test_a_change_that_cannot_be_made_here_is_refused_by_name(
    standing: Standing, key: str, changes: dict[str, Any], why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        standing.update(key, **changes)


@pytest.mark.parametrize(
    ("type_", "changed", "replaced"),
    [
        ("aws:sqs/queue:Queue", {"name", "delaySeconds"}, ["name"]),
        ("aws:dynamodb/table:Table", {"hashKey", "ttl"}, ["hashKey"]),
        ("aws:lambda/function:Function", {"code", "timeout"}, []),
        ("aws:lambda/layerVersion:LayerVersion", {"code"}, ["code"]),
        ("random:index/randomPassword:RandomPassword", {"keepers"}, ["keepers"]),
    ],
)
def test_some_changes_make_a_new_resource(
    standing: Standing, type_: str, changed: set[str], replaced: list[str]
) -> None:
    assert standing.changer.replaced(type_, changed) == replaced


def test_a_protected_table_is_not_deleted_until_its_protection_is_off(standing: Standing) -> None:
    key = "Table table"
    with pytest.raises(RuntimeError, match="protect"):
        standing.changer.delete(standing.id(key), standing.resource(key))
    standing.update(key, deletionProtectionEnabled=False)


def test_a_log_group_that_is_to_outlive_its_stack_is_not_deleted(standing: Standing) -> None:
    key = "LogGroup logs"
    resource = standing.resource(key, skipDestroy=True)
    standing.changer.delete(standing.id(key), resource)
    assert standing.changer.exists(standing.id(key), resource)


def test_a_bucket_with_objects_is_deleted_only_by_force(standing: Standing) -> None:
    bucket, client = "with-objects-0123456", standing.client("s3")
    client.create_bucket(Bucket=bucket)
    client.put_object(Bucket=bucket, Key="label", Body=b"label")

    def delete(**inputs: Any) -> None:
        type_ = "aws:s3/bucket:Bucket"
        resource = Resource(type_, "urn", bucket, {"bucket": bucket, **inputs})
        standing.changer.delete(bucket, resource)

    with pytest.raises(RuntimeError, match="BucketNotEmpty"):
        delete()
    delete(forceDestroy=True)
    assert bucket not in [each["Name"] for each in client.list_buckets()["Buckets"]]


def test_a_role_gives_up_policies_of_others_only_by_force(standing: Standing) -> None:
    role, client = "held-by-others", standing.client("iam")
    client.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(TRUST))
    arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    client.attach_role_policy(RoleName=role, PolicyArn=arn)

    def delete(**inputs: Any) -> None:
        resource = Resource("aws:iam/role:Role", "urn", role, {"name": role, **inputs})
        standing.changer.delete(role, resource)

    with pytest.raises(RuntimeError, match="DeleteConflict"):
        delete()
    delete(forceDetachPolicies=True)
    assert role not in [each["RoleName"] for each in client.list_roles()["Roles"]]


def test_every_resource_is_deleted_and_found_no_more(standing: Standing) -> None:
    keys = sorted(standing.made, key=lambda key: standing.made[key].type.split(":")[2] in LAST)
    gone = [key for key in keys if standing.made[key].type not in REMEMBERED]
    for key in keys:
        standing.changer.delete(standing.id(key), standing.resource(key))
    assert [
        key for key in gone if standing.changer.exists(standing.id(key), standing.resource(key))
    ] == []


def test_what_is_gone_is_deleted_without_an_error(standing: Standing) -> None:
    for key in ("Queue dead", "Table table", "Bucket Labels", "Function function", "Topic topic"):
        standing.changer.delete(standing.id(key), standing.resource(key))
