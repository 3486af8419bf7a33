"""Record what a feed makes of its payloads: `python -m tests.contract.golden FEED…`.

Look at the difference before keeping it: the recording is what the contract test compares with.
"""

from __future__ import annotations

import sys

import orjson

from cop.errors import PayloadError
from tests.contract.cases import find_cases, find_feeds, parse, read_case


def record(key: str) -> None:
    """Write `expected.json` in every case of feed *key*."""
    feed = find_feeds()[key]
    for case in find_cases(key):
        made = parse(feed, read_case(feed, case))
        if isinstance(made, PayloadError):
            sys.exit(f"{case}: {made}")
        options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        (case / "expected.json").write_bytes(orjson.dumps(made, option=options))
        counts = {name: len(value) for name, value in made.items() if isinstance(value, list)}
        sys.stdout.write(f"{key}/{case.name}: {counts}\n")


if __name__ == "__main__":
    for wanted in sys.argv[1:] or sys.exit("name the feeds to record"):
        record(wanted)
