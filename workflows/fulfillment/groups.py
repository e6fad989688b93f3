"""One group a fulfillment centre: its stock is taken beside sending the centre its request.

A group never fails its siblings: each half reports `{step, done}`, with `error` and `cause` where
it was not done, and all groups are judged together at the end.
"""

from typing import Any

from asl import catch, invoke, retry, transient_errors
from workflows.shared.expressions import MESSAGE, jsonata
from workflows.shared.retries import FUNCTION

CONCURRENCY = 10
RETRIES = 5
"""Of each part: of 300 groups, ten retries each still fit into one execution's history."""
_PATIENT = retry(
    [*transient_errors("lambda:invoke"), *FUNCTION],
    IntervalSeconds=2,
    MaxAttempts=RETRIES,
    BackoffRate=3,
)
_MOST = 200  # characters of a part's cause: every group may fail, and one variable holds all

_SHIPMENTS = (
    "($results := $states.result; [$map($states.input.groups, function($group, $index) {"
    "{'fulfillmentCenterId': $group.fulfillmentCenterId, 'products': $group.products,"
    " 'arrivalDate': $group.arrivalDate,"
    " 'labelKey': $results[$index].parts[step = 'SendToFulfillmentCenter'].labelKey}})])"
)
_FAILED = (
    "($results := $states.result; [$map($states.input.groups, function($group, $index) {"
    "($parts := $results[$index].parts; $count($parts[$not(done)]) > 0 ? $merge(["
    "$sift($group, function($value, $name) {$name != 'address'}), {'parts': $parts}]))})])"
)


def fulfill(update_inventory: str, send_to_center: str) -> dict[str, Any]:
    """The states that fulfill every group of the plan, and look whether all could be.

    They leave the variables `$shipments`, one for each group, and `$failed`, the groups of which
    a part was not done, with what their parts report.
    """
    return {
        "FulfillGroups": {
            "Type": "Map",
            "Items": jsonata("$states.input.groups"),
            "MaxConcurrency": CONCURRENCY,
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "INLINE"},
                "StartAt": "FulfillGroup",
                "States": {"FulfillGroup": _group(update_inventory, send_to_center)},
            },
            "Assign": {
                "shipments": jsonata(_SHIPMENTS),
                "arrivalDate": jsonata("$states.input.arrivalDate"),
                "failed": jsonata(_FAILED),
            },
            "Output": {},
            "Next": "AreGroupsFulfilled",
        },
        "AreGroupsFulfilled": {
            "Type": "Choice",
            "Choices": [{"Condition": jsonata("$count($failed) = 0"), "Next": "RecordFulfillment"}],
            "Default": "CancelShipments",
        },
    }


def _group(update_inventory: str, send_to_center: str) -> dict[str, Any]:
    return {
        "Type": "Parallel",
        "Branches": [
            _part("UpdateInventory", update_inventory, "InventoryNotUpdated"),
            _part("SendToFulfillmentCenter", send_to_center, "RequestNotSent"),
        ],
        "Output": {
            "fulfillmentCenterId": jsonata("$states.input.fulfillmentCenterId"),
            "parts": jsonata("$states.result"),
        },
        "End": True,
    }


def _part(step: str, function: str, not_done: str) -> dict[str, Any]:
    report = {
        "step": step,
        "done": False,
        "error": jsonata("$states.errorOutput.Error"),
        "cause": jsonata(f"$substring({MESSAGE}, 0, {_MOST})"),
    }
    return {
        "StartAt": step,
        "States": {
            step: invoke(
                function,
                {"group": jsonata("$states.input")},
                Retry=[_PATIENT],
                Catch=[catch(["States.ALL"], not_done, Output=report)],
                End=True,
            ),
            not_done: {"Type": "Pass", "End": True},
        },
    }
