"""A picture for Cursor-on-Target, and what a device says of itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cop.formats.cot.event import CotEvent, write_event
from cop.model.geometry import point, polygon
from cop.model.kinds import Hazard, LivePosition, Road
from cop.services.positions import position_id
from tests.integration.cot_site import Device, Site
from tests.integration.web_server import until
from tests.unit.services.commands.acting import Room

PUMP, OTHER = "resource:pump-1", "resource:fire-1"
SQUARE = ((114.1, 22.3), (114.2, 22.3), (114.2, 22.4), (114.1, 22.4))


class Now:
    """The machine's clock, which devices judge by."""

    speed = 1.0

    def now(self) -> datetime:
        """Tell the time."""
        return datetime.now(UTC)


def fill(room: Room) -> None:
    """Put things on the picture."""
    room.resource("pump-1", title={"en": "Pump 1"}, geometry=point(114.15, 22.35))
    room.resource("fire-1", agency="FSD", title={"en": "Fire 1"}, geometry=point(114.3, 22.3))
    room.incident("flood", title={"en": "Nathan Road"}, geometry=point(114.17, 22.31))
    room.put(
        Hazard(
            id="hko:rain",
            feed="hko",
            publisher="HKO",
            phenomenon="rain",
            severity="Severe",
            title={"en": "Heavy rain"},
            geometry=polygon(SQUARE),
        ),
        Road(
            id="td:1",
            feed="td",
            publisher="TD",
            status="closed",
            title={"en": "Tunnel"},
            geometry=point(114.18, 22.29),
        ),
    )


def position(uid: str, lon: float = 114.2, lat: float = 22.25, **fields: object) -> bytes:
    """Write what a device says of itself."""
    now = datetime.now(UTC)
    said = {"type": "a-f-G-U-C", "how": "m-g", "ce_m": 9.0, "is_device": True, **fields}
    event = CotEvent(
        uid=uid, time=now, start=now, stale=now + timedelta(minutes=2), place=(lon, lat), **said
    )  # type: ignore[arg-type]
    return write_event(event)


def where(site: Site, resource: str) -> tuple[float, float] | None:
    """Give the live position of a resource; None where it has none."""
    one = position_id(resource)
    if one not in site.room.store.read([one]):
        return None
    return site.room.see(one, LivePosition).geometry.coordinates  # type: ignore[union-attr, return-value]


def settle(device: Device) -> None:
    """Wait until everything that was sent before has been dealt with."""
    answered = len(device.raw)
    device.send(position("ping", type="t-x-c-t", is_device=False))
    until(lambda: any(b"t-x-c-t-r" in one for one in device.raw[answered:]), seconds=45)
