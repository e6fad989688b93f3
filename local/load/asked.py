"""The orders that a load asks for, and the catalogue that they are from: the same for one seed."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

from local.given import AMPLE

CURRENCY = "USD"
_ITEMS = 24
_CENTERS = 3
_MOST_LINES = 4
_MOST_PIECES = 3
_REPEATED = 10  # one in so many is sent twice
_CUSTOMERS = 200
_ADDRESS = "1 George Street, Singapore"
_METHODS: tuple[dict[str, str], ...] = (
    {"token": "tok_visa"},
    {"token": "tok_mastercard"},
    {
        "name": "John Doe",
        "cardType": "VISA",
        "cardNumber": "4242 4242 4242 4242",
        "expiration": "08/39",
    },
)


@dataclass(frozen=True)
class Asked:
    """A request: an order's JSON, and the Idempotency-Key that makes a repetition the same."""

    key: str
    body: bytes


def catalogue() -> list[dict[str, Any]]:
    """The Inventory rows of what is sold: ample stock, kept at several fulfillment centres."""
    return [
        {
            "ProductId": f"load-{number:02}",
            "Price": price,
            "Currency": CURRENCY,
            "OnHand": AMPLE,
            "Reserved": 0,
            "FulfillmentCenterId": f"fc-{number % _CENTERS + 1}",
        }
        for number, price in enumerate(range(199, 199 + _ITEMS * 350, 350))
    ]


def orders(number: int, seed: int) -> list[Asked]:
    """So many orders of several items, prices and payment methods, every one valid."""
    random = Random(seed)  # noqa: S311 - the same orders for the same seed are wanted
    return [_order(random) for _ in range(number)]


def with_repetitions(asked: Sequence[Asked], seed: int) -> list[Asked]:
    """The orders with a tenth of them sent again, each some time after its first request."""
    random = Random(seed)  # noqa: S311 - as above
    again = set(random.sample(range(len(asked)), len(asked) // _REPEATED))
    places = [(float(place), order) for place, order in enumerate(asked)]
    places += [(random.uniform(place, len(asked)), asked[place]) for place in sorted(again)]
    return [order for _, order in sorted(places, key=lambda each: each[0])]


def _order(random: Random) -> Asked:
    lines = list(_lines(random))
    cents = sum(line["price"] * line["quantity"] for line in lines)
    customer = random.randrange(_CUSTOMERS)
    order = {
        "customerId": f"c-load-{customer}",
        "email": f"load-{customer}@example.com",
        "address": _ADDRESS,
        "currency": CURRENCY,
        "orderContents": {"items": [{**line, "price": _major(line["price"])} for line in lines]},
        "orderTotal": _major(cents),
        "paymentDetails": random.choice(_METHODS),
    }
    return Asked(str(UUID(int=random.getrandbits(128), version=4)), json.dumps(order).encode())


def _lines(random: Random) -> Iterator[dict[str, Any]]:
    for row in random.sample(catalogue(), random.randint(1, _MOST_LINES)):
        quantity = random.randint(1, _MOST_PIECES)
        yield {"itemId": row["ProductId"], "price": row["Price"], "quantity": quantity}


def _major(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
