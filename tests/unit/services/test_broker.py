from __future__ import annotations

import pytest

from cop.config import Settings
from cop.errors import Misconfigured
from cop.services.broker import broker_url


@pytest.mark.parametrize(
    ("redis", "broker", "expected"),
    [
        ("unix:///tmp/a/redis.sock", "", "redis+socket:///tmp/a/redis.sock?virtual_host=1"),
        ("redis://:word@host:6379/0", "", "redis://:word@host:6379/1"),
        ("rediss://host", "", "rediss://host/1"),
        ("redis://host/0", "redis://other/0", "redis://other/0"),
    ],
)
def test_broker_is_apart_from_the_picture(redis: str, broker: str, expected: str) -> None:
    """The broker is database 1 beside the picture unless another is named."""
    assert broker_url(Settings(redis_url=redis, broker_url=broker)) == expected


def test_no_redis_is_said() -> None:
    """Without any Redis the message says what to do."""
    with pytest.raises(Misconfigured, match="cop up"):
        broker_url(Settings(redis_url="", broker_url=""))
