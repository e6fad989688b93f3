"""Holding an order's amount on the customer's card.

The branch reports a refusal instead of failing, so that its sibling, which reserves the stock,
is never cut off. It works on the checked order, `$states.input`: the machine's variables are not
set yet.
"""

from typing import Any

from asl import catch, invoke
from workflows.order_processing.order_check import unless_problem
from workflows.shared.expressions import MESSAGE, jsonata
from workflows.shared.retries import FUNCTION

_REQUEST = (
    "{'orderId': $states.input.orderId, 'amount': $states.input.orderTotal,"
    " 'currency': $states.input.currency, 'payment': $states.input.payment}"
)


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
                jsonata(unless_problem(_REQUEST)),
                retry_on=FUNCTION,
                Output=jsonata("$merge([{'granted': true}, $states.result.Payload])"),
                Catch=[
                    _report(["PaymentNotVerified", "PaymentDeclined"], technical=False),
                    problem("AuthorizePayment", "ReportPayment"),
                    _report(["States.ALL"], technical=True),
                ],
                End=True,
            ),
            "ReportPayment": {"Type": "Pass", "End": True},
        },
    }


def problem(step: str, report: str) -> dict[str, Any]:
    """The Catch of a task that was not made because the order has a problem.

    Args:
        step: the task.
        report: the state that reports the branch's outcome.
    """
    found = {
        "step": step,
        "granted": False,
        "technical": jsonata("$states.input.problem = ''"),
        "reason": jsonata("$states.input.problem = '' ? 'ProcessingError' : 'InvalidOrder'"),
        "cause": jsonata(f"$states.input.problem = '' ? {MESSAGE} : $states.input.problem"),
    }
    return catch(["States.QueryEvaluationError"], report, Output=found)


def _report(errors: list[str], technical: bool) -> dict[str, Any]:
    """A refusal has its own name; anything technical is a processing error."""
    report = {
        "step": "AuthorizePayment",
        "granted": False,
        "technical": technical,
        "reason": "ProcessingError" if technical else jsonata("$states.errorOutput.Error"),
        "cause": jsonata(MESSAGE),
    }
    return catch(errors, "ReportPayment", Output=report)
