"""What every route can reach: the parts of this web process, and who is asking."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final, cast

from fastapi import Depends, Request, Response

from cop.config import Settings
from cop.model.journal import Origin
from cop.model.record import cursor_key
from cop.services.commands.desk import Desk
from cop.services.concerns import Concerns
from cop.services.documents import Documents, is_known
from cop.services.policy import Identity
from cop.services.replica import Replica
from cop.store.accounts import Accounts

INERT: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}
"""Headers of what others made: it is looked at or saved, and nothing of it runs."""

_BEHIND_S: Final = 1.0
_LOOK_EVERY_S: Final = 0.02


@dataclass(frozen=True, slots=True)
class Web:
    """The parts of one web process."""

    settings: Settings
    replica: Replica
    documents: Documents
    accounts: Accounts
    desk: Desk
    concerns: Concerns


def web_of(request: Request) -> Web:
    """Give the parts that `create_api` put into the application."""
    return cast("Web", request.app.state.web)


def identity_of(request: Request) -> Identity:
    """Tell who is asking, as the gate found out."""
    return cast("Identity", request.state.identity)


def address_of(request: Request) -> str:
    """Give the network address that a request came from; "" where none is known."""
    return request.client.host if request.client else ""


def origin_of(request: Request) -> Origin:
    """Tell from where and by which door a request came, as the journal has it."""
    entrance = "token" if "authorization" in request.headers else "page"
    return Origin(address=address_of(request), entrance=entrance)


async def come_to(replica: Replica, after: str) -> None:
    """Wait, for a moment at most, until this process's copy has come to the cursor *after*.

    Whoever was told of a change by one process may ask another, which is a little behind.
    """
    try:
        wanted = cursor_key(after)
    except ValueError:
        return
    end = time.monotonic() + _BEHIND_S
    while time.monotonic() < end:
        cursor, _ = replica.state()
        if cursor and cursor_key(cursor) >= wanted:
            return
        await asyncio.sleep(_LOOK_EVERY_S)


def answer_unless_known(etag: str, body: Callable[[], bytes], if_none_match: str) -> Response:
    """Give the JSON that *body* makes, or 304 to whoever has what *etag* names."""
    headers = {"ETag": etag, "Cache-Control": "no-store"}
    if is_known(etag, if_none_match):
        return Response(status_code=304, headers=headers)
    return Response(body(), headers=headers, media_type="application/json")


Parts = Annotated[Web, Depends(web_of)]
Asker = Annotated[Identity, Depends(identity_of)]
