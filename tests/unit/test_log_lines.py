"""What is logged cannot be forged by what is logged."""

from __future__ import annotations

import json
import subprocess
import sys

HOSTILE = 'x\n{"event": "forged"}\r\x1b[2J\x00\u2028\u202e"'
SAY = (
    "from cop import log\nimport structlog\nlog.configure()\n"
    f"structlog.get_logger('t').warning('refused', reason={HOSTILE!r})\n"
    "try:\n  raise ValueError('one\\ntwo')\nexcept ValueError:\n"
    "  structlog.get_logger('t').exception('failed')\n"
)


def test_a_line_stays_one_line() -> None:
    """Whatever stands in it, an entry is one line of JSON, with its time in UTC."""
    said = subprocess.run(
        [sys.executable, "-c", SAY], capture_output=True, check=True, timeout=60
    ).stderr
    lines = said.split(b"\n")
    assert lines.pop() == b""
    assert len(lines) == 2
    assert not any(byte < 0x20 for line in lines for byte in line)
    first, second = map(json.loads, lines)
    assert (first["event"], first["reason"], first["level"]) == ("refused", HOSTILE, "warning")
    assert first["timestamp"].endswith("Z")
    assert second["event"] == "failed"
    assert "two" in second["exception"]


OTHERS = (
    "import logging\nfrom uvicorn.config import Config\nfrom cop import log\n"
    "Config('x:y')\nlog.configure()\nlog.begin_request('called-by-me', '')\n"
    "logging.getLogger('uvicorn.error').error('failed %s', 'it')\n"
    "logging.getLogger('celery.worker').warning('two\\nlines')\n"
    "logging.getLogger('httpx').info('every request')\n"
)


def test_what_libraries_say_has_the_same_form() -> None:
    """The server's and the broker's warnings are lines of JSON too, with the request's id."""
    said = subprocess.run(
        [sys.executable, "-c", OTHERS], capture_output=True, check=True, timeout=60
    ).stderr
    first, second = map(json.loads, said.splitlines())
    assert (first["event"], first["level"]) == ("failed it", "error")
    assert (first["logger"], first["request_id"]) == ("uvicorn.error", "called-by-me")
    assert second["event"] == "two\nlines"
