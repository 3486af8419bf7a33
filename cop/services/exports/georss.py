"""GeoRSS: the newest features as RSS 2.0 with places, for readers of feeds and simple maps."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from cop.formats.atom import Category, Entry, Feed, Link
from cop.formats.rss_write import write_rss
from cop.model.text import say
from cop.services.exports.table import Export, Feature
from cop.services.exports.words import COLON, CUT, LICENCE, NEVER, SOURCES, STALE
from cop.services.features.times import epoch

MOST_ITEMS: Final = 500
_LONGEST: Final = 2_000
_SCHEMES: Final = {
    "kind": "urn:x-cop:kind",
    "severity": "urn:oasis:names:tc:emergency:cap:1.2",
    "status": "urn:x-cop:status",
}


def write_georss(export: Export) -> bytes:
    """Give the newest of *export*, the latest first."""
    dated = sorted(
        ((_changed(feature), feature) for feature in export.features),
        key=lambda pair: pair[0],
        reverse=True,
    )
    own = f"{export.address}/api/v1/exports/{export.kind}.rss?lang={export.lang}"
    return write_rss(
        Feed(
            id=f"urn:x-cop:{export.operation}:{export.kind}",
            title=export.title,
            subtitle=" · ".join(_about(export)),
            updated=export.as_of,
            lang=export.lang,
            author=export.address,
            rights=export.terms,
            links=[Link(own, "self"), Link(f"{export.address}/", "alternate")],
            entries=[_entry(export, at, feature) for at, feature in dated[:MOST_ITEMS]],
        )
    )


def _about(export: Export) -> list[str]:
    """Say as of when it is, whether it is all, and how well its sources are known."""
    lang = export.lang
    lines = [export.dated]
    if len(export.features) > MOST_ITEMS:
        lines.append(say(CUT, lang).format(most=MOST_ITEMS, all=len(export.features)))
    for feed in export.sources.values():
        known = feed.known_at()
        if known is None or feed.is_stale(export.now):
            state = say(NEVER if known is None else STALE, lang)
            lines.append(f"{say(SOURCES, lang)}{say(COLON, lang)}{say(feed.title, lang)}, {state}")
    return lines


def _changed(feature: Feature) -> datetime:
    """Tell when what a feature says was so, or else when it was fetched or written."""
    said = feature["properties"]
    names = ("updated_at", "observed_at", "issued_at", "reported_at", "fetched_at")
    at = next((at for name in names if (at := epoch(said.get(name))) is not None), 0.0)
    return datetime.fromtimestamp(at, UTC)


def _entry(export: Export, at: datetime, feature: Feature) -> Entry:
    said, lang = feature["properties"], export.lang
    lines = [
        export.words_of(feature, "description")[:_LONGEST],
        export.words_of(feature, "place"),
        f"{export.publisher_of(feature)} · {export.dated}",
        f"{say(LICENCE, lang)}{say(COLON, lang)}{export.terms_of(feature)}",
    ]
    links = [Link(said["link"], "alternate")] if said.get("link") else []
    return Entry(
        id=f"urn:x-cop:{export.operation}:{feature['id']}",
        title=export.name_of(feature),
        summary="\n".join(filter(None, lines)),
        updated=at,
        published=None,
        author=export.publisher_of(feature),
        rights=export.terms_of(feature),
        categories=[
            Category(str(said[name]), scheme, str(said[name]))
            for name, scheme in _SCHEMES.items()
            if said.get(name)
        ],
        links=links,
        geometry=feature["geometry"],
    )
