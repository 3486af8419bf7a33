"""A push service on loopback for tests: real HTTPS, real answers, and what it was sent.

Its name is `push.test` and its certificate its own; nothing in the product is made weaker for it:
tests hand in a transport that finds the name here and trusts the certificate.
"""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from workers.transports import _GuardedTransport

HOSTS = ("push.test", "other.test")


@dataclass(frozen=True, slots=True)
class Pushed:
    """One request, as it came."""

    host: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class PushService:
    """A running push service; the path of an address says what it answers.

    `/201/…` and so on is answered with that status, `/slow/…` not until the test is over,
    `/drip/…` with one byte after the other.
    """

    folder: Path
    port: int = 0
    pushed: list[Pushed] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def open_transport(self) -> httpx.BaseTransport:
        """Open a transport that finds this service under its names, with the guard of others."""
        trust = ssl.create_default_context(cafile=self.folder / "certificate.pem")
        return _Here(_GuardedTransport(trust, allow_private=True), self.port)

    def paths(self) -> list[str]:
        """List the paths that were asked for, in the order in which they came."""
        with self.lock:
            return [each.path for each in self.pushed]


class _Here(httpx.BaseTransport):
    """Sends what is for `push.test` to this machine; the certificate must still be that name's."""

    def __init__(self, inner: httpx.BaseTransport, port: int) -> None:
        self._inner = inner
        self._port = port

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert request.url.scheme == "https"
        name = request.url.host
        request.url = request.url.copy_with(host="127.0.0.1", port=self._port)
        request.extensions = {**request.extensions, "sni_hostname": name}
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()


@contextlib.contextmanager
def push_service(folder: Path) -> Iterator[PushService]:
    """Run a push service; its certificate is made in *folder*."""
    _make_certificate(folder)
    service = PushService(folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

        def do_POST(self) -> None:
            """Keep what was sent, and answer as the path says."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sent = {name.lower(): value for name, value in self.headers.items()}
            with service.lock:
                service.pushed.append(Pushed(sent["host"], self.path, sent, body))
            what = self.path.split("/")[1]
            with contextlib.suppress(OSError):
                if what == "slow":
                    service.over.wait(60)
                    return
                if what == "drip":
                    for letter in b"HTTP/1.1 201 Created\r\nX: " + b"y" * 600:
                        self.wfile.write(bytes([letter]))
                        if service.over.wait(0.1):
                            return
                    return
                self.send_response(int(what))
                for name, value in service.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    service.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield service
    finally:
        service.over.set()
        server.shutdown()
        server.server_close()
        thread.join(60)


def _make_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOSTS[0])])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([*map(x509.DNSName, HOSTS)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(private)
