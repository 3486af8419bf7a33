"""Where the rain gauges of the past-hour rainfall feed stand, by gauge id and by name.

Gauges that the portal's layer leaves out keep the place that the shipped table gives them; there
most have no id yet and are found by name. The layer's address and columns have not been seen: the
reader takes any of the usual names for id and name.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from cop.formats.hko_sites import CSDI_LICENCE, read_layer, sites
from cop.model.site import Site
from cop.model.text import text
from cop.reference.tables import default_table
from workers.feed import Feed, Item, Poll, Refused, Source

KEY = "hko_gauge_sites"


def parse(poll: Poll) -> Iterator[Item]:
    """Give a site for each gauge."""
    known = default_table(KEY)
    taken: set[str] = set()
    for site in sites(read_layer(poll.one("gauges")), known):
        if isinstance(site, Site):
            taken |= {site.key, *site.aliases}
            yield site
        else:
            yield Refused(*site)
    yield from {site.key: site for site in known.values() if site.key not in taken}.values()


FEED = Feed(
    key=KEY,
    title=text("Rain gauges (places)", "雨量計位置", "雨量计位置"),
    publisher="HKO",
    licence=CSDI_LICENCE,
    sources=(
        Source(
            name="gauges",
            url="https://portal.csdi.gov.hk/csdi-webpage/file-api"
            "?dataset_id=hk-hko-rss-rainfall-in-the-past-hour&format=geojson&layer_name=rainfall",
            looks_like=lambda body: b'"FeatureCollection"' in body[:2000],
        ),
    ),
    every=timedelta(days=1),
    stale_after=timedelta(days=30),
    parse=parse,
    expected=(10, 500),
)
