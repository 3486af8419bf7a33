"""What devices send: their position, and reports. Whatever else comes is counted and dropped."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from pydantic import ValidationError

from cop.errors import (
    CopError,
    IdempotencyMismatch,
    NotFound,
    NotPermitted,
    NotPossible,
    StoreUnavailable,
    TooOften,
)
from cop.formats.cot import control
from cop.formats.cot.event import CotEvent, read_event
from cop.formats.cot.types import reported_type
from cop.model.entity import Kind
from cop.model.geometry import point
from cop.model.journal import Origin
from cop.services.commands.desk import Desk
from cop.services.commands.engine import perform
from cop.services.commands.incidents import ReportIncident
from cop.services.commands.plan import Asked, Command
from cop.services.commands.registry import find_commands
from cop.services.cot.clients import Client
from cop.services.cot.drawing import RealTime, uid_begin
from cop.services.cot.pace import Pace
from cop.services.positions import SharePosition, WithdrawPosition, share, withdraw

OLDEST: Final = timedelta(hours=12)
"""A time of a device that is further off than this is not its clock's error, and says nothing."""
REPEATED_WITHIN_S: Final = 900.0
"""Devices send an alarm again and again, each time with a new time: for so long it is one."""
_MOST_REMEMBERED: Final = 200
_KMH: Final = 3.6
_FASTEST_KMH: Final = 1000.0
_WORST_M: Final = 100_000.0
_MACHINE: Final = "m-"
_OWN: Final = "a-f-"
_KINDS: Final = frozenset(Kind)
"""What ids of the picture begin with: no device has such a uid."""

_WORDS: Final[tuple[tuple[type[CopError], str], ...]] = (
    (NotFound, "no-resource"),
    (NotPermitted, "not-permitted"),
    (NotPossible, "not-possible"),
    (TooOften, "too-often"),
    (IdempotencyMismatch, "changed-report"),
    (StoreUnavailable, "store-down"),
)
"""What is counted where something is not taken."""

_NOT_TAKEN: Final = (
    ("b-t-f", "chat"),
    ("u-", "drawing"),
    ("b-a-o-can", "called-off"),
    ("t-x-takp-", "protocol"),
    ("t-", "control"),
)
"""Beginning of the type of an event that is not taken, whoever sends it, to what is counted."""


class Incoming:
    """What one client sends, over one line.

    Attributes:
        counts: what was taken and what was dropped, by a word.
    """

    def __init__(self, desk: Desk, client: Client, pace: Pace, address: str) -> None:
        """Take for *client*, at most as *pace* allows, from the network *address*."""
        self.counts: Counter[str] = Counter()
        self._desk = desk
        self._client = client
        self._pace = pace
        self._address = address
        self._time = RealTime(desk.clock)
        self._ours = uid_begin(desk.settings)
        self._device = client.device
        self._reported: dict[str, float] = {}

    async def take(self, body: bytes) -> bytes:
        """Do what one event asks; give what is to be answered, mostly nothing.

        Raises:
            PayloadError: it is no event.
        """
        if not self._pace.takes():
            self.counts["too-fast"] += 1
            await asyncio.sleep(0.02)  # whoever floods the line waits at it
            return b""
        event = read_event(body)
        now = datetime.now(UTC)
        if event.type == control.PING:
            return control.pong(now)
        if event.type == control.PROTOCOL_ASKED:
            return control.refuse_protocol(event.uid, now)
        word = await self._sort(event, now)
        self.counts[word] += 1
        return b""

    async def _sort(self, event: CotEvent, now: datetime) -> str:
        """Do what *event* asks, if it may; tell in a word what became of it."""
        if event.uid.startswith(self._ours) or event.uid.partition(":")[0] in _KINDS:
            return "our-uid"
        if event.deletes is not None:
            return await self._delete(event.deletes[0])
        if event.type.startswith(_OWN) and (event.is_device or event.how.startswith(_MACHINE)):
            return await self._move(event, now)
        if reported_type(event.type):
            return await self._report(event, now)
        return next((word for begin, word in _NOT_TAKEN if event.type.startswith(begin)), "other")

    async def _move(self, event: CotEvent, now: datetime) -> str:
        """Move the resource that the certificate is bound to: the uid says nothing of that.

        It says whether it is the device itself: who passes on where others are moves nobody.
        """
        if not self._client.may_send or self._client.resource is None:
            return "no-leave"
        if self._device not in ("", event.uid):
            return "other-uid"
        self._device = event.uid
        if event.place == (0.0, 0.0):
            return "no-fix"
        if abs(now - event.time) > OLDEST:
            return "wrong-time"
        lasts = event.stale - event.time
        if min(event.time, now) + lasts <= now:
            return "stale"
        precise = event.ce_m is not None and 0 < event.ce_m <= _WORST_M
        speed = None if event.speed_ms is None else event.speed_ms * _KMH
        said = {
            "resource": self._client.resource,
            "geometry": point(*event.place),
            "precision_m": event.ce_m if precise else None,
            "at": self._time.back(event.time),
            "heading_deg": event.course_deg,
            "speed_kmh": speed if speed is not None and speed <= _FASTEST_KMH else None,
        }
        return await self._try("position", partial(self._share, lasts), said)

    def _share(self, lasts: timedelta, said: dict[str, Any]) -> bool:
        body = SharePosition.model_validate(said)
        return share(self._desk, self._client.identity(), body, lasts)

    async def _delete(self, uid: str) -> str:
        """Take the position off whose device takes itself back; it has a word in nothing else."""
        if not self._client.may_send or self._client.resource is None:
            return "no-leave"
        if not self._device or uid != self._device:
            return "other-delete"
        return await self._try("delete", self._withdraw, {"resource": self._client.resource})

    def _withdraw(self, said: dict[str, Any]) -> bool:
        withdraw(self._desk, self._client.identity(), WithdrawPosition.model_validate(said))
        return True

    async def _report(self, event: CotEvent, now: datetime) -> str:
        """Put what is reported on the picture as an incident that nobody has verified."""
        if not self._client.may_report:
            return "no-leave"
        if event.place == (0.0, 0.0):
            return "no-fix"
        since = time.monotonic()
        if since - self._reported.get(event.uid, -REPEATED_WITHIN_S) < REPEATED_WITHIN_S:
            return "repeated"
        precise = event.ce_m is not None and 0 < event.ce_m <= _WORST_M
        said: dict[str, Any] = {
            "incident_type": reported_type(event.type),
            "words": event.callsign,
            "more": event.remarks,
            "lang": self._client.lang,
            "geometry": point(*event.place),
            "reported_by": "field",
        }
        if precise:
            said["precision_m"] = event.ce_m
        if abs(now - event.time) <= OLDEST:
            said["at"] = self._time.back(event.time)
        key = hashlib.sha256(f"{event.uid}\n{event.time.isoformat()}".encode()).hexdigest()
        word = await self._try("report", self._perform, said | {"key": f"cot-{key[:40]}"})
        if word == "report":
            while len(self._reported) >= _MOST_REMEMBERED:
                del self._reported[next(iter(self._reported))]
            self._reported[event.uid] = since
        return word

    def _perform(self, said: dict[str, Any]) -> bool:
        origin = Origin(address=self._address, entrance="cot")
        asked = Asked(identity=self._client.identity(), key=said.pop("key"), origin=origin)
        outcome = perform(
            self._desk, _report_command(), "", ReportIncident.model_validate(said), asked
        )
        return not outcome.repeated

    async def _try(self, word: str, do: Any, said: dict[str, Any]) -> str:
        """Do something in a thread; tell *word* if it was done, or why it was not."""
        try:
            done = await asyncio.to_thread(do, said)
        except ValidationError:
            return "invalid"
        except CopError as error:
            return next((name for kind, name in _WORDS if isinstance(error, kind)), "refused")
        return word if done else f"old-{word}"


def _report_command() -> Command:
    """Give the command that makes an incident."""
    return next(one for one in find_commands() if one.body is ReportIncident)
