from __future__ import annotations

from types import ModuleType

import pytest

from cop.errors import Misconfigured, NotFound
from tests.unit.workers.making import a_feed
from workers.registry import feed_keys, find_feed, find_feeds, read_feed


def a_module(name: str, **members: object) -> ModuleType:
    """Make a module of the feeds' folder."""
    module = ModuleType(f"workers.feeds.{name}")
    module.__dict__.update(members)
    return module


def test_finds_every_module() -> None:
    """Every module in the folder is a feed, under its own name."""
    assert tuple(find_feeds()) == feed_keys()
    assert all(key == feed.key for key, feed in find_feeds().items())


def test_refuses_another_key() -> None:
    """A feed whose key is not its file's name is refused, with both names."""
    with pytest.raises(Misconfigured, match=r"depths\.py calls its feed 'levels'"):
        read_feed(a_module("depths", FEED=a_feed()))


def test_refuses_a_module_without_feed() -> None:
    """A module without a FEED is refused."""
    with pytest.raises(Misconfigured, match="has no FEED"):
        read_feed(a_module("depths"))


def test_names_the_nearest() -> None:
    """A mistyped key is answered with the nearest ones."""
    key = feed_keys()[0]
    with pytest.raises(NotFound, match=key):
        find_feed(key[:-1])
