"""Lambda's event source mappings."""

from __future__ import annotations

from local.deploy.backend import Created
from local.deploy.fields import Fields
from local.deploy.kinds import Kind, Kinds, Order

_MAPPING: Fields = {
    "batchSize": "BatchSize",
    "bisectBatchOnFunctionError": "BisectBatchOnFunctionError",
    "destinationConfig": (
        "DestinationConfig",
        {"onFailure": ("OnFailure", {"destinationArn": "Destination"})},
    ),
    "enabled": "Enabled",
    "eventSourceArn": "EventSourceArn",
    "filterCriteria": ("FilterCriteria", {"filters": ("Filters", {"pattern": "Pattern"})}),
    "functionName": "FunctionName",
    "functionResponseTypes": "FunctionResponseTypes",
    "kmsKeyArn": "KMSKeyArn",
    "maximumBatchingWindowInSeconds": "MaximumBatchingWindowInSeconds",
    "maximumRecordAgeInSeconds": "MaximumRecordAgeInSeconds",
    "maximumRetryAttempts": "MaximumRetryAttempts",
    "parallelizationFactor": "ParallelizationFactor",
    "scalingConfig": ("ScalingConfig", {"maximumConcurrency": "MaximumConcurrency"}),
    "startingPosition": "StartingPosition",
    "tags": "Tags",
}


def _mapping(order: Order) -> Created:
    made = order.cloud.client("lambda").create_event_source_mapping(**order.params)
    outputs = {
        "arn": order.arn("lambda", f"event-source-mapping:{made['UUID']}"),
        "functionArn": made["FunctionArn"],
        "state": made["State"],
        "uuid": made["UUID"],
    }
    return Created(made["UUID"], outputs)


KINDS: Kinds = {"aws:lambda/eventSourceMapping:EventSourceMapping": Kind(_mapping, _MAPPING)}
