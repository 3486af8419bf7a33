"""Redis commands as bytes (RESP), in which backups keep what was stored.

It is what Redis's own append-only file is written in, the same for all versions. Only commands that
put something under a key are written, and only those are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Final

from cop.errors import PayloadError

Command = tuple[bytes, ...]

PUTTING: Final = frozenset({b"HSET", b"RPUSH", b"SADD", b"SET", b"ZADD"})
MOST_ARGUMENTS: Final = 4096
MOST_BYTES: Final = 512 * 1024 * 1024
"""Of one argument; Redis itself takes no more."""


def encode(command: Command) -> bytes:
    """Give the bytes of one command."""
    parts = [b"*%d\r\n" % len(command)]
    parts += (b"$%d\r\n%b\r\n" % (len(word), word) for word in command)
    return b"".join(parts)


def decode(file: IO[bytes]) -> Iterator[Command]:
    """Read commands to the end of *file*.

    Raises:
        PayloadError: it holds something else, or a command that does not only put.
    """
    while head := file.readline(32):
        count = _number(head, b"*", MOST_ARGUMENTS)
        words = tuple(_word(file) for _ in range(count))
        if len(words) < 3 or words[0] not in PUTTING:
            raise PayloadError("a command that a backup does not have")
        yield words


def _word(file: IO[bytes]) -> bytes:
    size = _number(file.readline(32), b"$", MOST_BYTES)
    word = file.read(size + 2)
    if len(word) != size + 2 or not word.endswith(b"\r\n"):
        raise PayloadError("the commands break off")
    return word[:-2]


def _number(line: bytes, mark: bytes, most: int) -> int:
    digits = line[1:-2]
    if line[:1] != mark or line[-2:] != b"\r\n" or not digits.isdigit() or int(digits) > most:
        raise PayloadError("these are no Redis commands")
    return int(digits)
