"""The order as it stands in CustomerOrders, written by updates that keep what others wrote.

Every expression reads the machine's variable `$order`: the order request in minor units. What
describes an order is written where the row lacks it, each column only if the order has it in its
form: the row of an order that was refused for its form says as much of it as can be said.
"""

from collections.abc import Mapping
from typing import Any

from workflows.order_processing.order_check import (
    CURRENCY,
    DATE_TIME,
    MAX_CUSTOMER_ID,
    MAX_TEXT,
    MAX_TIME,
    TEXT,
)
from workflows.shared.expressions import jsonata

OPTIONAL = "$exists({1}) ? {{'{0}': {{'S': {1}}}}} : {{}}"
"""A text of the name `{0}` in typed JSON, nothing where its expression `{1}` yields nothing."""

_ITEMS = (
    "[$order.items.{'M': $merge([{'itemId': {'S': itemId}, 'price': {'N': $string(price)},"
    " 'quantity': {'N': $string(quantity)}},"
    f" {OPTIONAL.format('itemDescription', 'itemDescription')}])}}]"
)

DESCRIPTION: Mapping[str, Any] = {
    "CustomerId": {"S": jsonata("$order.customerId")},
    "OrderTotal": {"N": jsonata("$string($order.orderTotal)")},
    "Currency": {"S": jsonata("$order.currency")},
    "Items": {"L": jsonata(_ITEMS)},
    "CreatedAt": {"S": jsonata("$order.requestedAt")},
}
"""The columns that describe an order which has the right form, besides `CONTACT`."""

CONTACT: Mapping[str, str] = {"Email": "$order.email", "Address": "$order.address"}
"""By column, the expression of a text that an order may lack."""

UNDECIDED = "#State = :pending AND attribute_not_exists(#CartId)"
"""The condition of an order of this machine's that is still undecided; a cart's is checkout's."""

KNOWN = (
    f"($o := $type($order) = 'object' ? $order : {{}}; {TEXT}"
    " $column := function($name, $value, $most) {"
    " $text($value, $most) ? {$name: {'S': $value}} : {} };"
    " $formed := function($value, $most, $form) {"
    " $text($value, $most) ? $contains($value, $form) : false };"
    f" $merge([$column('CustomerId', $o.customerId, {MAX_CUSTOMER_ID}),"
    f" $column('Email', $o.email, {MAX_TEXT}), $column('Address', $o.address, {MAX_TEXT}),"
    f" $formed($o.currency, 3, {CURRENCY}) ? {{'Currency': {{'S': $o.currency}}}} : {{}},"
    f" {{'CreatedAt': {{'S': $formed($o.requestedAt, {MAX_TIME}, {DATE_TIME})"
    " ? $o.requestedAt : $now()}},"
    " $valid ? {'OrderTotal': {'N': $string($o.orderTotal)}, 'Items': {'L': "
    f"{_ITEMS}"
    "}} : {}]))"
)
"""The columns that describe an order which may have any form, typed: what it says rightly.

What is too long for a key of an index would keep the row from ever being closed. `$valid` says
whether the order has the right form as a whole.
"""
