"""Why a checkout failed, by the error and the stage in which it came."""

import pytest

from handlers.domain.checkout_refusals import Stage, refusal

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


def test_an_error_without_words_is_told_by_its_name() -> None:
    assert refusal(Stage.CONFIRM, "States.Runtime", "").cause == "States.Runtime"


def test_a_long_cause_is_cut() -> None:
    assert len(refusal(Stage.CONFIRM, "X", "word " * 1000).cause) == 500


@pytest.mark.parametrize(
    ("stage", "statuses"),
    [
        (Stage.CREATE, {"PaymentStatus": "Unsuccessful"}),
        (Stage.PAYMENT, {"PaymentStatus": "Unsuccessful"}),
        (Stage.RECORD, {"PaymentStatus": "Successful"}),
        (Stage.SHIPPING, {}),
        (Stage.CONFIRM, {}),
    ],
)
def test_the_statuses_say_what_did_and_what_did_not_happen(
    stage: Stage, statuses: dict[str, str]
) -> None:
    columns = refusal(stage, "X", OWN).columns
    failed = {"OrderStatus": "Failed", "ShippingStatus": "Unsuccessful"}
    assert columns == {"Reason": columns["Reason"], "Cause": OWN, **failed, **statuses}
