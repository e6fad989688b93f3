"""The Notifications table: which mail was claimed by which event, and what became of it.

A row's Status: CLAIMED, then SENT or UNSURE.
"""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from handlers.adapters.dynamodb import CONDITION_FAILED, code, typed, update
from handlers.domain.clock import Clock, timestamp, utc_now


@dataclass(frozen=True)
class Notifications:
    """Claims by key.

    Attributes:
        client: a DynamoDB client.
        table: the table's name.
        clock: tells the time that rows carry.
    """

    client: Any
    table: str
    clock: Clock = utc_now

    def claim(self, key: str, token: str) -> bool:
        """Claims a mail for an event, its id the token; False when it was claimed before.

        A claim whose answer was lost counts as claimed before: the mail is UNSURE, never double.
        """
        row = {"EventKey": key, "Status": "CLAIMED", "Token": token, "UpdatedAt": self._now()}
        return self._holds(
            lambda: self.client.put_item(
                TableName=self.table,
                Item=typed(row),
                ConditionExpression="attribute_not_exists(EventKey)",
            )
        )

    def free(self, key: str, token: str) -> None:
        """Takes an event's claim back: nothing was sent."""
        self._holds(
            lambda: self.client.delete_item(
                TableName=self.table,
                Key=typed({"EventKey": key}),
                ConditionExpression="#Token = :token",
                ExpressionAttributeNames={"#Token": "Token"},
                ExpressionAttributeValues=typed({":token": token}),
            )
        )

    def note(self, key: str, status: str) -> None:
        """Notes what became of a mail."""
        self._set(key, status, "attribute_exists(#EventKey)", {})

    def doubt(self, key: str) -> None:
        """Notes that nobody knows what became of a mail, unless that is known."""
        self._set(key, "UNSURE", "#Status = :claimed", {":claimed": "CLAIMED"})

    def _set(self, key: str, status: str, condition: str, values: dict[str, str]) -> None:
        given = {":status": status, ":now": self._now(), **values}
        expression = "SET #Status = :status, #UpdatedAt = :now"
        update(self.client, self.table, {"EventKey": key}, expression, given, condition)

    def _now(self) -> str:
        return timestamp(self.clock())

    def _holds(self, write: Any) -> bool:
        """Writes; False when the write's condition failed."""
        try:
            write()
        except ClientError as error:
            if code(error) != CONDITION_FAILED:
                raise
            return False
        return True
