"""The publisher: follows the store and keeps the files of the public site true.

Run by `python -m cop.publisher`. It never ends because of an error: what is published stays, says
how old it is, and is mended as soon as that is possible.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Collection, Iterable
from functools import partial
from typing import Any, cast

from cop import log as logging
from cop.config import Settings
from cop.model.text import LANGS, Lang
from cop.services.exchange.alerting.issued import Ledger
from cop.services.publishing.compile import Compiler
from cop.services.publishing.editions import Document, File
from cop.services.publishing.picture import PublicPicture
from cop.services.publishing.publisher import Blocks, Publisher
from cop.store import open_store
from cop.store.port import Store
from cop.ui.public import cap, site
from cop.ui.public.block import Block
from cop.ui.public.context import Context
from cop.ui.public.layers import public_layers
from cop.ui.public.text import blocks
from cop.ui.public.text_sources import used_feeds
from workers.alive import Alive


class PublicSite:
    """The pages, feeds and downloads of `cop.ui.public`, as the publisher asks for them."""

    def __init__(self, settings: Settings, store: Store | None = None) -> None:
        """Put the scripts and styles together, once; *store* knows which alerts of ours went out.

        Without one there is nothing below `/public/cap/`.
        """
        self._ledger = None if store is None else Ledger(settings, store)
        self._settings = settings
        self._files, self._scripts = site.assets()
        self._of_layers = frozenset(feed for layer in public_layers() for feed in layer.feeds)

    def blocks(self, picture: PublicPicture) -> dict[Lang, tuple[Block, ...]]:
        """Give the text of *picture* in each language."""
        return {lang: blocks(picture, lang) for lang in LANGS}

    def feeds(self, picture: PublicPicture) -> Collection[str]:
        """List the feeds that text or map stand on."""
        return self._of_layers.union(used_feeds(picture))

    def documents(
        self, picture: PublicPicture, series: str, version: int, blocks: Blocks
    ) -> Iterable[Document]:
        """List every page, feed and download of an edition."""
        text = cast("dict[Lang, tuple[Block, ...]]", blocks)
        context = Context(picture, self._settings, series, version, text, self._files)
        yield from site.documents(context)
        if self._ledger is not None:
            as_of, made_at = picture.as_of, picture.made_at
            yield from cap.documents(self._settings, self._ledger, as_of, made_at)

    def scripts(self) -> Iterable[File]:
        """Give the scripts, styles and pictures that the pages lead to."""
        return self._scripts

    def closed(self) -> Iterable[Document]:
        """Give the pages that say why there is no public map."""
        return site.closed(self._settings)


def main() -> None:
    """Publish until asked to end."""
    logging.configure()
    settings = Settings()
    store = open_store(settings)
    stop = threading.Event()

    def end(*_: Any) -> None:
        stop.set()

    for sig in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sig, end)
    alive = Alive(store, "publisher")
    alive.start()
    try:
        Publisher(settings, store, PublicSite(settings, store), partial(Compiler, settings)).run(
            stop
        )
    finally:
        alive.stop()
        store.close()


if __name__ == "__main__":
    main()
