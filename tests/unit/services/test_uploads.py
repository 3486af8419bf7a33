"""Pictures in pieces: each confirmed piece counts, and the whole is attached once."""

from __future__ import annotations

import hashlib
import io
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cop.config import Settings
from cop.errors import (
    IdempotencyMismatch,
    Invalid,
    NotFound,
    NotPermitted,
    NotPossible,
)
from cop.model.kinds import Incident
from cop.services import uploads
from cop.services.commands.attachments import read_image
from cop.services.commands.plan import Asked, Outcome
from cop.services.policy import Identity, Role
from cop.services.uploads import (
    PIECE_BYTES,
    AttachUpload,
    OpenUpload,
    Uploads,
    give_up_old,
    kept_pieces,
)
from cop.store.pieces import Pieces
from tests.unit.services.commands.acting import CHIEF, Room, who

FLOOD = "incident:flood"
MATE = who(Role.FIELD, "DSD", "mate")


def photograph(seed: int = 0) -> bytes:
    """Give a picture file of several pieces."""
    noise = bytes((seed * 31 + n * n * 7 + n // 13) % 256 for n in range(320 * 200 * 3))
    file = io.BytesIO()
    Image.frombytes("RGB", (320, 200), noise).save(file, "PNG")
    data = file.getvalue() + b"\0" * max(0, 2 * PIECE_BYTES + 100 - file.tell())
    assert len(data) > 2 * PIECE_BYTES
    return data


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """Give a desk with one incident, and a disk."""
    room = Room(settings=Settings(operation="live", data_dir=tmp_path))
    room.incident()
    return room


class Phone:
    """Somebody who sends a picture."""

    def __init__(self, room: Room, identity: Identity = CHIEF) -> None:
        """Send to *room* as *identity*; each phone meets a web process of its own."""
        self.uploads = Uploads(room.desk)
        self.identity = identity

    def open(self, data: bytes, **said: Any) -> dict[str, Any]:
        """Begin to send *data*."""
        digest = hashlib.sha256(data).hexdigest()
        given = {"sha256": digest, "size_bytes": len(data), "media_type": "image/png", **said}
        return self.uploads.open(self.identity, OpenUpload.model_validate(given))

    def put(self, upload: str, number: int, piece: bytes) -> dict[str, Any]:
        """Send one piece."""
        digest = hashlib.sha256(piece).digest()
        return self.uploads.put(self.identity, upload, number, piece, digest)

    def send(self, data: bytes) -> str:
        """Begin, and send every piece that is missing; give the id."""
        upload = self.open(data)
        had = {piece["n"] for piece in upload["had"]}
        for number in range(upload["pieces"]):
            if number not in had:
                self.put(upload["id"], number, piece_of(data, number))
        return str(upload["id"])

    def attach(self, upload: str, key: str = "k", incident: str = FLOOD) -> Outcome:
        """Attach what was sent."""
        body = AttachUpload(incident=incident, caption="Exit B")
        asked = Asked(identity=self.identity, key=key)
        return self.uploads.attach(self.identity, upload, body, asked)


def piece_of(data: bytes, number: int) -> bytes:
    """Cut one piece."""
    return data[number * PIECE_BYTES : (number + 1) * PIECE_BYTES]


def attachments(room: Room) -> list[str]:
    """List what the incident has."""
    return [one.id for one in room.see(FLOOD, Incident).attachments]


def test_pieces_become_an_attachment(room: Room) -> None:
    """Sent out of order over two processes, the whole is attached as one sent at once is."""
    data, phone, other = photograph(), Phone(room), Phone(room)
    upload = phone.open(data)
    assert (upload["piece_bytes"], upload["pieces"], upload["had"]) == (PIECE_BYTES, 3, [])
    last = phone.put(upload["id"], 2, piece_of(data, 2))
    assert (last["had"], last["pieces"], last["size_bytes"]) == (1, 3, len(piece_of(data, 2)))
    other.put(upload["id"], 0, piece_of(data, 0))
    digest = hashlib.sha256(piece_of(data, 0)).hexdigest()
    assert {"n": 0, "sha256": digest} in phone.open(data)["had"]
    phone.put(upload["id"], 1, piece_of(data, 1))
    outcome = phone.attach(upload["id"])
    (blob,) = attachments(room)
    assert outcome.id == FLOOD
    assert hashlib.sha256(read_image(room.store, room.settings, blob)).hexdigest() == blob
    assert room.see(FLOOD, Incident).attachments[0].caption == "Exit B"


def test_a_receipt_is_given_again(room: Room) -> None:
    """The same piece sent twice gives the first receipt; other bytes are refused."""
    data, phone = photograph(), Phone(room)
    upload = phone.open(data)["id"]
    first = phone.put(upload, 0, piece_of(data, 0))
    assert phone.put(upload, 0, piece_of(data, 0)) == first
    with pytest.raises(NotPossible) as refused:
        phone.put(upload, 0, piece_of(data, 1))
    assert refused.value.code == "piece-differs"


def test_two_phones_send_the_same_piece_at_once(room: Room) -> None:
    """Each gets the receipt of the one piece that is kept."""
    data, phone = photograph(), Phone(room)
    upload = phone.open(data)["id"]
    with ThreadPoolExecutor(8) as crowd:
        receipts = list(
            crowd.map(lambda _: Phone(room).put(upload, 1, piece_of(data, 1)), range(8))
        )
    assert receipts == [receipts[0]] * 8


def test_it_is_attached_once_for_each_key(room: Room) -> None:
    """Asked again after the pieces have gone, the first answer; the picture is there once."""
    data, phone = photograph(), Phone(room)
    upload = phone.send(data)
    first = phone.attach(upload)
    assert kept_pieces(room.settings).open_ones(next(iter(owners(room)))) == []
    again = phone.attach(upload)
    assert (again.repeated, again.version, again.journal) == (True, first.version, first.journal)
    assert len(attachments(room)) == 1
    with pytest.raises(IdempotencyMismatch):
        phone.attach(upload, incident=room.incident("other"))
    assert phone.send(data) == upload, "a phone that lost the answer sends no piece again"
    assert phone.attach(upload).repeated
    other = room.incident("third")
    phone.attach(upload, key="another", incident=other)
    assert len(room.see(other, Incident).attachments) == 1


def owners(room: Room) -> list[str]:
    """List whose uploads there are."""
    return kept_pieces(room.settings).owners()


def test_an_answer_that_was_lost_before_the_end_is_given_again(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that was killed after the deed, before it gave the pieces up, did it once."""
    data, phone = photograph(), Phone(room)
    upload = phone.send(data)
    with monkeypatch.context() as patch:
        patch.setattr(phone.uploads, "_end", lambda *_: None)
        first = phone.attach(upload)
    again = Phone(room).attach(upload)
    assert (again.repeated, again.version) == (True, first.version)
    assert kept_pieces(room.settings).open_ones(owners(room)[0]) == []


def test_twins_attach_at_once(room: Room) -> None:
    """The same request several times at the same moment attaches once, and each is told so."""
    data, phone = photograph(), Phone(room)
    upload = phone.send(data)
    with ThreadPoolExecutor(4) as crowd:
        outcomes = list(crowd.map(lambda _: Phone(room).attach(upload), range(4)))
    assert {one.version for one in outcomes} == {outcomes[0].version}
    assert len(attachments(room)) == 1


def test_what_is_missing_or_damaged_is_said(room: Room) -> None:
    """Missing pieces are listed; a whole that is not what was announced is given up."""
    data, phone = photograph(), Phone(room)
    upload = phone.open(data)["id"]
    phone.put(upload, 1, piece_of(data, 1))
    with pytest.raises(NotPossible) as refused:
        phone.attach(upload)
    assert (refused.value.code, refused.value.members) == (
        "upload-incomplete",
        {"missing": [0, 2]},
    )
    for number in (0, 2):
        phone.put(upload, number, bytes(len(piece_of(data, number))))
    with pytest.raises(NotPossible) as refused:
        phone.attach(upload)
    assert refused.value.code == "upload-damaged"
    assert phone.open(data)["had"] == [], "it may be sent anew"
    assert attachments(room) == []


def test_what_is_no_picture_does_not_stay(room: Room) -> None:
    """Refused at the end as it would be at once, and its pieces are freed."""
    phone, data = Phone(room), b"<script>alert(1)</script>" * 9
    upload = phone.send(data)
    with pytest.raises(Invalid):
        phone.attach(upload)
    with pytest.raises(NotFound):
        phone.attach(upload)
    assert attachments(room) == []


@pytest.mark.parametrize("number", [-1, 3, 10**6])
def test_numbers_beyond_the_end_are_refused(room: Room, number: int) -> None:
    """There is no piece before the first or after the last."""
    data, phone = photograph(), Phone(room)
    with pytest.raises(Invalid):
        phone.put(phone.open(data)["id"], number, b"x")


def test_a_piece_has_its_size_and_its_digest(room: Room) -> None:
    """One too short, too long, or not what its digest says is not kept."""
    data, phone = photograph(), Phone(room)
    upload = phone.open(data)["id"]
    whole = piece_of(data, 0)
    for wrong in (whole[:-1], whole + b"x", b"", piece_of(data, 2)):
        with pytest.raises(Invalid):
            phone.put(upload, 0, wrong)
    with pytest.raises(Invalid):
        phone.uploads.put(CHIEF, upload, 0, whole, b"\0" * 32)
    assert phone.open(data)["had"] == []


@pytest.mark.parametrize("upload", ["", "..", "../../etc", "a" * 32 + "-0", "/" * 40])
def test_what_is_no_id_names_no_folder(room: Room, upload: str) -> None:
    """Only what an id looks like is looked for."""
    with pytest.raises(NotFound):
        Phone(room).uploads.describe(CHIEF, upload)


def test_anothers_upload_is_none(room: Room) -> None:
    """Who knows the id of somebody else's can neither look nor send nor attach."""
    data, mine = photograph(), Phone(room)
    upload, other = mine.send(data), Phone(room, MATE)
    with pytest.raises(NotFound):
        other.uploads.describe(MATE, upload)
    with pytest.raises(NotFound):
        other.put(upload, 0, piece_of(data, 0))
    with pytest.raises(NotFound):
        other.attach(upload)
    assert other.open(data)["id"] != upload


def test_who_may_not_attach_may_not_begin(room: Room) -> None:
    """A viewer's pieces are not kept; somebody else's incident is refused as ever."""
    with pytest.raises(NotPermitted):
        Phone(room, who(Role.VIEWER)).open(photograph())
    phone = Phone(room, MATE)
    with pytest.raises(NotPermitted):
        phone.attach(phone.send(photograph()))


def test_there_is_an_end_to_unfinished_ones(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many an account, so many bytes in all; one that was begun may always go on."""
    monkeypatch.setattr(uploads, "MOST_OPEN", 2)
    phone, small = Phone(room), [b"a", b"b", b"c"]
    for data in small[:2]:
        phone.open(data)
    with pytest.raises(NotPossible) as refused:
        phone.open(small[2])
    assert refused.value.code == "too-many-uploads"
    phone.open(small[0])
    monkeypatch.setattr(uploads, "MOST_TOTAL_BYTES", 10)
    mate = Phone(room, MATE)
    mate.open(b"x" * 8)
    with pytest.raises(NotPossible) as refused:
        mate.open(b"y")
    assert refused.value.code == "no-room", "not 503: what a phone has to say behind it would wait"
    mate.open(b"x" * 8)


def test_nobody_waits_for_the_count(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one request counts what is on a slow disk, others begin by the last count."""
    phone, counting, go_on = Phone(room), threading.Event(), threading.Event()

    def slow(_: Pieces) -> list[str]:
        counting.set()
        assert go_on.wait(30)
        return []

    monkeypatch.setattr(Pieces, "owners", slow)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(phone.open, b"a")
        try:
            assert counting.wait(30)
            assert pool.submit(phone.open, b"b").result(timeout=30)["pieces"] == 1
        finally:
            go_on.set()
        assert first.result(timeout=30)["pieces"] == 1


@pytest.mark.parametrize(
    "said",
    [
        {"size_bytes": 0},
        {"size_bytes": uploads.MOST_BYTES + 1},
        {"sha256": "A" * 64},
        {"sha256": "../" * 20},
        {"media_type": "image/svg+xml"},
        {"more": 1},
    ],
)
def test_nonsense_is_not_begun(said: dict[str, Any]) -> None:
    """Too large, no digest, no kind of picture that is taken, or more than is asked for."""
    given = {"sha256": "0" * 64, "size_bytes": 1, "media_type": "image/png", **said}
    with pytest.raises(ValueError):
        OpenUpload.model_validate(given)


def test_after_a_week_it_is_given_up(room: Room) -> None:
    """What was begun a week ago is gone; what was begun since is not."""
    data, phone = photograph(), Phone(room)
    upload = phone.open(data)["id"]
    assert give_up_old(room.settings) == 0
    past = time.time() - 7 * 86_400 - 60
    folder = room.settings.data_dir / "uploads" / "live" / owners(room)[0] / upload
    os.utime(folder / "about", (past, past))
    assert give_up_old(room.settings) == 1
    with pytest.raises(NotFound):
        phone.uploads.describe(CHIEF, upload)
