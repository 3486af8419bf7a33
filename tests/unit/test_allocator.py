"""Memory that was given back goes back to the system."""

from __future__ import annotations

import subprocess
import sys

_HOLES = """
from cop.allocator import return_memory

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096

return_memory()
empty = resident()
del (first := [b"a" * 1_000_000 for _ in range(3)])[:]
large, small = [], []
for _ in range(100):
    large.append(b"b" * 600_000)
    small.append(b"c" * 60_000)
full = resident()
large.clear()
print(full - empty, resident() - empty)
"""


def test_large_objects_leave_no_holes() -> None:
    """What small ones that stay were made between is returned all the same."""
    ran = subprocess.run([sys.executable, "-c", _HOLES], check=True, capture_output=True, text=True)
    full, left = map(int, ran.stdout.split())
    assert full > 50_000_000
    assert left < 15_000_000
