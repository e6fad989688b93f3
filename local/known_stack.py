"""A stack that runs somewhere: its outputs from a file, its services as the environment says.

The outputs are what `pulumi stack output --json` prints; credentials, region and endpoint are
those that any AWS SDK finds (AWS_PROFILE, AWS_DEFAULT_REGION, AWS_ENDPOINT_URL and so on).
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import boto3
import typer
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
)

from local.command_error import CommandError
from local.documents import BadDocument, read_document, write_text

_NOT_SET_UP = (NoCredentialsError, NoRegionError, PartialCredentialsError, ProfileNotFound)

OutputsFile = Annotated[
    Path | None,
    typer.Option(
        "--outputs",
        envvar="ORDERS_OUTPUTS",
        help="What `pulumi stack output --json` prints, in a file; `orders serve` writes one, too.",
    ),
]


class UnknownStack(CommandError, ValueError):
    """A stack of which too little is known to use it; one sentence says what is missing."""

    exit_code = 2


class IncompleteOutputs(UnknownStack):
    """Outputs that lack one; the sentence begins with the name of their file."""

    prefix = ""


class ServiceFailed(CommandError, RuntimeError):
    """An AWS service that refused a call, or did not answer; one sentence says which and why."""


@dataclass(frozen=True)
class KnownStack:
    """A stack by its outputs.

    Attributes:
        outputs: what the program exported.
        where: the file that said so, for error sentences.
    """

    outputs: Mapping[str, Any]
    where: str
    _session: boto3.Session = field(default_factory=boto3.Session, repr=False)
    _clients: dict[str, Any] = field(default_factory=dict, repr=False)

    def client(self, service: str) -> Any:
        """The boto3 client of a service, kept.

        Raises:
            UnknownStack: credentials or a region are missing.
        """
        if service not in self._clients:
            with aws_errors():
                self._clients[service] = self._session.client(service)
        return self._clients[service]

    def table(self, name: str) -> str:
        """The physical name of a table by its name in this project.

        Raises:
            UnknownStack: the outputs do not have it.
        """
        return self.output("tables", name)

    def output(self, *path: str) -> str:
        """A text among the outputs, by the names that lead to it.

        Raises:
            IncompleteOutputs: they do not have it.
        """
        value: Any = self.outputs
        for name in path:
            value = value.get(name) if isinstance(value, Mapping) else None
        if not isinstance(value, str):
            raise IncompleteOutputs(f"{self.where}: the stack's outputs have no {'.'.join(path)}")
        return value


def known_stack(file: Path | None) -> KnownStack:
    """The stack whose outputs a file has.

    Raises:
        UnknownStack: no file is named, or AWS_PROFILE names none.
        BadDocument: the file cannot be read, or holds no outputs.
    """
    if file is None:
        raise UnknownStack(
            "no stack: write what `pulumi stack output --json` prints to a file, and name it by"
            " --outputs or ORDERS_OUTPUTS; `orders serve --outputs FILE` writes one"
        )
    document = read_document(file)
    if not isinstance(document, dict):
        raise BadDocument(f"{file}: a stack's outputs must be an object")
    with aws_errors():
        return KnownStack(document, str(file))


def write_outputs(file: Path, outputs: Mapping[str, Any], mode: str = "w") -> None:
    """Write a stack's outputs as `pulumi stack output --json` prints them.

    Raises:
        BadDocument: the file cannot be written.
    """
    write_text(file, json.dumps(outputs, indent=2) + "\n" if outputs else "", mode)


@contextmanager
def aws_errors() -> Iterator[None]:
    """Make one sentence of what AWS refuses meanwhile, or does not answer.

    Raises:
        UnknownStack: credentials, a region or a profile are missing.
        ServiceFailed: a service refused or did not answer.
    """
    try:
        yield
    except _NOT_SET_UP as error:
        raise UnknownStack(f"AWS cannot be asked: {_sentence(error)}") from error
    except (BotoCoreError, ClientError) as error:
        raise ServiceFailed(_sentence(error)) from error


def _sentence(error: Exception) -> str:
    return " ".join(str(error).split())
