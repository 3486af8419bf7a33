"""Cursor-on-Target: the picture to responders' devices, and their positions from them.

Run by `python -m cop.cot` where `COP_COT_DIR` is set. What it sees has passed the same projection
as the page; what it is sent passes the same commands and policy.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import Final

from cop import log as logging
from cop.config import Settings
from cop.model.text import Text
from cop.services.accounts import open_accounts
from cop.services.commands.desk import Desk
from cop.services.cot.server import CotServer
from cop.services.replica import Replica
from cop.store import open_store
from cop.ui.terms import TERMS
from cop.ui.terms_incident import INCIDENT_TERMS
from cop.ui.words import WORDS

WORDS_OF_CODES: Final[dict[str, Text]] = {
    **TERMS,
    **INCIDENT_TERMS,
    **{name: WORDS[name] for name in ("mode.exercise", "board.unverified")},
}
"""What the pages call what is sent."""


def main() -> None:
    """Speak with devices until asked to end."""
    logging.configure()
    settings = Settings()
    if settings.cot_dir is None:
        sys.exit("COP_COT_DIR is not set: `cop cot authority` makes such a folder")
    store = open_store(settings)
    clock = settings.clock()
    desk = Desk(store, open_accounts(settings), clock, settings)
    replica = Replica(store, clock, role="cot")
    server = CotServer(desk, replica, WORDS_OF_CODES, settings.cot_dir)
    try:
        asyncio.run(_serve(server))
    finally:
        store.close()


async def _serve(server: CotServer) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sig in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sig, stop.set)
    await server.run(stop)


if __name__ == "__main__":
    main()
