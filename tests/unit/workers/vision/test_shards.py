"""Which process looks at which camera."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.unit.workers.vision.watching import plan
from workers.vision.shards import LOOK_BYTES, looks_at_cameras, queue_of, role_of, room_of


def test_a_camera_stays_where_it_is() -> None:
    """The same queue each time, in every process; of many cameras each queue has its share."""
    assert queue_of("pier-4", 1) == "vision"
    assert [queue_of("pier-4", 5), queue_of("gate-1", 5)] == ["vision", "vision-3"]
    dealt = [queue_of(f"camera-{number}", 4) for number in range(1000)]
    assert {name: dealt.count(name) > 180 for name in set(dealt)} == dict.fromkeys(
        ("vision", "vision-1", "vision-2", "vision-3"), True
    )


@pytest.mark.parametrize(
    ("queues", "role", "looks"),
    [
        ({"feeds", "upkeep"}, "worker", False),
        ({"vision", "view"}, "vision", True),
        ({"vision", "vision-1"}, "vision", True),
        ({"vision-1"}, "vision-1", True),
        ({"view"}, "view", True),
        ({"exchange"}, "exchange", False),
        ({"exchange", "feeds"}, "worker", False),
    ],
)
def test_a_worker_goes_by_what_it_does(queues: set[str], role: str, *, looks: bool) -> None:
    """One that looks at cameras is not taken for one that reads feeds, nor a part for the whole."""
    assert role_of(queues) == role
    assert looks_at_cameras(queues) is looks


def test_memory_is_for_the_cameras_of_the_process() -> None:
    """The more cameras are dealt to a process and the larger their frames, the more it may take."""
    plans = {f"camera-{number}": plan(f"camera-{number}") for number in range(20)}
    alone = room_of(plans, {"vision"}, 1)
    halves = [room_of(plans, {queue}, 2) for queue in ("vision", "vision-1")]
    assert LOOK_BYTES < min(halves) <= max(halves) < alone
    assert sum(halves) == alone + LOOK_BYTES
    assert room_of(plans, {"view"}, 1) == LOOK_BYTES


MODULES = "workers.app, workers.tasks, cop.launcher.up, cop.launcher.checks, cop.asgi"
LOADED = f"""
import sys, {MODULES}
print([name for name in ("cv2", "onnxruntime") if name in sys.modules])
"""


def test_whoever_reads_feeds_loads_no_opencv() -> None:
    """Neither the tasks nor Celery's application, launcher or web process loads what is heavy."""
    said = subprocess.run(
        [sys.executable, "-c", LOADED],
        env={"COP_REDIS_URL": "unix:///nowhere"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "[]"
