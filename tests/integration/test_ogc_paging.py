"""Pages of one list: while the picture changes, at another process, there and back."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx

from cop.model.record import put
from tests.integration.ogc_site import ITEMS, client, links, read, server
from tests.integration.web_server import until, web_server, wind

__all__ = ["client", "server"]


def test_pages_are_of_one_list_though_the_picture_changes() -> None:
    """Every feature once, as it was, over pages between which features come, change and go."""
    with web_server() as running, running.client() as reader:
        first = [wind(f"{number:02d}", 1.0) for number in range(20)]
        cursor = running.store.write([put(one) for one in first], fetched_ms=1).cursor
        until(lambda: running.has_come_to(cursor))
        address, read, matched = f"/ogc{ITEMS}?limit=6", [], []
        while address:
            said = reader.get(address).json()
            read += [(one["id"], one["properties"]["value"]) for one in said["features"]]
            matched.append(said["numberMatched"])
            changed = [wind(f"{number:02d}", float(len(read))) for number in range(0, 40, 2)]
            cursor = running.store.write([put(one) for one in changed], fetched_ms=2).cursor
            until(lambda mark=cursor: running.has_come_to(mark))  # type: ignore[misc]
            address = next(iter(links(said, "next")), "")
        assert read == [(f"hko_wind:{number:02d}", 1.0) for number in range(20)]
        assert set(matched) == {20}
        assert reader.get(f"/ogc{ITEMS}").json()["numberMatched"] == 30


def test_pages_go_on_at_another_process() -> None:
    """Between two processes by turns, while things come and change: what stayed comes once."""
    with web_server() as one, web_server(one.store) as two:
        first = [wind(f"{number:02d}", 1.0) for number in range(0, 40, 2)]
        cursor = one.store.write([put(each) for each in first], fetched_ms=1).cursor
        address, read = f"/ogc{ITEMS}?limit=6", []
        for turn in range(10):
            server = (one, two)[turn % 2]
            until(lambda here=server, mark=cursor: here.has_come_to(mark))  # type: ignore[misc]
            with server.client() as reader:
                said = reader.get(address).json()
            read += [each["id"] for each in said["features"]]
            changed = [wind(f"{number:02d}", 2.0) for number in range(turn, 40, 7)]
            cursor = one.store.write([put(each) for each in changed], fetched_ms=2).cursor
            following = urlsplit(next(iter(links(said, "next")), ""))
            if not following.query:
                break
            address = f"{following.path}?{following.query}"
        assert len(read) == len(set(read))
        assert {each.id for each in first} <= set(read)


def test_there_and_back_again(client: httpx.Client) -> None:
    """The link back leads to the page before, in both forms."""
    first = client.get(ITEMS, params={"limit": "100", "filter": "value >= 0"}).json()
    second = client.get(links(first, "next")[0]).json()
    third = client.get(links(second, "next")[0]).json()
    assert [one["numberReturned"] for one in (first, second, third)] == [100, 100, 50]
    assert not links(third, "next")
    assert client.get(links(third, "prev")[0]).json()["features"] == second["features"]
    assert client.get(links(second, "prev")[0]).json()["features"] == first["features"]
    page = client.get(ITEMS, params={"limit": "100", "f": "html"})
    following = [href for href in read(page.text).hrefs if "page=" in href]
    assert len(following) == 1
    assert client.get(following[0]).headers["content-type"].startswith("text/html")
