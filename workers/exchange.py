"""Exchange with one partner: fetch what it shares, send what waits, keep the state of the line."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import httpx
import structlog

from cop.clock import Clock, utc_iso
from cop.errors import Conflict, FeedError, Misconfigured, NotFound
from cop.model.entity import Kind
from cop.model.exchange import Message, PartnerState
from cop.model.record import put
from cop.services.commands.desk import Desk
from cop.services.exchange.book import Book
from cop.services.exchange.doubles import withdraw
from cop.services.exchange.originals import Originals
from cop.services.exchange.partners import PartnerPlan, entity_of_plan
from cop.services.exchange.taking import (
    MOST_HELD,
    REASONS,
    read_part,
    read_partner,
    take,
    wanted_of,
)
from cop.services.feed_status import millis
from cop.services.following import entity_of
from workers.exchange_line import LIMIT_S, RUN_S, Line, PartnerRefused

log = structlog.get_logger(__name__)

MOST_PARTS: Final = 100
"""Answers that one run asks for, with no more changes than anybody has things; the next goes on."""
DOWN_AFTER: Final = 3
"""Tries that failed in a row."""
LATE_AFTER: Final = 5
"""Intervals without a word from them."""
LATE_LEAST_S: Final = 120.0
AT_ONCE: Final = 50
"""Messages and receipts that one run sends."""

LOCK_MS: Final = int(1000 * LIMIT_S) + 5_000
"""Longer than any run: no two speak with one partner at once."""
_ENDED: Final = frozenset({"agreement-ended", "agreement-not-begun"})


@dataclass(slots=True)
class Round:
    """What one run did.

    Attributes:
        put, removed: things on the picture.
        sent: messages and receipts that arrived.
        refused: things that could not be taken, each with its reason.
        why: what went wrong, in words.
        skipped: another run with this partner was under way.
    """

    put: int = 0
    removed: int = 0
    sent: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    why: str = ""
    skipped: bool = False


def exchange_with(
    desk: Desk, plan: PartnerPlan, transport: httpx.BaseTransport, *, contact: str = ""
) -> Round:
    """Fetch from the partner of *plan* and send to it, once; keep its entity true.

    Args:
        desk: the operation.
        plan: of the partner.
        transport: by which its host is reached.
        contact: for the User-Agent.

    Raises:
        StoreUnavailable: the store does not answer; the next run goes on.
    """
    lock = f"exchange:{plan.id}"
    token = desk.store.lock(lock, ttl_ms=LOCK_MS)
    if token is None:
        return Round(skipped=True)
    try:
        return _Exchange(desk, plan, transport, contact).run()
    finally:
        desk.store.unlock(lock, token)


class _Exchange:
    """One run with one partner, under its lock."""

    def __init__(
        self, desk: Desk, plan: PartnerPlan, transport: httpx.BaseTransport, contact: str
    ) -> None:
        self._desk = desk
        self._store = desk.store
        self._clock: Clock = desk.clock
        self._plan = plan
        self._transport = transport
        self._contact = contact
        self._round = Round()
        self._before = read_partner(desk.store, plan)[0]
        self._said: dict[str, Any] = {}
        self._until = time.monotonic() + RUN_S

    def run(self) -> Round:
        """Do everything that is due."""
        now = self._clock.now()
        self._settle_book()
        if not self._plan.holds(now):
            self._end(now, _not_held(self._plan, now))
            return self._round
        try:
            failed = self._speak() if self._plan.url else ""
        except PartnerRefused as error:
            self._end(self._clock.now(), f"by their word the agreement does not hold: {error}")
            return self._round
        self._judge(failed)
        return self._round

    def _speak(self) -> str:
        """Fetch, and send whether or not that could be done; give what went wrong first.

        Raises:
            PartnerRefused: by their word the agreement does not hold.
        """
        failed = ""
        try:
            line = Line(self._plan, self._transport, contact=self._contact)
        except Misconfigured as error:
            return str(error)
        for step in (self._fetch, self._send):
            try:
                step(line)
            except FeedError as error:
                if isinstance(error, PartnerRefused) and error.code in _ENDED:
                    raise
                failed = failed or str(error)
        return failed

    def _fetch(self, line: Line) -> None:
        """Take what has changed at the partner's, part by part; raises FeedError."""
        if not self._plan.takes.kinds:
            return
        now = self._clock.now()
        wanted = wanted_of(self._desk.settings, self._plan, now)
        terms = wanted.fingerprint()
        before = self._before
        after = before.taken_to if before is not None and before.taken_by == terms else ""
        for _ in range(MOST_PARTS):
            body = line.get("/api/v1/exchange/changes", after=after)
            part = read_part(body, wanted, exercise=self._desk.settings.exercise)
            now = self._clock.now()
            self._round.refused += part.refused
            self._said = {
                "taken_by": terms,
                "received_at": now,
                "gives_onward": part.onward and self._plan.onward,
                **self._refusals(),
            }
            done = take(self._store, self._plan, part, now=now, said=self._said)
            self._round.put += done.put
            self._round.removed += done.removed
            much = self._round.put + self._round.removed >= MOST_HELD
            if not part.more or much or time.monotonic() >= self._until:
                return
            if part.cursor == after:
                raise FeedError("they say that there is more, and do not go on")
            after = part.cursor

    def _refusals(self) -> dict[str, Any]:
        refused = self._round.refused
        if not refused and not (self._round.put or self._round.removed):
            return {}  # what the last answers had wrong is still so
        said = tuple(f"{where}: {why}"[:200] for where, why in refused[-REASONS:])
        return {"refused": len(refused), "refusals": said}

    def _send(self, line: Line) -> None:
        """Send what waits, oldest first; one at which they break keeps no other back.

        Raises FetchError where they are not reached, or broke at one.
        """
        broken: PartnerRefused | None = None
        for message in self._waiting()[:AT_ONCE]:
            if time.monotonic() >= self._until:
                break
            try:
                if message.direction == "out":
                    changes = self._send_message(line, message)
                else:
                    changes = self._send_receipt(line, message)
            except PartnerRefused as error:
                if error.status >= httpx.codes.INTERNAL_SERVER_ERROR:
                    broken = broken or error
                    continue
                if not error.final or error.code in _ENDED:
                    raise
                changes = {"defects": (*message.defects, f"the partner refused it: {error}"[:300])}
                changes |= {"told_at": self._clock.now()} if message.direction == "in" else {}
                self._round.why = str(error)
            else:
                self._round.sent += 1
            self._write_message(message, changes)
        if broken is not None:
            raise broken

    def _send_message(self, line: Line, message: Message) -> dict[str, Any]:
        line.post("/api/v1/exchange/messages", self._document(message), key=message.number[:100])
        now = self._clock.now()
        return {"sent_at": now, "received_at": now}

    def _send_receipt(self, line: Line, message: Message) -> dict[str, Any]:
        assert message.acknowledged_at is not None  # noqa: S101 - only such wait
        settings = self._desk.settings
        said = {
            "installation": settings.installation,
            "exercise": settings.exercise,
            "number": message.number,
            "acknowledged_at": utc_iso(message.acknowledged_at),
        }
        key = f"receipt-{message.id.partition(':')[2]}"
        try:
            line.post("/api/v1/exchange/receipts", said, key=key)
        except PartnerRefused as error:
            if error.status != httpx.codes.NOT_FOUND:  # it has forgotten the message
                raise
        return {"told_at": self._clock.now()}

    def _document(self, message: Message) -> dict[str, Any]:
        """Give a message as it goes out; what came from the partner is called as it calls it."""
        settings, mine = self._desk.settings, f"{self._plan.feed}:"
        theirs = [name.removeprefix(mine) for name in message.about if name.startswith(mine)]
        said: dict[str, Any] = {
            "installation": settings.installation,
            "exercise": settings.exercise,
            "number": message.number,
            "title": message.title,
            "words": message.description,
            "severity": message.severity,
            "form": message.form,
            "sent_at": None if message.observed_at is None else utc_iso(message.observed_at),
            "about": [name for name in message.about if not name.startswith(mine)],
            "about_yours": theirs,
            "answers": self._number_of(message.answers),
        }
        if message.original is not None:
            try:
                body = Originals(settings).read(message.original)
            except NotFound as error:
                raise PartnerRefused(409, "original-lost", str(error)) from error
            said["original"] = base64.b64encode(body).decode()
        return said

    def _number_of(self, message_id: str | None) -> str | None:
        if message_id is None:
            return None
        record = self._store.read([message_id]).get(message_id)
        entity = None if record is None else entity_of(record)
        return entity.number if isinstance(entity, Message) else None

    def _waiting(self) -> list[Message]:
        """List what has not gone out yet: messages, and receipts of theirs."""
        found = (entity_of(record) for record in self._store.by_kind(Kind.MESSAGE).values())
        waiting = [
            one
            for one in found
            if isinstance(one, Message) and one.partner == self._plan.entity_id and _waits(one)
        ]
        return sorted(waiting, key=lambda one: (str(one.observed_at), one.id))

    def _write_message(self, message: Message, changes: Mapping[str, Any]) -> None:
        """Note what became of a message; what somebody changed meanwhile is kept."""
        for _ in range(DOWN_AFTER):
            record = self._store.read([message.id]).get(message.id)
            entity = None if record is None else entity_of(record)
            if record is None or not isinstance(entity, Message):
                return
            changed = Message.model_validate({**dict(entity), **changes})
            write = put(changed, expected=record.version)
            try:
                self._store.write([write], fetched_ms=millis(self._clock.now()))
            except Conflict:
                continue
            return

    def _settle_book(self) -> None:
        """Write down in the journal what was given, where nobody has asked since."""
        if not Book.read(self._store, self._plan.id).due:
            return
        lock = f"exchange:give:{self._plan.id}"
        token = self._store.lock(lock, ttl_ms=15_000)
        if token is None:  # it asks just now
            return
        try:
            Book.read(self._store, self._plan.id).settle(self._desk, self._plan)
        finally:
            self._store.unlock(lock, token)

    def _end(self, now: datetime, why: str) -> None:
        """Take what the partner gave off the picture, and say why."""
        self._round.removed += withdraw(self._store, self._plan.feed, now=now)
        begun = now >= self._plan.agreement.since
        state = PartnerState.ENDED if begun else PartnerState.NEVER
        self._keep(state, why, taken_to="", taken_by="", held=0, gives_onward=False, failures=0)

    def _judge(self, failed: str) -> None:
        """Say how the line is: a try that failed is not yet a line that is down."""
        now = self._clock.now()
        before = self._before
        self._round.why = self._round.why or failed
        if failed:
            failures = 1 + (before.failures if before is not None else 0)
            state = before.state if before is not None else PartnerState.NEVER
            since = None if before is None else before.received_at
            if failures >= DOWN_AFTER:
                state = PartnerState.DOWN
            elif self._is_late(since, now):
                state = PartnerState.LATE
            self._keep(state, failed, failures=failures, **self._gone())
            if failures == DOWN_AFTER:
                log.warning("partner_down", partner=self._plan.id, reason=failed)
            return
        asked = Book.read(self._store, self._plan.id).shared["asked_at"]
        asked_at = None if asked is None else datetime.fromisoformat(asked)
        if asked_at is not None and self._plan.shares.kinds and self._is_late(asked_at, now):
            why = f"they have not fetched what is shared with them since {utc_iso(asked_at)}"
            self._keep(PartnerState.LATE, why, failures=0, **self._gone())
            return
        spoken = bool(self._said) or asked_at is not None or bool(self._round.sent)
        known = before is not None and before.state is not PartnerState.NEVER
        state = PartnerState.OK if spoken or known else PartnerState.NEVER
        self._keep(state, "", failures=0, **self._gone())

    def _is_late(self, since: datetime | None, now: datetime) -> bool:
        span = max(LATE_AFTER * self._plan.every_s, LATE_LEAST_S) * self._clock.speed
        return since is not None and now - since > timedelta(seconds=span)

    def _gone(self) -> dict[str, Any]:
        """Say when something last went out, and how much waits."""
        given = Book.read(self._store, self._plan.id).shared["given_at"]
        times = [datetime.fromisoformat(given)] if given else []
        times += [self._clock.now()] if self._round.sent else []
        if self._before is not None and self._before.sent_at is not None:
            times.append(self._before.sent_at)
        # by hand nothing goes out by itself
        waiting = len(self._waiting()) if self._plan.url else 0
        return {"sent_at": max(times, default=None), "waiting": waiting}

    def _keep(self, state: PartnerState, why: str, **said: Any) -> None:
        """Write the partner's entity where it is not so already."""
        now = self._clock.now()
        for _ in range(DOWN_AFTER):
            before, version = read_partner(self._store, self._plan)
            partner = entity_of_plan(
                self._plan, before, state=state, why=why[:500], state_since=now, **said
            )
            if before == partner:
                return
            try:
                self._store.write([put(partner, expected=version)], fetched_ms=millis(now))
            except Conflict:
                continue
            return


def _waits(message: Message) -> bool:
    if message.direction == "out":
        return message.sent_at is None and not message.defects
    return message.acknowledged_at is not None and message.told_at is None


def _not_held(plan: PartnerPlan, now: datetime) -> str:
    number = plan.agreement.number
    if now < plan.agreement.since:
        return f"agreement {number} holds from {utc_iso(plan.agreement.since)}"
    return (
        f"agreement {number} ended at {utc_iso(plan.agreement.until)}: nothing is shared, and what"
        " they gave has left the picture"
    )
