"""The HTTP API as a FastAPI application; the gate stands in front of it."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from typing import Final

from fastapi import FastAPI

from cop.api import (
    account_page,
    accounts,
    area,
    attachments,
    cameras,
    drafts,
    duty,
    edxl,
    exchange,
    exports,
    journal,
    layers,
    metrics,
    ogc,
    oidc,
    organisations,
    originals,
    pages,
    places,
    positions,
    probes,
    public,
    push,
    reach,
    reads,
    session,
    suggestions,
    tokens,
    uploads,
    writes,
)
from cop.api.hub import Hub
from cop.api.leaving import Leaving
from cop.api.metrics import measured_by
from cop.api.nudges import Nudges
from cop.api.problems import answer_errors
from cop.api.public_files import PublicShelf
from cop.api.web import Web
from cop.services.area import Areas
from cop.services.duty import Duties
from cop.services.features.items import Features
from cop.services.layers.tables import Tables
from cop.services.limits import limits_of
from cop.services.oidc import open_oidc
from cop.services.publishing.paths import public_root
from cop.services.push_keys import open_push_key
from cop.services.reach import Reaching
from cop.services.suggest import Suggesting
from cop.services.uploads import Uploads
from cop.services.views import Views

_DESCRIPTION = """One live picture of Hong Kong for everyone who responds.

Read `/api/v1/picture`, then follow `/api/v1/stream?after=CURSOR`. Without signing in one gets what
is public. Times are ISO 8601 in UTC; coordinates are WGS84, longitude first. Errors are problem
details (RFC 9457) whose `detail` says what to do."""

_PARTS: Final = (
    public,
    pages,
    probes,
    session,
    push,
    account_page,
    accounts,
    oidc,
    tokens,
    reads,
    writes,
    drafts,
    attachments,
    uploads,
    cameras,
    layers,
    places,
    exchange,
    edxl,
    exports,
    organisations,
    originals,
    journal,
    duty,
    area,
    positions,
    reach,
    suggestions,
    ogc,
    metrics,
)
"""Every module of routes, in the order of the documentation."""


def create_api(web: Web, hub: Hub, nudges: Nudges, leaving: Leaving | None = None) -> FastAPI:
    """Make the application; its life span runs replica and streams, and hears of *leaving*."""

    @contextlib.asynccontextmanager
    async def live(_: FastAPI) -> AsyncIterator[None]:
        if leaving is not None:
            leaving.listen()
        web.replica.start()
        serving = [asyncio.create_task(one.run()) for one in (hub, nudges)]
        try:
            yield
        finally:
            for task in serving:
                task.cancel()
            await asyncio.gather(*serving, return_exceptions=True)
            await asyncio.to_thread(web.replica.stop)

    app = FastAPI(
        title="Common Operational Picture",
        version="1",
        description=_DESCRIPTION,
        docs_url=None,  # its scripts would come from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        lifespan=live,
    )
    app.state.web = web
    app.state.leaving = leaving
    app.state.public_shelf = PublicShelf(public_root(web.settings.data_dir))
    # Both wait for something else in a thread; they must leave threads for everybody else.
    app.state.signing_in = asyncio.Semaphore(min(4, os.cpu_count() or 1))
    app.state.attaching = asyncio.Semaphore(2)
    app.state.uploading = asyncio.Semaphore(2)  # a slow disk holds up nobody else
    app.state.oidc = open_oidc(web.settings)
    app.state.push_key = open_push_key(web.settings)
    app.state.duties = Duties(web.desk, web.concerns)
    app.state.areas = Areas(web.replica, web.concerns)
    app.state.uploads = Uploads(web.desk)
    app.state.features = Features(web.replica)
    # A filter looks at everything; what anybody asks never holds up those who have signed in.
    app.state.asking_features = {signed_in: asyncio.Semaphore(2) for signed_in in (True, False)}
    app.state.suggesting = Suggesting(web.desk, web.replica)
    app.state.reaching = Reaching(web.desk)
    app.state.layer_tables = Tables(web.desk.store)
    app.state.live_frames = cameras.LiveFrames(Views(web.desk))
    # A large table takes its time, and what anybody asks for holds up nobody who has signed in.
    app.state.exporting = {
        signed_in: asyncio.Semaphore(1 + signed_in) for signed_in in (True, False)
    }
    app.state.reporting = asyncio.Semaphore(1)  # the whole journal is read for it
    app.state.reaching_at_once = asyncio.Semaphore(2)  # for ten thousand it takes its time
    app.state.measured = measured_by(web, hub, nudges)
    app.state.measuring = asyncio.Semaphore(1)
    limits_of(web.settings)  # a file that is none is told at the start
    answer_errors(app)
    for part in _PARTS:
        app.include_router(part.router)
    return app
