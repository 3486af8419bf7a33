"""GeoJSON (RFC 7946): the features as the picture has them, with terms and time of all."""

from __future__ import annotations

import orjson

from cop.clock import utc_iso
from cop.services.exports.table import Export
from cop.services.publishing.editions import feed_of


def write_geojson(export: Export) -> bytes:
    """Give *export* as a FeatureCollection."""
    return orjson.dumps(
        {
            "type": "FeatureCollection",
            "name": export.kind,
            "title": export.title,
            "as_of": utc_iso(export.as_of, "seconds"),
            "now": utc_iso(export.now, "seconds"),
            "cursor": export.cursor,
            "operation": export.operation,
            "exercise": export.exercise,
            "licence": export.terms,
            "feeds": {key: feed_of(feed) for key, feed in export.sources.items()},
            "features": list(export.features),
        },
        option=orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS,
    )
