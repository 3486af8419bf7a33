"""What one partner has been given: which things it holds, how much of which kind, and when.

It is told that something is gone only where it was given it: ids of what it may not see stay here.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Self

import orjson

from cop.clock import utc_iso
from cop.model.journal import Origin
from cop.model.record import Cursor, cursor_key
from cop.services.commands.desk import Desk
from cop.services.exchange.partners import PartnerPlan
from cop.services.policy import Action, Identity, Role
from cop.services.witness import witness
from cop.store.port import Store

JOURNAL_EVERY: Final = timedelta(minutes=10)
"""Real time of which one entry of the journal tells."""

_NOTHING: Final[Mapping[str, Any]] = {
    "asked_at": None,
    "given_at": None,
    "put": {},
    "removed": 0,
    "window": None,
}


@dataclass(slots=True)
class Book:
    """What one partner has been given. Read, change and write it under one lock.

    Attributes:
        partner: its id, without `partner:`.
        held: id of each thing that it holds; where it is gone, the cursor of the event that said
            so, until the partner has come to it.
        shared: `asked_at`, `given_at`: when it last asked, and last got something, by the
            operation's clock; `put` by kind and `removed`: how many since ever; `window`: the same
            since the last entry of the journal.
    """

    partner: str
    held: dict[str, Cursor]
    shared: dict[str, Any]
    _before: tuple[bytes, bytes] = field(default=(b"", b""), repr=False)

    @classmethod
    def read(cls, store: Store, partner: str) -> Self:
        """Read it; that of a partner that never asked is empty."""
        held = store.read_table(f"exchange:held:{partner}") or b"{}"
        shared = store.read_table(f"exchange:shared:{partner}") or orjson.dumps(dict(_NOTHING))
        return cls(partner, orjson.loads(held), orjson.loads(shared), (held, shared))

    def write(self, store: Store) -> None:
        """Keep what has changed."""
        held, shared = orjson.dumps(self.held), orjson.dumps(self.shared)
        if held != self._before[0]:
            store.write_table(f"exchange:held:{self.partner}", held)
        if shared != self._before[1]:
            store.write_table(f"exchange:shared:{self.partner}", shared)
        self._before = (held, shared)

    def has(self, entity_id: str) -> None:
        """Note that it is given something."""
        self.held[entity_id] = ""

    def gone(self, entity_id: str, cursor: Cursor) -> bool:
        """Note that something is gone with the event *cursor*; tell whether it is to be told."""
        if entity_id not in self.held:
            return False
        self.held[entity_id] = cursor
        return True

    def confirm(self, cursor: Cursor) -> None:
        """Forget what is gone and what the partner, which has come to *cursor*, knows to be so."""
        come = cursor_key(cursor)
        self.held = {
            name: gone for name, gone in self.held.items() if not gone or cursor_key(gone) > come
        }

    def replace_between(
        self, after: str, upto: str | None, given: Collection[str], cursor: Cursor
    ) -> None:
        """Note that after *after* up to *upto* (None: to the end) it holds those *given* alone."""
        for name in self.held:
            if name > after and (upto is None or name <= upto) and name not in given:
                self.held[name] = cursor

    def note(self, now: datetime, put: Mapping[str, int], removed: int) -> None:
        """Count an answer that was made at *now*."""
        self.shared["asked_at"] = utc_iso(now)
        if not put and not removed:
            return
        self.shared["given_at"] = utc_iso(now)
        if self.shared["window"] is None:
            wall_ms = time.time_ns() // 1_000_000
            self.shared["window"] = {
                "since": utc_iso(now),
                "wall_ms": wall_ms,
                "put": {},
                "removed": 0,
            }
        for counts in (self.shared, self.shared["window"]):
            counts["removed"] += removed
            for kind, count in put.items():
                counts["put"][kind] = counts["put"].get(kind, 0) + count

    @property
    def due(self) -> bool:
        """Whether what was given since the last entry of the journal is ten minutes old."""
        window = self.shared["window"]
        if window is None:
            return False
        age_ms = time.time_ns() // 1_000_000 - window["wall_ms"]
        return bool(age_ms >= JOURNAL_EVERY / timedelta(milliseconds=1))

    def settle(self, desk: Desk, plan: PartnerPlan, *, at_once: bool = False) -> None:
        """Write down in the journal what was given, once it is ten minutes old, or *at_once*."""
        window = self.shared["window"]
        if window is None or not (at_once or self.due):
            return
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(window["put"].items()))
        identity = Identity(name=plan.account or plan.id, role=Role.MACHINE)
        # One window is written down once, whoever comes to it first.
        key = f"exchange-{plan.id}-{window['wall_ms']}"
        witness(
            desk,
            identity,
            Action.EXCHANGE,
            Origin(address="", entrance="token"),
            about=plan.entity_id,
            reason=(
                f"shared with {plan.id} by {plan.agreement.number} since {window['since']}:"
                f" {sum(window['put'].values())} put ({kinds or 'none'}),"
                f" {window['removed']} removed"
            ),
            key=key,
            request=key.encode(),
        )
        self.shared["window"] = None
        self.write(desk.store)
