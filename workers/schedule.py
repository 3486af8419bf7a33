"""What is due how often: every feed that exists, and upkeep."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from cop.config import Settings
from cop.services.exchange.partners import partners_of
from workers.exchange_line import QUEUE as EXCHANGE
from workers.pace import real_interval
from workers.registry import find_feeds
from workers.vision.plans import plans_of
from workers.vision.shards import QUEUE, queue_of
from workers.vision.survey import SURVEY_EVERY_S, look_interval

EXPIRE_EVERY_S: Final = 5.0
FUSE_EVERY_S: Final = 5.0
TRIM_EVERY_S: Final = 60.0
WATCH_EVERY_S: Final = 2.0
DELIVER_EVERY_S: Final = 2.0
ANCHOR_EVERY_S: Final = 60.0
LAYERS_EVERY_S: Final = 5.0
FORGET_EVERY_S: Final = 60.0
_SHORTEST_EXPIRY_S: Final = 5.0
"""A worker that is only just starting must not find everything expired."""


def beat_schedule(settings: Settings) -> dict[str, dict[str, Any]]:
    """Say what is due how often: one entry per feed and per camera, and upkeep.

    A camera or a CAP source whose file cannot be used is left out; `cop doctor` says which.
    """
    entries = {
        f"poll {key}": _entry("poll", real_interval(feed, settings.speed), "feeds", key)
        for key, feed in find_feeds(settings).items()
    }
    entries["expire"] = _entry("expire", EXPIRE_EVERY_S, "upkeep")
    entries["fuse"] = _entry("fuse", FUSE_EVERY_S, "upkeep")
    entries["trim"] = _entry("trim", TRIM_EVERY_S, "upkeep")
    entries["watch"] = _entry("watch", WATCH_EVERY_S, "upkeep")
    entries["deliver"] = _entry("deliver", DELIVER_EVERY_S, "upkeep")
    entries["anchor"] = _entry("anchor", ANCHOR_EVERY_S, "upkeep")
    entries["layers"] = _entry("layers", LAYERS_EVERY_S, "upkeep")
    for camera, plan in plans_of(settings).items():
        every_s = look_interval(plan, settings.speed)
        queue = queue_of(camera, settings.vision_shards)
        entries[f"look {camera}"] = _entry("look", every_s, queue, camera)
    for partner, exchanged in partners_of(settings).items():
        entries[f"exchange {partner}"] = _entry("exchange", exchanged.every_s, EXCHANGE, partner)
    entries["forget partners"] = _entry("forget_partners", FORGET_EVERY_S, "upkeep")
    entries["survey"] = _entry("survey", SURVEY_EVERY_S, QUEUE)
    return entries


def _entry(task: str, every_s: float, queue: str, *args: str) -> dict[str, Any]:
    return {
        "task": f"workers.tasks.{task}",
        "schedule": timedelta(seconds=every_s),
        "args": args,
        # what was due while nobody worked is dropped: the next is due soon enough
        "options": {"queue": queue, "expires": max(every_s, _SHORTEST_EXPIRY_S)},
    }
