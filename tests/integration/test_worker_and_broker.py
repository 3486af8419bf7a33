"""A worker and its broker, when the broker goes away in the middle of work."""

from __future__ import annotations

import pytest
import redis
from kombu import Producer, Queue

from cop.config import Settings
from tests.redis_server import RedisServer

pytestmark = pytest.mark.redis


def test_what_cannot_be_acknowledged_keeps_no_other_waiting(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker goes on taking messages though Redis ended before one was acknowledged."""
    monkeypatch.setenv("COP_REDIS_URL", redis_server.url)
    from workers.app import make_app

    app = make_app(Settings(redis_url=redis_server.url))
    with app.connection_for_read() as connection:
        channel = connection.channel()
        queue = Queue("feeds", channel=channel)
        queue.declare()
        Producer(channel).publish({}, routing_key="feeds")
        channel.basic_qos(0, 1, False)
        message = queue.get()
        assert not channel.qos.can_consume()
        redis_server.kill()
        with pytest.raises(redis.exceptions.ConnectionError):
            message.ack()
        assert channel.qos.can_consume()
        redis_server.start()
