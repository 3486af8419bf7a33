"""Orders, and what each recipient has done with one."""

from __future__ import annotations

from typing import Literal

from cop.model.entity import Entity, EntityId, Instant, Kind, Severity
from cop.model.response import Words
from cop.model.text import Text


class Order(Entity):
    """An instruction from command to many; each recipient answers with a receipt.

    `geometry` is the area whose resources it was sent to, where it was sent to an area.

    Attributes:
        addressees: `everyone`, `role:field`, `agency:DSD`, `resource:<id>` or `area`.
        recipients: the accounts that were meant when it was issued.
        unreachable: ids of addressed resources that no account belongs to.
        reply_by: when an acknowledgement is late.
        escalated_at: when those who had not answered were brought to the desk.
        cancelled_at: when it was taken back.
    """

    kind: Literal[Kind.ORDER] = Kind.ORDER
    body: Text
    severity: Severity = Severity.UNKNOWN
    addressees: tuple[str, ...]
    recipients: tuple[str, ...] = ()
    unreachable: tuple[str, ...] = ()
    issued_by: str
    issued_at: Instant
    reply_by: Instant | None = None
    escalated_at: Instant | None = None
    cancelled_at: Instant | None = None
    reason: Words = ""


class Receipt(Entity):
    """What one recipient has done with an order. Its id is `receipt:<order's end>/<account>`."""

    kind: Literal[Kind.RECEIPT] = Kind.RECEIPT
    order: EntityId
    recipient: str
    delivered_at: Instant | None = None
    read_at: Instant | None = None
    acknowledged_at: Instant | None = None
