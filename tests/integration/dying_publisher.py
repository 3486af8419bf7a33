"""A publisher process to be killed at any moment, with a site made of what the store holds."""

from __future__ import annotations

import threading

from cop.config import Settings
from cop.services.publishing.publisher import Publisher
from cop.store import open_store
from tests.unit.services.publishing.pressing import PlainCompiler, PlainSite

if __name__ == "__main__":
    settings = Settings()
    Publisher(settings, open_store(settings), PlainSite(), PlainCompiler).run(threading.Event())
