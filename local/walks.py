"""Commands to copy: what can be tried by hand on a stack, by what it has."""

import json
import shlex
from collections.abc import Callable, Mapping
from typing import Any

from local.emulator.outbox import PATH as OUTBOX

Ready = Mapping[str, Any]

_LOOK_AROUND = """\
aws stepfunctions list-state-machines
"""

_SELL = """\
# Something to sell: an item and its price, in the currency's smallest unit.
sell() {{
  aws dynamodb put-item --table-name {inventory} --item \\
    "{{\\"ProductId\\": {{\\"S\\": \\"$1\\"}}, \\"Price\\": {{\\"N\\": \\"$2\\"}}, \
\\"Currency\\": {{\\"S\\": \\"USD\\"}}, \\"OnHand\\": {{\\"N\\": \\"9\\"}}, \
\\"Reserved\\": {{\\"N\\": \\"0\\"}}, \\"FulfillmentCenterId\\": {{\\"S\\": \\"fc-1\\"}}}}"
}}
sell item-c9f4x 100000; sell Orange 67; sell Banana 60

"""

_PLACE = """\
# A customer places an order.
curl -si {api}/orders \\
  --aws-sigv4 "aws:amz:{region}:execute-api" --user {key}:{secret} \\
  -H 'Content-Type: application/json' -H "Idempotency-Key: $(date +%s)" \\
  -d '{{"customerId": "c-id-56392", "email": "a@example.com", "address": "1 George Street", \
"orderContents": {{"items": [{{"itemId": "item-c9f4x", "price": 1000}}]}}, "orderTotal": 1000, \
"paymentDetails": {{"token": "tok_visa"}}}}'
echo

# Another, by this project's own command, which waits until it is decided.
.venv/bin/orders place samples/order_processing/01_one_item.json --wait

# The customer's orders: processed, and a moment later fulfilled.
curl -s {api}/customers/c-id-56392/orders \\
  --aws-sigv4 "aws:amz:{region}:execute-api" --user {key}:{secret}; echo

"""

_CHECK_OUT = """\
# A customer checks out a cart.
aws stepfunctions start-execution --state-machine-arn {machine} \\
  --input '{{"CartId": "835235", "Email": "a@example.com", "Address": "1 George Street", \
"Orange": "1", "Banana": "1", "total_cost": "1.27"}}'

# You are the outside services: take the next request from the queue and answer it, signed.
answer() {{
  local queue message request url order body time secret signature
  queue=(--endpoint-url "$AWS_ENDPOINT_URL" --queue-url {requests})
  message=$(aws sqs receive-message "${{queue[@]}}" --wait-time-seconds 10 \\
    --query 'Messages[0].[ReceiptHandle,Body]' --output text)
  aws sqs delete-message "${{queue[@]}}" --receipt-handle "$(echo "$message" | cut -f1)"
  request=$(echo "$message" | cut -f2); echo "$request"
  url=$(echo "$request" | python3 -c 'import json, sys; print(json.load(sys.stdin)["callbackUrl"])')
  order=$(echo "$request" | python3 -c 'import json, sys; print(json.load(sys.stdin)["orderId"])')
  body="{{\\"orderId\\": \\"$order\\", \\"status\\": \\"$1\\"}}"; time=$(date +%s)
  secret=$(aws secretsmanager get-secret-value --query SecretString --output text \\
    --secret-id {secret})
  signature=$(printf '%s.%s' "$time" "$body" | openssl dgst -sha256 -hmac "$secret" | sed 's/.* //')
  curl -si "$url" -H 'Content-Type: application/json' -H "X-Orders-Timestamp: $time" \\
    -H "X-Orders-Signature: v1=$signature" -d "$body"; echo
}}
answer succeeded  # the payment service
answer available  # the shipping service

# How it ended, and the mail that the customer got.
aws stepfunctions list-executions --state-machine-arn {machine} --query 'executions[].status'
sleep 3; curl -s {endpoint}{outbox}; echo
"""

_OUTPUTS = """\
cat > orders-outputs.json <<'END'
{document}
END
export ORDERS_OUTPUTS="$PWD/orders-outputs.json"
"""

_ON_CALL = """\
# Whoever is on call: what waits for a human, and outcomes that could not be published.
{known}.venv/bin/orders review list
.venv/bin/orders republish --dry-run

"""


def walk(ready: Ready) -> str:
    """The commands that this stack allows; without any, how to look around in it."""
    texts = [write(ready) for can, write in _WALKS if can(ready)]
    return "".join(texts) or _LOOK_AROUND


def _can_place(ready: Ready) -> bool:
    return bool(ready["api"]) and "order_processing" in ready["stateMachines"]


def _can_check_out(ready: Ready) -> bool:
    return "checkout" in ready["stateMachines"] and "callbackSecretArn" in ready["outputs"]


def _can_sell(ready: Ready) -> bool:
    return _can_place(ready) or _can_check_out(ready)


def _sell(ready: Ready) -> str:
    return _SELL.format(inventory=ready["outputs"]["tables"]["Inventory"])


def _place(ready: Ready) -> str:
    credentials = ready["credentials"]
    return _PLACE.format(
        api=ready["api"],
        region=ready["region"],
        key=credentials["accessKeyId"],
        secret=credentials["secretAccessKey"],
    )


def _check_out(ready: Ready) -> str:
    return _CHECK_OUT.format(
        endpoint=ready["endpoint"],
        outbox=OUTBOX,
        machine=ready["stateMachines"]["checkout"],
        requests=ready["outputs"]["queues"]["serviceRequests"],
        secret=ready["outputs"]["callbackSecretArn"],
    )


def _can_be_on_call(ready: Ready) -> bool:
    outputs = ready["outputs"]
    known = bool(ready["stateMachines"]) and "eventBus" in outputs
    return known and "unpublishedOutcomes" in outputs.get("queues", {})


def _on_call(ready: Ready) -> str:
    """With the file of the stack's outputs, or without one the commands that write it."""
    file, outputs = ready.get("outputsFile"), ready["outputs"]
    if file:
        return _ON_CALL.format(known=f"export ORDERS_OUTPUTS={shlex.quote(file)}\n")
    document = {name: outputs[name] for name in ("tables", "queues", "eventBus")}
    return _ON_CALL.format(known=_OUTPUTS.format(document=json.dumps(document)))


_WALKS: tuple[tuple[Callable[[Ready], bool], Callable[[Ready], str]], ...] = (
    (_can_sell, _sell),
    (_can_place, _place),
    (_can_check_out, _check_out),
    (_can_be_on_call, _on_call),
)
