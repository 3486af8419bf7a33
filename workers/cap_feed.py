"""What a configured source of CAP messages says: documents in, alerts in force out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from cryptography import x509

from cop.errors import PayloadError
from cop.formats.cap import CapAlert, CapArea
from cop.formats.cap_alert import Channel, Heard, plain
from cop.formats.cap_envelope import Envelope, Found, Linked, read_envelope
from cop.formats.cap_places import Geocodes
from cop.formats.cap_shapes import unrolled
from cop.formats.cap_state import in_force, sent_of
from cop.formats.circle import circle
from cop.model.exchange import Signature
from cop.model.geometry import BBox, Position
from cop.model.kinds import Alert
from cop.services.exchange.signatures import verify
from workers.feed import Ended, Ignored, Item, Noted, Original, Poll, Refused, Source


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages of a source are taken; see `workers.cap_sources.Areas`."""

    bbox: BBox | None = None
    adcodes: tuple[str, ...] = ()

    def takes(self, alert: CapAlert, codes: Geocodes) -> bool:
        """Tell whether *alert* is wanted; what does not say where it holds is."""
        if self.bbox is None and not self.adcodes:
            return True
        areas = [area for info in alert.infos for area in info.areas]
        named = {
            code
            for area in areas
            for name, value in area.geocodes
            for code in codes.adcodes(name, value)
        }
        drawn = [ring for area in areas for ring in _outlines(area)]
        if any(code.startswith(self.adcodes) for code in named if self.adcodes):
            return True
        if self.bbox is not None and any(_meet(ring, self.bbox) for ring in drawn):
            return True
        return not (named and self.adcodes) and not (drawn and self.bbox is not None)


def _url_of(address: str) -> str:
    """Give *address* as it is fetched: braces would stand for times there."""
    return address.replace("{", "%7B").replace("}", "%7D")


def _as_named(found: Found, links: Iterable[Linked]) -> Found:
    """Give a message as *links*, those that lead to it, say that it is meant."""
    practice = found.practice or any(link.practice for link in links)
    inside = found.inside or any(link.inside for link in links)
    return replace(found, practice=practice, inside=inside)


def _outlines(area: CapArea) -> Iterator[Sequence[Position]]:
    yield from area.polygons
    yield from (circle(centre, km) for centre, km in area.circles)
    yield from ([point] for point in area.points)


def _meet(ring: Sequence[Position], box: BBox) -> bool:
    lons, lats = [lon for lon, _ in unrolled(ring)], [lat for _, lat in ring]
    west, south, east, north = box
    beside = all(max(lons) + turn < west or min(lons) + turn > east for turn in (-360, 0, 360))
    return not (beside or max(lats) < south or min(lats) > north)


@dataclass(slots=True)
class _Read:
    """What the documents of one poll hold, and what is made of them.

    Attributes:
        found, links: messages, and addresses of further ones.
        addresses: of the documents that came.
        problems: of the documents themselves.
        whole: what they do not list is not in force.
        known: the alerts of the source on the picture.
        keep: ids of those that go on although no message of them came.
        heard: the messages that are taken.
    """

    poll: Poll
    known: dict[str, Alert]
    found: list[Found] = field(default_factory=list)
    links: list[Linked] = field(default_factory=list)
    addresses: set[str] = field(default_factory=set)
    problems: list[Ignored | Refused] = field(default_factory=list)
    whole: bool = True
    keep: set[str] = field(default_factory=set)
    heard: list[Heard] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapFeed:
    """Reads one source.

    Attributes:
        channel: the source.
        urls: of its lists.
        hosts: hosts that messages may lie on besides those of *urls*.
        most_links: how many messages are fetched at a poll.
        trusted: the certificates that it signs with.
        signs: it signs every message.
        wanted: which messages are taken.
    """

    channel: Channel
    urls: Sequence[str]
    hosts: frozenset[str] = frozenset()
    most_links: int = 100
    trusted: Sequence[x509.Certificate] = ()
    signs: bool = False
    wanted: Wanted = Wanted()

    def follow(self, poll: Poll) -> Iterable[Source]:
        """Name the messages that the lists link to, on hosts that may be asked."""
        addresses: dict[str, None] = {}
        for payload in poll.payloads:
            try:
                envelope = self._envelope(payload.body, payload.source.url)
            except PayloadError:
                continue
            links = (link.address for link in envelope.links)
            addresses.update((each, None) for each in links if self._may_ask(each))
        for address in [one for one in addresses if one not in self.urls][: self.most_links]:
            yield Source(name="message", url=_url_of(address), optional=True)

    def parse(self, poll: Poll) -> Iterator[Item]:
        """Give the alerts in force, what has ended, and the messages as they came.

        Raises:
            PayloadError: no document of it can be read.
        """
        read = self._read(poll)
        yield from read.problems
        for found in read.found:
            yield from self._take(found, read)
        if not (self.channel.complete and read.whole):
            read.keep |= read.known.keys()
        for link in read.links:
            yield from self._missed(link, read)
        state = in_force(
            self.channel, read.heard, read.known, poll.noted, poll.received_at, keep=read.keep
        )
        yield from state.alerts
        yield from (Ended(name) for name in sorted(state.ended))
        yield from (Ignored(row, why) for row, why in state.ignored)
        yield from (Original(one.found.original) for one in state.used)
        yield Noted(state.memory)

    def _envelope(self, body: bytes, address: str) -> Envelope:
        return read_envelope(body, address=address, zone=self.channel.zone)

    def _read(self, poll: Poll) -> _Read:
        known = {name: one for name, one in poll.known.items() if isinstance(one, Alert)}
        read = _Read(poll, known)
        broken: list[PayloadError] = []
        # the lists first: what an envelope says of a message that it links to holds for it
        for payload in sorted(poll.payloads, key=lambda one: one.source.url not in self.urls):
            url = payload.source.url
            read.addresses.add(url)
            try:
                envelope = self._envelope(payload.body, url)
            except PayloadError as error:
                broken.append(error)
                read.whole = read.whole and url not in self.urls
                read.problems.append(Refused(url[-120:], str(error)[:300]))
                continue
            named = [link for link in read.links if _url_of(link.address) == url]
            read.found += [_as_named(found, named) for found in envelope.messages]
            if url in self.urls:  # a message that is linked to links to none
                read.links += envelope.links
            read.whole = read.whole and envelope.whole
            kind = Ignored if envelope.whole else Refused
            read.problems += [kind(url[-120:], problem) for problem in envelope.problems]
        if not poll.payloads or len(broken) == len(poll.payloads):
            raise broken[0] if broken else PayloadError("no document arrived")
        missing = [url for url in self.urls if url not in read.addresses]
        if missing and read.addresses & set(self.urls):
            read.whole = False
            read.problems += [Refused(url[-120:], "it did not come") for url in missing]
        return read

    def _may_ask(self, address: str) -> bool:
        host = urlsplit(address).hostname or ""
        return host in self.hosts or host in {urlsplit(url).hostname for url in self.urls}

    def _take(self, found: Found, read: _Read) -> Iterator[Item]:
        """Take one message, or say why not."""
        if found.alert is None:
            yield Refused(found.row, found.fault[:300])
        elif why := self._unwanted(found.alert):
            yield Ignored(found.row, why)
        else:
            read.heard.append(self._heard(found, found.alert, read))

    def _unwanted(self, alert: CapAlert) -> str:
        """Say why a message that could be read is none of the picture; "" where it is."""
        if alert.is_for_systems:
            return f"{alert.msg_type} of status {alert.status}: for systems"
        if not self.wanted.takes(alert, self.channel.geocodes):
            return "outside the areas that are wanted"
        return ""

    def _heard(self, found: Found, alert: CapAlert, read: _Read) -> Heard:
        now = read.poll.received_at
        verdict = verify(found.original, self.trusted, now)
        signature, defects = verdict.signature, []
        if self.trusted and signature in {Signature.INVALID, Signature.UNCHECKED}:
            defects.append(f"signature: {verdict.why}")
        if self.signs and signature is Signature.NONE:
            signature = Signature.INVALID
            defects.append("signature: missing, and this source signs everything")
        heard = Heard(
            found=found,
            alert=alert,
            sent=now,
            signature=signature,
            believed=signature is not Signature.INVALID,
            defects=tuple(defects),
        )
        sent, wrong = sent_of(heard, read.known.values(), now)
        return replace(heard, sent=sent, defects=(*defects, *wrong))

    def _missed(self, link: Linked, read: _Read) -> Iterator[Item]:
        """See to a message that a list links to and that did not come, if it did not.

        What is known of it goes on. Else what the entry says of it stands in, unless the others
        came: then this one comes with the next poll, under its own identity.
        """
        if _url_of(link.address) in read.addresses or any(
            plain(one.alert.identifier) in link.said for one in read.heard
        ):
            return
        known = read.known.items()
        named = [name for name, one in known if (one.identifier or "\0") in link.said]
        read.keep.update(named)
        asked = self._may_ask(link.address) and bool(self.most_links)
        came = any(address not in self.urls for address in read.addresses)
        if not named and link.entry is not None and not (asked and came):
            said = ("only what the list says of it",)
            yield from self._take(replace(link.entry, defects=said), read)
            return
        host = urlsplit(link.address).hostname
        yield Refused(
            link.row, "its message did not come" if asked else f"{host} is not among the hosts"
        )
