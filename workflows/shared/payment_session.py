"""The payment record: the condition under which it is created."""

CREATED_SESSION = {"ConditionExpression": "attribute_not_exists(SessionId)"}
"""The condition of a payment record: fulfillment's claim and a refund are never overwritten."""
