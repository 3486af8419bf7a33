"""Write docs/feeds.md from the feeds themselves: `python -m tools.make_feeds_doc`."""

from __future__ import annotations

import inspect
import sys
from datetime import timedelta
from pathlib import Path

from workers.registry import find_feeds

TARGET = Path(__file__).parents[1] / "docs" / "feeds.md"

HEAD = """# Feeds

Made by `python -m tools.make_feeds_doc` from the feeds themselves; `cop feeds list` prints the
same. *Stale after* is the age past which the picture says that the feed is stale: of the content
where the publisher renews it on a cadence, otherwise of the last success. *Complete* means that
what is missing from a payload has ended. Whether a format has been seen in a real payload or is
known from documentation only stands in each feed's own words below.

| feed | what | publisher | every | stale after | complete | licence |
|---|---|---|---|---|---|---|
"""


def spoken(span: timedelta) -> str:
    """Say *span* in its largest whole unit."""
    seconds = int(span.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def render() -> str:
    """Give the whole document."""
    feeds = find_feeds()
    rows = [
        f"| `{key}` | {feed.title['en']} | {feed.publisher} | {spoken(feed.every)} |"
        f" {spoken(feed.stale_after)} | {'yes' if feed.complete else 'no'} | {feed.licence} |\n"
        for key, feed in sorted(feeds.items())
    ]
    notes = [
        f"\n### `{key}`\n\n{inspect.cleandoc(sys.modules[feed.parse.__module__].__doc__ or '')}\n"
        for key, feed in sorted(feeds.items())
    ]
    return HEAD + "".join(rows) + "\n## What each says of itself\n" + "".join(notes)


if __name__ == "__main__":
    TARGET.write_text(render(), "utf-8")
