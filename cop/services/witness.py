"""Writing down deeds that change no entity: signing in and out, tokens, handing the journal out."""

from __future__ import annotations

from datetime import UTC, datetime

from cop.model.journal import Deed, Origin, Who
from cop.model.record import Answer, Page
from cop.services.commands.desk import Desk
from cop.services.policy import Identity


def witness(
    desk: Desk,
    identity: Identity,
    action: str,
    origin: Origin,
    *,
    about: str | None = None,
    reason: str = "",
    key: str = "",
    request: bytes | None = None,
) -> Answer:
    """Write an entry of the journal on what *identity* did.

    Args:
        desk: the operation that it was done in.
        identity: who did it.
        action: `sign_in`, `sign_out`, `end_session`, or an action of the policy's table.
        origin: from where.
        about: what it was about, under whose history it is then listed.
        reason: more of it, in words.
        key: the idempotency key, where the same may be asked again.
        request: what was asked under it.

    Raises:
        IdempotencyMismatch: the key was used for something else.
        StoreUnavailable: it could not be written down; then it must not be done.
    """
    now = desk.clock.now()
    deed = Deed(
        at=now,
        wall_at=datetime.now(UTC).replace(microsecond=0),
        who=Who(name=identity.name, role=identity.role or "", agency=identity.agency),
        origin=origin,
        action=action,
        id=about,
        reason=reason,
        key=key,
    )
    return desk.store.write(
        [],
        fetched_ms=int(now.timestamp() * 1000),
        idempotency_key=f"{identity.name}:{key}" if key else None,
        request=request,
        page=Page(deed.encode(), (about,) if about else ()),
    )
