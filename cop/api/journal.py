"""The journal: read by the desk, handed out by whoever may."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime

from cop.api.problems import MEDIA_TYPE
from cop.api.session import write_down
from cop.api.web import Asker, Parts
from cop.services.journal import Wanted, search, to_csv, walk
from cop.services.policy import Action, permit

router = APIRouter(prefix="/api/v1", tags=["journal"])

_BOM: Final = "\ufeff"
"""By this, spreadsheets know that the words are UTF-8."""

_ENTRY: Final[dict[str, Any]] = {
    "number": 17,
    "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "at": "2023-09-07T15:06:10Z",
    "wall_at": "2026-01-01T08:00:10Z",
    "who": {"name": "wong", "role": "duty_officer", "agency": "DSD"},
    "from": {"address": "10.1.2.3", "entrance": "page"},
    "action": "verify_incident",
    "id": "incident:5f0c7d1e9a3b4c52",
    "reason": None,
    "undoable": True,
    "changes": [
        {
            "id": "incident:5f0c7d1e9a3b4c52",
            "kind": "incident",
            "version": 2,
            "before": {"status": "reported"},
            "after": {"status": "verified", "verified": True},
        }
    ],
}
_PAGE: Final[dict[str, Any]] = {
    "entries": [_ENTRY],
    "head": {"number": 17, "hash": _ENTRY["hash"]},
    "next": None,
}
_PROBLEM: Final[dict[str, Any]] = {MEDIA_TYPE: {}}
_FORBIDDEN: Final[dict[int | str, dict[str, Any]]] = {
    403: {"description": "The role may not do this", "content": _PROBLEM}
}

Words = Annotated[str, Query(max_length=300)]


def wanted(
    *,
    entity: Annotated[Words, Query(description="Id of what was changed or concerned")] = "",
    q: Annotated[Words, Query(description="Words that must all stand in the entry")] = "",
    who: Annotated[Words, Query(description="Name of the account")] = "",
    action: Annotated[Action | None, Query(description="What was done")] = None,
    since: Annotated[AwareDatetime | None, Query(description="By the operation's clock")] = None,
    until: Annotated[AwareDatetime | None, Query(description="By the operation's clock")] = None,
) -> Wanted:
    """Read which entries are asked for."""
    return Wanted(
        entity=entity or None,
        q=q or None,
        who=who or None,
        action=action,
        since=since,
        until=until,
    )


Asked = Annotated[Wanted, Depends(wanted)]


@router.get(
    "/journal",
    summary="Who did what",
    responses={200: {"content": {"application/json": {"example": _PAGE}}}, **_FORBIDDEN},
)
async def read_journal(
    identity: Asker,
    web: Parts,
    asked: Asked,
    before: Annotated[int | None, Query(gt=0, le=10**15)] = None,
    limit: Annotated[int, Query(gt=0, le=200)] = 50,
) -> dict[str, Any]:
    """Give entries newest first. `next`, where it is not null, is the `before` to go on with."""
    permit(identity, Action.READ_JOURNAL)
    store = web.desk.store
    number, digest = await asyncio.to_thread(store.journal_head)
    entries, following = await asyncio.to_thread(search, store, asked, before=before, limit=limit)
    return {
        "entries": [entry.shown() for entry in entries],
        "head": {"number": number, "hash": digest},
        "next": following,
    }


@router.get(
    "/journal.csv",
    summary="The journal as a table",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}}, **_FORBIDDEN},
)
async def export_journal(identity: Asker, request: Request, web: Parts, asked: Asked) -> Response:
    """Give every entry that is asked for as CSV, oldest first; that too is written down."""
    permit(identity, Action.EXPORT_JOURNAL)
    await write_down(web, request, identity, Action.EXPORT_JOURNAL)

    def lines() -> Iterator[str]:
        yield _BOM
        yield from to_csv(walk(web.desk.store, asked))

    name = f"journal-{web.settings.operation}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(lines(), headers=headers, media_type="text/csv; charset=utf-8")
