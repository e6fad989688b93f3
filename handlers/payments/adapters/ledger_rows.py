"""The simulated gateway's ledger: one row of the PaymentGateway table for each order.

A row holds the order's Status and its Entries, the operations that took effect. It moves on
condition that the status is still the one read, so of two racing operations one is decided anew.
"""

from dataclasses import dataclass
from typing import Any

from handlers.payments.rules.ledger import Account, Entry, Status
from handlers.shared.adapters.dynamodb import Row, read, update

_MOVE = "SET #Status = :to, #Entries = list_append(if_not_exists(#Entries, :none), :added)"


@dataclass(frozen=True)
class LedgerRows:
    """Accounts by order id.

    Attributes:
        client: a DynamoDB client.
        table: the name of the PaymentGateway table.
    """

    client: Any
    table: str

    def account(self, order_id: str) -> Account:
        """The order's account as it stands; an empty one before anything happened."""
        row = read(self.client, self.table, Id=order_id)
        if row is None:
            return Account(order_id)
        return Account(order_id, Status(row["Status"]), tuple(map(_entry, row["Entries"])))

    def move(self, before: Account, after: Account) -> bool:
        """Writes a move; False when another operation moved the account first."""
        added = [_columns(entry) for entry in after.entries[len(before.entries) :]]
        values = {":to": str(after.status), ":added": added, ":none": []}
        condition = "attribute_not_exists(#Id)"
        if before.status is not None:
            condition, values[":from"] = "#Status = :from", str(before.status)
        key = {"Id": after.order_id}
        return update(self.client, self.table, key, _MOVE, values, condition) is not None


def _columns(entry: Entry) -> Row:
    return {
        "operation": entry.operation,
        "amount": entry.amount,
        "currency": entry.currency,
        "idempotencyKey": entry.idempotency_key,
        "at": entry.at,
    }


def _entry(columns: Row) -> Entry:
    return Entry(
        operation=columns["operation"],
        amount=columns["amount"],
        currency=columns["currency"],
        idempotency_key=columns["idempotencyKey"],
        at=columns["at"],
    )
