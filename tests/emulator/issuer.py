"""An issuer of JSON Web Tokens on loopback, as RFC 8414 and RFC 7517 describe one."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

AUDIENCE = "shop"


def new_key() -> RSAPrivateKey:
    """A key to sign with."""
    return generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True)
class Issuer:
    """Who issues tokens: its address, and the key that its callers know the other half of."""

    url: str
    key: RSAPrivateKey

    def token(self, key: RSAPrivateKey | None = None, **claims: Any) -> str:
        """A token for the audience, good for five minutes, with other claims if given."""
        soon = int(time.time()) + 300
        head = {"alg": "RS256", "kid": "one", "typ": "JWT"}
        body = {"iss": self.url, "aud": AUDIENCE, "sub": "c-1", "exp": soon, **claims}
        signed = f"{_text(json.dumps(head).encode())}.{_text(json.dumps(body).encode())}"
        signature = (key or self.key).sign(signed.encode(), PKCS1v15(), SHA256())
        return f"{signed}.{_text(signature)}"


@contextmanager
def issuer() -> Iterator[Issuer]:
    """An issuer that publishes its key while the block runs."""
    key = new_key()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(key))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Issuer(f"http://127.0.0.1:{server.server_port}", key)
    finally:
        server.shutdown()
        server.server_close()


def _handler(key: RSAPrivateKey) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = f"http://{self.headers['Host']}"
            found = {"issuer": url, "jwks_uri": f"{url}/keys"}
            body = json.dumps(_published(key) if self.path == "/keys" else found).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            """Tests print nothing."""

    return Handler


def _published(key: RSAPrivateKey) -> dict[str, Any]:
    numbers = key.public_key().public_numbers()
    modulus, exponent = (
        _text(number.to_bytes((number.bit_length() + 7) // 8)) for number in (numbers.n, numbers.e)
    )
    one = {"kty": "RSA", "kid": "one", "use": "sig", "alg": "RS256", "n": modulus, "e": exponent}
    return {"keys": [one]}


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
