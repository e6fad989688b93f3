"""The requests on Reservations and Inventory rows, and what the rows say, as JSONata.

Every expression reads the order itself, `$states.input`: the machine's variables are not set yet
when the stock is reserved. `%(...)s` stands for what `rendered` is given.
"""

from workflows.shared.expressions import jsonata

RESERVE = (
    "$append([{'Put': {'TableName': '%(reservations)s',"
    " 'ConditionExpression': 'attribute_not_exists(OrderId)',"
    " 'Item': {'OrderId': {'S': $states.input.orderId}, 'Status': {'S': 'RESERVED'},"
    " 'ExecutionArn': {'S': $states.context.Execution.Id}, 'Expiring': {'S': 'yes'},"
    " 'ExpiresAt': {'N': $string($floor($millis() / 1000) + %(seconds)s)},"
    " 'Items': {'L': [$states.input.items."
    "{'M': {'itemId': {'S': itemId}, 'quantity': {'N': $string(quantity)}}}]}}}}],"
    " $states.input.items.{'Update': {'TableName': '%(inventory)s',"
    " 'Key': {'ProductId': {'S': itemId}},"
    " 'UpdateExpression': 'SET OnHand = OnHand - :quantity, Reserved = Reserved + :quantity',"
    " 'ConditionExpression':"
    " 'OnHand >= :quantity AND Price = :price AND Currency = :currency',"
    " 'ExpressionAttributeValues': {':quantity': {'N': $string(quantity)},"
    " ':price': {'N': $string(price)}, ':currency': {'S': $states.input.currency}}}})"
)
"""One transaction: the reservation's own row, and each item's quantity from on hand to reserved."""

READ = (
    "$append([{'Get': {'TableName': '%(reservations)s',"
    " 'Key': {'OrderId': {'S': $states.input.orderId}}}}],"
    " $states.input.items.{'Get': {'TableName': '%(inventory)s',"
    " 'Key': {'ProductId': {'S': itemId}}}})"
)
"""The same rows, read in one transaction: the reservation first, then the items in order."""

FINDING = (
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
"""The order with what its rows say: `finding` and `cause`. A price comes before a stock."""

REPORT = (
    "($found := $states.input.finding;"
    " $refused := $found in ['InvalidOrder', 'PriceMismatch', 'OutOfStock'];"
    " {'step': 'ReserveStock', 'granted': $found = 'Reserved',"
    " 'cause': $states.input.cause,"
    " 'technical': $not($refused or $found = 'Reserved'),"
    " 'reason': $refused ? $found : 'ProcessingError'})"
)
"""The branch's outcome, from a finding."""


def rendered(expression: str, **names: str | int) -> str:
    """An expression of this module over the tables of these names."""
    return jsonata(expression % names)
