"""What every route can reach: the parts of this web process, and who is asking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from cop.config import Settings
from cop.model.journal import Origin
from cop.services.commands.desk import Desk
from cop.services.documents import Documents
from cop.services.policy import Identity
from cop.services.replica import Replica
from cop.store.accounts import Accounts


@dataclass(frozen=True, slots=True)
class Web:
    """The parts of one web process."""

    settings: Settings
    replica: Replica
    documents: Documents
    accounts: Accounts
    desk: Desk


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


Parts = Annotated[Web, Depends(web_of)]
Asker = Annotated[Identity, Depends(identity_of)]
