"""KML 2.2: placemarks for globes and maps, and the link by which they are fetched again and again.

A shape for the kind and bars for how severe it is; both stand in words too, in the name.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode
from xml.sax.saxutils import escape, quoteattr

from cop.formats.atom import ATOM, valid
from cop.formats.payload import strip_unseen
from cop.model.entity import Kind, Severity
from cop.model.text import Lang, say
from cop.services.exports.icons import COLOURS
from cop.services.exports.table import Export, Feature, Value
from cop.services.exports.words import COLON, EXERCISE, LICENCE, LIVE, SOURCES
from cop.services.features.times import iso, span_of
from cop.services.features.words import TITLES

KML: Final = "http://www.opengis.net/kml/2.2"
_WIDTHS: Final = {Severity.EXTREME: 6, Severity.SEVERE: 5, Severity.MODERATE: 4, Severity.MINOR: 3}
_THIN: Final = 2
_DECIMALS: Final = 6
_RETURNS: Final = {"\r": "&#13;"}  # as they stand, readers would take them for line ends
_BALLOON: Final = '<div style="white-space: pre-line">$[description]</div>'
"""What a globe shows as HTML: the one text whose signs are told as what they are. By itself it
would show name and data too, as they stand."""


def write_kml(export: Export) -> bytes:
    """Give *export* as a document."""
    lang = export.lang
    lines = [export.dated, f"{say(LICENCE, lang)}{say(COLON, lang)}{export.terms}"]
    lines += [
        f"{say(SOURCES, lang)}{say(COLON, lang)}{say(feed.title, lang)}: {feed.licence}"
        for feed in export.sources.values()
    ]
    known = {_severity(feature) for feature in export.features}
    return _document(
        _said("name", export.title),
        _said("open", "1"),
        _said("description", _told(lines)),
        *(_style(export, severity) for severity in Severity if severity in known),
        *(_placemark(export, feature) for feature in export.features),
    )


def write_live(
    kinds: Iterable[Kind], lang: Lang, address: str, every_s: int, box: str, *, exercise: bool
) -> bytes:
    """Give a document of links that a globe follows by itself.

    Args:
        kinds: to be shown, each by a link of its own.
        lang: of the reader.
        address: of this site.
        every_s: seconds between two fetches.
        box: a `bbox` that all of them are asked with; "" for none.
        exercise: whether it is one: then it says so.
    """
    mark = f"{say(EXERCISE, lang)} · " if exercise else ""
    asked = urlencode({"lang": lang, **({"bbox": box} if box else {})})
    links = (
        _tag(
            "NetworkLink",
            _said("name", f"{mark}{say(TITLES[kind], lang)}"),
            _tag(
                "Link",
                _said("href", f"{address}/api/v1/exports/{kind}.kml?{asked}"),
                _said("refreshMode", "onInterval"),
                _said("refreshInterval", str(every_s)),
            ),
        )
        for kind in kinds
    )
    return _document(_said("name", f"{mark}{say(LIVE, lang)}"), *links)


def _document(*parts: str) -> bytes:
    # Put together as text: a tree of a million elements takes twice the time, and ten times the
    # memory.
    names = f"xmlns={quoteattr(KML)} xmlns:atom={quoteattr(ATOM)}"
    whole = _tag("Document", *parts)
    return f"<?xml version='1.0' encoding='utf-8'?>\n<kml {names}>{whole}</kml>".encode()


def _tag(name: str, *parts: str) -> str:
    """Give an element of what is mark-up already."""
    return f"<{name}>{''.join(parts)}</{name}>"


def _said(name: str, words: str) -> str:
    """Give an element of words."""
    return f"<{name}>{escape(_plain(words), _RETURNS)}</{name}>"


def _plain(words: str) -> str:
    """Give *words* without what XML cannot hold."""
    return words if words.isascii() and words.isprintable() else valid(strip_unseen(words))


def _severity(feature: Feature) -> Severity:
    said = feature["properties"].get("severity")
    return Severity(said) if said in set(Severity) else Severity.UNKNOWN


def _style(export: Export, severity: Severity) -> str:
    name = severity.lower()
    address = f"{export.address}/api/v1/exports/icons/{export.kind}-{name}.png"
    colour = COLOURS[severity].removeprefix("#")
    turned = colour[4:6] + colour[2:4] + colour[0:2]  # KML writes blue first
    width = str(_WIDTHS.get(severity, _THIN))
    parts = (
        _tag("IconStyle", _tag("Icon", _said("href", address))),
        _tag("LineStyle", _said("color", f"ff{turned}"), _said("width", width)),
        _tag("PolyStyle", _said("color", f"40{turned}")),
        _tag("BalloonStyle", _said("text", _BALLOON)),
    )
    return f"<Style id={quoteattr(name)}>{''.join(parts)}</Style>"


def _placemark(export: Export, feature: Feature) -> str:
    said, name = feature["properties"], export.name_of(feature)
    link, geometry = said.get("link"), feature["geometry"]
    data = ((key, value) for key, value in export.row(feature).items() if value is not None)
    return _tag(
        "Placemark",
        _said("name", name),
        _tag("atom:author", _said("atom:name", export.publisher_of(feature))),
        f"<atom:link href={quoteattr(_plain(link))}/>" if link else "",
        _said("description", _words(export, feature, name)),
        _time(export.kind, said),
        _said("styleUrl", f"#{_severity(feature).lower()}"),
        _tag("ExtendedData", *(_data(key, value) for key, value in data)),
        "" if geometry is None else _geometry(geometry["type"], geometry["coordinates"]),
    )


def _data(name: str, value: Value) -> str:
    words = str(value).lower() if isinstance(value, bool) else str(value)
    return f"<Data name={quoteattr(name)}>{_said('value', words)}</Data>"


def _words(export: Export, feature: Feature, name: str) -> str:
    """Say in plain text what it is, who says so, as of when, and under which terms."""
    lang = export.lang
    lines = [
        name,
        export.words_of(feature, "description"),
        export.words_of(feature, "place"),
        f"{export.publisher_of(feature)} · {export.dated}",
        f"{say(LICENCE, lang)}{say(COLON, lang)}{export.terms_of(feature)}",
    ]
    return _told(lines)


def _told(lines: Iterable[str]) -> str:
    """Join lines of a description, which a globe shows as HTML: no sign in them is mark-up."""
    return escape("\n".join(filter(None, lines)))


def _time(kind: Kind, said: Mapping[str, Any]) -> str:
    span = span_of(kind, said)
    if span is None:
        return ""
    begin, end = iso(span[0]), iso(span[1])
    if begin == end and begin is not None:
        return _tag("TimeStamp", _said("when", begin))
    begins = "" if begin is None else _said("begin", begin)
    ends = "" if end is None or math.isinf(span[1]) else _said("end", end)
    return _tag("TimeSpan", begins, ends)


def _geometry(kind: str, parts: Sequence[Any]) -> str:
    if not parts:
        return ""
    if kind.startswith("Multi"):
        single = kind.removeprefix("Multi")
        return _tag("MultiGeometry", *(_geometry(single, part) for part in parts))
    if kind == "Point":
        return _tag("Point", _spoken([parts]))
    if kind == "LineString":
        return _tag("LineString", _said("tessellate", "1"), _spoken(parts))
    return _tag("Polygon", _said("tessellate", "1"), *_rings(parts))


def _rings(parts: Sequence[Any]) -> Iterator[str]:
    for number, ring in enumerate(parts):
        side = "innerBoundaryIs" if number else "outerBoundaryIs"
        yield _tag(side, _tag("LinearRing", _spoken(ring)))


def _spoken(places: Sequence[Sequence[float]]) -> str:
    spoken = (f"{place[0]:.{_DECIMALS}f},{place[1]:.{_DECIMALS}f}" for place in places)
    return _tag("coordinates", " ".join(spoken))
