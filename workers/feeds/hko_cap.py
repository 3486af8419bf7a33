"""The Observatory's warnings as CAP 1.2: an Atom list, and one CAP message for each entry.

The same warnings as in hko_warnings, with the publisher's own severity and its area as a polygon.
So that nothing is shown twice, their `event_type` begins with `cap_` (`cap_rainstorm`,
`cap_other`…) and they carry no `signal`: a layer of warnings in force takes those without the
prefix. Many of these messages have no expiry and the others outlive theirs: an alert ends when it
leaves the list or is cancelled, and no expiry is kept. No body of this feed has been seen; it is
read as leniently as CAP allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from lxml import etree

from cop.formats.cap import CapAlert, CapInfo, alert_of, footprint, in_languages
from cop.formats.cap_entry import best_link
from cop.formats.hko import refuse_text_page
from cop.formats.payload import child_text, children, local_name, read_xml
from cop.model.entity import Placing
from cop.model.geometry import Geometry
from cop.model.kinds import Alert
from cop.model.text import text
from workers.feed import DATA_GOV_HK, Feed, Ignored, Item, Poll, Refused, Source

KEY: Final = "hko_cap"
ATOM: Final = "https://alerts.weather.gov.hk/V1/cap_atom.xml"
HOST: Final = "alerts.weather.gov.hk"
MAX_ALERTS: Final = 60

EVENTS: Final = {
    "rainstorm": "rainstorm",
    "cyclone": "tropical_cyclone",
    "pre-no. 8": "pre_no8",
    "landslip": "landslip",
    "thunderstorm": "thunderstorm",
    "flood": "flooding_nnt",
    "monsoon": "monsoon",
    "hot": "very_hot",
    "cold": "cold",
    "frost": "frost",
    "fire": "fire_danger",
    "tsunami": "tsunami",
}
"""Word in the English event to the event type."""


def follow(poll: Poll) -> Iterable[Source]:
    """Name the CAP message of each entry; raises PayloadError when the list is no Atom feed."""
    entries = list(children(read_xml(poll.one("atom"), root="feed"), "entry"))[:MAX_ALERTS]
    addresses = dict.fromkeys(address for entry in entries if (address := _address(entry)))
    for number, address in enumerate(addresses, 1):
        yield Source(
            name=f"alert_{number}",  # of its own: one that fails must fail the poll
            url=address,
            looks_like=lambda body: b":cap:1." in body[:2000],
        )


def parse(poll: Poll) -> Iterator[Item]:
    """Give one alert for each message in force."""
    if not poll.payloads:
        poll.one("atom")
    alerts: dict[str, CapAlert] = {}
    entries: list[etree._Element] = []
    for payload in poll.payloads:
        refuse_text_page(payload.body)
        root = read_xml(payload.body, root=("feed", "alert"))
        if local_name(root) == "feed":
            entries += children(root, "entry")
        else:
            message = alert_of(root)
            alerts[message.identifier] = message
    for message in alerts.values():
        yield from _take(message)
    yield from _unread(entries, alerts)


def _unread(entries: list[etree._Element], alerts: dict[str, CapAlert]) -> Iterator[Item]:
    """Name the entries whose message was not read, and why."""
    for place, entry in enumerate(entries):
        row = child_text(entry, "id")[:80] or f"entry {place}"
        if _address(entry) is None:
            yield Refused(row, f"no link to a CAP message on {HOST}")
        elif place >= MAX_ALERTS:
            yield Refused(row, f"only the first {MAX_ALERTS} entries are followed")
        elif len(alerts) < len(entries) and not _came(entry, alerts):
            yield Refused(row, "its CAP message did not come")


def _came(entry: etree._Element, alerts: dict[str, CapAlert]) -> bool:
    """Tell whether the message of *entry* is among *alerts*: its id or address names it."""
    said = child_text(entry, "id") + child_text(entry, "identifier") + (_address(entry) or "")
    return any(identifier in said for identifier in alerts)


def _address(entry: etree._Element) -> str | None:
    address = best_link(entry, ATOM)
    return address if address is not None and urlsplit(address).hostname == HOST else None


def _take(message: CapAlert) -> Iterator[Item]:
    row = message.identifier[:120]
    for problem in message.problems:
        yield Refused(f"{row} in part", problem)
    if not message.is_actual or not message.is_public:
        yield Ignored(row, f"not for the public: {message.status} {message.scope}".strip())
    elif message.is_over:
        yield Ignored(row, f"it has ended: {message.msg_type}")
    elif message.sent is None:
        yield Refused(row, "no time of sending")
    elif not any(info.lang for info in message.infos):
        yield Refused(row, "no info in a language of the picture")
    else:
        yield _alert(message)


def _alert(message: CapAlert) -> Alert:
    infos = message.infos
    lead = next(info for info in infos if info.lang)
    english = next((info for info in infos if info.lang == "en"), lead)
    shape = footprint(area for info in infos for area in info.areas)
    area = {info.lang: info.areas[0].desc for info in infos if info.lang and info.areas}
    title = in_languages(infos, "headline") or in_languages(infos, "event")
    return Alert(
        id=f"{KEY}:{'_'.join(message.identifier.split())[:200]}",
        feed=KEY,
        publisher="HKO",
        title=title or text("Weather warning", "天氣警告", "天气警告"),
        description=in_languages(infos, "description"),
        instruction=in_languages(infos, "instruction"),
        valid_from=lead.onset or lead.effective,
        geometry=shape,
        placing=_placing(shape),
        event_type=f"cap_{_event(english)}",
        severity=lead.severity,
        urgency=lead.urgency,
        certainty=lead.certainty,
        issued_at=message.sent,
        updated_at=message.sent if message.msg_type.lower() == "update" else None,
        area={lang: words for lang, words in area.items() if words},
        identifier=message.identifier,
        sender=message.sender or None,
        link=lead.web if lead.web.startswith(("http://", "https://")) else None,
    )


def _placing(shape: Geometry | None) -> Placing:
    return Placing.REGION if shape is None else Placing.GIVEN


def _event(info: CapInfo) -> str:
    words = info.event.lower()
    return next((event for word, event in EVENTS.items() if word in words), "other")


FEED = Feed(
    key=KEY,
    title=text("Warnings as CAP", "CAP 格式天氣警告", "CAP 格式天气警告"),
    publisher="HKO",
    licence=DATA_GOV_HK.format(department="Hong Kong Observatory"),
    sources=(
        Source(
            name="atom",
            url=ATOM,
            looks_like=lambda body: b"http://www.w3.org/2005/Atom" in body,
            repeats=True,
        ),
    ),
    every=timedelta(seconds=60),
    stale_after=timedelta(minutes=10),
    parse=parse,
    follow=follow,
    expected=(0, 100),
)
