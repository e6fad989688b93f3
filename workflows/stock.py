"""Reserving an order's whole stock: every item or none, in one DynamoDB transaction.

A cancelled transaction says little in its error: one code an action, and no values. So the
rows are read, and what they say decides: an earlier reservation of this very order is success, a
price that differs and then a short stock are refusals, and where nothing is wrong another order's
transaction was in the way, so this one is tried again.

The states work on the order itself, `$states.input`: the machine's variables are not set yet.
"""

from typing import Any

from asl import catch, transact
from workflows.expressions import MESSAGE, jsonata

MAX_ITEMS = 99  # TransactWriteItems takes 100 actions; one is the reservation's own row
RESERVATION_SECONDS = 3600
ATTEMPTS = 6

_ORDER = "$states.input"

_RESERVATION = (
    "{'Put': {'TableName': '%(reservations)s',"
    " 'ConditionExpression': 'attribute_not_exists(OrderId)',"
    " 'Item': {'OrderId': {'S': $states.input.orderId}, 'Status': {'S': 'RESERVED'},"
    " 'ExecutionArn': {'S': $states.context.Execution.Id}, 'Expiring': {'S': 'yes'},"
    " 'ExpiresAt': {'N': $string($floor($millis() / 1000) + %(seconds)d)},"
    " 'Items': {'L': [$states.input.items."
    "{'M': {'itemId': {'S': itemId}, 'quantity': {'N': $string(quantity)}}}]}}}}"
)
_DECREMENTS = (
    "$states.input.items.{'Update': {'TableName': '%(inventory)s',"
    " 'Key': {'ProductId': {'S': itemId}},"
    " 'UpdateExpression': 'SET OnHand = OnHand - :quantity, Reserved = Reserved + :quantity',"
    " 'ConditionExpression':"
    " 'OnHand >= :quantity AND Price = :price AND Currency = :currency',"
    " 'ExpressionAttributeValues': {':quantity': {'N': $string(quantity)},"
    " ':price': {'N': $string(price)}, ':currency': {'S': $states.input.currency}}}}"
)
_READS = (
    "$append([{'Get': {'TableName': '%(reservations)s',"
    " 'Key': {'OrderId': {'S': $states.input.orderId}}}}],"
    " $states.input.items.{'Get': {'TableName': '%(inventory)s',"
    " 'Key': {'ProductId': {'S': itemId}}}})"
)
_FINDING = (
    "($order := $states.input; $rows := $states.result.Responses;"
    " $lines := [$map($order.items, function($item, $index) {"
    " ($row := $rows[$index + 1].Item; {'itemId': $item.itemId,"
    " 'mispriced': $exists($row) and ($number($row.Price.N) != $item.price"
    " or $row.Currency.S != $order.currency),"
    " 'short': $exists($row) ? $number($row.OnHand.N) < $item.quantity : true})})];"
    " $mispriced := [$lines[mispriced].itemId]; $short := [$lines[short].itemId];"
    " $status := $rows[0].Item.Status.S;"
    " $merge([$order, $status in ['RESERVED', 'COMMITTED'] ? {'finding': 'Reserved', 'cause': ''}"
    " : $exists($status) ? {'finding': 'ProcessingError',"
    " 'cause': 'the order was compensated before its stock was reserved'}"
    " : $count($mispriced) > 0 ? {'finding': 'PriceMismatch',"
    " 'cause': 'the price differs from the catalogue for ' & $join($mispriced, ', ')}"
    " : $count($short) > 0 ? {'finding': 'OutOfStock',"
    " 'cause': 'not enough stock of ' & $join($short, ', ')}"
    " : {'finding': 'Contended', 'cause': 'other orders held the same items for too long'}]))"
)
_ATTEMPT = "($exists($states.input.attempt) ? $states.input.attempt : 0)"


def reserve_stock(reservations: str, inventory: str) -> dict[str, Any]:
    """The branch that reserves the stock and reports `{granted, reason, cause, technical}`.

    Args:
        reservations: the name of the Reservations table.
        inventory: the name of the Inventory table.
    """
    tables = {
        "reservations": reservations,
        "inventory": inventory,
        "seconds": RESERVATION_SECONDS,
    }
    return {
        "StartAt": "ReserveStock",
        "States": {
            "ReserveStock": transact(
                "transactWriteItems",
                {
                    "TransactItems": jsonata(
                        f"$append([{_RESERVATION % tables}], {_DECREMENTS % tables})"
                    )
                },
                declares={reservations: ["PutItem"], inventory: ["UpdateItem"]},
                Output={"granted": True},
                Catch=[
                    catch(
                        ["DynamoDb.TransactionCanceledException"],
                        "ReadStock",
                        Output=jsonata(f"$merge([{_ORDER}, {{'attempt': {_ATTEMPT} + 1}}])"),
                    ),
                    catch(
                        ["States.ALL"],
                        "ReportStock",
                        Output={"finding": "ProcessingError", "cause": jsonata(MESSAGE)},
                    ),
                ],
                End=True,
            ),
            "ReadStock": transact(
                "transactGetItems",
                {"TransactItems": jsonata(_READS % tables)},
                declares={reservations: ["GetItem"], inventory: ["GetItem"]},
                retry_on=["DynamoDb.TransactionCanceledException"],
                Output=jsonata(_FINDING),
                Catch=[
                    catch(
                        ["States.ALL"],
                        "ReportStock",
                        Output={"finding": "ProcessingError", "cause": jsonata(MESSAGE)},
                    )
                ],
                Next="JudgeStock",
            ),
            "JudgeStock": {
                "Type": "Choice",
                "Choices": [
                    {
                        "Condition": jsonata(
                            f"$states.input.finding = 'Contended' and {_ATTEMPT} < {ATTEMPTS}"
                        ),
                        "Next": "AwaitStock",
                    }
                ],
                "Default": "ReportStock",
            },
            "AwaitStock": {
                "Type": "Wait",
                "Seconds": jsonata(f"1 + $floor($random() * $power(2, {_ATTEMPT}))"),
                "Next": "ReserveStock",
            },
            "ReportStock": {
                "Type": "Pass",
                "Output": jsonata(
                    "($found := $states.input.finding;"
                    " $refused := $found in ['PriceMismatch', 'OutOfStock'];"
                    " {'step': 'ReserveStock', 'granted': $found = 'Reserved',"
                    " 'cause': $states.input.cause,"
                    " 'technical': $not($refused or $found = 'Reserved'),"
                    " 'reason': $refused ? $found : 'ProcessingError'})"
                ),
                "End": True,
            },
        },
    }
