"""The `Resource` of a Task, taken apart.

Its forms: a Lambda function's ARN, an activity's ARN, or a service integration
`arn:<partition>:states:::<service>:<api>` that may end in `.sync`, `.sync:2` or
`.waitForTaskToken` (AWS Step Functions Developer Guide, "Integrating services").
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_PARTITION: Final = r"arn:(?P<partition>aws(?:-[a-z-]+)?)"
_INTEGRATION: Final = re.compile(
    _PARTITION
    + r":states:[a-z0-9-]*:[0-9]*:"
    + r"(?P<api>(?:aws-sdk:)?[A-Za-z0-9-]+:[A-Za-z0-9]+)"
    + r"(?P<pattern>\.sync(?::2)?|\.waitForTaskToken)?"
)
_FUNCTION: Final = re.compile(
    _PARTITION + r":lambda:[a-z0-9-]+:[0-9]+:function:[A-Za-z0-9_-]{1,140}"
    r"(?::(?:\$LATEST|[A-Za-z0-9_-]{1,128}))?"
)
_ACTIVITY: Final = re.compile(_PARTITION + r":states:[a-z0-9-]+:[0-9]{12}:activity:\S{1,80}")

FUNCTION: Final = "function"
ACTIVITY: Final = "activity"
SYNC: Final = (".sync", ".sync:2")
CALLBACK: Final = ".waitForTaskToken"


class Resource(NamedTuple):
    """What a Task works on."""

    api: str
    """`dynamodb:putItem`, `aws-sdk:sesv2:sendEmail`, or `function`, `activity` for an ARN."""
    pattern: str
    """How it waits: empty, `.sync`, `.sync:2` or `.waitForTaskToken`."""
    arn: str


def parse(resource: str) -> Resource | None:
    """A Task's `Resource` taken apart; None if it has none of the known forms."""
    if _FUNCTION.fullmatch(resource):
        return Resource(FUNCTION, "", resource)
    if _ACTIVITY.fullmatch(resource):
        return Resource(ACTIVITY, "", resource)
    match = _INTEGRATION.fullmatch(resource)
    return Resource(match["api"], match["pattern"] or "", resource) if match else None
