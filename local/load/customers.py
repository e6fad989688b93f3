"""Customers who post orders over connections that they keep, and send again what was not taken."""

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from random import Random
from typing import Any
from urllib.parse import urlsplit

from local.http_api import HttpApi
from local.load.asked import Asked

_ANSWER_SECONDS = 60.0
_PATIENCE_SECONDS = 300.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0


@dataclass
class Answers:
    """The answers of the API so far. Written by many threads under its lock.

    Attributes:
        orders: the ids answered for each Idempotency-Key.
        taken: requests that were answered 202.
        retries: requests sent again, by why: 429, 5xx, or how no answer came.
        refused: why requests were given up, with how many each.
    """

    orders: dict[str, set[str]] = field(default_factory=dict)
    taken: int = 0
    retries: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def order_ids(self) -> set[str]:
        """The orders that were answered so far."""
        with self._lock:
            return set().union(*self.orders.values())

    def take(self, key: str, order_id: str) -> None:
        """Note that a request was taken as this order."""
        with self._lock:
            self.taken += 1
            self.orders.setdefault(key, set()).add(order_id)

    def refuse(self, why: str) -> None:
        """Note that a request was given up."""
        with self._lock:
            self.refused[why] += 1

    def retry(self, why: str) -> None:
        """Note that a request is sent again."""
        with self._lock:
            self.retries[why] += 1


def post_all(api: HttpApi, asked: Iterable[Asked], connections: int, answers: Answers) -> None:
    """Post every order, so many at a time, each over one of as many connections."""
    waiting, taking = iter(asked), threading.Lock()

    def serve(number: int) -> None:
        customer = _Customer(api, answers, Random(number))  # noqa: S311 - pauses of retries
        for each in _taken(waiting, taking):
            customer.place(each)
        customer.close()

    # Daemons, so that a load that is given up does not go on until every customer gives up.
    threads = [threading.Thread(target=serve, args=(n,), daemon=True) for n in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _taken(waiting: Iterator[Asked], taking: threading.Lock) -> Iterator[Asked]:
    while True:
        with taking:
            each = next(waiting, None)
        if each is None:
            return
        yield each


class _Customer:
    """One connection, made anew when it breaks."""

    def __init__(self, api: HttpApi, answers: Answers, random: Random) -> None:
        self._api, self._answers, self._random = api, answers, random
        place = urlsplit(api.url)
        self._connection = http.client.HTTPConnection(place.netloc, timeout=_ANSWER_SECONDS)
        self._path = f"{place.path}/orders"

    def place(self, asked: Asked) -> None:
        """Post an order until it is taken or refused, or for five minutes."""
        deadline, pause = time.monotonic() + _PATIENCE_SECONDS, _FIRST_PAUSE
        while True:
            status, document = self._post(asked)
            if status == HTTPStatus.ACCEPTED:
                return self._answers.take(asked.key, str(document["orderId"]))
            if not _is_passing(status) or time.monotonic() > deadline:
                return self._answers.refuse(f"{status or 'no answer'}: {document}")
            self._answers.retry(str(status or document))
            time.sleep(self._random.uniform(0, pause))
            pause = min(2 * pause, _LONGEST_PAUSE)

    def close(self) -> None:
        self._connection.close()

    def _post(self, asked: Asked) -> tuple[int, Any]:
        """Status and document of an answer; 0 and why, if none came."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": asked.key}
        signed = self._api.signed("POST", "/orders", asked.body, headers)
        try:
            self._connection.request("POST", self._path, asked.body, signed)
            with self._connection.getresponse() as answer:
                return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._connection.close()
            return 0, f"{type(error).__name__}: {error}"


def _is_passing(status: int) -> bool:
    """True if the same request may be taken later."""
    busy = status == HTTPStatus.TOO_MANY_REQUESTS
    return busy or status == 0 or status >= HTTPStatus.INTERNAL_SERVER_ERROR
