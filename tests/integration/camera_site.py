"""A camera on loopback, the worker that looks through it as a process of its own, and its tasks."""

from __future__ import annotations

import contextlib
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import psutil
from celery import Celery

from cop.config import Settings
from cop.launcher.processes import VISION
from cop.services.broker import broker_options, broker_url
from tests.system import wait_until
from tests.unit.workers.vision.watching import SIZE, plan, written


def picture(number: int) -> bytes:
    """Give a JPEG of one place with much fine detail, a little different for each number."""
    place = np.random.default_rng(0).integers(0, 255, (SIZE[1], SIZE[0], 3), np.uint8)
    now = np.random.default_rng(number).integers(-8, 9, place.shape)
    pixels = np.clip(place + now, 0, 255).astype(np.uint8)
    return cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()


@dataclass(slots=True)
class CameraSite:
    """Gives a new picture at `/now.jpg`; whoever asks for `/never.jpg` waits till it is let go.

    Attributes:
        asked: how often each path was asked for.
    """

    port: int = 0
    asked: dict[str, int] = field(default_factory=dict)
    let_go: threading.Event = field(default_factory=threading.Event)

    def url(self, name: str) -> str:
        """Give the address of a picture."""
        return f"http://127.0.0.1:{self.port}/{name}"

    def serve(self, path: str) -> bytes:
        """Give the next picture."""
        self.asked[path] = self.asked.get(path, 0) + 1
        if path == "/never.jpg":
            self.let_go.wait(300)
        return picture(self.asked[path])


@contextlib.contextmanager
def camera_site() -> Iterator[CameraSite]:
    """Run a camera on loopback."""
    site = CameraSite()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = site.serve(self.path)
            with contextlib.suppress(OSError):
                self.send_response(200)
                self.send_header("Content-Type", "image/jpeg")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join()


def set_up(folder: Path, camera: str, url: str, **tables: Any) -> None:
    """Write the file of a camera at *url*, which is inside an own network."""
    source = {"kind": "snapshot", "url": url, "private": True}
    text = written(plan(camera, source=source, **tables))
    (folder / f"{camera}.toml").write_text(text)


@dataclass(slots=True)
class VisionWorker:
    """A running process that looks at cameras."""

    process: subprocess.Popen[bytes]
    celery: Celery

    def look(self, camera: str) -> None:
        """Ask it to look through a camera."""
        self.celery.send_task("workers.tasks.look", args=[camera], queue="vision")

    def survey(self) -> None:
        """Ask it how the cameras do."""
        self.celery.send_task("workers.tasks.survey", queue="vision")

    def children(self) -> list[psutil.Process]:
        """Give the processes in which it decodes."""
        with contextlib.suppress(psutil.NoSuchProcess):
            return psutil.Process(self.process.pid).children()
        return []

    def stop(self) -> None:
        """End it and everything that it started."""
        family = self.children()
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for child in psutil.wait_procs(family, timeout=10)[1]:
            child.kill()


@contextlib.contextmanager
def vision_worker(settings: Settings) -> Iterator[VisionWorker]:
    """Run the very process that the launcher runs; gives it when it has its child."""
    environment = settings.environment() | {"OMP_NUM_THREADS": "1"}
    celery = Celery("test", broker=broker_url(settings), set_as_current=False)
    celery.conf.update(broker_transport_options=broker_options(settings), task_ignore_result=True)
    process = subprocess.Popen(VISION.argv(settings), env=environment)
    worker = VisionWorker(process, celery)
    try:
        wait_until(lambda: worker.children() or process.poll() is not None)
        assert process.poll() is None
        yield worker
    finally:
        worker.stop()
        celery.close()
