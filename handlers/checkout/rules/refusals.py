"""Why a checkout failed: the reason, a sentence, and whether a human must look."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from handlers.checkout.rules.answers import LANGUAGES, Step
from handlers.orders.rules.states import PROCESSING_ERROR

_REFUSALS = ("OutOfStock", "PriceMismatch", "InvalidOrder")
_TIMEOUT, _HEARTBEAT = "States.Timeout", "States.HeartbeatTimeout"
_LONGEST_CAUSE = 500


class Stage(StrEnum):
    """How far a checkout had come."""

    CREATE = "create"
    PAYMENT = "payment"
    RECORD = "record"
    SHIPPING = "shipping"
    CONFIRM = "confirm"


_STEPS = {Stage.PAYMENT: Step.PAYMENT, Stage.SHIPPING: Step.SHIPPING}
_DOING = {
    Stage.CREATE: "creating the order",
    Stage.RECORD: "recording the payment",
    Stage.CONFIRM: "confirming the order",
}
# Whoever comes to the record has a success in hand; from shipping on, the row says so itself.
_PAYMENT: Mapping[Stage, Mapping[str, str]] = {Stage.RECORD: {"PaymentStatus": "Successful"}}


@dataclass(frozen=True)
class Refusal:
    """A checkout's failure.

    Attributes:
        stage: how far it had come.
        reason: the order's Reason.
        cause: a sentence without personal data.
        review: whether something technical went wrong.
    """

    stage: Stage
    reason: str
    cause: str
    review: bool

    @property
    def columns(self) -> Mapping[str, Any]:
        """What the order's row says beside its State; what became of the payment is seen later."""
        return {"Reason": self.reason, "Cause": self.cause, **_PAYMENT.get(self.stage, {})}


def refusal(stage: Stage, error: str, cause: str) -> Refusal:
    """The failure that an error is, by the stage in which it came.

    Args:
        stage: where.
        error: the error's name, as the state machine caught it.
        cause: the error's own sentence; empty when it has none.
    """
    sentence = _sentence(stage, error) or cause or error
    reason = _reason(stage, error)
    return Refusal(stage, reason, sentence[:_LONGEST_CAUSE], not _is_expected(stage, error))


def _reason(stage: Stage, error: str) -> str:
    if stage is Stage.CREATE and error in _REFUSALS:
        return error
    return LANGUAGES[_STEPS[stage]].error if stage in _STEPS else PROCESSING_ERROR


def _is_expected(stage: Stage, error: str) -> bool:
    """Whether the error is part of the business, so that nobody need look."""
    if stage is Stage.CREATE:
        return error in _REFUSALS
    return stage in _STEPS and error in (_reason(stage, error), _TIMEOUT, _HEARTBEAT)


def _sentence(stage: Stage, error: str) -> str | None:
    """Our own words for an error that has none."""
    if stage not in _STEPS:
        return f"{_DOING[stage]} did not finish in time" if error == _TIMEOUT else None
    silences = {_TIMEOUT: "did not answer in time", _HEARTBEAT: "stopped reporting progress"}
    return f"the {stage} service {silences[error]}" if error in silences else None
