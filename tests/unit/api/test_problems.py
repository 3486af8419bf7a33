"""What an error is answered with."""

from __future__ import annotations

import asyncio
from typing import NoReturn

import httpx
from fastapi import FastAPI

from cop.api.problems import MEDIA_TYPE, answer_errors
from cop.errors import NotConfirmed


def test_what_is_not_confirmed_is_to_be_sent_again() -> None:
    """503 with the time to wait, in words that say that it was written: pages repeat by the key."""
    app = FastAPI()
    answer_errors(app)

    @app.post("/", response_model=None)
    def _() -> NoReturn:
        raise NotConfirmed("written, but not confirmed")

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.post("/")

    answer = asyncio.run(ask())
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert answer.json()["detail"].startswith("written, but not confirmed; try again")
