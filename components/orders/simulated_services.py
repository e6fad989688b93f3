"""The outside payment and shipping services that are not there."""

from collections.abc import Mapping

import pulumi

from components.aws.grants import Statement
from components.aws.queue import Queue


class SimulatedServices(pulumi.ComponentResource):
    """A queue of requests, for whoever plays the outside services."""

    requests: Queue

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("orders:index:SimulatedServices", name, None, opts)
        self.requests = Queue("service-requests", {}, pulumi.ResourceOptions(parent=self))
        self.register_outputs({})

    @property
    def environment(self) -> Mapping[str, pulumi.Input[str]]:
        """What a function needs in its environment to ask the services."""
        return {
            "OUTSIDE_SERVICES": "simulated",
            "SERVICE_REQUESTS_QUEUE_URL": self.requests.url,
        }

    def allow_request(self) -> Statement:
        """The permission to ask the services."""
        return self.requests.allow_send()
