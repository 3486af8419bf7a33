"""GET /api/v1/places: from what somebody types to a place on the map."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query

from cop.api.web import Asker, Parts
from cop.errors import StoreUnavailable
from cop.services.places import LONGEST, find_places

router = APIRouter(prefix="/api/v1", tags=["places"])

_PLACE: Final[dict[str, Any]] = {
    "title": {"en": "Nathan Road", "zh-Hant": "彌敦道", "zh-Hans": "弥敦道"},
    "geometry": {"type": "Point", "coordinates": [114.1716, 22.3087]},
    "placing": "road",
    "precision_m": 1931.0,
    "what": "road",
}


@router.get(
    "/places",
    summary="Find a place",
    responses={200: {"content": {"application/json": {"example": {"places": [_PLACE]}}}}},
)
async def places(
    identity: Asker,
    web: Parts,
    q: Annotated[
        str,
        Query(
            description=(
                "Degrees, Hong Kong 1980 Grid, a UTM grid reference, or a name in any language"
            ),
            min_length=1,
            max_length=LONGEST,
            examples=["KK 083 691", "836055 818877", "22.3046,114.1722", "彌敦道"],
        ),
    ],
) -> dict[str, Any]:
    """Give at most ten places, likeliest first; none where nothing is like it."""
    try:
        picture = web.replica.picture()
    except StoreUnavailable:  # what is always known can be found all the same
        picture = None
    found = await asyncio.to_thread(find_places, q, picture, identity.audience)
    return {"places": [place.shown() for place in found]}
