"""The web process: gate, live stream, HTTP API and Dash pages in one ASGI application.

Run by `uvicorn cop.asgi:create_app --factory --loop uvloop --http httptools`.
"""

from __future__ import annotations

from starlette.types import ASGIApp

from cop import log as logging
from cop.api.app import create_api
from cop.api.compress import Compress
from cop.api.gate import Gate
from cop.api.hub import Hub
from cop.api.layer_tiles import LayerTiles
from cop.api.leaving import Leaving
from cop.api.nudges import Nudges
from cop.api.process import prepare
from cop.api.rules import NUDGE_PATH, STREAM_PATH
from cop.api.stream import Stream
from cop.api.web import Web
from cop.config import Settings
from cop.errors import Misconfigured
from cop.services.accounts import open_accounts
from cop.services.commands.desk import Desk
from cop.services.concerns import Concerns
from cop.services.documents import Documents
from cop.services.replica import Replica
from cop.store import open_store
from cop.store.accounts import Accounts
from cop.store.port import Store
from workers.layers.pictures import open_pictures


def create_app(
    settings: Settings | None = None,
    *,
    store: Store | None = None,
    accounts: Accounts | None = None,
    with_pages: bool = True,
) -> ASGIApp:
    """Compose the web process of one operation.

    Args:
        settings: read from the environment when not given: the process is for nothing else then.
        store: the picture; opened as *settings* say when not given.
        accounts: users and sessions; opened as *settings* say when not given.
        with_pages: whether the Dash pages are part of it.

    Raises:
        Misconfigured: the settings are not fit, or Dash would expose more than its pages.
    """
    is_alone = settings is None
    if is_alone:
        logging.configure()
    settings = settings or Settings()
    store = store or open_store(settings)
    accounts = accounts or open_accounts(settings)
    replica = Replica(store, settings.clock())
    documents = Documents(replica, operation=settings.operation, exercise=settings.exercise)
    hub = Hub(replica, accounts, operation=settings.operation, exercise=settings.exercise)
    desk = Desk(store, accounts, settings.clock(), settings)
    concerns = Concerns(replica)
    nudges = Nudges(replica, concerns, accounts, operation=settings.operation)
    leaving = Leaving(settings.leave_s) if is_alone else None
    web = Web(settings, replica, documents, accounts, desk, concerns)
    server = create_api(web, hub, nudges, leaving)
    server.state.layer_tiles = LayerTiles(open_pictures(settings, store))
    hashes: list[str] = []
    if with_pages:
        from cop.ui.app import create_dash
        from cop.ui.field.page import add_field

        add_field(server, settings)
        dash = create_dash(server, settings)
        if dash._enable_mcp:  # noqa: SLF001 - there is no public way to ask
            raise Misconfigured("Dash's MCP server is on: unset DASH_MCP_ENABLED")
        hashes = list(dash.csp_hashes())
    streams = {STREAM_PATH: Stream(hub), NUDGE_PATH: Stream(nudges)}
    if is_alone:
        prepare()
    return Gate(Compress(server), streams, accounts, settings, hashes, leaving=leaving)
