"""Runs the program's transforms, which live behind the SDK's callback server.

See https://www.pulumi.com/docs/iac/concepts/resources/options/transforms/. Only the properties a
transform returns are taken over: on a new, disposable stack the options it may change as well
(protect, aliases, ignoreChanges and the like) decide nothing.
"""

from __future__ import annotations

import threading
from typing import Any

import grpc
from pulumi.runtime.proto import callback_pb2, callback_pb2_grpc, resource_pb2


class Transforms:
    """The callbacks registered for the stack and for single resources."""

    def __init__(self) -> None:
        self._of_stack: list[Any] = []
        self._of_resource: dict[str, list[Any]] = {}
        self._lock = threading.Lock()

    def add_to_stack(self, callback: Any) -> None:
        """Adds a callback for every resource registered from now on."""
        with self._lock:
            self._of_stack.append(callback)

    def add_to_resource(self, urn: str, callbacks: list[Any]) -> None:
        """Adds callbacks for a resource and its descendants."""
        with self._lock:
            self._of_resource[urn] = callbacks

    def apply(self, request: Any, lineage: list[str]) -> None:
        """Rewrites the properties of a RegisterResourceRequest in place.

        Args:
            request: the request.
            lineage: URNs of the resource and its ancestors, nearest first, the order in which
                Pulumi applies their transforms; the stack's come last.

        Raises:
            RuntimeError: a transform raised an exception.
        """
        with self._lock:
            own = [callback for urn in lineage for callback in self._of_resource.get(urn, [])]
            callbacks = own + self._of_stack
        for callback in callbacks:
            request.object.CopyFrom(_call(callback, request))


def _call(callback: Any, request: Any) -> Any:
    options = resource_pb2.TransformResourceOptions(
        depends_on=request.dependencies, protect=request.protect
    )
    question = resource_pb2.TransformRequest(
        type=request.type,
        name=request.name,
        custom=request.custom,
        parent=request.parent,
        properties=request.object,
        options=options,
    )
    invocation = callback_pb2.CallbackInvokeRequest(
        token=callback.token, request=question.SerializeToString()
    )
    with grpc.insecure_channel(callback.target) as channel:
        try:
            answer = callback_pb2_grpc.CallbacksStub(channel).Invoke(invocation)
        except grpc.RpcError as error:
            raise RuntimeError(f"a transform failed: {error.details()}") from error
    return resource_pb2.TransformResponse.FromString(answer.response).properties
