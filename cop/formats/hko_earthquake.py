"""The Observatory's earthquake messages: one object in each language, or `{}`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cop.errors import PayloadError
from cop.formats.hko import Documents, read_hko, words_of
from cop.formats.number import read_number
from cop.formats.when import parse_time
from cop.model.entity import Certainty, Placing
from cop.model.geometry import point
from cop.model.kinds import Hazard
from cop.model.text import LANGS, Text


def read_message(body: bytes) -> dict[str, Any]:
    """Read the message; {} when there is none. Raises PayloadError when it is anything else."""
    document = read_hko(body)
    if document and not ({"lat", "lon"} <= document.keys() and "ptime" in document):
        raise PayloadError("not an earthquake message: place or time is missing")
    return document


def earthquake(documents: Documents, *, feed: str, label: Text) -> Hazard | None:
    """Make the hazard that a message tells of; None when there is none.

    A revision keeps the id: it is made of the time to the minute and the place to the degree.

    Args:
        documents: the language variants, read by `read_message`.
        feed: key of the feed.
        label: the word for an earthquake, for the title.

    Raises:
        ValueError: place, time or magnitude cannot be read.
    """
    lead: dict[str, Any] = next((message for message in documents.by_lang.values() if message), {})
    if not lead:
        return None
    at: datetime = parse_time(str(lead["ptime"]))
    lon, lat = read_number(lead["lon"]), read_number(lead["lat"])
    if lon is None or lat is None:
        raise ValueError("the place is missing")
    measures = {}
    for name, field in (("magnitude", "mag"), ("intensity_mmi", "intensity")):
        value = read_number(lead.get(field))
        if value is not None:
            measures[name] = value
    if not measures:
        raise ValueError("neither magnitude nor intensity")
    same = {
        lang: message
        for lang, message in documents.by_lang.items()
        if message.get("ptime") == lead["ptime"]
    }
    variants = Documents(same, {})
    region = words_of(variants, lambda message: message["region"])
    size = f"M{measures['magnitude']:.1f} " if "magnitude" in measures else ""
    return Hazard(
        id=f"{feed}:{at:%Y%m%dT%H%MZ}_{round(lat)}_{round(lon)}",
        feed=feed,
        publisher="HKO",
        title={
            lang: f"{size}{label[lang]}{': ' if lang == 'en' else '：'}{region[lang]}"
            for lang in LANGS
            if lang in region
        }
        or {lang: f"{size}{label[lang]}" for lang in LANGS},
        description=words_of(variants, _details),
        observed_at=at,
        geometry=point(lon, lat),
        placing=Placing.GIVEN,
        place=region,
        phenomenon="earthquake",
        certainty=Certainty.OBSERVED,
        measures=measures,
    )


def _details(message: dict[str, Any]) -> str:
    details = message["details"]
    lines = details if isinstance(details, list) else [details]
    return "\n".join(str(line).strip() for line in lines if str(line).strip())
