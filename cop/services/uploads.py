"""Pictures that come in pieces: begun, sent piece by piece with a receipt for each, attached.

What an upload is called follows from whose it is and what it will be, so that a telephone that
forgot everything but the picture finds its upload again.
"""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from typing import Annotated, Any, Final, Literal

import orjson
from pydantic import Field, PrivateAttr

from cop.config import Settings
from cop.errors import Invalid, NotFound, NotPermitted, NotPossible
from cop.model.entity import EntityId
from cop.services.commands.attachments import ATTACH, AttachImage, kept_images
from cop.services.commands.desk import Desk
from cop.services.commands.engine import perform
from cop.services.commands.plan import Asked, Body, Outcome
from cop.services.images import CleanImage, clean_image
from cop.services.picture import instant
from cop.services.policy import Identity, Scope, scope_of
from cop.store.pieces import Kept, Pieces

PIECE_BYTES: Final = 64 * 1024
MOST_BYTES: Final = 8 * 1024 * 1024
MOST_OPEN: Final = 20
"""Unfinished uploads of one account."""
MOST_TOTAL_BYTES: Final = 4 * 1024 * 1024 * 1024
"""What all unfinished uploads of an operation may come to."""
KEPT_FOR: Final = timedelta(days=7)

_COUNT_EVERY_S: Final = 5.0
_COUNT_REST: Final = 20.0
"""After counting, this many times as long goes by before the next count, where that is longer."""
_ID: Final = re.compile(r"[0-9a-f]{32}-[1-9][0-9]{0,6}")
_SHA256: Final = r"^[0-9a-f]{64}$"


class OpenUpload(Body):
    """What is to be sent: the digest and size of the whole file."""

    sha256: Annotated[str, Field(pattern=_SHA256)]
    size_bytes: Annotated[int, Field(gt=0, le=MOST_BYTES)]
    media_type: Literal["image/jpeg", "image/png", "image/webp"]


class AttachUpload(Body):
    """To which incident, and with which words."""

    incident: EntityId
    caption: Annotated[str, Field(max_length=300)] = ""


class _UploadedImage(AttachImage):
    """A picture that is put together from its pieces only where it is not attached already."""

    data: Annotated[bytes, Field(exclude=True, repr=False)] = b""
    _whole: Callable[[], bytes] = PrivateAttr()

    @cached_property
    def clean(self) -> CleanImage:
        """The picture as it is kept; raises Invalid or NotPossible."""
        return clean_image(self._whole())


class Uploads:
    """The uploads of one operation, as one web process serves them."""

    def __init__(self, desk: Desk) -> None:
        """Attach through *desk*; keep pieces where its settings say."""
        self._desk = desk
        self._pieces = kept_pieces(desk.settings)
        self._lock = threading.Lock()
        self._counting = threading.Lock()
        self._count_again_at = 0.0
        self._total = 0

    def open(self, identity: Identity, body: OpenUpload) -> dict[str, Any]:
        """Begin an upload, or find the one that was begun; see `describe`.

        Raises:
            NotPermitted: they may attach to nothing.
            NotPossible: they have too many unfinished ones, or there is no room just now.
            StoreUnavailable: the disk does not take files.
        """
        if scope_of(identity, ATTACH.actions[0]) is Scope.NO:
            raise NotPermitted("attach: your role may not do this")
        owner, upload = _owner(identity), upload_id(identity, body.sha256, body.size_bytes)
        if self._pieces.about(owner, upload) is None:
            if len(self._pieces.open_ones(owner)) >= MOST_OPEN:
                raise NotPossible(
                    "too-many-uploads",
                    f"{MOST_OPEN} pictures of yours have been begun and not attached:"
                    " finish those first, or wait until they are given up",
                )
            self._make_room(body.size_bytes)
            said = body.model_dump(mode="json", exclude={"size_bytes"})
            self._pieces.open(owner, upload, orjson.dumps(said))
        return self.describe(identity, upload)

    def describe(self, identity: Identity, upload: str) -> dict[str, Any]:
        """Give `{"id", "piece_bytes", "pieces", "had": [{"n", "sha256"}]}`.

        Raises:
            NotFound: they have no such upload.
        """
        owner = self._find(identity, upload)
        return {
            "id": upload,
            "piece_bytes": PIECE_BYTES,
            "pieces": _count(upload),
            "had": [
                {"n": number, "sha256": digest}
                for number, digest in sorted(self._had(owner, upload).items())
            ],
        }

    def put(
        self, identity: Identity, upload: str, number: int, data: bytes, digest: bytes
    ) -> dict[str, Any]:
        """Keep a piece and give its receipt; the same piece again gives it again.

        Args:
            identity: who sends it.
            upload: the id of the upload.
            number: of the piece, 0 first.
            data: its bytes.
            digest: SHA-256 of *data*, as it was when it was sent.

        Raises:
            NotFound: they have no such upload.
            Invalid: the number, the size or the digest is not that of a piece.
            NotPossible: other bytes are there under this number.
        """
        owner = self._find(identity, upload)
        pieces = _count(upload)
        if not 0 <= number < pieces:
            raise Invalid(("n", f"the pieces are numbered 0 to {pieces - 1}"))
        wanted = min(PIECE_BYTES, _size(upload) - number * PIECE_BYTES)
        if len(data) != wanted:
            raise Invalid(("body", f"piece {number} has {wanted} bytes, not {len(data)}"))
        if hashlib.sha256(data).digest() != digest:
            raise Invalid(("Content-Digest", "the piece was damaged on its way: send it again"))
        ended = self._ended(owner, upload)
        if ended is None:
            kept = self._pieces.put(owner, upload, number, data)
            same = kept.data == data
        else:
            kept, same = Kept(data, ended["at"]), ended["pieces"][number] == digest.hex()
        if not same:
            raise NotPossible("piece-differs", "another piece was sent under this number before")
        return {
            "n": number,
            "sha256": digest.hex(),
            "size_bytes": wanted,
            "received_at": instant(int(kept.at * 1000)),
            "had": len(self._pieces.numbers(owner, upload)) if ended is None else pieces,
            "pieces": pieces,
        }

    def attach(self, identity: Identity, upload: str, body: AttachUpload, asked: Asked) -> Outcome:
        """Attach the whole picture to an incident, once for each key; then give the pieces up.

        Raises:
            NotFound: they have no such upload, or there is no such incident.
            NotPossible: pieces are missing, or the whole is not what was announced.
            Invalid: it is no picture.
        """
        owner = self._find(identity, upload)
        sha256 = self._about(owner, upload)["sha256"]
        image = _UploadedImage(sha256=sha256, caption=body.caption)
        image._whole = lambda: self._whole(owner, upload, sha256)  # noqa: SLF001 - made just here
        try:
            outcome = perform(self._desk, ATTACH, body.incident, image, asked)
            if self._ended(owner, upload) is None:
                self._end(owner, upload, image)
        except Invalid:
            self._pieces.remove(owner, upload)  # what is no picture must not stay
            raise
        return outcome

    def _end(self, owner: str, upload: str, image: AttachImage) -> None:
        try:
            blob = hashlib.sha256(image.clean.data).hexdigest()
        except NotPossible:  # the same request has ended it meanwhile
            return
        pieces = [digest for _, digest in sorted(self._had(owner, upload).items())]
        left = {"pieces": pieces, "blob": blob, "at": time.time()}
        self._pieces.end(owner, upload, orjson.dumps(left))

    def _whole(self, owner: str, upload: str, sha256: str) -> bytes:
        """Put the file together; of one that was attached already, what was made of it."""
        ended = self._ended(owner, upload)
        if ended is not None:
            data = kept_images(self._desk.settings).read(ended["blob"])
            if data is not None:
                return data
        found = [self._pieces.read(owner, upload, number) for number in range(_count(upload))]
        missing = [number for number, piece in enumerate(found) if piece is None]
        if missing:
            raise NotPossible(
                "upload-incomplete", "pieces are missing: send them first", missing=missing
            )
        data = b"".join(piece.data for piece in found if piece is not None)
        if hashlib.sha256(data).hexdigest() != sha256:
            self._pieces.remove(owner, upload)
            raise NotPossible(
                "upload-damaged", "together the pieces are not what was announced: begin again"
            )
        return data

    def _find(self, identity: Identity, upload: str) -> str:
        """Give the owner's folder; another's upload is as good as none."""
        owner = _owner(identity)
        if not _ID.fullmatch(upload) or self._pieces.about(owner, upload) is None:
            raise NotFound("there is no such upload of yours: begin it again")
        return owner

    def _about(self, owner: str, upload: str) -> dict[str, Any]:
        about: dict[str, Any] = orjson.loads(self._pieces.about(owner, upload) or b"{}")
        if "sha256" not in about:
            raise NotFound("there is no such upload of yours: begin it again")
        return about

    def _ended(self, owner: str, upload: str) -> dict[str, Any] | None:
        left = self._pieces.ended(owner, upload)
        return None if left is None else dict(orjson.loads(left))

    def _had(self, owner: str, upload: str) -> dict[int, str]:
        ended = self._ended(owner, upload)
        if ended is not None:
            return dict(enumerate(ended["pieces"]))
        found = {
            number: self._pieces.read(owner, upload, number)
            for number in self._pieces.numbers(owner, upload)
        }
        return {
            number: hashlib.sha256(piece.data).hexdigest()
            for number, piece in found.items()
            if piece is not None
        }

    def _make_room(self, size_bytes: int) -> None:
        """Count *size_bytes* as taken, or refuse: a phone's other work must not wait for room."""
        self._count()
        with self._lock:
            if self._total + size_bytes > MOST_TOTAL_BYTES:
                raise NotPossible(
                    "no-room", "too many pictures are on their way: send this one again later"
                )
            self._total += size_bytes

    def _count(self) -> None:
        """Count what all processes took, now and then; meanwhile others go by the last count."""
        if not self._counting.acquire(blocking=False):
            return
        try:
            began = time.monotonic()
            if began < self._count_again_at:
                return
            found = sum(
                _size(one)
                for owner in self._pieces.owners()
                for one in self._pieces.open_ones(owner)
                if _ID.fullmatch(one)
            )
            with self._lock:
                self._total = found
            ended = time.monotonic()
            self._count_again_at = ended + max(_COUNT_EVERY_S, _COUNT_REST * (ended - began))
        finally:
            self._counting.release()


def kept_pieces(settings: Settings) -> Pieces:
    """Give where the unfinished uploads of one operation are kept."""
    return Pieces(settings.data_dir / "uploads" / settings.operation)


def give_up_old(settings: Settings) -> int:
    """Give up the uploads of an operation that were begun a week ago; tell how many."""
    return kept_pieces(settings).remove_older(KEPT_FOR.total_seconds())


def upload_id(identity: Identity, sha256: str, size_bytes: int) -> str:
    """Give what an upload is called: the same for the same file of the same account."""
    words = f"{identity.name}\n{sha256}\n{size_bytes}"
    return f"{hashlib.sha256(words.encode()).hexdigest()[:32]}-{size_bytes}"


def _owner(identity: Identity) -> str:
    """Give the folder of an account; its name stands in no path."""
    return hashlib.sha256(identity.name.encode()).hexdigest()[:32]


def _size(upload: str) -> int:
    return int(upload.rpartition("-")[2])


def _count(upload: str) -> int:
    return -(-_size(upload) // PIECE_BYTES)
