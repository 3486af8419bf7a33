"""Which process looks at which camera: one that remembers how a place looks must keep it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import Final

from cop.services.views import QUEUE as VIEW_QUEUE
from workers.exchange_line import QUEUE as EXCHANGE
from workers.vision.plan import CameraPlan

QUEUE: Final = "vision"
"""Of the first process; the others have a number behind it."""
LOOK_BYTES: Final = 768 * 1024 * 1024
"""What one look may take: a few frames of the largest size, and their decoder."""
CAMERA_BYTES: Final = 4 * 1024 * 1024
PIXEL_BYTES: Final = 200
"""What is remembered of a camera, and of each of its pixels, at most."""


def queue_of(camera: str, shards: int) -> str:
    """Give the queue of *camera*, an id without `camera:`, of *shards* processes; always the same.

    A camera that is added or taken away moves no other.
    """
    digest = hashlib.blake2b(camera.encode(), digest_size=8).digest()
    return queue_name(int.from_bytes(digest) % shards)


def queue_name(shard: int) -> str:
    """Give the queue of process number *shard*, from 0."""
    return QUEUE if shard == 0 else f"{QUEUE}-{shard}"


def looks_at_cameras(queues: Collection[str]) -> bool:
    """Tell whether a worker that takes tasks from *queues* decodes frames."""
    return any(name in (QUEUE, VIEW_QUEUE) or name.startswith(f"{QUEUE}-") for name in queues)


def role_of(queues: Collection[str]) -> str:
    """Give the role of a worker that takes tasks from *queues*, as it marks itself alive.

    One that looks at cameras, or speaks with partners, goes by its queue, so that nobody takes it
    for one that reads feeds.
    """
    if QUEUE in queues:
        return QUEUE
    if looking := [name for name in queues if looks_at_cameras([name])]:
        return min(looking)
    return EXCHANGE if set(queues) == {EXCHANGE} else "worker"


def room_of(plans: Mapping[str, CameraPlan], queues: Collection[str], shards: int) -> int:
    """Give the bytes that a process which takes *queues* may need, beyond what it begins with."""
    mine = (plan for camera, plan in plans.items() if queue_of(camera, shards) in queues)
    sizes = (plan.frame.size for plan in mine)
    return LOOK_BYTES + sum(CAMERA_BYTES + PIXEL_BYTES * wide * high for wide, high in sizes)
