"""Where Celery's broker is."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from cop.config import Settings
from cop.errors import Misconfigured


def broker_url(settings: Settings) -> str:
    """Give Celery's name of the broker: the configured one, or database 1 beside the picture.

    Raises:
        Misconfigured: no Redis is named at all.
    """
    if settings.broker_url:
        return settings.broker_url
    if not settings.redis_url:
        raise Misconfigured("COP_REDIS_URL is empty: start with `cop up`, or name a Redis")
    parts = urlsplit(settings.redis_url)
    if parts.scheme == "unix":
        return f"redis+socket://{parts.path}?virtual_host=1"
    return urlunsplit(parts._replace(path="/1", query="", fragment=""))
