"""Why a checkout failed, by the error and the stage in which it came."""

import pytest

from handlers.checkout.rules.refusals import Stage, refusal

OWN = "the error's own words"


@pytest.mark.parametrize(
    ("stage", "error", "reason", "cause", "review"),
    [
        ("create", "OutOfStock", "OutOfStock", OWN, False),
        ("create", "PriceMismatch", "PriceMismatch", OWN, False),
        ("create", "InvalidOrder", "InvalidOrder", OWN, False),
        ("create", "TableContended", "ProcessingError", OWN, True),
        (
            "create",
            "States.Timeout",
            "ProcessingError",
            "creating the order did not finish in time",
            True,
        ),
        ("payment", "PaymentFailed", "PaymentFailed", OWN, False),
        (
            "payment",
            "States.Timeout",
            "PaymentFailed",
            "the payment service did not answer in time",
            False,
        ),
        (
            "payment",
            "States.HeartbeatTimeout",
            "PaymentFailed",
            "the payment service stopped reporting progress",
            False,
        ),
        ("payment", "Lambda.Unknown", "PaymentFailed", OWN, True),
        ("payment", "OutOfStock", "PaymentFailed", OWN, True),
        (
            "record",
            "States.Timeout",
            "ProcessingError",
            "recording the payment did not finish in time",
            True,
        ),
        ("record", "PaymentFailed", "ProcessingError", OWN, True),
        ("shipping", "ShippingFailed", "ShippingFailed", OWN, False),
        (
            "shipping",
            "States.Timeout",
            "ShippingFailed",
            "the shipping service did not answer in time",
            False,
        ),
        ("shipping", "CheckoutClosed", "ShippingFailed", OWN, True),
        ("confirm", "DynamoDb.TransactionCanceledException", "ProcessingError", OWN, True),
    ],
)
def test_an_error_is_a_refusal_by_its_stage(
    stage: str, error: str, reason: str, cause: str, review: bool
) -> None:
    found = refusal(Stage(stage), error, OWN)
    assert (found.reason, found.cause, found.review) == (reason, cause, review)


def test_an_error_without_words_has_its_name_for_a_cause() -> None:
    assert refusal(Stage.CONFIRM, "States.Runtime", "").cause == "States.Runtime"


def test_a_long_cause_is_cut() -> None:
    assert len(refusal(Stage.CONFIRM, "X", "word " * 1000).cause) == 500


@pytest.mark.parametrize("stage", list(Stage))
def test_the_fence_says_why_and_of_the_payment_only_that_it_was_reported(stage: Stage) -> None:
    """What became of the payment is known once it was cancelled."""
    why = refusal(stage, "X", OWN)
    paid = {"PaymentStatus": "Successful"} if stage is Stage.RECORD else {}
    assert why.columns == {"Reason": why.reason, "Cause": OWN, **paid}
