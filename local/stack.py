"""The deployed stack, as its own outputs describe it."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.cloud import Cloud
from local.deploy import Deployment, up


def _root() -> Path:
    """The project's folder: where this file is, or the working directory where only the package is.

    Installed without its clone, the package has neither settings nor samples.
    """
    clone = Path(__file__).parents[1]
    return clone if (clone / "Pulumi.yaml").is_file() else Path.cwd()


ROOT = _root()


@dataclass(frozen=True)
class Stack:
    """The stack's outputs by name, its queues, and how long deploying took, in seconds."""

    cloud: Cloud
    deployment: Deployment
    seconds: float

    @property
    def outputs(self) -> dict[str, Any]:
        """What the program exported."""
        return self.deployment.outputs

    @property
    def queues(self) -> list[str]:
        """The URLs of the queues that the stack itself consumes.

        Not those for dead letters, and not those that outside services read.
        """
        outside = set(self.outputs.get("queues", {}).values())
        return [
            str(made.outputs["url"])
            for made in self.deployment.registrations
            if made.type == "aws:sqs/queue:Queue"
            and "redrivePolicy" in made.inputs
            and made.outputs["url"] not in outside
        ]

    @property
    def functions(self) -> list[str]:
        """The names of its functions."""
        return [
            str(made.outputs["name"])
            for made in self.deployment.registrations
            if made.type == "aws:lambda/function:Function"
        ]

    def table(self, name: str) -> str:
        """The physical name of one of the stack's tables."""
        return str(self.outputs["tables"][name])


def deploy(cloud: Cloud, stack: str) -> Stack:
    """Run the project's own program against the embedded cloud, and watch its functions start.

    Raises:
        DeployError: the program failed, or a resource could not be created.
    """
    start = time.monotonic()
    deployment = up(ROOT, stack, cloud)
    deployed = Stack(cloud, deployment, time.monotonic() - start)
    cloud.watch_functions(deployed.functions)
    return deployed
