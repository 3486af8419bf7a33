"""A camera on loopback that speaks RTSP: JPEG in RTP (RFC 2435) within the one TCP connection."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

_CLOCK = 90_000
_PIECE = 1200


@dataclass(slots=True)
class RtspCamera:
    """A listening socket, the pictures it gives in turn, and the requests it has had.

    Attributes:
        port: where it listens.
        jpegs: pictures of 4:2:0, sides divisible by 16, with the standard Huffman tables.
        every_s: between two of them, as their timestamps say; they are sent as fast as they go.
    """

    port: int
    jpegs: Sequence[bytes]
    every_s: float
    requests: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The address."""
        return f"rtsp://127.0.0.1:{self.port}/live"

    def serve(self, connection: socket.socket) -> None:
        """Answer one reader until it goes."""
        with contextlib.suppress(OSError), connection:
            lines = connection.makefile("r", encoding="latin-1", newline="\r\n")
            while head := "".join(iter(lines.readline, "\r\n")):
                self.requests.append(head)
                method = head.split(" ", 1)[0]
                wanted = dict(line.split(": ", 1) for line in head.splitlines()[1:] if ": " in line)
                self._answer(connection, method, wanted)
                if method == "PLAY":
                    self._play(connection)
                    return

    def _answer(self, connection: socket.socket, method: str, wanted: dict[str, str]) -> None:
        said, body = [f"CSeq: {wanted['CSeq']}", "Session: 1"], ""
        if method == "OPTIONS":
            said.append("Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN")
        elif method == "DESCRIBE":
            body = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=live\r\nt=0 0\r\nm=video 0 RTP/AVP 26\r\n"
            said += ["Content-Type: application/sdp", f"Content-Length: {len(body)}"]
        elif method == "SETUP":
            said.append("Transport: RTP/AVP/TCP;unicast;interleaved=0-1")
        connection.sendall("\r\n".join(["RTSP/1.0 200 OK", *said, "", body]).encode())

    def _play(self, connection: socket.socket) -> None:
        numbers = count()
        for turn in count():
            jpeg = self.jpegs[turn % len(self.jpegs)]
            for packet in _packets(jpeg, round(turn * self.every_s * _CLOCK), numbers):
                connection.sendall(b"$\0" + struct.pack(">H", len(packet)) + packet)


def _packets(jpeg: bytes, timestamp: int, numbers: Iterator[int]) -> Iterator[bytes]:
    """Cut one picture into RTP packets."""
    tables, size, scan = _taken_apart(jpeg)
    for at in range(0, len(scan), _PIECE):
        last = at + _PIECE >= len(scan)
        head = struct.pack(
            ">BBHII", 0x80, 26 | last << 7, next(numbers) & 0xFFFF, timestamp & 0xFFFFFFFF, 7
        )
        head += struct.pack(">IBBBB", at, 1, 255, size[0] // 8, size[1] // 8)
        if at == 0:
            head += struct.pack(">BBH", 0, 0, len(tables)) + tables
        yield head + scan[at : at + _PIECE]


def _taken_apart(jpeg: bytes) -> tuple[bytes, tuple[int, int], bytes]:
    """Give the quantization tables, the size, and the scan without its end marker."""
    at, tables, size = 2, b"", (0, 0)
    while True:
        kind, length = jpeg[at + 1], struct.unpack_from(">H", jpeg, at + 2)[0]
        segment = jpeg[at + 4 : at + 2 + length]
        if kind == 0xDB:
            tables += b"".join(segment[n + 1 : n + 65] for n in range(0, len(segment), 65))
        elif kind == 0xC0:
            height, width = struct.unpack_from(">HH", segment, 1)
            size = width, height
        at += 2 + length
        if kind == 0xDA:
            return tables, size, jpeg[at:-2]


@contextlib.contextmanager
def rtsp_camera(jpegs: Sequence[bytes], every_s: float) -> Iterator[RtspCamera]:
    """Run a camera until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        camera = RtspCamera(listening.getsockname()[1], jpegs, every_s)
        threads: list[threading.Thread] = []

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    thread = threading.Thread(target=camera.serve, args=(connection,))
                    thread.start()
                    threads.append(thread)

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield camera
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            accepting.join()
            for thread in threads:
                thread.join()
