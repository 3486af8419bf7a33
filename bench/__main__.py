"""Run every benchmark, or those named: `python -m bench [store] [cycle] …`."""

from __future__ import annotations

import importlib
import sys
import time

from bench.figures import show

BENCHMARKS = {
    "store": "the atomic write against plain writes; snapshots",
    "cycle": "a poll of every feed, parse to Redis, against decoding the same bytes",
    "snapshot": "the picture at 20,000 entities, cold and cached; restart to ready",
    "stream": "change to viewer at 1, 200 and 1,000 viewers",
    "load": "viewers that one web process holds, what each costs, and two processes sharing them",
    "growth": "a change, a command, a snapshot at 2,000, 20,000 and 200,000 entities",
    "command": "commands at 50 a second with 500 open pages",
    "fusion": "which reports are of one thing: precision, recall, milliseconds",
    "forecast": "time to full: how often the truth lies in the interval, and the error",
    "watch": "the attention queue at 20,000 entities: a quiet run, and 500 changes",
    "vision_accuracy": "people, flow, vehicles, water and heat in frames of which they are known",
    "vision_speed": "looking at cameras: ms a frame by detector and size, memory, poison",
    "board": "the command board with 5,000 open incidents: interaction to next paint",
    "field_page": "the phone's page: loads on slow 3G, bytes, how fast an outbox is sent",
    "field": "telephones: duty and area a second, and a nudge with 5,000 open streams",
    "polls": "10,000 telephones that ask for duty and area at their own pace",
    "public": "the public map behind nginx: 10, 1,000 and 10,000 viewers",
    "public_page": "the public page on a phone; what an edition costs; Lighthouse",
    "ogc": "OGC API - Features: a page of 1,000, and a filter over 20,000",
    "page": "change to pixel, main thread, first load in Chromium",
}


def main(names: list[str]) -> int:
    """Run the benchmarks named in *names* (all when empty); 2 for a name that is none."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
        return 2
    for name in names or BENCHMARKS:
        print(f"\n## {name}: {BENCHMARKS[name]}", flush=True)
        begun = time.perf_counter()
        show(importlib.import_module(f"bench.{name}").run())
        print(f"   ({time.perf_counter() - begun:.0f} s)", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
