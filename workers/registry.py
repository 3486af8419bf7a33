"""Find the feeds: every module in `workers/feeds/` with a `FEED`, and the CAP sources set up."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType, ModuleType

from cop.config import Settings
from cop.errors import Misconfigured, NotFound
from workers import feeds
from workers.cap_sources import PREFIX, cap_sources_of, feed_of
from workers.feed import Feed


def feed_keys() -> tuple[str, ...]:
    """List the keys of all feeds that are modules, without importing them, sorted."""
    return tuple(sorted(name for _, name, _ in pkgutil.iter_modules(feeds.__path__)))


def find_feeds(settings: Settings | None = None) -> Mapping[str, Feed]:
    """Import every feed; key to feed, sorted by key.

    Args:
        settings: of the operation whose CAP sources are feeds too; None: the modules alone.

    Raises:
        Misconfigured: a module has no `FEED`, or one whose key is not the module's name.
        NotFound: the operation's scenario does not exist.
    """
    if settings is None:
        return _modules()
    made = {one.key: feed_of(one) for one in cap_sources_of(settings).values()}
    return MappingProxyType(dict(sorted((dict(_modules()) | made).items())))


@cache
def _modules() -> Mapping[str, Feed]:
    return MappingProxyType({key: find_feed(key) for key in feed_keys()})


def find_feed(key: str, settings: Settings | None = None) -> Feed:
    """Import one feed, or make it of the operation's CAP source.

    Raises:
        NotFound: there is no such feed; the message names the nearest ones.
        Misconfigured: the module has no `FEED`, or one whose key is not the module's name.
    """
    known = feed_keys()
    if key in known:
        return read_feed(importlib.import_module(f"{feeds.__name__}.{key}"))
    sources = {} if settings is None else cap_sources_of(settings)
    if key.startswith(PREFIX) and key.removeprefix(PREFIX) in sources:
        return feed_of(sources[key.removeprefix(PREFIX)])
    named = (*known, *(PREFIX + name for name in sources))
    near = get_close_matches(key, named, n=3) or named
    raise NotFound(f"there is no feed {key!r}; did you mean {', '.join(near)}?")


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
