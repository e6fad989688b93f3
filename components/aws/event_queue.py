"""Events that wait in a queue for a function."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi

from components.aws.event_rule import EventRule, EventRuleArgs
from components.aws.function import TIMEOUT_SECONDS
from components.aws.queue import Queue
from components.aws.topic import Topic

VISIBILITY_SECONDS = 6 * TIMEOUT_SECONDS


class EventQueueArgs(TypedDict):
    """`pattern` selects the events of `bus`, or of the default bus; `alarms` hears of failures."""

    pattern: Mapping[str, Any]
    bus: NotRequired[pulumi.Input[str]]
    alarms: Topic


def event_queue(name: str, args: EventQueueArgs, parent: pulumi.Resource) -> Queue:
    """A queue that a rule of the same name fills, with time for a function of the usual timeout.

    What the rule cannot deliver, and what the function fails five times, is kept in one
    dead-letter queue.
    """
    selection: EventRuleArgs = {"pattern": args["pattern"]}
    if "bus" in args:
        selection["bus"] = args["bus"]
    rule = EventRule(name, selection, pulumi.ResourceOptions(parent=parent))
    return queue_behind(rule, name, args["alarms"], parent)


def queue_behind(rule: EventRule, name: str, alarms: Topic, parent: pulumi.Resource) -> Queue:
    """The queue of an `event_queue` whose rule is known apart from it."""
    queue = Queue(
        name,
        {"visibility_timeout": VISIBILITY_SECONDS, "rules": [rule.arn], "alarms": alarms},
        pulumi.ResourceOptions(parent=parent),
    )
    rule.deliver("queue", queue.arn, queue.dead_letter_arn)
    return queue
