"""A resource provider that Pulumi's engine calls, in front of the tables of `local.deploy`.

The methods are those of the CLI's own protocol (pulumirpc.ResourceProvider), with its names.
"""
# ruff: noqa: N802

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2 as pb

from local.deploy.backend import Resource
from local.deploy.naming import NAME_RULES, physical_name
from local.deploy.providers import KINDS
from local.engine.service import Service
from local.engine.wire import differing, earlier, packed, plain, struct


class Provider(Service):
    """Makes the resources of `aws` and `random` alike: a type's token says whose it is."""

    def Check(self, request: Any, _context: Any) -> Any:
        """Gives a resource its physical name, and keeps the one that it has."""
        inputs, type_ = plain(request.news), _type_of(request.urn)
        if type_ not in KINDS:
            return _failed_check("the local cloud cannot create this type")
        try:
            return pb.CheckResponse(inputs=struct(inputs | self._named(request, type_, inputs)))
        except ValueError as error:
            return _failed_check(str(error))

    def Diff(self, request: Any, _context: Any) -> Any:
        """Says which properties differ, and which of them make a new resource."""
        changed = differing(plain(request.old_inputs), plain(request.news))
        none, some = pb.DiffResponse.DIFF_NONE, pb.DiffResponse.DIFF_SOME
        return pb.DiffResponse(
            changes=some if changed else none,
            diffs=changed,
            replaces=self.changer.replaced(_type_of(request.urn), changed),
        )

    def Create(self, request: Any, context: Any) -> Any:
        """Creates a resource; in a preview its id and outputs are known later."""
        if request.preview:
            return pb.CreateResponse(properties=request.properties)
        with _told(context):
            resource = _resource(request, packed(request.properties, self.root))
            made = self.backend.create(resource)
            outputs = plain(request.properties) | made.outputs
            return pb.CreateResponse(id=made.id, properties=struct(outputs))

    def Read(self, request: Any, context: Any) -> Any:
        """Finds a resource: as it is known, or gone; how it may differ is not read.

        Its inputs stay those of the state, which knows where archives lie; the request does not.
        """
        with _told(context):
            resource = _resource(request, earlier(request.inputs, self.root))
            if not self.changer.exists(request.id, resource):
                return pb.ReadResponse()
            return pb.ReadResponse(id=request.id, properties=request.properties)

    def Update(self, request: Any, context: Any) -> Any:
        """Changes a resource in place; in a preview its outputs stay."""
        kept = plain(request.olds) | plain(request.news)
        if request.preview:
            return pb.UpdateResponse(properties=struct(kept))
        with _told(context):
            before = _resource(request, earlier(request.old_inputs, self.root))
            after = _resource(request, packed(request.news, self.root))
            changed = differing(plain(request.old_inputs), plain(request.news))
            outputs = self.changer.update(request.id, before, after, changed)
            return pb.UpdateResponse(properties=struct(kept | outputs))

    def Delete(self, request: Any, context: Any) -> Any:
        """Deletes a resource."""
        with _told(context):
            resource = _resource(request, earlier(request.old_inputs, self.root))
            self.changer.delete(request.id, resource)
            return empty_pb2.Empty()

    def _named(self, request: Any, type_: str, inputs: dict[str, Any]) -> dict[str, str]:
        rule = NAME_RULES.get(type_)
        if rule is None or rule.property in inputs:
            return {}
        olds = plain(request.olds)
        if rule.property in olds:
            return {rule.property: olds[rule.property]}
        if request.HasField("autonaming") and request.autonaming.proposed_name:
            inputs = {**inputs, rule.property: request.autonaming.proposed_name}
        name = request.urn.rpartition("::")[2]
        return physical_name(request.urn, type_, name, inputs, request.randomSeed)


def _failed_check(why: str) -> Any:
    return pb.CheckResponse(failures=[pb.CheckFailure(reason=why)])


def _type_of(urn: str) -> str:
    """The type of a resource: of `parents$type` in its URN, the last."""
    return urn.split("::")[2].rpartition("$")[2]


def _resource(request: Any, inputs: dict[str, Any]) -> Resource:
    type_ = _type_of(request.urn)
    rule = NAME_RULES.get(type_)
    logical = request.urn.rpartition("::")[2]
    return Resource(
        type_, request.urn, inputs.get(rule.property, logical) if rule else logical, inputs
    )


@contextmanager
def _told(context: Any) -> Iterator[None]:
    """Tells the engine why a resource could not be made, changed, read or deleted."""
    try:
        yield
    except Exception as error:  # any is a failure of that resource alone
        context.abort(grpc.StatusCode.UNKNOWN, f"{type(error).__name__}: {error}")
