"""The embedded cloud: AWS on loopback, in a process tree that cannot outlive this process."""

import functools
import json
import os
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any, Self

import boto3
import botocore.session
from botocore.config import Config

from local.command_error import CommandError
from local.emulator import outbox
from local.emulator.callers import OWNER_HEADER
from local.emulator.process import CloudError, ServerProcess
from local.emulator.settings import ACCOUNT, NOT_STARTED_STATUS, REGION, ROOT_KEY, Settings

__all__ = ["Cloud", "CloudError", "FunctionNotStarted"]

_making = threading.Lock()  # boto3 makes one client at a time

_CONNECTIONS = 64
_CONNECT_SECONDS = 5
_LONGEST_ANSWER = 3  # seconds that a control may take to answer
_READ_SECONDS = 60  # a synchronous Lambda call lasts as long as its function

_NO_HOST_SETTINGS: Mapping[str, Any] = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


class FunctionNotStarted(CommandError, RuntimeError):
    """A function's process ended before it could serve; carries the end of its output.

    No order can come to its right end then, however long it is waited for.
    """


class Cloud:
    """A running embedded cloud.

    Attributes:
        endpoint: the address of every AWS service of it.
        region: the region it plays.
        account: the account id it plays.
        owner_token: the secret by which its controls know this process.
    """

    region = REGION
    account = ACCOUNT

    def __init__(self, server: ServerProcess, owner_token: str) -> None:
        self._server = server
        self.owner_token = owner_token
        self.endpoint = f"http://127.0.0.1:{server.port}"
        self._clients: dict[str, Any] = {}

    @classmethod
    def start(cls, clock_scale: float = 20.0, port: int = 0) -> Self:
        """Start a cloud of its own, empty.

        Args:
            clock_scale: how many times faster than real time waits, heartbeats and the timeouts
                of machines and task tokens pass. Above 1, pauses before retries pass much faster
                still, and what a function failed comes again after a fraction of a second.
            port: the port to listen on, on loopback; 0 is any free one.

        Raises:
            CloudError: the server did not start; the sentence carries the end of its log.
        """
        settings = Settings(clock_scale, port)
        return cls(ServerProcess.start(settings.to_environment()), settings.owner_token)

    def client(self, service: str) -> Any:
        """The boto3 client of a service, with the root user's credentials. Thread-safe, cached."""
        with _making:
            if service not in self._clients:
                self._clients[service] = self._make(service)
            return self._clients[service]

    def inject(self, faults: Sequence[Mapping[str, Any]]) -> None:
        """Replace the faults: `{"state", "error", "when": "before"|"after", "times": N}` each.

        The named Task state's call fails with the error `times` times, 0 meaning always; in any
        machine, unless its ARN is given as `machine`. With `function`, a name or an ARN, in place
        of `state` the function's invocations fail, whoever invokes it.

        Raises:
            ValueError: a fault is malformed; the sentence says how.
        """
        self.control("faults", list(faults))

    def fired(self) -> list[int]:
        """How often each of the present faults has struck, in the order given."""
        return [int(number) for number in self.control("fired", {})["fired"]]

    def hold(self, machine: str, state: str) -> None:
        """Let one execution, the next to come there, stand still once a Task state's call is made.

        Its effect is made, its answer is not yet processed. It stands until released or stopped,
        for a minute at most; its timeouts go on.

        Args:
            machine: the ARN of the state machine.
            state: the name of the Task state, which may be in a branch or an iteration.

        Raises:
            ValueError: there is no such machine, or it has no such Task state.
        """
        self.control("hold", {"machine": machine, "state": state})

    def held(self, arn: str, within: float = 0) -> str | None:
        """The ARN of the execution that stands, known when it does or so many seconds later.

        Args:
            arn: the ARN of the execution, or of its machine.
            within: how many seconds to wait for it, 3 at most.
        """
        asked = {"arn": arn, "seconds": min(within, _LONGEST_ANSWER)}
        found: str | None = self.control("held", asked)["execution"]
        return found

    def release(self, arn: str) -> int:
        """Let go on what stands of an execution or machine, by ARN, and hold nothing more of it.

        Returns:
            how many holds are no more.
        """
        return int(self.control("release", {"arn": arn})["released"])

    def hurry(self, execution_arn: str) -> None:
        """Let an execution's waits for an answer that will not come pass in a second each.

        For whoever plays an outside service that stays silent: the execution still ends by its
        timeout or its missed heartbeat, whichever would have come first.
        """
        self.control("hurry", {"execution": execution_arn})

    def has_ended(self, execution_arn: str, within: float = 0) -> bool:
        """Whether an execution has ended, known when it does or so many seconds later, 3 at most.

        Raises:
            ValueError: there is no such execution.
        """
        asked = {"execution": execution_arn, "seconds": min(within, _LONGEST_ANSWER)}
        return bool(self.control("end", asked)["ended"])

    def running(self) -> list[str]:
        """The ARNs of the executions that run, of every machine."""
        return [str(execution) for execution in self.control("running", {})["executions"]]

    def forget_ended(self) -> None:
        """Forget every execution that has ended, as if 90 days had passed.

        For whoever runs many: each one that is kept is listed, and swept, again and again.
        """
        self.control("forget", {})

    def pace(self, clock_scale: float) -> None:
        """Let waits that begin from now on pass so many times faster than real time.

        At 1 all last as declared, retries' pauses and redeliveries too.

        Raises:
            ValueError: the scale is not above 0.
        """
        self.control("clock", {"scale": clock_scale})

    def crash_function(self, chosen: float) -> bool:
        """Kill a process of some function, whatever it does; False where none runs.

        Args:
            chosen: which, from 0 to below 1.
        """
        return bool(self.control("crash", {"chosen": chosen})["crashed"])

    def watch_functions(self, names: Sequence[str]) -> None:
        """Have every control from now on raise FunctionNotStarted once one of these did not start.

        Args:
            names: the names of the functions that must; one that did not before may now.
        """
        self.control("watch", {"functions": list(names)})

    def require_functions(self) -> None:
        """Do nothing while every watched function that was called has started.

        Raises:
            FunctionNotStarted: one has not.
        """
        self.control("starts", {})

    def busy(self, queues: Sequence[str]) -> list[str]:
        """Those of some queues, by URL, that hold messages now, and every stream with work left.

        A stream is named with its function, `Orders stream to publish`: it has records that are
        unread, wait or are being handled.

        Raises:
            ValueError: there is no such queue.
        """
        found = self.control("queues", {"queues": list(queues)})
        return [str(name) for name in (*found["busy"], *found["streams"])]

    def control(self, name: str, document: Any) -> Any:
        """Send a control of the server itself, as `local.emulator.controls` lists them.

        Raises:
            ValueError: the server refused it; its sentence.
            FunctionNotStarted: a function that is watched did not start, now or before.
        """
        try:
            return json.loads(self._ask(f"/_local/{name}", json.dumps(document).encode()))
        except urllib.error.HTTPError as error:
            with error:
                kind = FunctionNotStarted if error.code == NOT_STARTED_STATUS else ValueError
                raise kind(json.load(error)["error"]) from None

    def mails(self) -> list[outbox.Mail]:
        """Every mail that was sent, oldest first: `{"to", "subject", "body", "html"}` each."""
        return outbox.mails(self._ask(outbox.PATH))

    @property
    def is_running(self) -> bool:
        """Whether the server still lives."""
        return self._server.is_running

    def close(self) -> None:
        """End the server and everything it started, and remove its files. Idempotent."""
        for client in self._clients.values():
            client.close()
        self._server.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _ask(self, path: str, body: bytes | None = None) -> bytes:
        """The answer to a request that is none of AWS's: a POST if it has a body."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        token = {OWNER_HEADER: self.owner_token}
        request = urllib.request.Request(self.endpoint + path, body, token)  # noqa: S310
        with opener.open(request, timeout=_CONNECT_SECONDS) as answer:
            content: bytes = answer.read()
        return content

    def _make(self, service: str) -> Any:
        return _session().client(
            service,
            region_name=REGION,
            endpoint_url=self.endpoint,
            aws_access_key_id=ROOT_KEY,
            aws_secret_access_key=ROOT_KEY,
            config=Config(
                connect_timeout=_CONNECT_SECONDS,
                read_timeout=_READ_SECONDS,
                retries={"total_max_attempts": 1},
                max_pool_connections=_CONNECTIONS,
                proxies={},
                inject_host_prefix=False,
                s3={"addressing_style": "path"},
            ),
        )


@functools.cache  # each session would read AWS's models anew
def _session() -> boto3.Session:
    """The session of every cloud, which reads no profile or configuration of the host."""
    return boto3.Session(
        botocore_session=botocore.session.Session(session_vars=dict(_NO_HOST_SETTINGS))
    )
