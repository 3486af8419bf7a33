"""What programs of others were seen to ask of /ogc besides what the standard names."""

from __future__ import annotations

import httpx
import pytest

from tests.integration.ogc_site import ITEMS, WINDS, client, links, server

__all__ = ["client", "server"]


@pytest.mark.parametrize("path", ["", "/", "/collections", ITEMS, f"{ITEMS}/hko_wind:S0001"])
def test_browsers_may_ask_before_they_read(client: httpx.Client, path: str) -> None:
    """A preflight lets another site's page read, conditionally too, and never with a session."""
    asked = {
        "Origin": "https://map.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match",
    }
    answer = client.options(path, headers=asked)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert "if-none-match" in answer.headers["access-control-allow-headers"].lower()
    assert "authorization" not in answer.headers["access-control-allow-headers"].lower()
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("offset", [0, 1, 100, WINDS - 3, WINDS, 10**15])
def test_features_may_be_passed_over(client: httpx.Client, offset: int) -> None:
    """Programs that count pages by `offset` get them; the links go on from there without it."""
    everything = client.get(ITEMS, params={"limit": "5000"}).json()["features"]
    page = client.get(ITEMS, params={"limit": "5", "offset": str(offset)}).json()
    assert page["features"] == everything[offset : offset + 5]
    assert page["numberMatched"] == WINDS
    following = links(page, "next")
    assert bool(following) == (offset + 5 < WINDS)
    for href in following:
        assert "offset" not in href
        assert client.get(href).json()["features"] == everything[offset + 5 : offset + 10]
