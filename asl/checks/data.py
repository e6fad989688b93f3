"""The readers, batches and writers of a Map in distributed mode.

Sources: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html and
input-output-itembatcher.html.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from asl.checks.arguments import Target, argument_problems
from asl.checks.data_shapes import BATCHER, WRITER, WRITER_CONFIG
from asl.checks.objects import object_problems
from asl.checks.placeholders import is_filled_in, with_partition
from asl.checks.problems import shown
from asl.checks.reader import reader_problems
from asl.optimized import RESULT_DESTINATION
from asl.resources import parse
from asl.walk import JSONATA, Visit

DATA_FIELDS: Final = ("ItemReader", "ItemBatcher", "ResultWriter")
_WRITE: Final = "s3:putObject"
_BATCH_LIMITS: Final = tuple(name for name in BATCHER.fields if name.startswith("Max"))


def data_problems(visit: Visit) -> Iterator[str]:
    """Find the faults in the data of a Map state."""
    reader, batcher, writer = (visit.state.get(field) for field in DATA_FIELDS)
    field = "Arguments" if visit.language == JSONATA else "Parameters"
    if isinstance(reader, Mapping):
        yield from reader_problems(reader, _api(reader), field, visit.language)
    if isinstance(batcher, Mapping):
        yield from object_problems(batcher, BATCHER, visit.language, "ItemBatcher")
        if not any(name in batcher for name in _BATCH_LIMITS):
            yield f"ItemBatcher needs at least one of {', '.join(_BATCH_LIMITS)}"
    if isinstance(writer, Mapping):
        yield from _writer_problems(writer, field, visit.language)


def _writer_problems(writer: Mapping[Any, Any], field: str, language: str) -> Iterator[str]:
    yield from object_problems(writer, WRITER, language, "ResultWriter")
    if ("Resource" in writer) != (field in writer):
        yield f"ResultWriter needs both of Resource and {field}, or neither"
    if not {"Resource", field, "WriterConfig"} & writer.keys():
        yield f"ResultWriter needs Resource and {field}, WriterConfig, or all three"
    config = writer.get("WriterConfig")
    if isinstance(config, Mapping):
        yield from object_problems(config, WRITER_CONFIG, language, "ResultWriter.WriterConfig")
        if not config:
            yield "ResultWriter.WriterConfig needs Transformation or OutputType"
    api = _api(writer)
    if api not in (_WRITE, None):
        yield f"ResultWriter.Resource must be {_WRITE}, not {api}"
    target = Target(_WRITE, language)
    where = f"ResultWriter.{field}"
    yield from argument_problems(writer.get(field), RESULT_DESTINATION, target, where)


def _api(holder: Mapping[Any, Any]) -> str | None:
    """The API that a reader or writer calls; None if it is known only once deployed, or no text."""
    text = holder.get("Resource")
    if not isinstance(text, str) or is_filled_in(with_partition(text)):
        return None
    resource = parse(with_partition(text))
    return resource.api + resource.pattern if resource else shown(text)
