"""Registers resources one by one: transforms, record, creation, reply.

A resource that fails is answered with `result=FAIL`: the SDK then goes on with what does not
depend on it, so that one run tells every failure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pulumi.runtime.proto import resource_pb2 as pb

from local.deploy.backend import Backend, Created, Resource
from local.deploy.config import Project
from local.deploy.deployment import Registration
from local.deploy.naming import physical_name, urn
from local.deploy.record import Record
from local.deploy.transforms import Transforms
from local.deploy.values import Secret, computed_paths, opened, read, shown, wire


class Registrar:
    """Answers `RegisterResourceRequest`s."""

    def __init__(
        self, project: Project, backend: Backend, record: Record, transforms: Transforms
    ) -> None:
        self._project = project
        self._backend = backend
        self._record = record
        self._transforms = transforms

    def register(self, request: Any) -> Any:
        """Registers a resource; gives the `RegisterResourceResponse`. A failure is recorded."""
        names = self._project.name, self._project.stack
        own = urn(*names, request.parent, request.type, request.name)
        try:
            return self._register(own, request)
        except Exception as error:
            self._record.fail(f"{request.type} {request.name!r}: {_one_line(error)}.", own)
            return pb.RegisterResourceResponse(urn=own, result=pb.FAIL)

    def _register(self, own: str, request: Any) -> Any:
        self._transforms.add_to_resource(own, list(request.transforms))
        self._transforms.apply(request, [own, *self._record.lineage(request.parent)])
        inputs = read(request.object, self._project.root)
        self._record.add(_registration(own, request, inputs))
        if not request.custom:
            return pb.RegisterResourceResponse(urn=own)
        provider = request.provider.rpartition("::")[0]
        if not self._record.is_available([provider, *request.dependencies]):
            self._record.skip(own)
            return pb.RegisterResourceResponse(urn=own, result=pb.FAIL)
        made = self._create(own, request, inputs)
        self._record.finish(own, made.id or None, shown(inputs | made.outputs))
        return _reply(own, request, made)

    def _create(self, own: str, request: Any, inputs: dict[str, Any]) -> Created:
        if request.importId:
            raise ValueError("it cannot be imported, because the cloud starts empty")
        if not self._backend.dry_run and (unknown := list(computed_paths(inputs))):
            raise ValueError(f"the local cloud gives no value for what {unknown[0]} refers to")
        values = opened(inputs)
        naming = physical_name(own, request.type, request.name, values)
        name = next(iter(naming.values()), request.name)
        made = self._backend.create(Resource(request.type, own, name, values))
        return Created(made.id, _sealed(naming | made.outputs, request.additionalSecretOutputs))


def _registration(own: str, request: Any, inputs: dict[str, Any]) -> Registration:
    parent = request.parent or None
    plain = shown(inputs)
    return Registration(own, request.type, request.name, parent, request.custom, plain, None, {})


def _reply(own: str, request: Any, made: Created) -> Any:
    # The inputs go back as they came, so that secrets among them stay secret. `unknown` keeps
    # what the backend did not return from silently becoming None.
    reply = pb.RegisterResourceResponse(urn=own, id=made.id, object=request.object, unknown=True)
    reply.object.update(wire(made.outputs))
    return reply


def _sealed(outputs: dict[str, Any], secret: Sequence[str]) -> dict[str, Any]:
    return {key: Secret(item) if key in secret else item for key, item in outputs.items()}


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__
