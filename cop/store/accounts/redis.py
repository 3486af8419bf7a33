"""Users and sessions in Redis."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any, Final, cast

import orjson
from pydantic import TypeAdapter
from redis import Redis
from redis.client import Pipeline
from redis.exceptions import RedisError

from cop.errors import StoreUnavailable
from cop.store.accounts.port import Session, User
from cop.store.accounts.redis_subscriptions import (
    PREFIX,
    RedisSubscriptions,
    bodies,
    members,
    session_key,
)
from cop.store.confirming import AT_ONCE, Confirming, Waiting
from cop.store.connection import connect

_NAMES: Final = f"{PREFIX}:names"
_SALT: Final = f"{PREFIX}:salt"
_EXTERNAL: Final = f"{PREFIX}:external"
_TOUCHED: Final = f"{PREFIX}:touched"
_USER: Final = TypeAdapter(User)
_SESSION: Final = TypeAdapter(Session)


def _user_key(name: str) -> str:
    return f"{PREFIX}:user:{name}"


def _sessions_key(user: str) -> str:
    return f"{PREFIX}:sessions:{user}"


def _attempts_key(key: str) -> str:
    return f"{PREFIX}:attempts:{key}"


def _kept_key(key: str) -> str:
    return f"{PREFIX}:kept:{key}"


def _put(pipe: Pipeline, user: User) -> None:
    pipe.set(_user_key(user.name), orjson.dumps(asdict(user)))
    if user.external:
        pipe.hset(_EXTERNAL, user.external, user.name)


class RedisAccounts(RedisSubscriptions):
    """Users, sessions and subscriptions in Redis, shared by every process."""

    def __init__(self, url: str, waiting: Waiting = AT_ONCE) -> None:
        """Connect lazily to the Redis at *url*.

        Users, ended sessions and what is kept are confirmed when as many replicas have them as
        *waiting* says; sessions that are opened or used and counts at once.
        """
        self._redis = connect(url)
        self._confirming = Confirming(self._redis, url, waiting, _TOUCHED)

    def _ask(self, question: Callable[[Redis], Any]) -> Any:
        try:
            return question(self._redis)
        except RedisError as error:
            raise StoreUnavailable(f"the accounts cannot be read: {error}") from error

    def _tell(self, words: Callable[[Redis], Any]) -> Any:
        """Write what must not be lost once it is confirmed."""
        try:
            with self._confirming.held() as held:
                answer = words(held.client)
                held.confirm()
        except RedisError as error:
            raise StoreUnavailable(f"the accounts cannot be written: {error}") from error
        return answer

    def add_user(self, user: User) -> bool:
        """Store a new user; false, with nothing changed, when the name is taken."""
        key, added = _user_key(user.name), False

        def add(pipe: Pipeline) -> None:
            nonlocal added
            added = not pipe.exists(key)
            pipe.multi()
            if added:
                pipe.sadd(_NAMES, user.name)
                _put(pipe, user)

        self._tell(lambda redis: redis.transaction(add, key))
        return added

    def change_user(self, name: str, change: Callable[[User], User]) -> User | None:
        """Replace the user *name* by what *change* makes of it; see the port."""
        key = _user_key(name)
        user: User | None = None

        def replace(pipe: Pipeline) -> None:
            nonlocal user
            body = cast("bytes | None", pipe.get(key))
            pipe.multi()
            user = None if body is None else change(_USER.validate_json(body))
            if user is not None:
                _put(pipe, user)

        self._tell(lambda redis: redis.transaction(replace, key))
        return user

    def read_users(self, names: Iterable[str]) -> dict[str, User]:
        """Read users by name; absent ones are left out."""
        read = bodies(self._ask, [*map(_user_key, names)])
        found = [_USER.validate_json(body) for body in read if body is not None]
        return {user.name: user for user in found}

    def find_external(self, external: str) -> User | None:
        """Give the user who is *external* at the sign-in provider."""
        name = self._ask(lambda redis: redis.hget(_EXTERNAL, external))
        return None if name is None else self.read_users([name.decode()]).get(name.decode())

    def names(self) -> list[str]:
        """List the names of all users, sorted."""
        found = cast("set[bytes]", self._ask(lambda redis: redis.smembers(_NAMES)))
        return sorted(name.decode() for name in found)

    def open_session(self, session: Session, *, ttl_ms: int) -> None:
        """Store a session that is forgotten after *ttl_ms*."""
        of_user = _sessions_key(session.user)

        def write(redis: Redis) -> None:
            with redis.pipeline(transaction=False) as pipe:
                pipe.zremrangebyscore(of_user, 0, session.started_ms)
                pipe.zadd(of_user, {session.id: session.ends_ms})
                pipe.persist(of_user)
                pipe.set(session_key(session.id), orjson.dumps(asdict(session)), px=ttl_ms)
                pipe.execute()

        self._ask(write)

    def change_session(
        self, session_id: str, change: Callable[[Session], tuple[Session, int]]
    ) -> Session | None:
        """Replace a session by what *change* makes of it; see the port."""
        key = session_key(session_id)
        session: Session | None = None

        def replace(pipe: Pipeline) -> None:
            nonlocal session
            body = cast("bytes | None", pipe.get(key))
            pipe.multi()
            session = None
            if body is not None:
                session, ttl_ms = change(_SESSION.validate_json(body))
                pipe.set(key, orjson.dumps(asdict(session)), px=ttl_ms)
                pipe.zadd(_sessions_key(session.user), {session_id: session.ends_ms}, xx=True)

        self._ask(lambda redis: redis.transaction(replace, key))
        return session

    def read_sessions(self, ids: Iterable[str]) -> dict[str, Session]:
        """Read sessions by id; ended ones are left out."""
        read = bodies(self._ask, [*map(session_key, ids)])
        found = [_SESSION.validate_json(body) for body in read if body is not None]
        return {session.id: session for session in found}

    def sessions_of(self, user: str) -> list[Session]:
        """List the sessions of *user* that have not ended, in the order of their ids."""
        return self.sessions_by_user([user]).get(user, [])

    def sessions_by_user(self, users: Iterable[str]) -> dict[str, list[Session]]:
        """List the sessions of many at once; whoever has none is left out."""
        indexes = members(self._ask, [*map(_sessions_key, dict.fromkeys(users))])
        found = self.read_sessions([each for index in indexes for each in index])
        by_user: dict[str, list[Session]] = {}
        for session_id in sorted(found):
            by_user.setdefault(found[session_id].user, []).append(found[session_id])
        return by_user

    def _ids_of(self, user: str) -> list[str]:
        return members(self._ask, [_sessions_key(user)])[0]

    def end_session(self, session: Session) -> None:
        """End a session."""
        self._tell(lambda redis: redis.delete(session_key(session.id)))
        self._ask(lambda redis: redis.zrem(_sessions_key(session.user), session.id))

    def end_sessions(self, user: str) -> int:
        """End every session of *user*; tell how many there were."""
        ids = self._ids_of(user)
        if not ids:
            return 0
        keys = [session_key(session_id) for session_id in ids]
        ended = int(self._tell(lambda redis: redis.delete(*keys)))
        self._ask(lambda redis: redis.zrem(_sessions_key(user), *ids))
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

    def keep(self, key: str, value: bytes, *, ttl_ms: int) -> None:
        """Keep *value* under *key* for *ttl_ms*."""
        self._tell(lambda redis: redis.set(_kept_key(key), value, px=ttl_ms))

    def kept(self, key: str) -> bytes | None:
        """Give what is kept under *key*; None when there is nothing, or no more."""
        return cast("bytes | None", self._ask(lambda redis: redis.get(_kept_key(key))))

    def take(self, key: str) -> bytes | None:
        """Give what is kept under *key* and forget it: of several who ask, one gets it."""
        return cast("bytes | None", self._ask(lambda redis: redis.getdel(_kept_key(key))))

    def salt(self) -> bytes:
        """Give the secret of this installation, made at the first call."""
        found = self._ask(lambda redis: redis.get(_SALT))
        if found is None:
            fresh = secrets.token_bytes(32)
            self._tell(lambda redis: redis.set(_SALT, fresh, nx=True))
            found = self._ask(lambda redis: redis.get(_SALT))
        return bytes(found)

    def close(self) -> None:
        """Give the connections back."""
        self._confirming.close()
        self._redis.close()
