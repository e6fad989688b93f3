"""Counting what became of a load: orders, charges, stock, reviews, dead letters, mails."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from local.load.asked import catalogue
from local.load.counts import Counts
from local.load.customers import Answers
from local.load.watching import scan
from local.rows import plain
from local.stack import Stack

Row = dict[str, Any]

_QUEUE = "aws:sqs/queue:Queue"
_KEPT = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")


def count(stack: Stack, orders: int, answers: Answers) -> Counts:
    """Count everything; the cloud must have settled."""
    rows = {row["OrderId"]: row for row in _rows(stack, "CustomerOrders")}
    answered = answers.order_ids()
    good = "FULFILLED" if "fulfillment" in stack.outputs["stateMachines"] else "PROCESSED"
    reviews = [row for row in _rows(stack, "ManualReview") if "SettledAt" not in row]
    charges = charged(_rows(stack, "PaymentGateway"))
    right = [order for order, row in rows.items() if row["State"] == good]
    return Counts(
        orders=orders,
        answered=answers.taken,
        retries=dict(answers.retries),
        refused=dict(answers.refused),
        distinct=len(answered),
        states=dict(Counter(str(row["State"]) for row in rows.values())),
        lost=orders - len(answered.intersection(right)),
        double=_double(charges, answers),
        uncharged=sum(1 for order in right if not charges[order]),
        reviews=len(reviews),
        at_a_human=len({row["OrderId"] for row in reviews}),
        stock=missing_stock(_rows(stack, "Inventory"), _rows(stack, "Shipments")),
        dead_letters=_dead_letters(stack),
        executions={name: _executions(stack, arn) for name, arn in _machines(stack).items()},
        mails=len(stack.cloud.mails()),
        mails_twice=_twice(stack),
    )


def charged(ledger: Iterable[Row]) -> Counter[str]:
    """Charges by order: captures less refunds."""
    found: Counter[str] = Counter()
    for row in ledger:
        for entry in row.get("Entries", ()):
            found[row["Id"]] += {"capture": 1, "refund": -1}.get(entry["operation"], 0)
    return found


def missing_stock(inventory: Iterable[Row], shipments: Iterable[Row]) -> dict[str, int]:
    """By item, what is missing of on hand + reserved + shipped = start; negative: too much."""
    shipped: Counter[str] = Counter()
    for shipment in shipments:
        if "InventoryUpdatedAt" in shipment:
            for product in shipment["Products"]:
                shipped[product["id"]] += product["quantity"]
    now = {row["ProductId"]: row["OnHand"] + row["Reserved"] for row in inventory}
    start = {row["ProductId"]: row["OnHand"] for row in catalogue()}
    missing = {item: start[item] - now.get(item, 0) - shipped[item] for item in start}
    return {item: pieces for item, pieces in missing.items() if pieces}


def _double(charges: Counter[str], answers: Answers) -> int:
    """Orders charged more than once, and keys that became more than one order."""
    keys = sum(1 for orders in answers.orders.values() if len(orders) > 1)
    return keys + sum(1 for times in charges.values() if times > 1)


def _rows(stack: Stack, table: str) -> Iterable[Row]:
    return map(plain, scan(stack, table))


def _machines(stack: Stack) -> Mapping[str, str]:
    machines: Mapping[str, str] = stack.outputs["stateMachines"]
    return machines


def _executions(stack: Stack, machine: str) -> dict[str, int]:
    paginator = stack.cloud.client("stepfunctions").get_paginator("list_executions")
    pages = paginator.paginate(stateMachineArn=machine)
    return dict(Counter(each["status"] for page in pages for each in page["executions"]))


def _dead_letters(stack: Stack) -> dict[str, int]:
    """Messages by queue, in those that take dead letters and the one of unpublished outcomes."""
    made = [each for each in stack.deployment.registrations if each.type == _QUEUE]
    policies = [each.outputs.get("redrivePolicy") for each in made]
    dead = {json.loads(policy)["deadLetterTargetArn"] for policy in policies if policy}
    urls = [each.outputs["url"] for each in made if each.outputs["arn"] in dead]
    urls += [url for name, url in stack.outputs["queues"].items() if name.startswith("unpublished")]
    found = {str(url).rpartition("/")[2]: _depth(stack, str(url)) for url in urls}
    return {name: depth for name, depth in found.items() if depth}


def _depth(stack: Stack, url: str) -> int:
    asked = stack.cloud.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=_KEPT)
    return sum(int(asked["Attributes"][name]) for name in _KEPT)


def _twice(stack: Stack) -> int:
    """Mails that say the same to the same customer as an earlier one."""
    said = Counter((mail["to"], mail["subject"], mail["body"]) for mail in stack.cloud.mails())
    return sum(times - 1 for times in said.values())
