"""Tokens of machines: issued for a purpose, with scopes and an end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import orjson
import structlog

from cop.config import Settings
from cop.errors import CopError, Misconfigured, NotFound, NotPossible
from cop.model.record import Answer
from cop.services.accounts import fold_name, list_users, now_ms, read_user
from cop.services.commands.desk import Desk
from cop.services.commands.plan import Asked
from cop.services.exchange.partners import partners_of
from cop.services.policy import TABLE, Action, Role, Scope, permit
from cop.services.sessions import READ, Opening, SignedIn, may_enter, open_session, ref_of
from cop.services.witness import witness
from cop.store.accounts import Accounts, Session

log = structlog.get_logger(__name__)

MOST_DAYS: Final = 365
MOST_LABEL: Final = 80

SCOPES: Final[tuple[str, ...]] = (
    READ,
    *(action.value for action in Action if TABLE[action][Role.MACHINE] is not Scope.NO),
)
"""What a token can be good for: reading, and each action that the role machine has."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A token that somebody wants for a machine; see `issue_token`."""

    user: str
    label: str
    scopes: tuple[str, ...]
    days: int


def issue_at(desk: Desk, asked: Asked, wish: Wish) -> SignedIn:
    """Issue a token on behalf of whoever asked, once, and write it down in the journal.

    Raises:
        NotPermitted: they may not.
        NotFound: there is no such active machine.
        Misconfigured: what is wished cannot be; see `issue_token` and `check_partner`.
        NotPossible: the key was used already, and the token shown then.
        IdempotencyMismatch: the key was used for something else.
    """
    permit(asked.identity, Action.ISSUE_TOKEN)
    check_partner(desk.settings, wish.user, wish.scopes)
    request = orjson.dumps(["issue", wish])
    if desk.store.answered(_key(asked), request) is not None:
        raise _shown_before()
    issued = issue_token(
        desk.accounts,
        wish.user,
        operation=desk.settings.operation,
        label=wish.label,
        scopes=wish.scopes,
        days=wish.days,
        issued_by=asked.identity.name,
    )
    try:
        reason = f"{issued.session.user}: {issued.session.label}"
        answer = _write_down(desk, asked, request, issued.session, f"issued to {reason}")
        if answer.repeated:
            raise _shown_before()
    except CopError:
        desk.accounts.end_session(issued.session)
        raise
    return issued


def end_at(desk: Desk, asked: Asked, ref: str) -> None:
    """End the token that is called *ref* on behalf of whoever asked; written down in the journal.

    Raises:
        NotPermitted: they may not.
        NotFound: there is no such token in this operation.
        IdempotencyMismatch: the key was used for something else.
    """
    permit(asked.identity, Action.ISSUE_TOKEN)
    request = orjson.dumps(["end", ref])
    repeated = desk.store.answered(_key(asked), request) is not None
    try:
        token = find_token(desk.accounts, ref, operation=desk.settings.operation)
    except NotFound:
        if repeated:
            return
        raise
    if not repeated:
        _write_down(desk, asked, request, token, f"ended: {token.user}: {token.label}")
    end_token(desk.accounts, token)


def check_partner(settings: Settings, name: str, scopes: Iterable[str]) -> None:
    """Return if a token of *name* with *scopes* opens no more to a partner than the exchange.

    Raises:
        Misconfigured: it would: whoever may read sees what responders see, agreed or not.
    """
    wanted, alone = set(scopes), {Action.FEDERATE.value}
    if wanted == alone:
        return
    folded = fold_name(name)
    plans = partners_of(settings).values()
    own = next((one.id for one in plans if one.account and fold_name(one.account) == folded), "")
    if own:
        raise Misconfigured(
            f"{name} is the account of partner {own}: give its token the scope federate alone, and"
            " whoever is to see more an account of their own"
        )
    if alone < wanted:
        raise Misconfigured("the scope federate stands alone: give another token for the others")


def issue_token(
    accounts: Accounts,
    name: str,
    *,
    operation: str,
    label: str,
    scopes: Iterable[str],
    days: int,
    issued_by: str = "",
) -> SignedIn:
    """Issue a token to the machine *name*, good in *operation* alone; it is shown only now.

    Args:
        accounts: where users are kept.
        name: of a user with the role machine.
        operation: id of the operation.
        label: what it is for.
        scopes: from `SCOPES`.
        days: how long it is good, 1 to 365.
        issued_by: name of the user who issues it; "" for a person at the machine itself.

    Raises:
        NotFound: there is no such user, it is not a machine, or it may not enter.
        Misconfigured: no label, a scope that is none, or another number of days.
    """
    purpose, wanted = " ".join(label.split()), tuple(dict.fromkeys(scopes))
    if not 0 < len(purpose) <= MOST_LABEL or not purpose.isprintable():
        raise Misconfigured(f"say in 1 to {MOST_LABEL} characters what the token is for")
    if not wanted or set(wanted) - set(SCOPES):
        raise Misconfigured(f"a machine's token has one or more scopes from {', '.join(SCOPES)}")
    if not 1 <= days <= MOST_DAYS:
        raise Misconfigured(f"a token is good for 1 to {MOST_DAYS} days")
    user = read_user(accounts, name)
    if user.disabled or user.role != Role.MACHINE or not may_enter(user, operation):
        raise NotFound(
            f"{user.name!r} is not an active user with the role machine who may enter {operation!r}"
        )
    life = timedelta(days=days)
    log.info("token_issued", scopes=wanted, days=days)
    return open_session(
        accounts,
        user,
        Opening(
            operation=operation,
            life=life,
            idle=life,
            label=purpose,
            issued_by=issued_by,
            scopes=wanted,
        ),
    )


def list_tokens(accounts: Accounts, *, operation: str) -> list[Session]:
    """List the tokens that are good in *operation*: the latest first."""
    now = now_ms()
    found = [
        session
        for user in list_users(accounts)
        if user.role == Role.MACHINE
        for session in accounts.sessions_of(user.name)
        if session.label and session.operation == operation and session.ends_ms > now
    ]
    return sorted(found, key=lambda token: (-token.started_ms, token.id))


def find_token(accounts: Accounts, ref: str, *, operation: str) -> Session:
    """Give the token that is called *ref* in *operation*.

    Raises:
        NotFound: there is none.
    """
    for token in list_tokens(accounts, operation=operation):
        if ref_of(token) == ref:
            return token
    raise NotFound("there is no such token: it may have ended already")


def end_token(accounts: Accounts, token: Session) -> None:
    """End a token; whoever uses it is refused from now on."""
    accounts.end_session(token)
    log.info("token_ended")


def _write_down(desk: Desk, asked: Asked, request: bytes, token: Session, reason: str) -> Answer:
    return witness(
        desk,
        asked.identity,
        Action.ISSUE_TOKEN,
        asked.origin,
        about=f"token:{ref_of(token)}",
        reason=reason,
        key=asked.key,
        request=request,
    )


def _key(asked: Asked) -> str:
    return f"{asked.identity.name}:{asked.key}"


def _shown_before() -> NotPossible:
    return NotPossible(
        "shown-before",
        "this token was issued and shown already: end it if it was lost, and ask with a new key",
    )
