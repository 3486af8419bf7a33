"""Subscriptions to push messages in Redis.

Each is a key of its own that expires; an index for each user names them, and one set names the
users who have any. The index may name what is gone: whoever reads it mends it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any, Final, Protocol, cast

import orjson
from pydantic import TypeAdapter
from redis import Redis
from redis.client import Pipeline

from cop.store.accounts.port import Subscription

PREFIX: Final = "cop:accounts"
BATCH: Final = 1_000
"""So many are asked for at once: nobody else waits long for Redis meanwhile."""
_SUBSCRIBERS: Final = f"{PREFIX}:subscribers"
_SUBSCRIPTION: Final = TypeAdapter(Subscription)


class Ask(Protocol):
    """Asks Redis, and raises `StoreUnavailable` when it does not answer."""

    def __call__(self, question: Callable[[Redis], Any]) -> Any:
        """Give what *question* gives."""


def session_key(session_id: str) -> str:
    """Give the key of a session."""
    return f"{PREFIX}:session:{session_id}"


def bodies(ask: Ask, keys: Sequence[str]) -> list[bytes | None]:
    """Read many keys, in their order."""
    found: list[bytes | None] = []
    for start in range(0, len(keys), BATCH):
        part = keys[start : start + BATCH]
        found += ask(partial(Redis.mget, keys=part))
    return found


def members(ask: Ask, keys: Sequence[str]) -> list[list[str]]:
    """Read many sorted sets, in the order of *keys*; each in the order of its scores."""
    found = _each(ask, keys, lambda pipe, key: pipe.zrange(key, 0, -1))
    return [[one.decode() for one in of_key] for of_key in found]


def _each(ask: Ask, keys: Sequence[str], question: Callable[[Pipeline, str], Any]) -> list[Any]:
    """Ask the same of many keys, with one journey to Redis for each batch."""

    def ask_batch(redis: Redis, part: Sequence[str]) -> list[Any]:
        with redis.pipeline(transaction=False) as pipe:
            for key in part:
                question(pipe, key)
            return pipe.execute()

    found: list[Any] = []
    for start in range(0, len(keys), BATCH):
        part = keys[start : start + BATCH]
        found += ask(partial(ask_batch, part=part))
    return found


def _key(subscription_id: str) -> str:
    return f"{PREFIX}:subscription:{subscription_id}"


def _index(user: str) -> str:
    return f"{PREFIX}:subscriptions:{user}"


class RedisSubscriptions:
    """The part of the accounts that is about subscriptions."""

    def _ask(self, question: Callable[[Redis], Any]) -> Any:
        raise NotImplementedError

    def add_subscription(self, subscription: Subscription, *, ttl_ms: int) -> None:
        """Store a subscription for at most *ttl_ms*; one with this id, whosever, is replaced."""
        body = orjson.dumps(asdict(subscription))

        def write(redis: Redis) -> None:
            with redis.pipeline(transaction=True) as pipe:
                pipe.set(_key(subscription.id), body, px=ttl_ms)
                pipe.zadd(_index(subscription.user), {subscription.id: subscription.made_ms})
                pipe.sadd(_SUBSCRIBERS, subscription.user)
                pipe.execute()

        self._ask(write)

    def change_subscription(
        self, subscription_id: str, change: Callable[[Subscription], Subscription]
    ) -> None:
        """Replace a subscription, if it is still stored, by what *change* makes of it."""
        key = _key(subscription_id)

        def replace(pipe: Pipeline) -> None:
            body = cast("bytes | None", pipe.get(key))
            pipe.multi()
            if body is not None:
                after = change(_SUBSCRIPTION.validate_json(body))
                pipe.set(key, orjson.dumps(asdict(after)), keepttl=True)

        self._ask(lambda redis: redis.transaction(replace, key))

    def subscriptions_of(self, users: Iterable[str]) -> dict[str, list[Subscription]]:
        """List the subscriptions of many at once; see the port."""
        names = list(dict.fromkeys(users))
        indexes = dict(zip(names, members(self._ask, [*map(_index, names)]), strict=True))
        ids = [each for index in indexes.values() for each in index]
        read = bodies(self._ask, [*map(_key, ids)])
        stored = [_SUBSCRIPTION.validate_json(body) for body in read if body is not None]
        known = {one.id: one for one in self._with_session(stored)}
        found: dict[str, list[Subscription]] = {}
        for user, index in indexes.items():
            own = [known[each] for each in index if each in known and known[each].user == user]
            if own:
                found[user] = own
            if len(own) < len(index):
                seen = {one.id: one for one in stored}
                gone = set(index) - {one.id for one in own}
                self._forget(user, {each: seen.get(each) for each in gone})
        return found

    def _with_session(self, stored: Sequence[Subscription]) -> list[Subscription]:
        alive = _each(
            self._ask,
            [session_key(one.session) for one in stored],
            lambda pipe, key: pipe.exists(key),
        )
        return [one for one, lives in zip(stored, alive, strict=True) if lives]

    def subscribers(self) -> set[str]:
        """Give the names of all who may have a subscription; none who has one is missing."""
        found = cast("set[bytes]", self._ask(lambda redis: redis.smembers(_SUBSCRIBERS)))
        return {name.decode() for name in found}

    def drop_subscriptions(self, subscriptions: Iterable[Subscription]) -> None:
        """Forget subscriptions; one that was made anew meanwhile stays."""
        by_user: dict[str, dict[str, Subscription | None]] = {}
        for one in subscriptions:
            by_user.setdefault(one.user, {})[one.id] = one
        for user, gone in by_user.items():
            self._forget(user, gone)

    def _forget(self, user: str, gone: Mapping[str, Subscription | None]) -> None:
        """Take ids off a user's index, and what is stored under them as long as it is as given."""
        index = _index(user)
        keys = {each: _key(each) for each in gone}

        def forget(pipe: Pipeline) -> None:
            named = {each.decode() for each in cast("list[bytes]", pipe.zrange(index, 0, -1))}
            off = set()
            for each, key in keys.items():
                body = cast("bytes | None", pipe.get(key))
                stored = None if body is None else _SUBSCRIPTION.validate_json(body)
                if stored is None or stored.user != user or _same(stored, gone[each]):
                    off.add(each)
            mine = [keys[each] for each in off if _owned(gone[each], user)]
            pipe.multi()
            if mine:
                pipe.delete(*mine)
            if off:
                pipe.zrem(index, *off)
            if named <= off:
                pipe.srem(_SUBSCRIBERS, user)

        self._ask(lambda redis: redis.transaction(forget, index, *keys.values()))


def _same(stored: Subscription, seen: Subscription | None) -> bool:
    return seen is not None and (stored.user, stored.session) == (seen.user, seen.session)


def _owned(seen: Subscription | None, user: str) -> bool:
    return seen is not None and seen.user == user
