"""Where a definition's machine runs, and the ARNs of what its requests name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

_QUEUE_HOST: Final = re.compile(r"sqs\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?")
_UNQUALIFIED_PARTS: Final = 7  # arn:partition:states:region:account:stateMachine:name


@dataclass(frozen=True)
class Scope:
    """Partition, region and account of a machine; names in requests are taken to be there.

    `machine` is the machine's own name. Only a Map in distributed mode needs it: it starts
    executions of the machine that it is part of.
    """

    partition: str
    region: str
    account: str
    machine: str | None = None

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource of this region and account; one that is an ARN stays."""
        if resource.startswith("arn:"):
            return resource
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"

    def named(self, service: str, kind: str, name: str) -> str:
        """The ARN of a resource given by its name or by its ARN: `table/Orders`."""
        return name if name.startswith("arn:") else self.arn(service, f"{kind}{name}")

    def bucket(self, name: str, key: str = "") -> str:
        """The ARN of a bucket, or of the objects under `key`, which may end in `*`."""
        return f"arn:{self.partition}:s3:::{name}{key and '/' + key}"

    def queue(self, url: str) -> str:
        """The ARN of the queue with this URL, whose path ends in account and name.

        Raises:
            ValueError: if it is no queue's URL.
        """
        parts = urlsplit(url)
        account, _, name = parts.path.strip("/").rpartition("/")
        if not (parts.netloc and re.fullmatch(r"[0-9]{12}", account) and name):
            raise ValueError(f"{url!r} is not the URL of a queue")
        host = _QUEUE_HOST.fullmatch(parts.hostname or "")
        region = host["region"] if host else self.region
        return f"arn:{self.partition}:sqs:{region}:{account}:{name}"

    def function(self, name: str) -> str:
        """The ARN of a function named `name`, `name:qualifier`, `account:function:name`."""
        account, marker, rest = name.partition(":function:")
        if marker and not name.startswith("arn:"):
            return f"arn:{self.partition}:lambda:{self.region}:{account}:function:{rest}"
        return self.named("lambda", "function:", name)

    @staticmethod
    def unqualified(machine: str) -> str:
        """A state machine's ARN without the version or alias that it may end in."""
        return ":".join(machine.split(":")[:_UNQUALIFIED_PARTS])

    @staticmethod
    def executions(machine: str, run: str = "") -> str:
        """The ARN pattern of all executions of the machine with this unqualified ARN."""
        return machine.replace(":stateMachine:", ":execution:", 1) + f"{run}:*"
