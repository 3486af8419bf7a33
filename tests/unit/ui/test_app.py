"""The application: one page, no server callback, no way around it; scripts keep to the rules."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from cop.config import Settings
from cop.ui import ids
from cop.ui.app import ASSETS, PAGE, create_dash

SCRIPTS = {path.name: path.read_text("utf-8") for path in ASSETS.glob("*.js")}
OURS = {name: words for name, words in SCRIPTS.items() if not name.startswith("sign-in")}
IDS = {value for name, value in vars(ids).items() if name.isupper()}


async def _begin(server: FastAPI) -> None:
    """Let the server start up: it is then that Dash would put the page on every path."""
    messages = iter(({"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}))

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        assert not message["type"].endswith("failed"), message

    await server({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)


class Site:
    """A server that holds only the page."""

    def __init__(self) -> None:
        """Make and start it."""
        self.server = FastAPI(openapi_url=None)
        self.app = create_dash(self.server, Settings())
        asyncio.run(_begin(self.server))

    def get(self, path: str) -> httpx.Response:
        """Ask for *path*."""

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.server)
            async with httpx.AsyncClient(transport=transport, base_url="http://site") as client:
                return await client.get(path)

        return asyncio.run(ask())


@pytest.fixture
def site() -> Site:
    """Give a started site."""
    return Site()


def test_the_page_is_at_one_address(site: Site) -> None:
    """Only the page's own path answers with it; there is no callback on the server."""
    assert site.app.callback_map == {}
    assert "_dash-config" in site.get(PAGE).text
    for path in ("/", "/other", "/command/more"):
        assert site.get(path).status_code == 404


def test_the_first_page_has_its_scripts(site: Site) -> None:
    """The very first answer names our scripts and styles, and not those of the plain pages."""
    first = site.get(PAGE).text
    assert "/assets/map.js" in first
    assert "/assets/tokens.css" in first
    assert "sign-in" not in first
    assert "https://" not in re.sub(r"<!--.*?-->", "", first, flags=re.DOTALL)


def test_no_socket_and_no_tools(site: Site) -> None:
    """There is no WebSocket route, no reload, no error display of a development server."""
    paths = {getattr(route, "path", "") for route in site.server.routes}
    assert not [path for path in paths if "ws" in path.split("-") or "mcp" in path]
    config = site.get(PAGE).text
    assert '"ui":false' in config.replace(" ", "")


def test_scripts_write_no_markup() -> None:
    """No script parses HTML or runs a string: words from outside stay words."""
    for name, script in OURS.items():
        found = re.findall(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc",
            script,
        )
        assert not found, name


def test_scripts_reach_for_ids_that_exist() -> None:
    """Every literal id in a script is in `ids.py`, or made by the scripts themselves."""
    made = set(re.findall(r'\bid: "([\w-]+)"', "\n".join(OURS.values())))
    for name, script in OURS.items():
        for asked in re.findall(r'cop\.\$\("([\w-]+)"\)', script):
            assert asked in IDS | made, f"{asked} in {name}"


def test_the_map_script_knows_no_layer() -> None:
    """Layers are tables: no generic script names one."""
    from cop.ui.layer import find_layers

    for name in ("map.js", "canvas.js", "layers.js", "symbols.js", "legend.js", "list.js"):
        for layer in find_layers():
            assert f'"{layer.key}"' not in OURS[name], f"{layer.key} in {name}"
