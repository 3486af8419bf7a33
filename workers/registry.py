"""Find the feeds: every module in `workers/feeds/` that has a `FEED`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType, ModuleType

from cop.errors import Misconfigured, NotFound
from workers import feeds
from workers.feed import Feed


def feed_keys() -> tuple[str, ...]:
    """List the keys of all feeds without importing them, sorted."""
    return tuple(sorted(name for _, name, _ in pkgutil.iter_modules(feeds.__path__)))


@cache
def find_feeds() -> Mapping[str, Feed]:
    """Import every feed; key to feed, sorted by key.

    Raises:
        Misconfigured: a module has no `FEED`, or one whose key is not the module's name.
    """
    return MappingProxyType({key: find_feed(key) for key in feed_keys()})


def find_feed(key: str) -> Feed:
    """Import one feed.

    Raises:
        NotFound: there is no such feed; the message names the nearest ones.
        Misconfigured: the module has no `FEED`, or one whose key is not the module's name.
    """
    known = feed_keys()
    if key not in known:
        near = get_close_matches(key, known, n=3) or known
        raise NotFound(f"there is no feed {key!r}; did you mean {', '.join(near)}?")
    return read_feed(importlib.import_module(f"{feeds.__name__}.{key}"))


def read_feed(module: ModuleType) -> Feed:
    """Give the `FEED` of *module*; raises Misconfigured when it is absent or misnamed."""
    name = module.__name__.rpartition(".")[2]
    feed = getattr(module, "FEED", None)
    if not isinstance(feed, Feed):
        raise Misconfigured(f"workers/feeds/{name}.py has no FEED: a feed is one file with a FEED")
    if feed.key != name:
        raise Misconfigured(
            f"workers/feeds/{name}.py calls its feed {feed.key!r}: the key must be the file's name"
        )
    return feed
