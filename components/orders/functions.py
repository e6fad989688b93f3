"""What every order function has in common: code, layer, logging, tables by name."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pulumi

from components.aws.archive import handlers_archive
from components.aws.function import TIMEOUT_SECONDS, PythonFunction, PythonFunctionArgs, Streams
from components.aws.grants import Statement
from components.aws.layer import Layer
from components.aws.queue import Queue
from components.aws.topic import Topic
from components.orders.settings import Settings
from components.orders.subjects import with_below

HANDLERS = Path(__file__).parents[2] / "handlers"
# With all that these require, but for what Lambda's runtime has: botocore.
LAYER = ("aws-lambda-powertools", "aws-xray-sdk", "jmespath", "typing-extensions", "wrapt")


class OrderCode:
    """Makes the order functions, each from its subject of `handlers/` and those below it."""

    def __init__(self, settings: Settings, support: Topic, opts: pulumi.ResourceOptions) -> None:
        self._settings = settings
        self._support = support
        self._archives: dict[str, pulumi.FileArchive] = {}
        self._layer = Layer("python-packages", {"distributions": LAYER}, opts)

    def function(
        self,
        module: str,
        allow: Sequence[Statement],
        environment: Mapping[str, pulumi.Input[str]],
        parent: pulumi.Resource,
        queue: Queue | None = None,
        concurrency: int | None = None,
        *,
        watched: bool = False,
        streams: Streams | None = None,
        reserved: int = 0,
        batch_size: int = 10,
        timeout: int = TIMEOUT_SECONDS,
    ) -> PythonFunction:
        """The function of an entry point, such as `payments.capture_payment`.

        One that is fed by a queue or by streams, or `watched` since a schedule or the API invokes
        it, alerts support when it fails; a task of a machine fails there, also where it refuses an
        order. At most `reserved` run at once, where that is not 0.
        """
        subject, _, function = module.partition(".")
        name = function.replace("_", "-")
        logging = {
            "POWERTOOLS_SERVICE_NAME": name,
            "POWERTOOLS_LOG_LEVEL": self._settings.log_level,
        }
        args: PythonFunctionArgs = {
            "handler": f"handlers.{module}.handler",
            "code": self._archive(subject),
            "layers": [self._layer.arn],
            "environment": {**logging, **environment},
            "allow": allow,
            "log_retention_days": self._settings.log_retention_days,
            "batch_size": batch_size,
            "timeout": timeout,
        }
        if queue or streams or watched:
            args["alarms"] = self._support
        if queue:
            args["queue"] = queue
        if streams:
            args["streams"] = streams
        if reserved:
            args["reserved"] = reserved
        if concurrency:
            args["concurrency"] = concurrency
        return PythonFunction(name, args, pulumi.ResourceOptions(parent=parent))

    def _archive(self, subject: str) -> pulumi.FileArchive:
        """The archive of a subject's functions, which a change in a neighbour leaves as it is."""
        if subject not in self._archives:
            self._archives[subject] = handlers_archive(HANDLERS, with_below(subject))
        return self._archives[subject]
