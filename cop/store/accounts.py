"""Users and sessions: one port, kept in Redis or in memory. Not part of any operation."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Protocol, TypeVar, cast

import orjson
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from cop.errors import StoreUnavailable

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody, or a machine, that may sign in.

    Attributes:
        name: folded to lower case; the key.
        role: a value of `cop.services.policy.Role`.
        agency: code of the department or body; "" where none was given.
        password: argon2id hash in PHC form.
        disabled: may not sign in, and open sessions have ended.
        created_ms: epoch milliseconds.
    """

    name: str
    role: str
    agency: str
    password: str
    disabled: bool
    created_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in user. The token itself is never stored.

    Attributes:
        id: SHA-256 of the token, hexadecimal.
        user: the name of the user.
        started_ms: when it was opened, epoch milliseconds.
        ends_ms: when it ends whatever happens, epoch milliseconds.
        idle_ms: how long it lives without being used.
    """

    id: str
    user: str
    started_ms: int
    ends_ms: int
    idle_ms: int


class Accounts(Protocol):
    """What a store of users and sessions promises.

    Every method raises `cop.errors.StoreUnavailable` when the store cannot answer.
    """

    def add_user(self, user: User) -> bool:
        """Store a new user; false, with nothing changed, when the name is taken."""

    def write_user(self, user: User) -> None:
        """Replace a user."""

    def read_users(self, names: Iterable[str]) -> dict[str, User]:
        """Read users by name; absent ones are left out."""

    def names(self) -> list[str]:
        """List the names of all users, sorted."""

    def open_session(self, session: Session, *, ttl_ms: int) -> None:
        """Store a session that is forgotten after *ttl_ms*."""

    def extend_session(self, session: Session, *, ttl_ms: int) -> None:
        """Let a session that still exists live for another *ttl_ms*."""

    def read_sessions(self, ids: Iterable[str]) -> dict[str, Session]:
        """Read sessions by id; ended ones are left out."""

    def end_session(self, session: Session) -> None:
        """End a session."""

    def end_sessions(self, user: str) -> int:
        """End every session of *user*; tell how many there were."""

    def count_attempt(self, key: str, *, window_ms: int) -> tuple[int, int]:
        """Count one attempt under *key*; give the count of this window and what is left of it.

        A window begins with its first attempt and lasts *window_ms*.
        """

    def forget_attempts(self, key: str) -> None:
        """Begin the count under *key* again."""


_PREFIX: Final = "cop:accounts"
_NAMES: Final = f"{_PREFIX}:names"
_EXTEND_EVERY_S: Final = 60.0
_MOST_REMEMBERED: Final = 20_000


def _user_key(name: str) -> str:
    return f"{_PREFIX}:user:{name}"


def _session_key(session_id: str) -> str:
    return f"{_PREFIX}:session:{session_id}"


def _sessions_key(user: str) -> str:
    return f"{_PREFIX}:sessions:{user}"


def _attempts_key(key: str) -> str:
    return f"{_PREFIX}:attempts:{key}"


class RedisAccounts:
    """Users and sessions in Redis, shared by every web process."""

    def __init__(self, url: str) -> None:
        """Connect lazily to the Redis at *url*."""
        self._redis = Redis.from_url(
            url,
            socket_timeout=2,
            socket_connect_timeout=2,
            retry=Retry(NoBackoff(), 1),
            retry_on_error=[ConnectionError],
        )
        self._extended: dict[str, float] = {}

    def _ask(self, question: Callable[[Redis], Any]) -> Any:
        try:
            return question(self._redis)
        except RedisError as error:
            raise StoreUnavailable(f"the accounts cannot be read: {error}") from error

    def _load(self, kind: type[T], keys: list[str]) -> list[T]:
        if not keys:
            return []
        bodies = self._ask(lambda redis: redis.mget(keys))
        return [kind(**orjson.loads(body)) for body in bodies if body is not None]

    def add_user(self, user: User) -> bool:
        """Store a new user; false, with nothing changed, when the name is taken."""
        body = orjson.dumps(asdict(user))
        added = bool(self._ask(lambda redis: redis.set(_user_key(user.name), body, nx=True)))
        if added:
            self._ask(lambda redis: redis.sadd(_NAMES, user.name))
        return added

    def write_user(self, user: User) -> None:
        """Replace a user."""
        body = orjson.dumps(asdict(user))
        self._ask(lambda redis: redis.set(_user_key(user.name), body))

    def read_users(self, names: Iterable[str]) -> dict[str, User]:
        """Read users by name; absent ones are left out."""
        users = self._load(User, [_user_key(name) for name in names])
        return {user.name: user for user in users}

    def names(self) -> list[str]:
        """List the names of all users, sorted."""
        found = cast("set[bytes]", self._ask(lambda redis: redis.smembers(_NAMES)))
        return sorted(name.decode() for name in found)

    def open_session(self, session: Session, *, ttl_ms: int) -> None:
        """Store a session that is forgotten after *ttl_ms*."""
        of_user = _sessions_key(session.user)

        def write(redis: Redis) -> None:
            with redis.pipeline(transaction=False) as pipe:
                pipe.set(_session_key(session.id), orjson.dumps(asdict(session)), px=ttl_ms)
                pipe.zremrangebyscore(of_user, 0, session.started_ms)
                pipe.zadd(of_user, {session.id: session.ends_ms})
                pipe.pexpireat(of_user, session.ends_ms)
                pipe.execute()

        self._ask(write)

    def extend_session(self, session: Session, *, ttl_ms: int) -> None:
        """Let a session that still exists live for another *ttl_ms*; at most once a minute.

        Each extension costs a write to the append-only file, and a page asks several times.
        """
        now = time.monotonic()
        if now - self._extended.get(session.id, -_EXTEND_EVERY_S) < _EXTEND_EVERY_S:
            return
        if len(self._extended) > _MOST_REMEMBERED:
            self._extended.clear()
        self._extended[session.id] = now
        self._ask(lambda redis: redis.pexpire(_session_key(session.id), ttl_ms))

    def read_sessions(self, ids: Iterable[str]) -> dict[str, Session]:
        """Read sessions by id; ended ones are left out."""
        sessions = self._load(Session, [_session_key(session_id) for session_id in ids])
        return {session.id: session for session in sessions}

    def end_session(self, session: Session) -> None:
        """End a session."""
        self._ask(lambda redis: redis.delete(_session_key(session.id)))
        self._ask(lambda redis: redis.zrem(_sessions_key(session.user), session.id))

    def end_sessions(self, user: str) -> int:
        """End every session of *user*; tell how many there were."""
        of_user = _sessions_key(user)
        ids = cast("list[bytes]", self._ask(lambda redis: redis.zrange(of_user, 0, -1)))
        keys = [_session_key(session_id.decode()) for session_id in ids]
        ended = int(self._ask(lambda redis: redis.delete(*keys))) if keys else 0
        self._ask(lambda redis: redis.delete(of_user))
        return ended

    def count_attempt(self, key: str, *, window_ms: int) -> tuple[int, int]:
        """Count one attempt under *key*; give the count of this window and what is left of it."""
        name = _attempts_key(key)

        def count(redis: Redis) -> list[int]:
            with redis.pipeline(transaction=True) as pipe:
                pipe.set(name, 0, px=window_ms, nx=True)
                pipe.incr(name)
                pipe.pttl(name)
                answers: list[int] = pipe.execute()
                return answers

        _, attempts, left_ms = self._ask(count)
        return attempts, max(0, left_ms)

    def forget_attempts(self, key: str) -> None:
        """Begin the count under *key* again."""
        self._ask(lambda redis: redis.delete(_attempts_key(key)))

    def close(self) -> None:
        """Give the connections back."""
        self._redis.close()


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


class MemoryAccounts:
    """Users and sessions in this process alone, for tests and for trying things out."""

    def __init__(self, now_ms: Callable[[], int] = _now_ms) -> None:
        """Begin empty; *now_ms* tells the real time in epoch milliseconds."""
        self._now_ms = now_ms
        self._lock = threading.Lock()
        self._users: dict[str, User] = {}
        self._sessions: dict[str, tuple[Session, int]] = {}
        self._attempts: dict[str, tuple[int, int]] = {}

    def add_user(self, user: User) -> bool:
        """Store a new user; false, with nothing changed, when the name is taken."""
        with self._lock:
            return self._users.setdefault(user.name, user) is user

    def write_user(self, user: User) -> None:
        """Replace a user."""
        with self._lock:
            self._users[user.name] = user

    def read_users(self, names: Iterable[str]) -> dict[str, User]:
        """Read users by name; absent ones are left out."""
        return _present(self._users, names)

    def names(self) -> list[str]:
        """List the names of all users, sorted."""
        return sorted(self._users)

    def open_session(self, session: Session, *, ttl_ms: int) -> None:
        """Store a session that is forgotten after *ttl_ms*."""
        with self._lock:
            self._sessions[session.id] = (session, self._now_ms() + ttl_ms)

    def extend_session(self, session: Session, *, ttl_ms: int) -> None:
        """Let a session that still exists live for another *ttl_ms*."""
        with self._lock:
            if session.id in self._sessions:
                self._sessions[session.id] = (session, self._now_ms() + ttl_ms)

    def read_sessions(self, ids: Iterable[str]) -> dict[str, Session]:
        """Read sessions by id; ended ones are left out."""
        now = self._now_ms()
        found = _present(self._sessions, ids)
        return {name: session for name, (session, until) in found.items() if until > now}

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


def _present(table: Mapping[str, T], keys: Iterable[str]) -> dict[str, T]:
    return {key: table[key] for key in keys if key in table}
