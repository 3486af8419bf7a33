"""What client and server say to each other about the line itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from lxml import etree

from cop.formats.cot.event import DELETE, CotEvent, write_event

PING: Final = "t-x-c-t"
PONG: Final = "t-x-c-t-r"
PROTOCOL_ASKED: Final = "t-x-takp-q"
_PROTOCOL_ANSWER: Final = "t-x-takp-r"

_HOW: Final = "m-g"
_LASTS: Final = timedelta(seconds=20)


def pong(now: datetime) -> bytes:
    """Give the answer to a ping."""
    return write_event(_control("takPong", PONG, now))


def refuse_protocol(uid: str, now: datetime) -> bytes:
    """Give the answer to whoever asks, by the event *uid*, for another protocol than XML."""
    control = etree.Element("TakControl")
    etree.SubElement(control, "TakResponse", status="false")
    return write_event(_control(uid, _PROTOCOL_ANSWER, now), [control])


def delete(uid: str, kind: str, now: datetime) -> bytes:
    """Give the event by which clients take *uid*, of the type *kind*, off their maps.

    It is stale at once: nobody who comes later needs it.
    """
    return write_event(
        CotEvent(
            uid=uid,
            type=DELETE,
            how=_HOW,
            time=now,
            start=now,
            stale=now,
            place=(0.0, 0.0),
            deletes=(uid, kind),
        )
    )


def _control(uid: str, kind: str, now: datetime) -> CotEvent:
    return CotEvent(
        uid=uid, type=kind, how=_HOW, time=now, start=now, stale=now + _LASTS, place=(0.0, 0.0)
    )
