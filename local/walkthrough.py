"""What `orders serve` shows a person: where everything is, and commands to copy."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from local.walks import walk

_ENVIRONMENT = """\
export AWS_ENDPOINT_URL={endpoint} AWS_DEFAULT_REGION={region}
export AWS_ACCESS_KEY_ID={key} AWS_SECRET_ACCESS_KEY={secret}
"""
_API = "export ORDERS_API={api}\n"


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
    api = _API.format(api=ready["api"]) if ready["api"] else ""
    return f"{environment}{api}\n{walk(ready)}"
