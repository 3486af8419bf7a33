"""GET /api/v1/organisations: the agencies by their codes, with their Legal Entity Identifiers."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter

from cop.api.web import Parts
from cop.services.exchange.organisations import organisations_of

router = APIRouter(prefix="/api/v1", tags=["exchange"])

_ORGANISATIONS: dict[str, Any] = {
    "organisations": [
        {
            "code": "HKO",
            "name": {"en": "Hong Kong Observatory", "zh-Hant": "香港天文台"},
            "lei": "00EXAMPLE00000000159",
        }
    ]
}


@router.get(
    "/organisations",
    summary="Who publishes and who responds",
    responses={200: {"content": {"application/json": {"example": _ORGANISATIONS}}}},
)
async def read_organisations(web: Parts) -> dict[str, Any]:
    """Give every organisation that features name by its code; `lei` (ISO 17442) where known."""
    known = await asyncio.to_thread(organisations_of, web.settings)
    return {"organisations": [one.shown() for one in known.values()]}
