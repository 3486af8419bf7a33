"""The errors of this project.

CopError
├── FeedError            a poll did not give a usable payload
│   ├── FetchError       the publisher could not be reached or answered wrongly
│   └── PayloadError     the bytes are not what the publisher's format says
├── StoreUnavailable     Redis cannot be reached or refuses to write
│   └── NotConfirmed     it was written, and too few replicas have said that they have it
├── Conflict             the expected version is not the stored one
├── IdempotencyMismatch  the idempotency key was used for something else
├── Stale                the change was made from a version that is no longer the stored one
├── VersionMissing       the version that the change was made from must be said
├── NotPossible          what is asked cannot be done in the present state
├── Invalid              what was sent makes no valid entity
├── TooOften             the same was asked for a moment ago
├── NotFound             no such entity, user or feed
├── NotPermitted         the audience or role may not do this
└── Misconfigured        a setting or a machine is not fit; the message says how to mend it
"""

from __future__ import annotations


class CopError(Exception):
    """The root: a message that says what to do."""


class FeedError(CopError):
    """A poll did not give a usable payload; no entity may change because of it."""


class FetchError(FeedError):
    """The publisher could not be reached, answered too slowly, too large or with an error."""


class PayloadError(FeedError):
    """The payload as a whole is not in the publisher's format."""


class StoreUnavailable(CopError):
    """Redis cannot be reached or refuses to write."""


class NotConfirmed(StoreUnavailable):
    """It was written, but too few replicas have said that they have it: a failover may lose it.

    Doing the same again, with the same idempotency key, confirms it.
    """


class Conflict(CopError):
    """The expected version is not the stored one.

    Attributes:
        current: id to the version stored now, for each write that was refused (0: absent).
    """

    def __init__(self, current: dict[str, int]) -> None:
        """Keep *current* so that the caller can read again and decide."""
        super().__init__(f"changed in the meantime: {current}; read again and retry")
        self.current = current


class IdempotencyMismatch(CopError):
    """The idempotency key was used for other content within the last week; nothing was changed."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "this idempotency key was already used for a different change:"
            " take a new key for a new change, or repeat the first one exactly"
        )


class Stale(CopError):
    """The change was made from a version that is no longer the stored one.

    Attributes:
        entity_id: what was to be changed.
    """

    def __init__(self, entity_id: str) -> None:
        """Keep *entity_id* so that the answer can show how it is now."""
        super().__init__(
            "somebody changed this in the meantime: look at how it is now and decide again"
        )
        self.entity_id = entity_id


class VersionMissing(CopError):
    """The version that the change was made from must be said, and was not."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__('send If-Match: "VERSION" with the version you changed')


class NotPossible(CopError):
    """What is asked cannot be done in the present state.

    Attributes:
        code: a word for programs, for example `double-assigned`.
        members: more for the answer, for example the ids of what stands in the way.
    """

    def __init__(self, code: str, detail: str, **members: object) -> None:
        """Say in *detail* what stands in the way and what to do."""
        super().__init__(detail)
        self.code = code
        self.members = members


class Invalid(CopError):
    """What was sent makes no valid entity.

    Attributes:
        found: what is wrong: each where it is, and what it is.
    """

    def __init__(self, *found: tuple[str, str]) -> None:
        """Keep *found* for the answer."""
        super().__init__("; ".join(f"{where}: {what}" for where, what in found))
        self.found = found


class TooOften(CopError):
    """The same was asked for a moment ago; `retry_after_s` tells in how many seconds to ask again.

    Attributes:
        retry_after_s: whole seconds, at least 1.
    """

    def __init__(self, detail: str, *, retry_after_s: int) -> None:
        """Say in *detail* what came too often."""
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class NotFound(CopError):
    """There is no such thing."""


class NotPermitted(CopError):
    """The audience or role may not do this."""


class Misconfigured(CopError):
    """A setting or the machine is not fit to run; the message says how to mend it."""
