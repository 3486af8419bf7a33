"""The Dash application on the FastAPI server: one page, no server callback."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from dash import Dash
from dash.backends._fastapi import FastAPIDashServer, reset_current_request, set_current_request
from fastapi import FastAPI, Request, Response

from cop.config import Settings
from cop.ui.pages import command

ASSETS: Final = Path(__file__).resolve().parents[2] / "assets"
PAGE: Final = "/command"

_NOT_OURS: Final = r"^(sign-in|account)\."
"""Files of the plain pages lie in the same folder; Dash must not load them into its page."""


def create_dash(server: FastAPI, settings: Settings) -> Dash:
    """Put the page, its scripts and Dash's own endpoints on *server*.

    The page stands at `/command` alone; no other path answers with it. There are no callbacks on
    the server, no WebSocket, no development tools.
    """
    app = Dash(
        __name__,
        backend=_backend(server),
        assets_folder=str(ASSETS),
        assets_ignore=_NOT_OURS,
        assets_path_ignore=[r"^field$", r"^ogc$", r"^public$"],
        serve_locally=True,
        title="聯合運作平台 COP",
        update_title="",
        add_log_handler=False,
        enable_mcp=False,
        websocket_callbacks=False,
        meta_tags=[
            {
                "name": "viewport",
                "content": "width=device-width, initial-scale=1, viewport-fit=cover",
            },
            {"name": "theme-color", "content": "#10161d"},
            {"name": "robots", "content": "noindex"},
        ],
    )
    app.layout = command.layout(settings)
    # Dash looks through the assets at the first request of its own; ours would come before it.
    app._setup_server()  # type: ignore[no-untyped-call]  # noqa: SLF001
    return app


def _backend(server: FastAPI) -> type[Any]:
    """Give the FastAPI backend of Dash, kept to one page.

    Dash's own would answer every unknown path with the page, and open a WebSocket endpoint.
    """

    class OnePage(FastAPIDashServer):  # type: ignore[misc, unused-ignore]
        websocket_capability = False

        @staticmethod
        def create_app(*_: Any) -> FastAPI:
            return server

        def setup_index(self, dash_app: Dash) -> None:
            async def page(request: Request) -> Response:
                token = set_current_request(request)  # type: ignore[no-untyped-call]
                try:
                    body: str = dash_app.index()  # type: ignore[no-untyped-call]
                    return Response(body, media_type="text/html")
                finally:
                    reset_current_request(token)  # type: ignore[no-untyped-call]

            self.add_url_rule(PAGE, page)

        def _setup_catchall(self) -> None:
            """Leave unknown paths unknown."""

    return OnePage
