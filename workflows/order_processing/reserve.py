"""Reserving an order's whole stock: every item or none, in one DynamoDB transaction.

A cancelled transaction says little in its error: one code an action, and no values. So the
rows are read, and what they say decides: an earlier reservation of this very order is success, a
price that differs and then a short stock are refusals, and where nothing is wrong another order's
transaction was in the way, so this one is made again.
"""

from typing import Any

from asl import catch, transact
from workflows.order_processing import reservation_rows
from workflows.order_processing.order_check import unless_problem
from workflows.shared.expressions import MESSAGE, jsonata
from workflows.shared.retries import CANCELED, TIMEOUT, transaction_retries

RESERVATION_SECONDS = 25200  # longer than the machine may take, so that no running order loses it
ATTEMPTS = 6

_ATTEMPT = "$states.input.attempt"
_BROKEN = catch(
    ["States.ALL"],
    "ReportStock",
    Output={"finding": "ProcessingError", "cause": jsonata(MESSAGE)},
)
_PROBLEM = catch(
    ["States.QueryEvaluationError"],
    "ReportStock",
    Output={
        "finding": jsonata("$states.input.problem = '' ? 'ProcessingError' : 'InvalidOrder'"),
        "cause": jsonata(f"$states.input.problem = '' ? {MESSAGE} : $states.input.problem"),
    },
)


def reserve_stock(reservations: str, inventory: str) -> dict[str, Any]:
    """The branch that reserves the stock and reports `{granted, reason, cause, technical}`.

    Args:
        reservations: the name of the Reservations table.
        inventory: the name of the Inventory table.
    """
    return {
        "StartAt": "ReserveStock",
        "States": {
            "ReserveStock": _reserve(reservations, inventory),
            "ReadStock": _read(reservations, inventory),
            **_judge(),
            "ReportStock": {
                "Type": "Pass",
                "Output": jsonata(reservation_rows.REPORT),
                "End": True,
            },
        },
    }


def _reserve(reservations: str, inventory: str) -> dict[str, Any]:
    actions = reservation_rows.rendered(
        unless_problem(reservation_rows.RESERVE),
        reservations=reservations,
        inventory=inventory,
        seconds=RESERVATION_SECONDS,
    )
    next_attempt = jsonata(f"$merge([$states.input, {{'attempt': {_ATTEMPT} + 1}}])")
    return transact(
        "transactWriteItems",
        {"TransactItems": actions},
        declares={reservations: ["PutItem"], inventory: ["UpdateItem"]},
        retry_on=TIMEOUT,
        Output={"granted": True},
        Catch=[catch([CANCELED], "ReadStock", Output=next_attempt), _PROBLEM, _BROKEN],
        End=True,
    )


def _read(reservations: str, inventory: str) -> dict[str, Any]:
    rows = reservation_rows.rendered(
        reservation_rows.READ, reservations=reservations, inventory=inventory
    )
    return transact(
        "transactGetItems",
        {"TransactItems": rows},
        declares={reservations: ["GetItem"], inventory: ["GetItem"]},
        Retry=transaction_retries("transactGetItems"),
        Output=jsonata(reservation_rows.FINDING),
        Catch=[_BROKEN],
        Next="JudgeStock",
    )


def _judge() -> dict[str, Any]:
    """Reserves again where another order was in the way, after a pause that grows."""
    in_the_way = f"$states.input.finding = 'Contended' and {_ATTEMPT} < {ATTEMPTS}"
    return {
        "JudgeStock": {
            "Type": "Choice",
            "Choices": [{"Condition": jsonata(in_the_way), "Next": "AwaitStock"}],
            "Default": "ReportStock",
        },
        "AwaitStock": {
            "Type": "Wait",
            "Seconds": jsonata(f"1 + $floor($random() * $power(2, {_ATTEMPT}))"),
            "Next": "ReserveStock",
        },
    }
