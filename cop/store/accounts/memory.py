"""Users and sessions in this process alone."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from cop.store.accounts.port import Session, Subscription, User

T = TypeVar("T")


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


class MemoryAccounts:
    """Users and sessions in this process alone, for tests and for trying things out."""

    def __init__(self, now_ms: Callable[[], int] = _now_ms) -> None:
        """Begin empty; *now_ms* tells the real time in epoch milliseconds."""
        self._now_ms = now_ms
        self._lock = threading.Lock()
        self._salt = secrets.token_bytes(32)
        self._users: dict[str, User] = {}
        self._sessions: dict[str, tuple[Session, int]] = {}
        self._subscriptions: dict[str, tuple[Subscription, int]] = {}
        self._attempts: dict[str, tuple[int, int]] = {}
        self._kept: dict[str, tuple[bytes, int]] = {}

    def add_user(self, user: User) -> bool:
        """Store a new user; false, with nothing changed, when the name is taken."""
        with self._lock:
            return self._users.setdefault(user.name, user) is user

    def change_user(self, name: str, change: Callable[[User], User]) -> User | None:
        """Replace the user *name* by what *change* makes of it; see the port."""
        with self._lock:
            if name not in self._users:
                return None
            self._users[name] = change(self._users[name])
            return self._users[name]

    def read_users(self, names: Iterable[str]) -> dict[str, User]:
        """Read users by name; absent ones are left out."""
        return _present(self._users, names)

    def find_external(self, external: str) -> User | None:
        """Give the user who is *external* at the sign-in provider."""
        with self._lock:
            users = list(self._users.values())
        return next((user for user in users if user.external == external), None)

    def names(self) -> list[str]:
        """List the names of all users, sorted."""
        with self._lock:
            return sorted(self._users)

    def open_session(self, session: Session, *, ttl_ms: int) -> None:
        """Store a session that is forgotten after *ttl_ms*."""
        with self._lock:
            self._sessions[session.id] = (session, self._now_ms() + ttl_ms)

    def change_session(
        self, session_id: str, change: Callable[[Session], tuple[Session, int]]
    ) -> Session | None:
        """Replace a session by what *change* makes of it; see the port."""
        with self._lock:
            session, until = self._sessions.get(session_id, (None, 0))
            if session is None or until <= self._now_ms():
                return None
            after, ttl_ms = change(session)
            self._sessions[session_id] = (after, self._now_ms() + ttl_ms)
            return after

    def read_sessions(self, ids: Iterable[str]) -> dict[str, Session]:
        """Read sessions by id; ended ones are left out."""
        now = self._now_ms()
        found = _present(self._sessions, ids)
        return {name: session for name, (session, until) in found.items() if until > now}

    def sessions_of(self, user: str) -> list[Session]:
        """List the sessions of *user* that have not ended, in the order of their ids."""
        return self.sessions_by_user([user]).get(user, [])

    def sessions_by_user(self, users: Iterable[str]) -> dict[str, list[Session]]:
        """List the sessions of many at once; whoever has none is left out."""
        wanted = set(users)
        with self._lock:
            ids = [name for name, (session, _) in self._sessions.items() if session.user in wanted]
        found = self.read_sessions(ids)
        by_user: dict[str, list[Session]] = {}
        for session_id in sorted(found):
            by_user.setdefault(found[session_id].user, []).append(found[session_id])
        return by_user

    def end_session(self, session: Session) -> None:
        """End a session."""
        with self._lock:
            self._sessions.pop(session.id, None)

    def end_sessions(self, user: str) -> int:
        """End every session of *user*; tell how many there were."""
        with self._lock:
            ended = [name for name, (session, _) in self._sessions.items() if session.user == user]
            for name in ended:
                del self._sessions[name]
        return len(ended)

    def add_subscription(self, subscription: Subscription, *, ttl_ms: int) -> None:
        """Store a subscription for at most *ttl_ms*; one with this id, whosever, is replaced."""
        with self._lock:
            self._subscriptions.pop(subscription.id, None)
            self._subscriptions[subscription.id] = (subscription, self._now_ms() + ttl_ms)

    def change_subscription(
        self, subscription_id: str, change: Callable[[Subscription], Subscription]
    ) -> None:
        """Replace a subscription, if it is still stored, by what *change* makes of it."""
        with self._lock:
            if subscription_id in self._subscriptions:
                before, until = self._subscriptions[subscription_id]
                self._subscriptions[subscription_id] = (change(before), until)

    def subscriptions_of(self, users: Iterable[str]) -> dict[str, list[Subscription]]:
        """List the subscriptions of many at once; see the port."""
        wanted, now = set(users), self._now_ms()
        with self._lock:
            alive = {name for name, (_, until) in self._sessions.items() if until > now}
            self._subscriptions = {
                name: (one, until)
                for name, (one, until) in self._subscriptions.items()
                if until > now and one.session in alive
            }
            found: dict[str, list[Subscription]] = {}
            for one, _ in self._subscriptions.values():
                if one.user in wanted:
                    found.setdefault(one.user, []).append(one)
        return found

    def subscribers(self) -> set[str]:
        """Give the names of all who may have a subscription; none who has one is missing."""
        with self._lock:
            return {one.user for one, _ in self._subscriptions.values()}

    def drop_subscriptions(self, subscriptions: Iterable[Subscription]) -> None:
        """Forget subscriptions; one that was made anew meanwhile stays."""
        with self._lock:
            for one in subscriptions:
                stored, _ = self._subscriptions.get(one.id, (one, 0))
                if (stored.user, stored.session) == (one.user, one.session):
                    self._subscriptions.pop(one.id, None)

    def count_attempt(self, key: str, *, window_ms: int) -> tuple[int, int]:
        """Count one attempt under *key*; give the count of this window and what is left of it."""
        now = self._now_ms()
        with self._lock:
            attempts, until = self._attempts.get(key, (0, 0))
            if until <= now:
                attempts, until = 0, now + window_ms
            self._attempts[key] = (attempts + 1, until)
        return attempts + 1, until - now

    def forget_attempts(self, key: str) -> None:
        """Begin the count under *key* again."""
        with self._lock:
            self._attempts.pop(key, None)

    def keep(self, key: str, value: bytes, *, ttl_ms: int) -> None:
        """Keep *value* under *key* for *ttl_ms*."""
        now = self._now_ms()
        with self._lock:
            self._kept = {name: kept for name, kept in self._kept.items() if kept[1] > now}
            self._kept[key] = (value, now + ttl_ms)

    def kept(self, key: str) -> bytes | None:
        """Give what is kept under *key*; None when there is nothing, or no more."""
        value, until = self._kept.get(key, (b"", 0))
        return value if until > self._now_ms() else None

    def take(self, key: str) -> bytes | None:
        """Give what is kept under *key* and forget it: of several who ask, one gets it."""
        with self._lock:
            value, until = self._kept.pop(key, (b"", 0))
        return value if until > self._now_ms() else None

    def salt(self) -> bytes:
        """Give the secret of this installation."""
        return self._salt


def _present(table: Mapping[str, T], keys: Iterable[str]) -> dict[str, T]:
    return {key: table[key] for key in keys if key in table}
