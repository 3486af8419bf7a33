from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from cop.errors import PayloadError
from tests.unit.workers.making import NOON, a_feed, a_site, an_observation
from workers.collect import collect, follow
from workers.feed import ContentAt, Feed, Ignored, Item, Poll, Refused

EMPTY = Poll(NOON, ())


def yielding(*items: Item) -> Feed:
    """Make a feed that says *items*."""
    return a_feed(parse=lambda _: iter(items))


def test_sorts_items() -> None:
    """Each item goes where it belongs, and the latest content time counts."""
    later = NOON + timedelta(minutes=1)
    parsed = collect(
        yielding(
            an_observation(),
            a_site("s"),
            Ignored("2", "empty"),
            Refused("3", "broken"),
            ContentAt(later),
            ContentAt(NOON),
        ),
        EMPTY,
    )
    assert [entity.id for entity in parsed.entities] == ["levels:a"]
    assert [site.key for site in parsed.sites] == ["s"]
    assert parsed.ignored == (("2", "empty"),)
    assert parsed.refused == (("3", "broken"),)
    assert parsed.content_at == later


@pytest.mark.parametrize("bug", [KeyError("x"), ValueError("x"), TypeError("x"), IndexError("x")])
def test_names_the_place_of_a_bug(bug: Exception) -> None:
    """What a parser lets escape refuses the payload, and says where."""

    def parse(_: Poll) -> Iterator[Item]:
        yield an_observation()
        raise bug

    with pytest.raises(PayloadError, match=rf"{type(bug).__name__} at \w+\.py:\d+"):
        collect(a_feed(parse=parse), EMPTY)


def test_passes_a_refusal_on() -> None:
    """A PayloadError of the parser is passed on as it is."""

    def parse(_: Poll) -> Iterator[Item]:
        raise PayloadError("a web page")
        yield

    with pytest.raises(PayloadError, match=r"^a web page$"):
        collect(a_feed(parse=parse), EMPTY)


def test_refuses_another_feeds_entity() -> None:
    """An entity of another feed would never be ended, so it is refused."""
    with pytest.raises(PayloadError, match="says it is of feed"):
        collect(yielding(an_observation(feed="depths")), EMPTY)


def test_a_broken_second_round_is_a_refusal() -> None:
    """A first round from which no second follows refuses the payload."""

    def broken(_: Poll) -> Iterator[object]:
        raise KeyError("track")

    with pytest.raises(PayloadError, match="KeyError"):
        follow(a_feed(follow=broken), EMPTY)
