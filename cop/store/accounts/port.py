"""What a store of users and sessions keeps, and what it promises."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody, or a machine, that may sign in.

    Attributes:
        name: folded to lower case; the key.
        role: a value of `cop.services.policy.Role`.
        agency: code of the department or body; "" where none was given.
        password: argon2id hash in PHC form; "" for a user of a sign-in provider, who has none.
        disabled: may not sign in, and open sessions have ended.
        created_ms: epoch milliseconds.
        belongs_to: ids of the resources and facilities that are the user's own.
        operations: ids of the operations that the user may sign in to; None: any.
        external: digest of who this is at the sign-in provider; "" for a user with a password.
        demo: made for an exercise, with a new password at every start of it.
    """

    name: str
    role: str
    agency: str
    password: str
    disabled: bool
    created_ms: int
    belongs_to: tuple[str, ...] = ()
    operations: tuple[str, ...] | None = None
    external: str = ""
    demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in user, or a machine's token. The token itself is never stored.

    Attributes:
        id: SHA-256 of the token, hexadecimal.
        user: the name of the user.
        operation: id of the operation in which it was opened; good for no other.
        started_ms: when it was opened, epoch milliseconds.
        ends_ms: when it ends whatever happens, epoch milliseconds.
        idle_ms: how long it lives without being used.
        seen_ms: when it was last used, to the minute, epoch milliseconds.
        address: network address that it was opened from; "" where none is known.
        agent: the browser it was opened with, in a few words.
        label: what a machine's token is for; "" for a person's session.
        issued_by: name of the user who issued a machine's token.
        scopes: what a machine's token is good for; None: all that the role may do.
    """

    id: str
    user: str
    operation: str = ""
    started_ms: int
    ends_ms: int
    idle_ms: int
    seen_ms: int = 0
    address: str = ""
    agent: str = ""
    label: str = ""
    issued_by: str = ""
    scopes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Where a push service takes messages for one browser; good while its session lives.

    Attributes:
        id: SHA-256 of the address, hexadecimal.
        user: the name of the user.
        session: id of the session that it was made in.
        operation: id of the operation of that session.
        endpoint: the address at the push service; a secret, like the two below.
        p256dh: the browser's public key, an uncompressed point of P-256, base64url.
        auth: the browser's authentication secret, 16 bytes, base64url.
        made_ms: when it was made, epoch milliseconds.
        failures: how often in a row the push service has not taken a message.
        rests_until_ms: when to try again, epoch milliseconds; 0: at once.
    """

    id: str
    user: str
    session: str
    operation: str
    endpoint: str
    p256dh: str
    auth: str
    made_ms: int
    failures: int = 0
    rests_until_ms: int = 0


class Accounts(Protocol):
    """What a store of users and sessions promises.

    Every method raises `cop.errors.StoreUnavailable` when the store cannot answer.
    """

    def add_user(self, user: User) -> bool:
        """Store a new user; false, with nothing changed, when the name is taken."""

    def change_user(self, name: str, change: Callable[[User], User]) -> User | None:
        """Replace the user *name* by what *change* makes of it, in one atomic step.

        *change* may be called several times, and may raise to leave everything as it is. Gives the
        user as it is now; None when there is none.
        """

    def read_users(self, names: Iterable[str]) -> dict[str, User]:
        """Read users by name; absent ones are left out."""

    def find_external(self, external: str) -> User | None:
        """Give the user who is *external* at the sign-in provider."""

    def names(self) -> list[str]:
        """List the names of all users, sorted."""

    def open_session(self, session: Session, *, ttl_ms: int) -> None:
        """Store a session that is forgotten after *ttl_ms*."""

    def change_session(
        self, session_id: str, change: Callable[[Session], tuple[Session, int]]
    ) -> Session | None:
        """Replace a session, in one atomic step, by what *change* makes of it.

        *change* gives the session and for how many more milliseconds it lives; it may be called
        several times. Gives the session as it is now; None when it has ended, also where it ended
        meanwhile: an ended one never comes back.
        """

    def read_sessions(self, ids: Iterable[str]) -> dict[str, Session]:
        """Read sessions by id; ended ones are left out."""

    def sessions_of(self, user: str) -> list[Session]:
        """List the sessions of *user* that have not ended, in the order of their ids."""

    def sessions_by_user(self, users: Iterable[str]) -> dict[str, list[Session]]:
        """List the sessions of many at once, as `sessions_of`; whoever has none is left out."""

    def end_session(self, session: Session) -> None:
        """End a session."""

    def end_sessions(self, user: str) -> int:
        """End every session of *user*; tell how many there were."""

    def add_subscription(self, subscription: Subscription, *, ttl_ms: int) -> None:
        """Store a subscription for at most *ttl_ms*; one with this id, whosever, is replaced."""

    def change_subscription(
        self, subscription_id: str, change: Callable[[Subscription], Subscription]
    ) -> None:
        """Replace a subscription, if it is still stored, by what *change* makes of it."""

    def subscriptions_of(self, users: Iterable[str]) -> dict[str, list[Subscription]]:
        """List the subscriptions of many at once, each one's in the order they were made.

        Those whose session has ended are left out, and forgotten. Whoever has none is left out.
        """

    def subscribers(self) -> set[str]:
        """Give the names of all who may have a subscription; none who has one is missing."""

    def drop_subscriptions(self, subscriptions: Iterable[Subscription]) -> None:
        """Forget subscriptions; one that was made anew meanwhile stays."""

    def count_attempt(self, key: str, *, window_ms: int) -> tuple[int, int]:
        """Count one attempt under *key*; give the count of this window and what is left of it.

        A window begins with its first attempt and lasts *window_ms*.
        """

    def forget_attempts(self, key: str) -> None:
        """Begin the count under *key* again."""

    def keep(self, key: str, value: bytes, *, ttl_ms: int) -> None:
        """Keep *value* under *key* for *ttl_ms*."""

    def kept(self, key: str) -> bytes | None:
        """Give what is kept under *key*; None when there is nothing, or no more."""

    def take(self, key: str) -> bytes | None:
        """Give what is kept under *key* and forget it: of several who ask, one gets it."""

    def salt(self) -> bytes:
        """Give the secret of this installation, made at the first call, at least 16 bytes."""
