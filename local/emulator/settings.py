"""What the server is told, as environment variables: both emulators read theirs on import."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

REGION = "us-east-1"
ACCOUNT = "000000000000"
ROOT_KEY = "test"
"""The access key of the account's root user: ministack takes it with any secret."""

LARGEST_PAYLOAD = 262_144
"""Bytes of an input, arguments, a result or an output; AWS's "Step Functions service quotas"."""

NOT_STARTED_STATUS = 503
"""The HTTP status of every control once a watched function has not started."""

_EMULATORS: Mapping[str, str] = {
    "AUTH": "true",  # enforce IAM
    "BIND_HOST": "127.0.0.1",
    "MINISTACK_HOST": "127.0.0.1",
    "MINISTACK_ACCOUNT_ID": ACCOUNT,
    "MINISTACK_REGION": REGION,
    "IOT_MTLS_ENABLED": "0",  # opens a port of its own
    "SFTP_ENABLED": "0",  # opens a port of its own
    "DOCKER_HOST": "unix:///nonexistent",  # looks for containers of its own to remove
    "LOG_LEVEL": "WARNING",
    "MOTO_ACCOUNT_ID": ACCOUNT,
    "AWS_ACCESS_KEY_ID": ROOT_KEY,
    "AWS_SECRET_ACCESS_KEY": ROOT_KEY,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
}

_CLOCK_SCALE = "ORDERS_CLOCK_SCALE"
_PORT = "ORDERS_PORT"
_OWNER_TOKEN = "ORDERS_OWNER_TOKEN"  # noqa: S105 - a variable's name


@dataclass(frozen=True)
class Settings:
    """How one server behaves.

    Attributes:
        clock_scale: how many times faster than real time a machine's waits pass.
        port: the port to listen on; 0 is any free one.
        owner_token: the secret by which it knows whoever started it; a new one unless given.
    """

    clock_scale: float = 20.0
    port: int = 0
    owner_token: str = field(default_factory=secrets.token_urlsafe, repr=False)

    def to_environment(self) -> dict[str, str]:
        """The environment variables of a server with these settings."""
        return {
            **_EMULATORS,
            _CLOCK_SCALE: repr(self.clock_scale),
            _PORT: str(self.port),
            _OWNER_TOKEN: self.owner_token,
        }

    @classmethod
    def from_environment(cls) -> "Settings":
        """The settings of this server process, whose children do not see the token."""
        token = os.environ.pop(_OWNER_TOKEN)
        return cls(float(os.environ[_CLOCK_SCALE]), int(os.environ[_PORT]), token)


def endpoint() -> str:
    """The address of the server this process is."""
    return f"http://127.0.0.1:{os.environ['GATEWAY_PORT']}"
