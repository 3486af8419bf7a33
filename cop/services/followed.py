"""Values made from one kind of entity of the replica, made anew only where something changed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from typing import Any, Generic, TypeVar
from weakref import ref

import orjson

from cop.model.access import Audience
from cop.model.entity import Kind
from cop.model.record import Cursor
from cop.services.picture import Picture
from cop.services.replica import Replica

T = TypeVar("T")


class Followed(Generic[T]):
    """What a web process needs of each entity of a kind, at hand without asking the store.

    However many ask, the kind is looked through once for each state of the picture, and only
    features that are not those of before are decoded. Safe to use from many threads.
    """

    def __init__(self, replica: Replica, kind: Kind, make: Callable[[dict[str, Any]], T]) -> None:
        """Follow *kind* in *replica*; *make* gives the value for a feature as command sees it."""
        self._replica = replica
        self._kind = kind
        self._make = make
        self._lock = threading.Lock()
        self._state: tuple[ref[Picture], Cursor] | None = None
        self._known: dict[bytes, T] = {}

    def values(self) -> Collection[T]:
        """Give the value of every entity of the kind.

        Raises:
            StoreUnavailable: the picture has not been read yet.
        """
        picture = self._replica.picture()
        with self._lock:
            if self._state != (ref(picture), picture.cursor):
                cursor, features = picture.select(Audience.COMMAND, {self._kind}, None)
                known = self._known
                self._known = {
                    feature: known[feature] if feature in known else self._value(feature)
                    for feature in features
                }
                self._state = (ref(picture), cursor)
            return self._known.values()

    def _value(self, feature: bytes) -> T:
        return self._make(orjson.loads(feature))
