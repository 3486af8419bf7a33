"""Entries of Atom and RSS lists: the address of their message, and what they say of it themselves.

Some authorities put the elements of CAP into the entry beside a link to the message (the National
Weather Service of the United States), some only GeoRSS.
"""

from __future__ import annotations

import copy
from typing import Final
from urllib.parse import urljoin, urlsplit

from lxml import etree

from cop.formats.cap_repair import CAP
from cop.formats.payload import child, child_text, local_name
from cop.formats.prose import plain_text

_HEAD: Final = ("identifier", "sender", "sent", "status", "msgType", "scope", "note", "references")
_AREA: Final = ("areaDesc", "polygon", "circle", "geocode")
_INFO: Final = (
    *("language", "category", "event", "responseType", "urgency", "severity", "certainty"),
    *("eventCode", "effective", "onset", "expires", "senderName", "headline", "description"),
    *("instruction", "web", "contact", "parameter"),
)
_CALLED: Final = {"message_type": "msgType"}
"""What Meteoalarm calls an element of CAP in its lists."""

_TELLING: Final = frozenset({"event", "urgency", "severity", "certainty", "msgType", "expires"})
_NEVER: Final = frozenset({"edit", "license", "hub", "related", "via", "next", "prev", "first"})
_FILES: Final = (".xml", ".cap", ".capxml")


def best_link(entry: etree._Element, base: str) -> str | None:
    """Give the absolute address of the CAP message that *entry* links to; None where it has none.

    A link to a web page is none. On the host of *base*, `http` is taken for `https` where *base*
    has that.
    """
    found = [
        (rank, place, address)
        for place, (raw, kind, rel) in enumerate(_links(entry))
        if (address := _absolute(raw, base)) is not None
        and (rank := _rank(address, kind, rel)) is not None
    ]
    return min(found)[2] if found else None


def link_of(content: etree._Element, base: str) -> str | None:
    """Give the absolute address of the CAP message that a content object of EDXL-DE names by `uri`.

    None where it has none, or one of something else (its `mimeType` says so).
    """
    said = {local_name(one).lower(): (one.text or "").strip() for one in content.iter()}
    address = _absolute(said.get("uri", ""), base) if said.get("uri") else None
    kind = said.get("mimetype", "").lower()
    return address if address and _rank(address, kind, "") is not None else None


def _links(entry: etree._Element) -> list[tuple[str, str, str]]:
    """List address, media type and relation of every link."""
    found = []
    for element in entry:
        name = local_name(element)
        kind, rel = (element.get("type") or "").lower(), (element.get("rel") or "").lower()
        if name == "link":
            found.append((element.get("href") or element.text or "", kind, rel))
        elif name == "enclosure":
            found.append((element.get("url") or element.get("href") or "", kind, rel))
        elif name == "cap":  # GDACS names the message beside a link to its page
            found.append((element.text or "", "application/cap+xml", rel))
        elif name == "content" and element.get("src"):
            found.append((element.get("src") or "", kind, rel))
        elif name == "guid" and (element.get("isPermaLink") or "true").lower() == "true":
            found.append((element.text or "", "", "guid"))
    return found


def _absolute(raw: str, base: str) -> str | None:
    try:
        parts = urlsplit(urljoin(base, raw.strip()))
        host, home = parts.hostname, urlsplit(base)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or parts.username:
        return None
    scheme = "https" if home.scheme == "https" and host == home.hostname else parts.scheme
    return parts._replace(scheme=scheme, fragment="").geturl()


def _rank(address: str, kind: str, rel: str) -> int | None:
    """Tell how likely a link leads to the message: less is likelier; None: it does not."""
    if rel in _NEVER or "html" in kind or "atom" in kind or kind.startswith(("image/", "video/")):
        return None
    if "cap" in kind:
        return 0
    if "xml" in kind:
        return 1
    path = urlsplit(address).path.lower()
    if path.endswith(_FILES):
        return 2
    if path.endswith((".html", ".htm", ".pdf", ".json", ".png", ".jpg")) or kind:
        return None
    return {"alternate": 3, "": 3, "enclosure": 3, "guid": 4}.get(rel)


def entry_message(entry: etree._Element, feed: etree._Element) -> etree._Element | None:
    """Make an `alert` of the elements of CAP in *entry*; None where they say too little.

    What CAP would say and the entry does not is taken from Atom or RSS: id, author, time, title,
    summary and link; the place from GeoRSS.
    """
    said = [one for one in entry if "emergency:cap" in str(one.tag)]
    infos = [one for one in said if local_name(one) == "info"]
    if not infos and not {local_name(one) for one in said} & _TELLING:
        return None
    alert = etree.Element(f"{{{CAP}}}alert")
    for name in _HEAD:
        _copy(said, name, alert)
    stamps = ("published", "updated", "pubDate", "date")
    _default(alert, "identifier", child_text(entry, "id") or child_text(entry, "guid"))
    _default(alert, "sender", _author(entry) or _author(feed))
    stamp = next((text for name in stamps if (text := child_text(entry, name))), "")
    _default(alert, "sent", stamp)
    if infos:
        alert.extend(copy.deepcopy(infos))
        return alert
    info = etree.SubElement(alert, f"{{{CAP}}}info")
    for name in _INFO:
        _copy(said, name, info)
    summary = child_text(entry, "summary") or child_text(entry, "description")
    _default(info, "headline", child_text(entry, "title"))
    _default(info, "description", plain_text(summary))
    area = etree.SubElement(info, f"{{{CAP}}}area")
    for name in _AREA:
        _copy(said, name, area)
    if child(area, "polygon") is None and child(area, "circle") is None:
        _georss(entry, area)
    return alert


def _copy(said: list[etree._Element], name: str, into: etree._Element) -> None:
    for one in said:
        if _CALLED.get(local_name(one), local_name(one)) != name:
            continue
        made = etree.SubElement(into, f"{{{CAP}}}{name}")
        made.text = one.text
        for part in one:
            etree.SubElement(made, f"{{{CAP}}}{local_name(part)}").text = part.text


def _default(into: etree._Element, name: str, words: str) -> None:
    if words and not child_text(into, name):
        found = child(into, name)
        made = etree.SubElement(into, f"{{{CAP}}}{name}") if found is None else found
        made.text = words


def _author(element: etree._Element) -> str:
    author = child(element, "author")
    if author is None:
        return ""
    return child_text(author, "email") or child_text(author, "name") or (author.text or "").strip()


def _georss(entry: etree._Element, area: etree._Element) -> None:
    """Take the place from GeoRSS, Simple or GML, else W3C's `lat` and `long`: as CAP has it."""
    for element in entry.iter():
        words = (element.text or "").split()
        if "georss" not in str(element.tag) and "opengis.net/gml" not in str(element.tag):
            continue
        match local_name(element), words:
            case (("polygon" | "posList"), [_, *_]):
                etree.SubElement(area, f"{{{CAP}}}polygon").text = element.text
            case (("point" | "pos"), [lat, lon, *_]):
                etree.SubElement(area, f"{{{CAP}}}circle").text = f"{lat},{lon} 0"
            case "circle", [lat, lon, metres]:
                etree.SubElement(area, f"{{{CAP}}}circle").text = f"{lat},{lon} {metres}m"
            case "box", [south, west, north, east]:
                ring = f"{south},{west} {south},{east} {north},{east} {north},{west}"
                etree.SubElement(area, f"{{{CAP}}}polygon").text = ring
    lat, lon = (_plain(entry, name) for name in ("lat", "long"))
    if lat and lon and child(area, "polygon") is None and child(area, "circle") is None:
        etree.SubElement(area, f"{{{CAP}}}circle").text = f"{lat},{lon} 0"


def _plain(entry: etree._Element, name: str) -> str:
    found = (one.text or "" for one in entry.iter() if local_name(one) == name)
    return next(found, "").strip()
