"""The Inventory table as a catalogue: what there is, and what it costs."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from handlers.shared.adapters.dynamodb import Row, Sleep, plain, typed

_PAUSE = 0.05  # before the keys are asked for that DynamoDB had no capacity for


@dataclass(frozen=True)
class Catalogue:
    """Products by id.

    Attributes:
        client: a DynamoDB client.
        table: the name of the Inventory table.
        sleep: waits a number of seconds before what was not answered is asked for again.
    """

    client: Any
    table: str
    sleep: Sleep = time.sleep

    def rows(self, items: list[str]) -> dict[str, Row]:
        """The items' rows as they stand, as far as there are any.

        Args:
            items: at most 100, which is what one BatchGetItem takes.
        """
        keys = [typed({"ProductId": item}) for item in items]
        return {row["ProductId"]: row for row in self._rows(keys)}

    def _rows(self, keys: list[dict[str, Any]]) -> Iterator[Row]:
        wanted = {self.table: {"Keys": keys, "ConsistentRead": True}}
        while wanted:
            answer = self.client.batch_get_item(RequestItems=wanted)
            yield from (plain(item) for item in answer["Responses"].get(self.table, ()))
            wanted = answer.get("UnprocessedKeys")
            self.sleep(_PAUSE if wanted else 0)
