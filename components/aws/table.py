"""A DynamoDB table that survives mistakes: encrypted, recoverable, protected."""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from components.aws.grants import Statement, allow


class Index(TypedDict):
    """A global secondary index that holds whole items."""

    hash_key: str
    range_key: str


class TableArgs(TypedDict):
    """Keys by their attribute's name; `attributes` gives each key attribute's type, S or N.

    `expires` names the attribute, in epoch seconds, after which DynamoDB may remove an item.
    `stream` makes the table pass on each change of a row, with the row before and after.
    """

    attributes: Mapping[str, str]
    hash_key: str
    range_key: NotRequired[str]
    indexes: NotRequired[Mapping[str, Index]]
    expires: NotRequired[str]
    stream: NotRequired[bool]
    deletion_protection: NotRequired[pulumi.Input[bool]]


class Table(pulumi.ComponentResource):
    """An on-demand table with point-in-time recovery and encryption at rest.

    `stream_arn` is that of its stream, for a table with one.
    """

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    stream_arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: TableArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aws-blocks:index:Table", name, None, opts)
        table = aws.dynamodb.Table(
            name,
            billing_mode="PAY_PER_REQUEST",
            hash_key=args["hash_key"],
            range_key=args.get("range_key"),
            attributes=[
                aws.dynamodb.TableAttributeArgs(name=attribute, type=kind)
                for attribute, kind in args["attributes"].items()
            ],
            global_secondary_indexes=[
                aws.dynamodb.TableGlobalSecondaryIndexArgs(
                    name=index,
                    key_schemas=[
                        _key(keys["hash_key"], "HASH"),
                        _key(keys["range_key"], "RANGE"),
                    ],
                    projection_type="ALL",
                )
                for index, keys in args.get("indexes", {}).items()
            ],
            point_in_time_recovery={"enabled": True},
            server_side_encryption={"enabled": True},
            ttl={"attribute_name": args["expires"], "enabled": True} if "expires" in args else None,
            stream_enabled=True if args.get("stream") else None,
            stream_view_type="NEW_AND_OLD_IMAGES" if args.get("stream") else None,
            deletion_protection_enabled=args.get("deletion_protection", True),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.name = table.name
        self.arn = table.arn
        self.stream_arn = table.stream_arn
        self.register_outputs({"name": self.name, "arn": self.arn})

    def allow(self, *actions: str, index: str | None = None) -> Statement:
        """The permission for DynamoDB `actions` on this table, or on one of its indexes."""
        resource = self.arn if index is None else pulumi.Output.concat(self.arn, "/index/", index)
        return allow("dynamodb", actions, resource)

    def allow_read_stream(self) -> list[Statement]:
        """The permissions that an event source mapping needs of its function's role.

        ListStreams knows no resource (Service Authorization Reference, Amazon DynamoDB).
        """
        actions = ["DescribeStream", "GetRecords", "GetShardIterator"]
        return [
            allow("dynamodb", actions, self.stream_arn),
            allow("dynamodb", ["ListStreams"], "*"),
        ]


def _key(attribute: str, kind: str) -> aws.dynamodb.TableGlobalSecondaryIndexKeySchemaArgs:
    return aws.dynamodb.TableGlobalSecondaryIndexKeySchemaArgs(
        attribute_name=attribute, key_type=kind
    )
