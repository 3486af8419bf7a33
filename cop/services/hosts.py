"""Lists of hosts that may be asked, as settings write them."""

from __future__ import annotations


def is_among(host: str, hosts: str) -> bool:
    """Tell whether *host*, in lower case, is in the list *hosts*.

    The list is comma separated; `*.` before a name stands for all below it.
    """
    for known in filter(None, (part.strip().lower() for part in hosts.split(","))):
        if host == known or (known.startswith("*.") and host.endswith(known[1:])):
            return True
    return False
