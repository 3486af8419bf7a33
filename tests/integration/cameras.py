"""Cameras on loopback, opened like the real ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.integration.publisher import Answer, Publisher, answer, publisher
from tests.unit.workers.vision.pictures import SIZE, Stopped, a_plan
from workers.transports import LiveTransport
from workers.vision.frame import Unusable
from workers.vision.sources import Source, open_source

Open = Callable[..., Source]


@pytest.fixture
def camera() -> Iterator[Publisher]:
    """Give a camera."""
    with publisher() as running:
        yield running


@pytest.fixture
def clock() -> Stopped:
    """Give a clock that stands."""
    return Stopped()


@pytest.fixture
def opened(clock: Stopped) -> Iterator[Open]:
    """Give a function that opens the source of an address on this machine."""
    with LiveTransport(allow_private=True) as transport:

        def open_it(url: str, size: tuple[int, int] = SIZE, **source: Any) -> Source:
            plan = a_plan(size, url=url, private=True, **source)
            return open_source(plan, transport, clock, "https://e.test/us")

        yield open_it


def refused(source: Source) -> Unusable:
    """Give why *source* gives nothing."""
    with pytest.raises(Unusable) as wrong:
        source.take()
    return wrong.value


def pictures(*parts: tuple[bytes, str]) -> Answer:
    """Answer with pictures one after another, each with headers of its own."""
    body = b"".join(
        b"--cut\r\nContent-Length: %d\r\n%s\r\n" % (len(jpeg), head.encode()) + jpeg + b"\r\n"
        for jpeg, head in parts
    )
    return answer(
        body + b"--cut--\r\n", "200 OK", "Content-Type: multipart/x-mixed-replace; boundary=cut"
    )
