"""What `orders serve` shows a person: where everything is, and commands to copy."""

from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from local.emulator.outbox import PATH as OUTBOX

_ENVIRONMENT = """\
export AWS_ENDPOINT_URL={endpoint} AWS_DEFAULT_REGION={region}
export AWS_ACCESS_KEY_ID={key} AWS_SECRET_ACCESS_KEY={secret}
"""

_LOOK_AROUND = """\
aws stepfunctions list-state-machines
"""

_CHECKOUT = """\
# Something to sell.
for item in Orange Banana; do aws dynamodb put-item --table-name {inventory} --item \\
  "{{\\"ProductId\\": {{\\"S\\": \\"$item\\"}}, \\"OnHand\\": {{\\"N\\": \\"9\\"}}, \
\\"Reserved\\": {{\\"N\\": \\"0\\"}}}}"; done

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


def show(console: Console, ready: Mapping[str, Any]) -> None:
    """Print the addresses as a table, below them commands that work as they stand."""
    console.print(_addresses(ready))
    # Soft wrap leaves a line whole however narrow the terminal is, so that it can be copied.
    text = "\n" + commands(ready)
    console.print(text, soft_wrap=True, markup=False, highlight=False, emoji=False)


def _addresses(ready: Mapping[str, Any]) -> Table:
    table = Table(title="The stack is up", title_justify="left", show_header=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    rows = {
        "AWS endpoint": ready["endpoint"],
        "HTTP API": ready["api"] or "none in this stack",
        **{f"machine {name}": arn for name, arn in ready["stateMachines"].items()},
        "region": ready["region"],
        "credentials": f"{ready['credentials']['accessKeyId']} (key and secret)",
    }
    for name, value in rows.items():
        table.add_row(name, Text(value))  # as text: in an ARN, `:secret:` would be an emoji
    return table


def commands(ready: Mapping[str, Any]) -> str:
    """The environment for any AWS client, then the walk that this stack allows."""
    credentials = ready["credentials"]
    environment = _ENVIRONMENT.format(
        endpoint=ready["endpoint"],
        region=ready["region"],
        key=credentials["accessKeyId"],
        secret=credentials["secretAccessKey"],
    )
    walk = next((write(ready) for can, write in _WALKS if can(ready)), "")
    return environment + "\n" + walk


def _can_check_out(ready: Mapping[str, Any]) -> bool:
    return "checkout" in ready["stateMachines"] and "callbackSecretArn" in ready["outputs"]


def _check_out(ready: Mapping[str, Any]) -> str:
    return _CHECKOUT.format(
        endpoint=ready["endpoint"],
        outbox=OUTBOX,
        inventory=ready["outputs"]["tables"]["Inventory"],
        machine=ready["stateMachines"]["checkout"],
        requests=ready["outputs"]["queues"]["serviceRequests"],
        secret=ready["outputs"]["callbackSecretArn"],
    )


_WALKS: tuple[
    tuple[Callable[[Mapping[str, Any]], bool], Callable[[Mapping[str, Any]], str]], ...
] = (
    (_can_check_out, _check_out),
    (lambda _: True, lambda _: _LOOK_AROUND),
)
