"""A publisher on loopback that answers as badly as it is told to."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Answer = Callable[[socket.socket, str], None]
"""Is given the connection and the request's head, and sends what it likes."""


@dataclass(slots=True)
class Publisher:
    """A listening socket, what it answers by path, and the requests it has had."""

    port: int
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """Give the address of *path*."""
        return f"http://{host}:{self.port}{path}"

    def will(self, path: str, *answers: Answer) -> str:
        """Answer *path* by *answers* in turn, the last for ever; give its address."""
        self.answers[path] = list(answers)
        return self.url(path)

    def serve(self, connection: socket.socket) -> None:
        """Answer one request."""
        with contextlib.suppress(OSError), connection:
            head = connection.recv(65536).decode()
            self.requests.append(head)
            queue = self.answers[head.split()[1]]
            (queue.pop(0) if len(queue) > 1 else queue[0])(connection, head)


@contextlib.contextmanager
def publisher() -> Iterator[Publisher]:
    """Run a publisher until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        served = Publisher(listening.getsockname()[1])
        threads: list[threading.Thread] = []

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    thread = threading.Thread(target=served.serve, args=(connection,))
                    thread.start()
                    threads.append(thread)

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield served
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            accepting.join()
            for thread in threads:
                thread.join()


def answer(
    body: bytes = b"", status: str = "200 OK", *headers: str, length: int | None = None
) -> Answer:
    """Answer with *body*; *length* is what Content-Length says, if it is to lie."""
    said = [f"Content-Length: {len(body) if length is None else length}", "Connection: close"]
    head = "\r\n".join([f"HTTP/1.1 {status}", *said, *headers, "", ""]).encode()
    return lambda connection, _: connection.sendall(head + body)


def drip(head: bytes, body: bytes, *, every_s: float = 0.02) -> Answer:
    """Send *head* at once and *body* byte by byte for as long as somebody listens."""

    def send(connection: socket.socket, _: str) -> None:
        connection.sendall(head)
        for byte in body:
            connection.sendall(bytes([byte]))
            time.sleep(every_s)

    return send


def if_none_match(tag: str, body: bytes) -> Answer:
    """Answer 304 to *tag*, and *body* to everybody else."""
    fresh = answer(body, "200 OK", f"ETag: {tag}", "Last-Modified: Mon, 08 Sep 2025 00:00:00 GMT")

    def send(connection: socket.socket, head: str) -> None:
        if f"if-none-match: {tag}" in head.lower():
            answer(b"", "304 Not Modified", f"ETag: {tag}")(connection, head)
        else:
            fresh(connection, head)

    return send


def hang_up(connection: socket.socket, _: str) -> None:
    """Close the connection without a word."""
    connection.close()
