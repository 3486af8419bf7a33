"""Snapshots: an address that gives one picture, asked only for what is new."""

from __future__ import annotations

import hashlib
import time
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import httpx

from cop.clock import HONG_KONG, Clock
from workers.vision.asking import Asker, bounded, missing
from workers.vision.decode import decode
from workers.vision.frame import Frame
from workers.vision.headers import MOST_BYTES
from workers.vision.plan import CameraPlan

TIME_S: Final = 20.0
"""Real seconds that one look may take."""
_OLDEST: Final = timedelta(days=1)


class Snapshots:
    """One camera's picture; remembers validators and the digest of what it gave last."""

    def __init__(self, plan: CameraPlan, asker: Asker, clock: Clock) -> None:
        """Ask by *asker*, at the time of *clock*."""
        self._plan = plan
        self._asker = asker
        self._clock = clock
        self._validators: dict[str, str] = {}
        self._digest = b""

    def take(self) -> tuple[Frame, ...]:
        """Give the picture; () where the camera says, or its bytes show, that it is not new.

        Raises:
            Unusable: there is none, or it is broken or of another size.
        """
        deadline = time.monotonic() + TIME_S
        with self._asker.ask(self._validators, deadline) as response:
            if response.status_code == httpx.codes.NOT_MODIFIED:
                if not self._validators:
                    raise missing("the camera says that nothing is new and has given nothing yet")
                return ()
            body = b"".join(bounded(response, MOST_BYTES, deadline))
            headers = response.headers
        at = taken_at(headers, self._clock.now())
        digest = hashlib.blake2b(body, digest_size=16).digest()
        if digest == self._digest:
            return ()
        frame = Frame(decode(body, self._plan.frame), at, self._plan.frame.thermal)
        self._digest = digest  # only now: what was broken is looked at again
        self._validators = _validators(headers)
        return (frame,)


def taken_at(headers: httpx.Headers, now: datetime) -> datetime:
    """Tell when a picture was taken: *now* less its age by the camera's own clock.

    A clock that is wrong gives the right age all the same. Without a Date, or where the age is
    negative or more than a day, a Last-Modified stands only if it lies within the last day.
    """
    modified, said = _time(headers, "last-modified"), _time(headers, "date")
    if modified is None:
        return now
    age = (now if said is None else said) - modified
    return now - age if timedelta(0) <= age <= _OLDEST else now


def _time(headers: httpx.Headers, name: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(headers.get(name, ""))
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=HONG_KONG)


def _validators(headers: httpx.Headers) -> dict[str, str]:
    named = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
    return {to: headers[of][:500] for of, to in named.items() if headers.get(of)}
