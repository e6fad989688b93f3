"""The third-party code that functions share."""

from collections.abc import Sequence
from typing import TypedDict

import pulumi
import pulumi_aws as aws

from components.aws.archive import layer_archive
from components.aws.function import RUNTIME


class LayerArgs(TypedDict):
    """`distributions` are installed Python distributions, each named: none is followed."""

    distributions: Sequence[str]


class Layer(pulumi.ComponentResource):
    """A Lambda layer built from the distributions that are installed and pinned here."""

    arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: LayerArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aws-blocks:index:Layer", name, None, opts)
        layer = aws.lambda_.LayerVersion(
            name,
            layer_name=f"{pulumi.get_project()}-{pulumi.get_stack()}-{name}",
            code=layer_archive(name, args["distributions"]),
            compatible_runtimes=[RUNTIME],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = layer.arn
        self.register_outputs({"arn": self.arn})
