"""Looking at cameras: milliseconds a frame by detector and size, against decoding the same frame.

All times are CPU time of one thread in a process of its own, limited as the worker's child is, so
that what else runs on the machine does not count. Frames are drawn by the generator beforehand.
"""

from __future__ import annotations

import itertools
import resource
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from logging import ERROR
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import orjson
import psutil
from onnx import TensorProto, helper

from bench.figures import Figure
from cop import log

SIZES = ((320, 240), (640, 480), (1280, 720))
SMALL = (160, 120)
"""Of the long run, so that it ends: its time is that of the flow between frames."""
KINDS = ("background", "people", "thermal", "onnx")
DRAWN = 8
LEARNED = 24
"""Looks before anything is measured: how the place looks has been learned by then."""
SPENT_S = 0.6
LEAST = 12
BURST = 20
FRAMES = 10_000
USUAL = 6
"""Frames of a look as cameras are usually set up."""
CAMERAS = 6
"""Of which the memory is measured."""
AT = datetime(2026, 9, 8, 12, tzinfo=UTC)


def run() -> Iterator[Figure]:
    """Measure; about three minutes."""
    command = [sys.executable, "-m", "bench.vision_speed"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as said:
        assert said.stdout is not None
        for line in said.stdout:
            yield Figure(**orjson.loads(line))
    assert said.returncode == 0


def measure() -> Iterator[Figure]:
    """Give every figure, in the process that is measured."""
    from workers.vision.sandbox import prepare

    prepare()
    log.configure(level=ERROR)  # what is printed are the figures
    with tempfile.TemporaryDirectory() as folder:
        model = tiny_model(Path(folder))
        yield _memory_of_one(model)  # first: later there is room left over from before
        yield from _long_run()
        yield from _poison(Path(folder))
        yield from _looks()
        for size in SIZES:
            yield from _detectors(size, model)


def tiny_model(folder: Path) -> Path:
    """Write a model that gives a map of density: one convolution, for the cost of running any."""
    weights = np.full((1, 3, 5, 5), 1e-5, np.float32)
    graph = helper.make_graph(
        [helper.make_node("Conv", ["picture", "w"], ["density"], strides=[8, 8])],
        "tiny",
        [helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 3, 384, 512])],
        [helper.make_tensor_value_info("density", TensorProto.FLOAT, [1, 1, 48, 64])],
        [helper.make_tensor("w", TensorProto.FLOAT, weights.shape, weights.ravel())],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(made, str(folder / "tiny.onnx"))
    return folder / "tiny.onnx"


APART: Sequence[float] = [7.0 * n for n in range(DRAWN)]
"""Seconds at which frames are drawn: people have moved on by then, so that the place is learned."""


def a_place(
    size: tuple[int, int], kind: str, model: Path, at_s: Sequence[float] = APART
) -> tuple[Any, list[bytes], int]:
    """Give a plan, files of frames as its camera would send them, and how many people there are."""
    import cv2

    from workers.simulate.sights.lens import Lens
    from workers.simulate.sights.scene import Scene
    from workers.simulate.sights.walkers import crowd
    from workers.vision.plan import CameraPlan

    lens = Lens(834_000.0, 816_000.0, 6.0, 0.0, 28.0, size=size)
    wide, high = size
    outline = [(wide * x, high * y) for x, y in ((0.2, 0.95), (0.8, 0.95), (0.7, 0.4), (0.3, 0.4))]
    image, grid = lens.ground_points()
    thermal = kind == "thermal"
    plan = CameraPlan.model_validate(
        {
            "id": "bench",
            "title": {"en": "Bench", "zh-Hant": "測試", "zh-Hans": "测试"},
            "publisher": "COP",
            "place": [114.16, 22.28],
            "source": {"kind": "snapshot", "url": "https://camera.example/now.jpg"},
            "frame": {"size": size, "thermal": thermal},
            "ground": {"image": image, "grid": grid},
            "zones": [
                {
                    "id": "deck",
                    "title": {"en": "Deck", "zh-Hant": "平台", "zh-Hans": "平台"},
                    "outline": outline,
                    "use": "walkway",
                }
            ],
            "detector": {
                "name": kind,
                **({"model": model, "output": "density"} if kind == "onnx" else {}),
            },
        }
    )
    walkers = crowd(lens, outline, 0.5, heading_deg=0, speed_mps=1.2, seed=7)
    scene = Scene(lens=lens, walkers=walkers, seed=7)
    if thermal:
        kelvin = [(scene.thermal(second) + 273.15) * 100 for second in at_s]
        files = [cv2.imencode(".png", each.astype(np.uint16))[1].tobytes() for each in kelvin]
    else:
        files = [scene.jpeg(second) for second in at_s]
    return plan, files, len(walkers)


def _detectors(size: tuple[int, int], model: Path) -> Iterator[Figure]:
    """Measure each detector on frames of one size, each look one frame."""
    from workers.vision.decode import decode
    from workers.vision.detectors.open import open_detector
    from workers.vision.frame import Frame
    from workers.vision.ground import View
    from workers.vision.health import Health

    for kind in KINDS:
        plan, files, people = a_place(size, kind, model)
        floor_ms, _ = _cost_ms(lambda f=files, p=plan: [decode(each, p.frame) for each in f])
        floor_ms /= DRAWN
        health, detector = Health(plan), open_detector(plan, View(plan))
        number = itertools.count()

        def look(
            files: Sequence[bytes] = files,
            plan: Any = plan,
            health: Health = health,
            detector: Any = detector,
            number: Iterator[int] = number,
        ) -> None:
            n = next(number)
            pixels = decode(files[n % DRAWN], plan.frame)
            frame = Frame(pixels, AT + timedelta(minutes=n), plan.frame.thermal)
            health.look([frame], frame.at)
            detector.count([frame])

        for _ in range(LEARNED if kind == "background" else 3):
            look()
        cost_ms, times = _cost_ms(look)
        yield Figure(
            f"{kind}, {size[0]} × {size[1]}: decode, health, count",
            cost_ms,
            "ms/frame",
            floor=floor_ms,
            note=f"{1000 / cost_ms:.1f} frames a second and core; n = {times}, {people} people",
        )


def _cost_ms(work: Callable[[], object]) -> tuple[float, int]:
    """Give the CPU time of *work*, and how often it was done."""
    begun, times = time.process_time(), 0
    while times < LEAST or time.process_time() - begun < SPENT_S:
        work()
        times += 1
    return (time.process_time() - begun) * 1000 / times, times


def _memory_of_one(model: Path) -> Figure:
    """Measure what one camera more takes, once it has learned its place."""
    from workers.vision.decode import decode
    from workers.vision.detectors.open import open_detector
    from workers.vision.frame import Frame
    from workers.vision.ground import View
    from workers.vision.health import Health

    size = SIZES[1]
    plan, files, _ = a_place(size, "background", model)
    kept: list[tuple[Health, Any]] = []
    before = 0
    for camera in range(CAMERAS + 1):
        health, detector = Health(plan), open_detector(plan, View(plan))
        for n in range(DRAWN):
            pixels = decode(files[n], plan.frame)
            frame = Frame(pixels, AT + timedelta(minutes=n))
            health.look([frame], frame.at)
            detector.count([frame])
        kept.append((health, detector))
        before = before if camera else _rss()
    grown = (_rss() - before) / 1e6 / CAMERAS
    note = f"background, {size[0]} × {size[1]}; n = {CAMERAS}"
    return Figure("memory of one camera more", grown, "MB", note=note)


def _long_run() -> Iterator[Figure]:
    """Let 10,000 frames through the whole of a look, in bursts, and see what memory does."""
    at_s = [20.0 * burst + 0.2 * n for burst in range(6) for n in range(BURST)]
    look, people = _whole_look(SMALL, "background", BURST, at_s)
    for _ in range(30):
        look()
    before = _rss()
    for _ in range(FRAMES // BURST):
        look()
    after = _rss()
    size = f"{SMALL[0]} × {SMALL[1]}"
    note = f"{before / 1e6:.0f} MB before, {after / 1e6:.0f} MB after; {size}, {people} people"
    yield Figure(f"memory over {FRAMES} frames", (after - before) / 1e6, "MB", note=note)


def _looks() -> Iterator[Figure]:
    """Measure all of a look: fetched frames to what is written to a store in memory."""
    size = SIZES[1]
    at_s = [20.0 * burst + 0.2 * n for burst in range(4) for n in range(USUAL)]
    for kind in ("background", "people", "thermal"):
        look, people = _whole_look(size, kind, USUAL, at_s)
        for _ in range(LEARNED if kind == "background" else 3):
            look()
        cost_ms, times = _cost_ms(look)
        note = f"{kind}, {size[0]} × {size[1]}; n = {times}, {people} people"
        yield Figure(f"a look of {USUAL} frames with flow, to the store", cost_ms, "ms", note=note)


def _whole_look(
    size: tuple[int, int], kind: str, burst: int, at_s: Sequence[float]
) -> tuple[Callable[[], object], int]:
    """Give what looks once, *burst* frames of those drawn *at_s*, and how many people there are."""
    from cop.store.memory import MemoryStore
    from workers.vision.decode import decode
    from workers.vision.frame import Frame
    from workers.vision.look import Looker

    plan, files, people = a_place(size, kind, Path(), at_s)
    clock, store = _Steps(), MemoryStore()
    taken = itertools.cycle(files)

    class Bursts:
        def take(self) -> tuple[Frame, ...]:
            ages = (timedelta(seconds=0.2 * (burst - 1 - n)) for n in range(burst))
            return tuple(
                Frame(decode(next(taken), plan.frame), clock.at - age, plan.frame.thermal)
                for age in ages
            )

    looker = Looker(store, {plan.id: plan}, clock, lambda _: Bursts())

    def look() -> None:
        clock.at += timedelta(minutes=2)
        state = looker.look(plan.id)
        assert state == "ok", state
        store.trim(0, tombstones_before_ms=0)

    return look, people


def _poison(folder: Path) -> Iterator[Figure]:
    """Decode what is made to kill or to fill, and see what it costs until it is refused."""
    from workers.vision.decode import decode_pixels
    from workers.vision.frame import Unusable

    good = a_place((640, 480), "people", folder)[1][0]
    poison = {
        "a JPEG cut in half": good[: len(good) // 2],
        "a JPEG whose header says 65,500 × 65,500": _resized(good, 65_500),
        "a PNG whose header says 50,000 × 50,000": _png(50_000, 50_000, b""),
        "a PNG of 40 kB that unpacks to 40 MB": _png(4000, 3300, bytes(40_000_000)),
        "64 kB of noise": np.random.default_rng(1).bytes(65_536),
        "nothing": b"",
    }
    for name, body in poison.items():

        def refuse(body: bytes = body) -> None:
            try:
                decode_pixels(body)
            except Unusable:
                return

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        refuse()
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) / 1024
        cost_ms, times = _cost_ms(refuse)
        note = f"n = {times}; {grown:.0f} MB more at most"
        yield Figure(f"poison: {name}", cost_ms, "ms", note=note)


def _png(wide: int, high: int, values: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(values, 9))
    return b"\x89PNG\r\n\x1a\n" + head + data + chunk(b"IEND", b"")


def _resized(jpeg: bytes, side: int) -> bytes:
    """Give *jpeg* with another size in its header."""
    start = jpeg.index(b"\xff\xc0")
    return jpeg[: start + 5] + struct.pack(">HH", side, side) + jpeg[start + 9 :]


class _Steps:
    """A clock that is set."""

    speed = 1.0

    def __init__(self) -> None:
        self.at = AT

    def now(self) -> datetime:
        return self.at


def _rss() -> int:
    return int(psutil.Process().memory_info().rss)


if __name__ == "__main__":
    for figure in measure():
        sys.stdout.buffer.write(orjson.dumps(asdict(figure)) + b"\n")
        sys.stdout.buffer.flush()
