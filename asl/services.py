"""Which actions an AWS service has, read from the models that the AWS SDK for Python carries.

An SDK integration spells a service as the AWS SDK for Java 2.x names it, `sfn` or `cloudwatchlogs`
(AWS Step Functions Developer Guide, "Learning to use AWS service SDK integrations"): its service
id in lower case, without spaces, and without the words Amazon, AWS and Service at its ends.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Final

from asl.models import Shape, load, pascal, request_shape

_BOTH_ENDS: Final = re.compile(r"^(?:amazon|aws)|service$")
_SERVICE_ID: Final = re.compile(r'"serviceId"\s*:\s*"([^"]+)"')
_HEAD: Final = 16 * 1024  # a model begins with its metadata; the whole of one may be a megabyte


def action_problem(service: str, action: str) -> str | None:
    """What is wrong with the action of an SDK integration; None if its service has it.

    Args:
        service: as a Resource spells it, `dynamodb`.
        action: in camelCase, `transactWriteItems`.
    """
    model = _model(service)
    if model is None:
        return f"AWS has no service {service!r} for SDK integrations{_or(service, _models())}"
    actions = _actions(model)
    if action in actions:
        return None
    return f"the service {service!r} has no action {action!r}{_or(action, dict.fromkeys(actions))}"


def sdk_request(service: str, action: str) -> Shape | None:
    """What an action of an SDK integration is given; None if there is no such action.

    Args:
        service: as a Resource spells it, `dynamodb`.
        action: in camelCase, `transactWriteItems`.
    """
    model = _model(service)
    return request_shape(model, pascal(action)) if model else None


def _model(service: str) -> Path | None:
    return _namesake(service) or _models().get(service)


def _or(given: str, known: Mapping[str, object]) -> str:
    near = get_close_matches(given, known, n=1, cutoff=0.7)
    return f"; did you mean {near[0]!r}?" if near else ""


def _namesake(service: str) -> Path | None:
    """The newest model in the folder of the same name, which spares a look into all of them."""
    models = _files(service)
    return models[-1] if models and service in _names(models[-1]) else None


@cache
def _models() -> Mapping[str, Path]:
    """The newest model of every service, by its name in a Resource."""
    return {name: model for model in _files("*") for name in _names(model)}


@cache
def _files(folder: str) -> list[Path]:
    """The models in a folder of the SDK's data, older ones first."""
    import botocore

    data = Path(botocore.__file__).parent / "data"
    return sorted(data.glob(f"{folder}/*/service-2.json*"))


def _names(model: Path) -> set[str]:
    head = _SERVICE_ID.search(_text(model, _HEAD)) or _SERVICE_ID.search(_text(model, -1))
    plain = re.sub(r"[^a-z0-9]", "", head[1].lower()) if head else model.parts[-3]
    return {plain, _BOTH_ENDS.sub("", plain)}


@cache
def _actions(model: Path) -> frozenset[str]:
    return frozenset(name[0].lower() + name[1:] for name in load(model)["operations"])


def _text(model: Path, size: int) -> str:
    with gzip.open(model) if model.suffix == ".gz" else model.open("rb") as file:
        return file.read(size).decode(errors="ignore")
