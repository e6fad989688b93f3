"""Lambda functions, layers and what is attached to them."""

from __future__ import annotations

import base64
from typing import Any

from local.deploy.archives import Package
from local.deploy.backend import Created
from local.deploy.fields import Fields, Params
from local.deploy.kinds import Kind, Kinds, Order


def _zip(name: str, package: Package) -> Params:
    return {name: {"ZipFile": package.content}}


_ON_RESULT: Fields = {
    "onFailure": ("OnFailure", {"destination": "Destination"}),
    "onSuccess": ("OnSuccess", {"destination": "Destination"}),
}
_FUNCTION: Fields = {
    "architectures": "Architectures",
    "code": lambda package: _zip("Code", package),
    "deadLetterConfig": ("DeadLetterConfig", {"targetArn": "TargetArn"}),
    "description": "Description",
    "environment": ("Environment", {"variables": "Variables"}),
    "ephemeralStorage": ("EphemeralStorage", {"size": "Size"}),
    "handler": "Handler",
    "kmsKeyArn": "KMSKeyArn",
    "layers": "Layers",
    "loggingConfig": (
        "LoggingConfig",
        {
            "applicationLogLevel": "ApplicationLogLevel",
            "logFormat": "LogFormat",
            "logGroup": "LogGroup",
            "systemLogLevel": "SystemLogLevel",
        },
    ),
    "memorySize": "MemorySize",
    "packageType": "PackageType",
    "publish": "Publish",
    "reservedConcurrentExecutions": "ReservedConcurrentExecutions",
    "role": "Role",
    "runtime": "Runtime",
    "tags": "Tags",
    "timeout": "Timeout",
    "tracingConfig": ("TracingConfig", {"mode": "Mode"}),
}
_LAYER: Fields = {
    "layerName": "LayerName",
    "code": lambda package: _zip("Content", package),
    "compatibleArchitectures": "CompatibleArchitectures",
    "compatibleRuntimes": "CompatibleRuntimes",
    "description": "Description",
    "licenseInfo": "LicenseInfo",
}
_PERMISSION: Fields = {
    "action": "Action",
    "eventSourceToken": "EventSourceToken",
    "function": "FunctionName",
    "principal": "Principal",
    "principalOrgId": "PrincipalOrgID",
    "qualifier": "Qualifier",
    "sourceAccount": "SourceAccount",
    "sourceArn": "SourceArn",
}
_ASYNC_CONFIG: Fields = {
    "destinationConfig": ("DestinationConfig", _ON_RESULT),
    "functionName": "FunctionName",
    "maximumEventAgeInSeconds": "MaximumEventAgeInSeconds",
    "maximumRetryAttempts": "MaximumRetryAttempts",
    "qualifier": "Qualifier",
}
_ALIAS: Fields = {
    "description": "Description",
    "functionName": "FunctionName",
    "functionVersion": "FunctionVersion",
    "routingConfig": (
        "RoutingConfig",
        {"additionalVersionWeights": "AdditionalVersionWeights"},
    ),
}
UNRESERVED = -1
"""Of `reservedConcurrentExecutions`: none, in the AWS provider."""


def _function(order: Order) -> Created:
    client = order.cloud.client("lambda")
    params = dict(order.params)
    reserved = params.pop("ReservedConcurrentExecutions", UNRESERVED)
    made = client.create_function(**params)
    if reserved != UNRESERVED:
        client.put_function_concurrency(
            FunctionName=order.name, ReservedConcurrentExecutions=reserved
        )
    return Created(order.name, function_outputs(order, made))


def function_outputs(order: Order, made: dict[str, Any]) -> dict[str, Any]:
    """The outputs of a function, from what Lambda answers about it."""
    # AWS answers an unpublished function's version as $LATEST.
    version = made["Version"]
    arn = order.arn("lambda", f"function:{order.name}")
    return {
        "arn": arn,
        "codeSha256": made["CodeSha256"],
        "invokeArn": _invoke_arn(order, arn),
        "lastModified": made["LastModified"],
        "qualifiedArn": f"{arn}:{version}",
        "qualifiedInvokeArn": _invoke_arn(order, f"{arn}:{version}"),
        "sourceCodeSize": made["CodeSize"],
        "version": version,
    }


def _invoke_arn(order: Order, arn: str) -> str:
    path = f"path/2015-03-31/functions/{arn}/invocations"
    return f"arn:aws:apigateway:{order.cloud.region}:lambda:{path}"


def _layer(order: Order) -> Created:
    made = order.cloud.client("lambda").publish_layer_version(**order.params)
    package: Package = order.inputs["code"]
    digest = base64.b64encode(bytes.fromhex(package.sha256)).decode()
    outputs = {
        "arn": made["LayerVersionArn"],
        "codeSha256": digest,
        "createdDate": made["CreatedDate"],
        "layerArn": made["LayerArn"],
        "sourceCodeSize": len(package.content),
        "version": str(made["Version"]),
    }
    return Created(made["LayerVersionArn"], outputs)


def _permission(order: Order) -> Created:
    order.cloud.client("lambda").add_permission(**order.params)
    return Created(order.name)


def _async_config(order: Order) -> Created:
    order.cloud.client("lambda").put_function_event_invoke_config(**order.params)
    parts = [order.params["FunctionName"], order.params.get("Qualifier")]
    return Created(":".join(part for part in parts if part))


def _alias(order: Order) -> Created:
    arn = order.cloud.client("lambda").create_alias(**order.params)["AliasArn"]
    return Created(arn, {"arn": arn, "invokeArn": _invoke_arn(order, arn)})


KINDS: Kinds = {
    "aws:lambda/alias:Alias": Kind(_alias, _ALIAS, "Name"),
    "aws:lambda/function:Function": Kind(_function, _FUNCTION, "FunctionName"),
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": Kind(
        _async_config, _ASYNC_CONFIG
    ),
    "aws:lambda/layerVersion:LayerVersion": Kind(_layer, _LAYER),
    "aws:lambda/permission:Permission": Kind(_permission, _PERMISSION, "StatementId"),
}
