"""The least that could serve the same crowd: nginx and files of one kilobyte, nothing behind it."""

from __future__ import annotations

import contextlib
import json
import random
import string
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from bench.web_process import ended, free_port
from cop.config import Settings
from tests.integration.public_site import find_nginx

EVERY_S: Final = Settings().public_every_s
"""Seconds between two looks at the pointer, as the real one asks for."""
_PATIENCE_S: Final = 10.0
_KILOBYTE: Final = 1_000
_CHANGES: Final = 30
_CONF: Final = """
daemon off;
pid {folder}/nginx.pid;
error_log stderr error;
worker_processes auto;
events {{ worker_connections 10100; }}
http {{
  access_log off;
  sendfile on;
  keepalive_timeout 75;
  default_type application/json;
  client_body_temp_path {folder}/t1;
  proxy_temp_path {folder}/t2;
  fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4;
  scgi_temp_path {folder}/t5;
{servers}
}}
"""
_SERVER: Final = """
    listen 127.0.0.1:{port} backlog=4096;
    root {folder}/site;
    index index.html;
"""


class FloorSite:
    """A site of files of one kilobyte that are found as those of the public map are."""

    def __init__(self, folder: Path, port: int) -> None:
        """Lay version 1 out below *folder*."""
        self.port, self.pointer = port, folder / "site" / "public" / "now.json"
        self._site = folder / "site"
        self._dice = random.Random(3)
        self._version = 0
        for name in ("tc", "en", "sc", "public/c", "public/p"):
            (self._site / name).mkdir(parents=True)
        for lang in ("tc", "en", "sc"):
            page = f'<body data-version="1">{self._words()}'
            (self._site / lang / "index.html").write_text(page)
        (self._site / "public/p/1-0.json").write_text(json.dumps(self._words()))
        self.change()

    def change(self) -> None:
        """Publish the next version."""
        self._version += 1
        for lang in ("tc", "en", "sc"):
            name = f"public/c/{self._version}-0.{lang}.json"
            (self._site / name).write_text(json.dumps(self._words()))
        first = max(2, self._version - _CHANGES)
        pointer: dict[str, Any] = {
            "series": "floor",
            "version": self._version,
            "every_s": EVERY_S,
            "picture": {"version": 1, "path": "public/p/1-0.json"},
            "changes": [{"to": to, "hash": "0"} for to in range(first, self._version + 1)],
        }
        pointer["rest"] = self._words()[: _KILOBYTE - len(json.dumps(pointer)) - 12]
        new = self.pointer.with_suffix(".new")
        new.write_text(json.dumps(pointer))
        new.replace(self.pointer)

    def _words(self) -> str:
        return "".join(self._dice.choices(string.ascii_letters, k=_KILOBYTE))


@contextlib.contextmanager
def running_nginx(folder: Path, *servers: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run nginx with *servers*, the words within their braces, and its own files in *folder*."""
    folder.chmod(0o755)
    within = "\n".join(f"  server {{\n{words}\n  }}" for words in servers)
    conf = folder / "nginx.conf"
    conf.write_text(_CONF.format(folder=folder, servers=within))
    command = [find_nginx() or "nginx", "-e", "stderr", "-c", str(conf), "-p", str(folder)]
    process = subprocess.Popen(command)
    with ended(process):
        until = time.monotonic() + _PATIENCE_S
        while not (folder / "nginx.pid").exists() and time.monotonic() < until:
            time.sleep(0.02)
        yield process


@contextlib.contextmanager
def floor_site() -> Iterator[tuple[FloorSite, subprocess.Popen[bytes]]]:
    """Run nginx on such a site; give the site and nginx' process."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        site = FloorSite(folder, port)
        with running_nginx(folder, _SERVER.format(folder=folder, port=port)) as process:
            yield site, process
