"""Who may call this server: programs that address it by its loopback name, and no web page.

A browser lets every page send requests to any port of its own machine, and a page whose name is
rebound to this address passes for its own origin. So the name in `Host` must be this server's
(RFC 9110, 7.2), `Origin` absent or the same (RFC 6454, 7), and `Sec-Fetch-Site`, which browsers
set on what pages load without an Origin (Fetch Metadata), must not name another site. That holds
for AWS's services as well, since a signature fits into a URL. Only an HTTP API may be called from
other origins, at the address that is exported: its own CORS settings decide there.

A control, a request that changes this server rather than what it plays, wants the owner's token
besides: whoever started the server has it, and no other program of this machine.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

OWNER_HEADER = "orders-owner"
"""The header that brings the token of whoever started the server."""

_NAMES = ("127.0.0.1", "localhost")
_API = "/_aws/execute-api/"
_OURS, _MINISTACKS = "/_local/", "/_ministack/"
_READING = ("GET", "HEAD")
_OWN_SITE = frozenset({"same-origin", "none"})  # none: a user at the address bar
_HTTP_PORT = 80


@dataclass(frozen=True)
class Callers:
    """The rule of one server.

    Attributes:
        port: the port it listens on.
        owner_token: the secret of whoever started it.
    """

    port: int
    owner_token: str

    def around(self, application: Any) -> Any:
        """The ASGI application behind this rule; what is refused never reaches it."""

        async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
            sentence = self.refusal(scope) if scope["type"] == "http" else None
            if sentence is None:
                await application(scope, receive, send)
            else:
                await _refuse(send, sentence)

        return wrapped

    def refusal(self, scope: dict[str, Any]) -> str | None:
        """Why a request is refused, as a sentence; None if it may go on."""
        headers, path = _Headers(scope["headers"]), str(scope["path"])
        host = headers.only("host").lower()
        if not self._is_own(host):
            return f"This cloud answers at 127.0.0.1:{self.port} and localhost:{self.port} only."
        if path.startswith(_API) and host.partition(":")[0] in _NAMES:
            return None
        if not headers.come_from(f"http://{host}"):
            return (
                "Only programs may call this cloud, no web page of another origin; "
                "pages may call its HTTP APIs, by their exported addresses."
            )
        if _is_control(scope["method"], path) and not self._is_owner(headers.only(OWNER_HEADER)):
            return f"A control wants the token of the cloud's owner, as {OWNER_HEADER}."
        return None

    def _is_own(self, host: str) -> bool:
        """Whether a Host is this server's; what stands before a loopback name is a bucket's."""
        name, _, port = host.partition(":")
        is_loopback = any(name == own or name.endswith(f".{own}") for own in _NAMES)
        return is_loopback and (port or str(_HTTP_PORT)) == str(self.port)

    def _is_owner(self, token: str) -> bool:
        return compare_digest(token.encode(), self.owner_token.encode())


def _is_control(method: str, path: str) -> bool:
    """Whether a request changes the server; ministack's own may also be read, mails for one."""
    return path.startswith(_OURS) or (path.startswith(_MINISTACKS) and method not in _READING)


class _Headers:
    """A request's headers, of which one may come more than once."""

    def __init__(self, sent: Iterable[tuple[bytes, bytes]]) -> None:
        self._sent = [(name.lower(), value.decode("latin-1")) for name, value in sent]

    def only(self, name: str) -> str:
        """The value of a header that comes once; otherwise empty."""
        found = self._all(name)
        return found[0] if len(found) == 1 else ""

    def come_from(self, origin: str) -> bool:
        """Whether no header names another origin."""
        return (
            set(self._all("origin")) <= {origin} and set(self._all("sec-fetch-site")) <= _OWN_SITE
        )

    def _all(self, name: str) -> list[str]:
        return [value for key, value in self._sent if key == name.encode()]


async def _refuse(send: Any, sentence: str) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps({"error": sentence}).encode()})
