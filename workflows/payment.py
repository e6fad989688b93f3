"""Holding an order's amount on the customer's card.

The branch reports a refusal instead of failing, so that its sibling, which reserves the stock,
is never cut off. It works on the order itself, `$states.input`: the machine's variables are not
set yet.
"""

from typing import Any

from asl import catch, invoke
from workflows.expressions import MESSAGE, jsonata
from workflows.unanswered import FUNCTION


def authorize_payment(function: str) -> dict[str, Any]:
    """The branch that reports `{granted, authorizationId}`, or why not.

    Args:
        function: the ARN of AuthorizePayment.
    """
    return {
        "StartAt": "AuthorizePayment",
        "States": {
            "AuthorizePayment": invoke(
                function,
                {
                    "orderId": jsonata("$states.input.orderId"),
                    "amount": jsonata("$states.input.orderTotal"),
                    "currency": jsonata("$states.input.currency"),
                    "payment": jsonata("$states.input.payment"),
                },
                retry_on=["PaymentGatewayUnavailable", *FUNCTION],
                Output=jsonata("$merge([{'granted': true}, $states.result.Payload])"),
                Catch=[
                    _report(["PaymentNotVerified", "PaymentDeclined"], technical=False),
                    _report(["States.ALL"], technical=True),
                ],
                End=True,
            ),
            "ReportPayment": {"Type": "Pass", "End": True},
        },
    }


def _report(errors: list[str], technical: bool) -> dict[str, Any]:
    """A refusal is told by its own name; anything technical is a processing error."""
    report = {
        "step": "AuthorizePayment",
        "granted": False,
        "technical": technical,
        "reason": "ProcessingError" if technical else jsonata("$states.errorOutput.Error"),
        "cause": jsonata(MESSAGE),
    }
    return catch(errors, "ReportPayment", Output=report)
