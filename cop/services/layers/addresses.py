"""From which addresses a layer may be had: hosts that are allowed, over https, nothing else."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from cop.services.hosts import is_among

MOST_ADDRESS: Final = 2_000
_HTTPS: Final = 443


class NotAllowed(ValueError):
    """The address is none that a layer may come from; the message says what to do."""


def check_address(address: str, hosts: str) -> None:
    """Return if a layer may be fetched from *address*.

    Args:
        address: absolute, of the service.
        hosts: those that are allowed; see `cop.config.Settings.layer_hosts`.

    Raises:
        NotAllowed: it is no https address, or its host is not among *hosts*.
    """
    plain = address.isascii() and address.isprintable() and not set(" \\\"'<>`{}|^") & set(address)
    if len(address) > MOST_ADDRESS or not plain:
        raise NotAllowed(f"give the address as it is, at most {MOST_ADDRESS:,} signs, no blanks")
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or ""), parts.port
    except ValueError:
        raise NotAllowed("this is no address: copy it from the publisher's page") from None
    if parts.scheme != "https" or not host:
        raise NotAllowed("give an address that begins with https://")
    if parts.username is not None or parts.fragment or port not in (None, _HTTPS):
        raise NotAllowed("give an address without name, password, port or #")
    if not is_among(host, hosts):
        allowed = hosts.replace(",", ", ") or "none"
        raise NotAllowed(
            f"layers may not be fetched from {host}: whoever runs this system adds it to"
            f" COP_LAYER_HOSTS (now {allowed})"
        )
