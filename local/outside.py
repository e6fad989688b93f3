"""The outside services of a checkout, played during a run: they take requests and call back.

The payment service takes the money first, through the simulated gateway, so that what is captured
and refunded stands in one ledger; then it tells, or does not, as the scenario's `callbacks` say.
"""

import json
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from handlers.checkout.rules.answers import LANGUAGES, Step
from handlers.payments.adapters.simulated_gateway import SimulatedGateway
from handlers.payments.rules.errors import PaymentVoided
from local.behaviours import BEHAVIOURS, TAKES_MONEY, Request, Scene, fail
from local.callbacks import Caller
from local.queues import take
from local.stack import Stack
from local.waiting import StuckError

CARD = "tok_visa"
_POLL_SECONDS = 0.04
_AT_ONCE = 32  # requests that are being answered


@dataclass
class OutsideServices:
    """Both services, at work while this is entered; leaving waits for what they still do.

    Attributes:
        stack: the stack whose requests they take.
        callbacks: what each does, by service; those not named succeed.
    """

    stack: Stack
    callbacks: Mapping[str, str] = field(default_factory=dict)
    _leaving: threading.Event = field(default_factory=threading.Event, init=False)
    _pool: ThreadPoolExecutor = field(init=False)
    _work: list[Future[None]] = field(default_factory=list, init=False)
    _reader: threading.Thread = field(init=False)

    @property
    def gateway(self) -> SimulatedGateway:
        """Where the payment service keeps its ledger."""
        dynamodb = self.stack.cloud.client("dynamodb")
        return SimulatedGateway(dynamodb, self.stack.table("PaymentGateway"))

    def __enter__(self) -> Self:
        secrets = self.stack.cloud.client("secretsmanager")
        arn = self.stack.outputs["callbackSecretArn"]
        self._caller = Caller(secrets.get_secret_value(SecretId=arn)["SecretString"])
        self._take()  # what an earlier run left behind is nobody's
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="outside")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._leaving.set()
        self._reader.join()
        self._pool.shutdown(wait=True)
        if kind is None or issubclass(kind, StuckError):  # which a service that broke explains
            for work in self._work:
                work.result()

    def _read(self) -> None:
        while not self._leaving.wait(_POLL_SECONDS):
            self._work += [self._pool.submit(self._serve, request) for request in self._take()]
        self._take()

    def _take(self) -> list[Request]:
        """Every request in the queue, which holds none of them afterwards."""
        url = self.stack.outputs["queues"]["serviceRequests"]
        taken = take(self.stack.cloud.client("sqs"), url)
        return [_request(json.loads(message)) for message in taken]

    def _serve(self, request: Request) -> None:
        behaviours = BEHAVIOURS[request.step]
        chosen = self.callbacks.get(request.step, LANGUAGES[request.step].success)
        scene = Scene(self.stack, self._caller, request)
        if request.step is Step.PAYMENT and chosen in TAKES_MONEY and not self._pays(request):
            fail(scene)
        else:
            behaviours[chosen](scene)

    def _pays(self, request: Request) -> bool:
        """Takes the money, unless the order was cancelled before."""
        amount, currency = request.document["amount"], request.document["currency"]
        try:
            self.gateway.authorize(request.order_id, amount, currency, CARD)
            self.gateway.capture(request.order_id, amount, currency)
        except PaymentVoided:
            return False
        return True


def _request(message: Mapping[str, Any]) -> Request:
    return Request(
        Step(message["service"]), str(message["orderId"]), str(message["callbackUrl"]), message
    )
