"""The publisher's work: when to look, when to make an edition, when to write the pages anew."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, Protocol

import structlog

from cop.config import Settings
from cop.model.text import Lang
from cop.services.publishing.editions import Document, File, Piece, content_of
from cop.services.publishing.files import PublicFiles
from cop.services.publishing.follower import Compiling, Follower
from cop.services.publishing.paths import public_root
from cop.services.publishing.picture import PublicPicture
from cop.services.publishing.press import Press
from cop.store.port import Store

log = structlog.get_logger(__name__)

POINT_EVERY_S: Final = 10.0
WRITE_EVERY_S: Final = 60.0
"""Pages say how old things are: that much they may lag behind where nothing else changes."""
PAGES_EVERY_S: Final = 10.0
"""However much changes, they are not written more often: caches keep them for longer."""
WRITE_AGAIN_S: Final = 15.0
"""After how long those that could not be made are tried again."""
WAIT_MS: Final = 500
_LOCK_EVERY_S: Final = 1.0
_BACK_OFF_S: Final = 10.0
_FORGET_AFTER: Final = 3
"""So many failures in a row, and what was kept from before is no longer trusted."""

Blocks = Mapping[Lang, Sequence[Piece]]


class Site(Protocol):
    """What makes the documents."""

    def blocks(self, picture: PublicPicture) -> Blocks:
        """Give the text of *picture* in each language."""

    def feeds(self, picture: PublicPicture) -> Collection[str]:
        """List the feeds of which viewers need to be told to when they are known."""

    def documents(
        self, picture: PublicPicture, series: str, version: int, blocks: Blocks
    ) -> Iterable[Document]:
        """List every page, feed and download of an edition; to list them fails never."""

    def scripts(self) -> Iterable[File]:
        """Give the scripts, styles and pictures that the pages lead to."""

    def closed(self) -> Iterable[Document]:
        """Give the pages that say why there is no public map."""


class Publisher:
    """Keeps the public site of one operation; `run` it in one thread."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        site: Site,
        compiling: Callable[[bytes | None], Compiling],
    ) -> None:
        """Publish what *store* holds, put together by *compiling* and written by *site*."""
        self._settings = settings
        self._store = store
        self._site = site
        self._compiling = compiling
        self._clock = settings.clock()
        self._files = PublicFiles(public_root(settings.data_dir))
        self._press = Press(self._files, settings)
        self._memory: bytes | None = None
        self._follower: Follower | None = None
        self._opened = False
        self._failures = 0
        self._came = True
        self._last: PublicPicture | None = None
        self._blocks: Blocks = {}
        self._edition_at = self._point_at = self._write_at = self._pages_at = 0.0

    def run(self, stop: threading.Event) -> None:
        """Publish until *stop* is set; waits its turn while another process publishes."""
        try:
            while not stop.is_set():
                try:
                    self._turn(stop)
                    self._failures = 0
                except OSError as error:
                    log.warning("public_files_refused", reason=error.strerror)
                    self._pause(stop)
                except Exception:  # whatever it was, the public's site is not to stand still
                    log.exception("publisher_failed")
                    self._follower = None
                    self._pause(stop)
        finally:
            self._files.release()

    def _pause(self, stop: threading.Event) -> None:
        self._failures += 1
        stop.wait(min(_BACK_OFF_S, 0.25 * 2 ** min(self._failures, 8)))

    def _turn(self, stop: threading.Event) -> None:
        """Take one step: become the one publisher, close the site, or look what there is."""
        if not self._opened:
            if not self._files.hold():
                stop.wait(_LOCK_EVERY_S)
                return
            self._memory = self._press.open()
            self._opened = True
        if self._settings.exercise and not self._settings.public_exercise:
            self._close()
            stop.wait(WRITE_EVERY_S)
            return
        if self._follower is None:
            kept = self._memory if self._failures < _FORGET_AFTER else None
            self._follower = Follower(self._store, self._compiling(kept), self._clock)
            self._press.write_scripts(self._site.scripts(), datetime.now(UTC))
            self._came, self._last = True, None
        self._came = self._follower.step(stop, WAIT_MS) or self._came
        if self._follower.known is not None:
            self._publish(self._follower, self._follower.known)

    def _close(self) -> None:
        made_at = datetime.now(UTC)
        self._press.write_scripts(self._site.scripts(), made_at)
        self._press.close_site(self._site.closed(), made_at)

    def _publish(self, follower: Follower, known: tuple[datetime, datetime]) -> None:
        """Do what is due: an edition, the pages, the pointer, or nothing."""
        now, (as_of, made_at) = time.monotonic(), known
        due = follower.compiler.due()
        changed = self._came or (due is not None and due <= as_of)
        may_change = changed and now >= self._edition_at
        write = now >= self._write_at
        if not (may_change or write or now >= self._point_at):
            return
        picture = follower.compiler.picture(as_of, made_at=made_at, down=follower.down)
        is_news = False
        if write or self._differs(picture):
            self._blocks = self._site.blocks(picture)
            is_news = self._press.publish(picture, content_of(picture, self._blocks))
            self._last = picture
        self._came = False
        self._edition_at = now + self._settings.public_every_s
        if is_news:
            self._write_at = min(self._write_at, max(now, self._pages_at))
        if is_news and self._press.series.version == 1:
            self._write(picture, now)  # whoever is led to a new series finds its pages
        self._press.point(picture, self._site.feeds(picture))
        self._point_at = now + POINT_EVERY_S
        if now >= self._write_at:
            self._write(picture, now)
        if is_news or write:
            self._memory = follower.compiler.memory()
            self._press.remember(self._memory, made_at)

    def _write(self, picture: PublicPicture, now: float) -> None:
        series = self._press.series
        documents = self._site.documents(picture, series.id, series.version, self._blocks)
        is_whole = self._press.write_documents(documents, picture.made_at)
        self._press.prune()
        self._write_at = now + (WRITE_EVERY_S if is_whole else WRITE_AGAIN_S)
        self._pages_at = now + PAGES_EVERY_S

    def _differs(self, picture: PublicPicture) -> bool:
        """Tell whether *picture* may read otherwise than the last; looks at no clock."""
        last = self._last
        return last is None or not (
            picture.features == last.features
            and picture.down == last.down
            and picture.spans == last.spans
            and _trust(picture) == _trust(last)
        )


def _trust(picture: PublicPicture) -> dict[str, tuple[str, bool, bool]]:
    """Tell of each feed what the text depends on."""
    return {
        key: (feed.state, feed.known_at() is None, feed.is_stale(picture.as_of))
        for key, feed in picture.feeds.items()
    }
