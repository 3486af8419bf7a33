"""Addresses that a user, a file or a publisher can name: none leads inside, however it is written.

What listens on this machine while all are tried must never be reached.
"""

from __future__ import annotations

import _socket
import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from cop.services.layers.addresses import NotAllowed, check_address
from cop.services.oidc_provider import is_safe
from cop.services.push import NotTrusted, check_endpoint
from workers.transports import LiveTransport

HERE = (
    *("127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1"),
    *("0", "0.0.0.0", "localhost", "LOCALHOST", "localhost.", "127.0.0.1."),  # noqa: S104
    *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:1]"),
    *("[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::127.0.0.1]", "[fe80::1]", "[fc00::1]"),
    *("①②⑦.⓪.⓪.①", "１２７.0.0.1", "127。0。0。1", "%31%32%37.0.0.1", "127.0.0.1%00.example"),
    *("169.254.169.254", "10.0.0.1", "192.168.0.1", "100.64.0.1", "198.18.0.1", "192.0.2.1"),
)
"""This machine and own networks, in the ways that libraries read or misread."""

TRICKS = (
    *(
        "https://good.example@127.0.0.1/",
        "https://127.0.0.1\\@good.example/",
        "https://good.example:1/",
    ),
    *("https://good.example#@127.0.0.1/", "https://good.example\\.127.0.0.1/", "//127.0.0.1/"),
    *("https://good.example.127.0.0.1.nip.example/", "https://127.0.0.1/good.example", "https:/x"),
    *(
        "https://good.example\t.evil/",
        "https://good.example\r\nHost: a/",
        "https://[good.example]/",
    ),
    *("https://xn--good-.example/", "https://evilgood.example/", "https://good.example.evil/"),
    *(
        "http://good.example/",
        "file:///etc/passwd",
        "gopher://good.example/",
        "ftp://good.example/",
    ),
    *(
        "javascript:alert(1)//good.example",
        "https://",
        "https://:443/",
        "https://good.example:99999/",
    ),
)


@pytest.fixture
def reached() -> Iterator[tuple[int, list[object]]]:
    """Listen on every address of this machine; give the port and who came."""
    came: list[object] = []
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]

        def listen() -> None:
            with contextlib.suppress(OSError):
                while True:
                    line, who = listener.accept()
                    came.append(who)
                    line.close()

        threading.Thread(target=listen, daemon=True).start()
        yield port, came


def _by_number(host: str, port: int, *_: Any, **__: Any) -> Any:
    """Read numbers as the machine reads them, and ask nobody for a name."""
    if host.lower().rstrip(".") == "localhost":
        host = "127.0.0.1"
    asked = (0, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST)
    return _socket.getaddrinfo(host, port, *asked)


@pytest.mark.parametrize("host", HERE)
def test_nothing_inside_is_connected(
    host: str, monkeypatch: pytest.MonkeyPatch, reached: tuple[int, list[object]]
) -> None:
    """The transport of feeds, layers and messages refuses it before anything is sent."""
    port, came = reached
    monkeypatch.setattr(socket, "getaddrinfo", _by_number)
    with LiveTransport() as transport:
        try:
            request = httpx.Request("GET", f"http://{host}:{port}/secret")
        except (httpx.InvalidURL, UnicodeError):
            return
        with pytest.raises(httpx.TransportError):
            transport.handle_request(request)
    assert came == []


def test_a_name_whose_address_is_inside_is_not_connected(
    monkeypatch: pytest.MonkeyPatch, reached: tuple[int, list[object]]
) -> None:
    """Of a name that has public and private addresses only the public ones are tried."""
    port, came = reached
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    with LiveTransport() as transport, pytest.raises(httpx.ConnectError, match="no public"):
        transport.handle_request(httpx.Request("GET", f"http://rebound.example:{port}/"))
    assert came == []


@pytest.mark.parametrize("address", [*(f"https://{host}/" for host in HERE), *TRICKS])
def test_no_layer_and_no_push_service_is_there(address: str) -> None:
    """The lists of hosts hold, whatever stands around the host in the address."""
    with pytest.raises(NotAllowed):
        check_address(address, "good.example")
    with pytest.raises(NotTrusted):
        check_endpoint(address, "good.example")


@pytest.mark.parametrize(
    "address",
    ["http://good.example/", "https://a@good.example/", "https://good.example/#x", "ftp://a"],
)
def test_a_sign_in_provider_is_asked_over_https(address: str) -> None:
    """Nothing else, and nothing strange."""
    assert not is_safe(address)
