"""What every order function has in common: code, layer, logging, tables by name."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pulumi

from components.archive import handlers_archive
from components.function import TIMEOUT_SECONDS, PythonFunction, PythonFunctionArgs, Streams
from components.grants import Statement
from components.layer import Layer
from components.queue import Queue
from components.settings import Settings
from components.topic import Topic

HANDLERS = Path(__file__).parents[1] / "handlers"
# With all that these require, but for what Lambda's runtime has: botocore.
LAYER = ("aws-lambda-powertools", "aws-xray-sdk", "jmespath", "typing-extensions", "wrapt")


class OrderCode:
    """Makes the order functions, all from the one archive of `handlers/`."""

    def __init__(self, settings: Settings, support: Topic, opts: pulumi.ResourceOptions) -> None:
        self._settings = settings
        self._support = support
        self._archive = handlers_archive(HANDLERS)
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
        name = module.rpartition(".")[2].replace("_", "-")
        logging = {
            "POWERTOOLS_SERVICE_NAME": name,
            "POWERTOOLS_LOG_LEVEL": self._settings.log_level,
        }
        args: PythonFunctionArgs = {
            "handler": f"handlers.{module}.handler",
            "code": self._archive,
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
