from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from kombu.connection import Connection

from cop.config import Settings
from cop.errors import Misconfigured
from cop.services.broker import broker_url
from tests.integration.cot_site import cli

CHECKED = "ssl_cert_reqs=required&ssl_check_hostname=true"


@pytest.mark.parametrize(
    ("redis", "broker", "expected"),
    [
        ("unix:///tmp/a/redis.sock", "", "redis+socket:///tmp/a/redis.sock?virtual_host=1"),
        ("redis://:word@host:6379/0", "", "redis://:word@host:6379/1"),
        ("rediss://host", "", f"rediss://host/1?{CHECKED}"),
        ("redis://host/0", "redis://other/0", "redis://other/0"),
        ("redis://host/0", "rediss://other/0", f"rediss://other/0?{CHECKED}"),
    ],
)
def test_broker_is_apart_from_the_picture(redis: str, broker: str, expected: str) -> None:
    """The broker is database 1 beside the picture unless another is named."""
    assert broker_url(Settings(redis_url=redis, broker_url=broker)) == expected


def test_no_redis_is_said() -> None:
    """Without any Redis the message says what to do."""
    with pytest.raises(Misconfigured, match="cop up"):
        broker_url(Settings(redis_url="", broker_url=""))


@contextlib.contextmanager
def listening(folder: Path) -> Iterator[tuple[int, list[bytes]]]:
    """Be a broker with a certificate of our own; give its port and what it is sent at first."""
    cli("authority", "--host", "127.0.0.1", "--dir", str(folder))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    sent: list[bytes] = []

    def serve() -> None:
        while True:
            raw, _ = door.accept()
            raw.settimeout(45)
            with raw, contextlib.suppress(OSError), context.wrap_socket(raw, True) as secured:
                if not (said := secured.recv(1000)):
                    return
                sent.append(said)

    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield door.getsockname()[1], sent
        finally:
            ending = ssl.create_default_context(cafile=folder / "ca.pem")
            with socket.create_connection(door.getsockname(), 45) as raw:
                ending.wrap_socket(raw, server_hostname="127.0.0.1").close()
            thread.join(45)


def test_a_broker_that_nobody_vouches_for_is_told_nothing(tmp_path: Path) -> None:
    """Over TLS its certificate is checked before a password is sent; whose, can be said."""
    with listening(tmp_path) as (port, sent):
        address = f"rediss://:a-word@127.0.0.1:{port}/0"
        for given, told in (("", False), (f"?ssl_ca_certs={tmp_path / 'ca.pem'}", True)):
            url = broker_url(Settings(redis_url=address + given))
            with Connection(url) as connection:  # type: ignore[no-untyped-call]
                with pytest.raises(connection.connection_errors):
                    connection.connect()
                assert any(b"a-word" in said for said in sent) is told
