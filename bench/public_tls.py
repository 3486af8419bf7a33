"""What a new TLS connection costs nginx: the first thing that a surge of arrivals pays for."""

from __future__ import annotations

import contextlib
import socket
import ssl
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import psutil
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bench.figures import Figure
from bench.public_floor import running_nginx
from bench.web_process import free_port

HANDSHAKES: Final = 1_500
_REQUEST: Final = b"GET /page HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
_SERVER: Final = """
    listen 127.0.0.1:{port} ssl backlog=4096;
    ssl_certificate {folder}/site.pem;
    ssl_certificate_key {folder}/site.key;
    root {folder}/site;
"""


def handshakes() -> Iterator[Figure]:
    """Measure full handshakes with an ECDSA certificate (P-256), one request each."""
    with tempfile.TemporaryDirectory() as name:
        folder, plain, secret = Path(name), free_port(), free_port()
        (folder / "site").mkdir()
        (folder / "site" / "page").write_bytes(b"x" * 1_000)
        _certificate(folder)
        servers = (
            f"    listen 127.0.0.1:{plain};\n    root {folder}/site;\n",
            _SERVER.format(port=secret, folder=folder),
        )
        with running_nginx(folder, *servers) as process:
            nginx = psutil.Process(process.pid)
            bare = _cpu_s(nginx, plain, None)
            context = ssl.create_default_context(cafile=str(folder / "site.pem"))
            ours = _cpu_s(nginx, secret, context)
    yield Figure(
        "nginx: CPU for a new TLS connection with one request",
        ours / HANDSHAKES * 1e6,
        "µs",
        bare / HANDSHAKES * 1e6,
        "TLS 1.3, P-256; floor: the same without TLS",
    )


def _cpu_s(nginx: psutil.Process, port: int, context: ssl.SSLContext | None) -> float:
    def spent() -> float:
        family = nginx.children()
        return sum(sum(one.cpu_times()[:2]) for one in family)

    begun = spent()
    for _ in range(HANDSHAKES):
        with contextlib.ExitStack() as stack:
            line = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            if context is not None:
                line = stack.enter_context(context.wrap_socket(line, server_hostname="localhost"))
            line.sendall(_REQUEST)
            while line.recv(65_536):
                pass
    return spent() - begun


def _certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "site.pem").write_bytes(made.public_bytes(pem))
    (folder / "site.key").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
