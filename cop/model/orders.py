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
        asks: `all_safe`: a roll call; each recipient answers whether they are safe.
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
    asks: Literal["all_safe"] | None = None
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
    """How far an order, or an assignment, has come with one recipient.

    Its id is `receipt:<end of the subject's id>/<account>`. A later time says the earlier ones as
    well. `geometry` is where a recipient is who needs help.

    Attributes:
        subject: id of the order or assignment.
        recipient: account.
        sent_at: when a push service took it for one of the recipient's devices.
        delivered_at: when a device of the recipient's had it.
        read_at: when it was opened.
        answer: to a roll call.
        words: what help is needed.
    """

    kind: Literal[Kind.RECEIPT] = Kind.RECEIPT
    subject: EntityId
    recipient: str
    sent_at: Instant | None = None
    delivered_at: Instant | None = None
    read_at: Instant | None = None
    acknowledged_at: Instant | None = None
    answer: Literal["safe", "help"] | None = None
    words: Words = ""
