"""Leftovers of a stack at its end, and the labels that must go before."""

import json
from collections.abc import Iterator

from local.cloud import Cloud


def empty(cloud: Cloud, bucket: str) -> int:
    """Empties a bucket, versions and all, as whoever destroys a stack must; how many there were."""
    client = cloud.client("s3")
    found = client.list_object_versions(Bucket=bucket)
    entries = [*found.get("Versions", []), *found.get("DeleteMarkers", [])]
    for entry in entries:
        client.delete_object(Bucket=bucket, Key=entry["Key"], VersionId=entry["VersionId"])
    return len(entries)


_LISTS: list[tuple[str, str, str]] = [
    ("apigatewayv2", "get_apis", "Items"),
    ("cloudwatch", "describe_alarms", "MetricAlarms"),
    ("cloudwatch", "list_dashboards", "DashboardEntries"),
    ("dynamodb", "list_tables", "TableNames"),
    ("events", "list_event_buses", "EventBuses"),
    ("events", "list_rules", "Rules"),
    ("iam", "list_roles", "Roles"),
    ("kms", "list_aliases", "Aliases"),
    ("lambda", "list_event_source_mappings", "EventSourceMappings"),
    ("lambda", "list_functions", "Functions"),
    ("lambda", "list_layers", "Layers"),
    ("logs", "describe_log_groups", "logGroups"),
    ("s3", "list_buckets", "Buckets"),
    ("scheduler", "list_schedules", "Schedules"),
    ("secretsmanager", "list_secrets", "SecretList"),
    ("sesv2", "list_email_identities", "EmailIdentities"),
    ("sns", "list_subscriptions", "Subscriptions"),
    ("sns", "list_topics", "Topics"),
    ("sqs", "list_queues", "QueueUrls"),
    ("stepfunctions", "list_state_machines", "stateMachines"),
]
_EVERY_ACCOUNTS = ("default", "alias/aws/")
"""There without a stack: the default bus, and the aliases of AWS's own keys."""


def left(cloud: Cloud) -> Iterator[str]:
    """Yields what a cloud holds, by the services' own lists, without what every account has."""
    for service, operation, field in _LISTS:
        for entry in getattr(cloud.client(service), operation)().get(field, []):
            text = json.dumps(entry, default=str)
            if not any(f'"{name}' in text for name in _EVERY_ACCOUNTS):
                yield f"{service} {text}"
    kms = cloud.client("kms")
    for key in kms.list_keys()["Keys"]:
        known = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
        if known["KeyState"] != "PendingDeletion" and known["KeyManager"] == "CUSTOMER":
            yield f"kms {key['KeyId']}"
