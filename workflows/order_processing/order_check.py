"""Whether an order may be processed, whoever started the machine, as JSONata.

The edge has checked every order that came through it; an execution can be started by anyone who
may, with anything. The expressions read the state's input and run before the first call, so that
what they refuse has no effect.
"""

MAX_ITEMS = 99  # TransactWriteItems takes 100 actions; one is the reservation's own row
MAX_QUANTITY = 9999
MAX_AMOUNT = 999_999_999_999
"""Minor units; the edge takes no more."""
MAX_CUSTOMER_ID = 128
MAX_TEXT = 1000
MAX_TIME = 64
CURRENCY = "/^[A-Z]{3}$/"
DATE_TIME = "/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.+Z-]+$/"

OWN = (
    "($id := $type($states.input) = 'object' ? $states.input.orderId;"
    " $name := $states.context.Execution.Name;"
    " $type($id) != 'string' or $id = '' ? false : $name = $id"
    " or ($substring($name, 0, $length($id) + 1) = $id & '-'"
    " and $contains($substring($name, $length($id) + 1), /^[0-9]{1,6}$/)))"
)
"""Whether the input names the order that the execution is named after, or `<orderId>-<n>`."""

TEXT = (
    "$text := function($value, $most) {"
    " $type($value) = 'string' ? $length($value) >= 1 and $length($value) <= $most : false };"
)
"""Defines a function: whether a value is text of 1 to so many characters."""

_FUNCTIONS = (
    f"{TEXT}"
    f" $optional := function($value) {{ $exists($value) ? $text($value, {MAX_TEXT}) : true }};"
    " $whole := function($value, $most) { $type($value) = 'number'"
    " ? $value >= 1 and $value <= $most and $floor($value) = $value : false };"
    " $every := function($holds) { $not(false in $map($order.items, function($item) {"
    " $type($item) = 'object' ? $holds($item) : false })) };"
)
_AMOUNTS = (
    f"$every(function($item) {{ $whole($item.price, {MAX_AMOUNT})"
    f" and $whole($item.quantity, {MAX_QUANTITY}) }})"
)
_RULES = (
    ("$own", "orderId must be the execution's name, or that name without its -<number>"),
    (
        f"$text($order.customerId, {MAX_CUSTOMER_ID})",
        f"customerId must be text of 1 to {MAX_CUSTOMER_ID} characters",
    ),
    (
        f"$text($order.requestedAt, {MAX_TIME})"
        f" ? $contains($order.requestedAt, {DATE_TIME}) : false",
        "requestedAt must be a time in ISO 8601",
    ),
    (
        f"$text($order.currency, 3) ? $contains($order.currency, {CURRENCY}) : false",
        "currency must be the ISO 4217 code of a currency",
    ),
    ("$optional($order.email)", "email must be text"),
    ("$optional($order.address)", "address must be text"),
    (
        f"$type($order.payment) = 'object' ? $text($order.payment.token, {MAX_TEXT}) : false",
        "payment.token must be text",
    ),
    (
        "$type($order.items) = 'array'"
        f" ? $count($order.items) >= 1 and $count($order.items) <= {MAX_ITEMS} : false",
        f"items must be a list of 1 to {MAX_ITEMS} items",
    ),
    ("$every(function($item) { $text($item.itemId, 128) })", "itemId must be text"),
    (
        "$count($distinct($order.items.itemId)) = $count($order.items)",
        "items must name each item once",
    ),
    (_AMOUNTS, "price and quantity must be integers above zero"),
    (
        "$every(function($item) { $optional($item.itemDescription) })",
        "itemDescription must be text",
    ),
    (
        f"({_AMOUNTS} and $whole($order.orderTotal, {MAX_AMOUNT}))"
        " ? $sum($order.items.(price * quantity)) = $order.orderTotal : false",
        "orderTotal must be the sum of the items, in minor units",
    ),
)

_PROBLEM = (
    f"($own := {OWN}; $order := $type($states.input) = 'object' ? $states.input : {{}};"
    f" {_FUNCTIONS} $problem := ["
    + ", ".join(f'$not({holds}) ? "{sentence}"' for holds, sentence in _RULES)
    + "][0]; $exists($problem) ? $problem : '')"
)
"""The first rule that the order breaks, a sentence; empty where it breaks none."""

CHECKED = (
    "$merge([$type($states.input) = 'object' ? $states.input : {},"
    " {'attempt': 0, 'problem': " + _PROBLEM + "}])"
)
"""The order with its `problem`, for the branches, which go no further where there is one.

`attempt` counts how often its stock was tried for.
"""

IS_VALID = f"{_PROBLEM} = ''"
"""Whether the order has no problem."""


def unless_problem(request: str) -> str:
    """A request that is not made for an order with a problem: evaluating it fails instead.

    Args:
        request: a JSONata expression.
    """
    return f"$states.input.problem = '' ? {request} : $error($states.input.problem)"
