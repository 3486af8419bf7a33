from __future__ import annotations

import socket
import threading
import time

import httpx
import pytest

from workers.transports import DEADLINE, LiveTransport, is_public


@pytest.mark.parametrize(
    "address", ["203.0.112.1", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_addresses(address: str) -> None:
    """Addresses of the internet may be asked."""
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "224.0.0.1", "::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1"),
        *("64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::a00:1", "2002:a00:1::1"),
        *("::127.0.0.1", "::10.0.0.1", "fec0::1", "2001::1", "ff02::1"),
    ],
)
def test_private_addresses(address: str) -> None:
    """Addresses inside a network, of the machine itself or of many machines are not."""
    assert not is_public(address)


def test_a_name_for_a_private_address_is_not_connected() -> None:
    """A publisher's name that leads to this machine is refused before anything is sent."""
    with LiveTransport() as transport, pytest.raises(httpx.ConnectError, match="no public address"):
        transport.handle_request(httpx.Request("GET", "http://localhost:9/secret"))


def test_a_name_that_nobody_answers_for_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking for the address of a name ends with the time for the document."""
    answers = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers.wait(45))
    try:
        until = {DEADLINE: time.monotonic() + 1}
        request = httpx.Request("GET", "http://slow.example/", extensions=until)
        with LiveTransport() as transport, pytest.raises(httpx.ConnectTimeout, match="time"):
            transport.handle_request(request)
    finally:
        answers.set()
