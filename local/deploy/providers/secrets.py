"""Secrets Manager secrets and their values."""

from __future__ import annotations

from local.deploy.backend import Created
from local.deploy.fields import Fields, tag_list
from local.deploy.kinds import Kind, Kinds, Order

_SECRET: Fields = {"description": "Description", "kmsKeyId": "KmsKeyId", "tags": tag_list()}
_VERSION: Fields = {
    "secretId": "SecretId",
    "secretString": "SecretString",
    "versionStages": "VersionStages",
}


def _secret(order: Order) -> Created:
    arn = order.cloud.client("secretsmanager").create_secret(**order.params)["ARN"]
    return Created(arn, {"arn": arn})


def _version(order: Order) -> Created:
    made = order.cloud.client("secretsmanager").put_secret_value(**order.params)
    outputs = {
        "arn": made["ARN"],
        "secretArn": made["ARN"],
        "versionId": made["VersionId"],
        "versionStages": made["VersionStages"],
    }
    return Created(f"{order.params['SecretId']}|{made['VersionId']}", outputs)


KINDS: Kinds = {
    "aws:secretsmanager/secret:Secret": Kind(_secret, _SECRET, "Name"),
    "aws:secretsmanager/secretVersion:SecretVersion": Kind(_version, _VERSION),
}
