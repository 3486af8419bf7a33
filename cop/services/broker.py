"""Where Celery's broker is, and how everybody who talks to it must do so."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from cop.config import Settings
from cop.errors import Misconfigured
from cop.store.confirming import check_replicated

TASK_LIMIT_S: Final = 300
"""After this time a task is killed with its process."""


def broker_url(settings: Settings) -> str:
    """Give Celery's name of the broker: the configured one, or database 1 beside the picture.

    Raises:
        Misconfigured: no Redis is named at all, or one by its Sentinels alone.
    """
    if settings.broker_url:
        return _checking(settings.signed_in(settings.broker_url))
    if not settings.redis_url:
        raise Misconfigured("COP_REDIS_URL is empty: start with `cop up`, or name a Redis")
    check_replicated(settings)
    parts = urlsplit(settings.signed_in(settings.redis_url))
    if parts.scheme == "unix":
        return f"redis+socket://{parts.path}?virtual_host=1"
    tls = urlencode([(name, said) for name, said in parse_qsl(parts.query) if name[:4] == "ssl_"])
    return _checking(urlunsplit(parts._replace(path="/1", query=tls, fragment="")))


def _checking(url: str) -> str:
    """Have the certificate of a broker over TLS checked: by itself Celery checks none."""
    parts = urlsplit(url)
    if parts.scheme != "rediss":
        return url
    asked = {"ssl_cert_reqs": "required", "ssl_check_hostname": "true"}
    return urlunsplit(parts._replace(query=urlencode(asked | dict(parse_qsl(parts.query)))))


def broker_options(settings: Settings) -> dict[str, Any]:
    """Give what all who send or take tasks of one operation must agree on.

    A task that is longer than the visibility timeout would run twice with nothing having died.
    """
    return {
        "visibility_timeout": 2 * TASK_LIMIT_S,
        "global_keyprefix": f"{settings.operation}:",
        "socket_timeout": 10,
        "socket_connect_timeout": 2,
    }
