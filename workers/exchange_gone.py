"""Partners whose file is gone, or cannot be used any more."""

from __future__ import annotations

from datetime import datetime

from cop.config import Settings
from cop.model.entity import Kind
from cop.model.exchange import Partner, PartnerState
from cop.model.record import Record, put, remove
from cop.services.exchange.doubles import settle_all, withdraw
from cop.services.exchange.partners import partners_of
from cop.services.feed_status import millis
from cop.services.following import entity_of
from cop.services.setup_files import gone_folder, without_file
from cop.store.port import Store


def forget_partners(settings: Settings, store: Store, now: datetime) -> int:
    """Take off the picture the partners whose file is gone, and what they gave; tell how many.

    What waited behind something that has expired is shown.

    While a file, or the folder, cannot be used nothing is: it may be that one. The line of those
    is down then, and says why.

    Raises:
        Conflict: somebody else changed the same; the next run does it.
        StoreUnavailable: the store cannot answer.
    """
    settle_all(store, now)
    found = partners_of(settings)
    known = {plan.entity_id for plan in found.values()}
    gone = [record for record in store.by_kind(Kind.PARTNER).values() if record.id not in known]
    if faults := found.faults or gone_folder(settings.partners_dir):
        for record in gone:
            _say(store, record, without_file(faults), now)
        return 0
    for record in gone:
        withdraw(store, f"partner_{record.id.partition(':')[2]}", now=now)
        store.write([remove(record)], fetched_ms=millis(now))
    return len(gone)


def _say(store: Store, record: Record, why: str, now: datetime) -> None:
    partner = entity_of(record)
    if not isinstance(partner, Partner) or (partner.state, partner.why) == (PartnerState.DOWN, why):
        return
    is_new = partner.state is not PartnerState.DOWN
    said = {
        "state": PartnerState.DOWN,
        "state_since": now if is_new else partner.state_since,
        "why": why,
    }
    changed = Partner.model_validate({**dict(partner), **said})
    store.write([put(changed, expected=record.version)], fetched_ms=millis(now))
