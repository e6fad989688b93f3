"""The bucket of the shipping labels."""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from handlers.shared.rules.errors import ServiceUnavailable

_KIND = "application/zpl"


@dataclass(frozen=True)
class LabelStore:
    """Labels by key.

    Attributes:
        client: an S3 client.
        bucket: the bucket's name.
    """

    client: Any
    bucket: str

    def write(self, key: str, label: bytes) -> None:
        """Keeps a label; an earlier one stays as a version of the object.

        Raises:
            ServiceUnavailable: nobody knows whether it is kept; writing again is safe.
        """
        try:
            self.client.put_object(Bucket=self.bucket, Key=key, Body=label, ContentType=_KIND)
        except (BotoCoreError, ClientError):
            raise ServiceUnavailable("the bucket did not take the shipping label") from None

    def link(self, key: str, seconds: int) -> str:
        """A URL that shows a label to whoever has it, for so long; there need be no such label."""
        where = {"Bucket": self.bucket, "Key": key}
        url: str = self.client.generate_presigned_url("get_object", where, ExpiresIn=seconds)
        return url
