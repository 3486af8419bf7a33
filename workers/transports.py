"""How requests leave: guarded in the live operation, answered by the scenario in an exercise."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from importlib.metadata import version
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, Final

import httpcore
import httpx

from cop.config import Settings
from workers.looking_up import look_up
from workers.replay import ReplayTransport, find_scenario

DEADLINE: Final = "deadline"
"""Request extension: the monotonic time at which the whole exchange must be over."""
LEGACY_TLS: Final = "legacy_tls"
"""Request extension: the host speaks only old TLS."""

_UNICAST: Final = IPv6Network("2000::/3")
"""All that is given out of IPv6; what stands elsewhere is somebody's own."""
_NAT64: Final = IPv6Network("64:ff9b::/96")
"""RFC 6052: the last 32 bits are the IPv4 address that a gateway leads to."""
_LAST_32_BITS: Final = 0xFFFFFFFF

_SocketOption = (
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
)


def open_transport(settings: Settings, *, private: bool = False) -> httpx.BaseTransport:
    """Give the transport of this operation; an exercise never reaches a real publisher.

    Args:
        settings: of the operation.
        private: addresses inside an own network are let through, for cameras that stand there.

    Raises:
        NotFound: there is no such scenario.
    """
    if settings.exercise:
        return ReplayTransport(find_scenario(settings.scenario), settings.clock())
    return LiveTransport(allow_private=private)


def user_agent(contact: str = "") -> str:
    """Say who asks; *contact* is an address or a page by which we can be reached."""
    reach_us = f" (+{contact})" if contact else ""
    return f"cop/{version('cop')}{reach_us}"


def open_guarded(context: ssl.SSLContext) -> httpx.BaseTransport:
    """Give a transport like `LiveTransport`, for one thread, with the trust in *context*."""
    return _GuardedTransport(context, allow_private=False)


class LiveTransport(httpx.BaseTransport):
    """The internet, without the addresses that no publisher has, and never past the deadline.

    A name is resolved here and the connection goes to the very address that was checked, so that
    a name which changes its address between check and use gains nothing.
    """

    def __init__(self, *, allow_private: bool = False) -> None:
        """Prepare the pools; *allow_private* lets loopback and private addresses through."""
        self._modern = _GuardedTransport(httpx.create_ssl_context(), allow_private=allow_private)
        self._legacy = _GuardedTransport(_old_tls(), allow_private=allow_private)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send *request*; raises httpx.TransportError."""
        chosen = self._legacy if request.extensions.get(LEGACY_TLS) else self._modern
        return chosen.handle_request(request)

    def close(self) -> None:
        """Close every connection."""
        self._modern.close()
        self._legacy.close()


def _old_tls() -> ssl.SSLContext:
    """Lower what we ask of a host that cannot do better; certificates are checked all the same."""
    context = httpx.create_ssl_context()
    context.set_ciphers("DEFAULT:@SECLEVEL=1")
    context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    return context


class _GuardedTransport(httpx.HTTPTransport):
    def __init__(self, context: ssl.SSLContext, *, allow_private: bool) -> None:
        super().__init__(verify=context)
        self._backend = _GuardedBackend(allow_private=allow_private)
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=8,
            max_keepalive_connections=4,
            keepalive_expiry=15,
            network_backend=self._backend,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._backend.deadline = request.extensions.get(DEADLINE)
        return super().handle_request(request)


class _GuardedBackend(httpcore.NetworkBackend):
    """Connects to public addresses only, and cuts every wait at the deadline.

    Attributes:
        deadline: of the request under way; a transport serves one request at a time.
    """

    def __init__(self, *, allow_private: bool) -> None:
        self._plain = httpcore.SyncBackend()
        self._allow_private = allow_private
        self.deadline: float | None = None

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[_SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        refusal = httpcore.ConnectError(f"{host} has no public address")
        for address in self._addresses(host, port, timeout):
            try:
                stream = self._plain.connect_tcp(
                    address,
                    port,
                    timeout=self.left(timeout, httpcore.ConnectTimeout),
                    local_address=local_address,
                    socket_options=socket_options,
                )
            except httpcore.ConnectError as error:
                refusal = error
            else:
                return _GuardedStream(stream, self)
        raise refusal

    def _addresses(self, host: str, port: int, timeout: float | None) -> list[str]:
        try:
            found = look_up(host, port, self.left(timeout, httpcore.ConnectTimeout))
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"{host} was not found in time: {error}") from error
        except (OSError, UnicodeError) as error:  # the second: it cannot even be looked up
            raise httpcore.ConnectError(f"{host} is not a known name: {error}") from error
        return [address for address in found if self._allow_private or is_public(address)]

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def left(self, timeout: float | None, too_late: type[httpcore.TimeoutException]) -> float:
        """Give the time that may still be waited, at most *timeout*; raises *too_late* at none."""
        wanted = 10.0 if timeout is None else timeout
        if self.deadline is None:
            return wanted
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise too_late("the time for this document is over")
        return min(wanted, left)


class _GuardedStream(httpcore.NetworkStream):
    """A connection whose every wait ends at the backend's deadline."""

    def __init__(self, stream: httpcore.NetworkStream, backend: _GuardedBackend) -> None:
        self._stream = stream
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._backend.left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._backend.left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._backend.left(timeout, httpcore.ConnectTimeout)
        return _GuardedStream(
            self._stream.start_tls(ssl_context, server_hostname, left), self._backend
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def is_public(address: str) -> bool:
    """Tell whether *address* is one that a publisher on the internet can have.

    An address of IPv6 that leads to one of IPv4 is judged by that.
    """
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        behind = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            behind = IPv4Address(int(ip) & _LAST_32_BITS)
        if behind is None and ip not in _UNICAST:
            return False
        ip = behind or ip
    return ip.is_global and not ip.is_multicast
