"""How far an order or an assignment has come with each of those it is for, and who is away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from cop.clock import utc_iso
from cop.errors import NotFound
from cop.model.kinds import Assignment, AssignmentStatus, Order, Receipt, decode
from cop.model.record import Record
from cop.services.accounts import list_users
from cop.services.commands.desk import Desk
from cop.services.commands.orders import can_receive
from cop.services.commands.receipts import receipt_id
from cop.services.policy import Action, Identity, may
from cop.services.sign_ins import Contact, contacts_of
from cop.store.accounts import User

STATES: Final = ("queued", "sent", "delivered", "opened", "acknowledged")
"""How far something has come, in its order: not yet anywhere; taken by a push service; on a
device; opened; acknowledged, a roll call answered."""

_TIMES: Final = ("sent_at", "delivered_at", "read_at", "acknowledged_at")
_TEAM_HAS: Final[Mapping[AssignmentStatus, str]] = {
    AssignmentStatus.PROPOSED: "queued",
    AssignmentStatus.ASSIGNED: "queued",
    AssignmentStatus.DELIVERED: "delivered",
}
"""How far an assignment has come with its team by its status alone, however that was said; in
every other status that the team itself brings about it has acknowledged."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """What was sent, and to whom.

    Attributes:
        names: the recipients; *users* lacks those who are no more.
        resources: those it was addressed to; None: all that a recipient belongs to.
    """

    id: str
    asks: str | None
    names: tuple[str, ...]
    users: Mapping[str, User]
    resources: frozenset[str] | None
    unreachable: tuple[str, ...]


class Reaching:
    """Answers for one web process; everything is read as it is now."""

    def __init__(self, desk: Desk) -> None:
        """Read through *desk*."""
        self._desk = desk

    def find(self, identity: Identity, subject_id: str) -> dict[str, Any]:
        """Give what `GET /api/v1/reach/{id}` answers.

        Where people are signed in (`last_contact_at`, `devices`, `push`) is told of those whom
        *identity* may sign out, and is None, not shown, of all others.

        Raises:
            NotFound: there is no such order or assignment.
            StoreUnavailable: the store does not answer.
        """
        record = self._desk.store.read([subject_id]).get(subject_id)
        subject = None if record is None else decode(record.body)
        if isinstance(subject, Order):
            sent = self._order(subject)
        elif isinstance(subject, Assignment):
            sent = self._assignment(subject)
        else:
            raise NotFound(f"there is no order or assignment {subject_id!r} on the picture")
        recipients = self._recipients(identity, sent)
        teams = _teams(recipients)
        if isinstance(subject, Assignment):
            teams = [_as_it_stands(subject, teams)]
        return {
            "id": sent.id,
            "asks": sent.asks,
            "recipients": recipients,
            "unreachable": list(sent.unreachable),
            "teams": teams,
        }

    def _order(self, order: Order) -> _Sent:
        named = frozenset(one for one in order.addressees if one.startswith("resource:"))
        only = len(named) == len(order.addressees)
        users = self._desk.accounts.read_users(order.recipients)
        resources = named if only else None
        return _Sent(order.id, order.asks, order.recipients, users, resources, order.unreachable)

    def _assignment(self, assignment: Assignment) -> _Sent:
        operation = self._desk.settings.operation
        users = {
            user.name: user
            for user in list_users(self._desk.accounts)
            if assignment.resource in user.belongs_to and can_receive(user, operation)
        }
        own = frozenset([assignment.resource])
        return _Sent(assignment.id, None, tuple(users), users, own, () if users else tuple(own))

    def _recipients(self, identity: Identity, sent: _Sent) -> list[dict[str, Any]]:
        """Give each recipient; however many there are, the stores are asked for all at once."""
        accounts, operation = self._desk.accounts, self._desk.settings.operation
        ids = {name: receipt_id(sent.id, name) for name in sent.names}
        receipts = self._desk.store.read(ids.values())
        shown = [name for name in ids if _may_see_sign_in(identity, sent.users.get(name))]
        contacts = contacts_of(accounts, shown, operation=operation)
        return [
            {
                "name": name,
                "resources": _resources_of(sent.users.get(name), sent.resources),
                **_progress(receipts.get(own_id)),
                **(_contact(contacts[name]) if name in contacts else _NOT_SHOWN),
            }
            for name, own_id in ids.items()
        ]


_NOT_SHOWN: Final[Mapping[str, None]] = {"last_contact_at": None, "devices": None, "push": None}


def _may_see_sign_in(identity: Identity, user: User | None) -> bool:
    agencies = [] if user is None else [user.agency]
    return may(identity, Action.END_SIGN_IN, agencies=agencies)


def _resources_of(user: User | None, addressed: frozenset[str] | None) -> list[str]:
    belongs_to = () if user is None else user.belongs_to
    own = (one for one in belongs_to if one.startswith("resource:"))
    return sorted(one for one in own if addressed is None or one in addressed)


def _contact(contact: Contact) -> dict[str, Any]:
    """Tell when somebody was last heard of, in real time, and how they can be reached."""
    last = None if contact.last_ms is None else datetime.fromtimestamp(contact.last_ms // 1000, UTC)
    return {
        "last_contact_at": None if last is None else utc_iso(last),
        "devices": contact.devices,
        "push": contact.push,
    }


def _progress(record: Record | None) -> dict[str, Any]:
    """Give how far a recipient has come by their receipt; None where there is none."""
    receipt = None if record is None else decode(record.body)
    if not isinstance(receipt, Receipt):
        blank = dict.fromkeys([*_TIMES, "answer", "words", "geometry"])
        return {"state": STATES[0], **blank}
    times = {name: getattr(receipt, name) for name in _TIMES}
    come = [state for state, at in zip(STATES[1:], times.values(), strict=True) if at is not None]
    return {
        "state": come[-1] if come else STATES[0],
        **{name: None if at is None else utc_iso(at) for name, at in times.items()},
        "answer": receipt.answer,
        "words": receipt.words or None,
        "geometry": None if receipt.geometry is None else receipt.geometry.model_dump(mode="json"),
    }


def _teams(recipients: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give each resource how far it has come with any of its people, and what they answered."""
    people: dict[str, list[Mapping[str, Any]]] = {}
    for one in recipients:
        for resource in one["resources"]:
            people.setdefault(resource, []).append(one)
    teams = []
    for resource, own in sorted(people.items()):
        answers = {one["answer"] for one in own}
        answer = next((each for each in ("help", "safe") if each in answers), None)
        state = max((one["state"] for one in own), key=STATES.index)
        teams.append({"resource": resource, "state": state, "answer": answer})
    return teams


def _as_it_stands(assignment: Assignment, teams: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Give how far *assignment* has come with its team: by its phones, or by its steps if further.

    *teams* is what the phones say; empty where nobody of the team has an account.
    """
    status = assignment.status
    if status is AssignmentStatus.STOOD_DOWN:  # not the team's own doing: what was before it
        before = [step for step in assignment.steps if step is not status]
        status = max(before, key=list(AssignmentStatus).index, default=AssignmentStatus.PROPOSED)
    states = [_TEAM_HAS.get(status, "acknowledged"), *(team["state"] for team in teams)]
    state = max(states, key=STATES.index)
    return {"resource": assignment.resource, "state": state, "answer": None}
