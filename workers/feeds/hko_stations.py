"""Where the Observatory's automatic weather stations stand, for feeds that only name them.

Stations that the portal's list leaves out keep the place that the shipped table gives them.
Specification: dataset hko_rcd_1634995599372_15888 of the CSDI Portal.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from cop.formats.hko_sites import CSDI_LICENCE, read_layer, sites
from cop.model.site import Site
from cop.model.text import text
from cop.reference.tables import default_table
from workers.feed import Feed, Item, Poll, Refused, Source

KEY = "hko_stations"


def parse(poll: Poll) -> Iterator[Item]:
    """Give a site for each station, with the spellings that the data use as aliases."""
    known = default_table(KEY)
    taken: set[str] = set()
    for site in sites(read_layer(poll.one("stations")), known):
        if isinstance(site, Site):
            taken |= {site.key, *site.aliases}
            yield site
        else:
            yield Refused(*site)
    yield from {site.key: site for site in known.values() if site.key not in taken}.values()


FEED = Feed(
    key=KEY,
    title=text("Weather stations (places)", "氣象站位置", "气象站位置"),
    publisher="HKO",
    licence=CSDI_LICENCE,
    sources=(
        Source(
            name="stations",
            url="https://portal.csdi.gov.hk/server/rest/services/common/"
            "hko_rcd_1634995599372_15888/FeatureServer/0/query"
            "?where=1%3D1&outFields=*&f=geojson&resultRecordCount=1000",
            looks_like=lambda body: b'"FeatureCollection"' in body[:2000],
        ),
    ),
    every=timedelta(days=1),
    stale_after=timedelta(days=30),
    parse=parse,
    expected=(20, 500),
)
