"""What the outside services answer, and what their words mean.

Only the exact success word passes. Every other word but `processing`, known or not, fails the
step it was about; but no word at all is no answer, and the other service's is about another step.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from handlers.shared.rules.errors import BadInput

PROCESSING = "processing"
UNKNOWN = "unknown"


class Step(StrEnum):
    """A step of a checkout that waits for an outside service."""

    PAYMENT = "payment"
    SHIPPING = "shipping"


@dataclass(frozen=True)
class Language:
    """How a service speaks.

    Attributes:
        success: the only word that passes.
        failures: the words by which it says no, each with what it means.
        error: the execution's error when it does not pass.
        status: the column of the order's row that says how the step ended.
    """

    success: str
    failures: Mapping[str, str]
    error: str
    status: str

    @property
    def words(self) -> frozenset[str]:
        """Every word by which the service ends a step."""
        return frozenset({self.success, *self.failures})


LANGUAGES: Mapping[Step, Language] = {
    Step.PAYMENT: Language(
        "succeeded",
        {"failed": "the payment service reported that the payment failed"},
        "PaymentFailed",
        "PaymentStatus",
    ),
    Step.SHIPPING: Language(
        "available",
        {"unavailable": "the shipping service reported that it cannot ship the order"},
        "ShippingFailed",
        "ShippingStatus",
    ),
}


@dataclass(frozen=True)
class Answer:
    """A service's final word about a step.

    Attributes:
        step: what was asked.
        word: the word when it is known, else UNKNOWN.
        cause: why the step fails; empty when it passes.
    """

    step: Step
    word: str
    cause: str

    @property
    def succeeded(self) -> bool:
        """Whether the step passes."""
        return self.word == self.language.success

    @property
    def language(self) -> Language:
        """How the service speaks that gave the answer."""
        return LANGUAGES[self.step]


def word_about(step: Step, word: str) -> str:
    """A word, known or not, that can be an answer about a step.

    Raises:
        BadInput: the word is blank, or another service's own.
    """
    if not word.strip():
        raise BadInput("status", "must not be blank")
    for other, language in LANGUAGES.items():
        if other is not step and word in language.words:
            raise BadInput("status", f"is a word about {other}, and this was called about {step}")
    return word


def answer(step: Step, word: str) -> Answer:
    """What a word means that a service said, PROCESSING aside."""
    language = LANGUAGES[step]
    if word == language.success:
        return Answer(step, word, "")
    if word in language.failures:
        return Answer(step, word, language.failures[word])
    return Answer(step, UNKNOWN, f"the {step} service answered with an unknown status")
