"""Attachments: a picture is on disk before an incident names it."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cop.config import Settings
from cop.errors import IdempotencyMismatch, Invalid, NotFound, NotPermitted, NotPossible
from cop.model.kinds import Incident
from cop.services.commands.attachments import ATTACH, AttachImage, kept_images, read_image
from cop.services.commands.engine import perform
from cop.services.commands.plan import Asked, Outcome
from cop.services.policy import Identity, Role
from tests.unit.services.commands.acting import CHIEF, TEAM, Room, who


def picture(colour: Any = "red") -> bytes:
    """Give a picture file."""
    file = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """Give a desk with one incident, and a disk."""
    room = Room(settings=Settings(operation="live", data_dir=tmp_path))
    room.incident()
    return room


def attach(
    room: Room, data: bytes, asker: Identity = CHIEF, key: str = "k", caption: str = ""
) -> Outcome:
    """Attach a picture."""
    digest = hashlib.sha256(data).hexdigest()
    body = AttachImage(sha256=digest, data=data, caption=caption)
    return perform(room.desk, ATTACH, "incident:flood", body, Asked(identity=asker, key=key))


def flood(room: Room) -> Incident:
    """Give the incident."""
    return room.see("incident:flood", Incident)


def test_a_picture_is_attached(room: Room) -> None:
    """The incident names the clean file, which is handed out; the journal has no bytes of it."""
    attach(room, picture(), caption="Exit B")
    (attachment,) = flood(room).attachments
    data = read_image(room.store, room.settings, attachment.id)
    assert hashlib.sha256(data).hexdigest() == attachment.id
    assert (attachment.width, attachment.height, attachment.caption) == (60, 40, "Exit B")
    assert (attachment.size_bytes, attachment.media_type) == (len(data), "image/jpeg")
    assert len(room.store.journal([1])[0].body) < 2000


def test_the_same_picture_is_attached_once(room: Room) -> None:
    """A retry gives the first answer; the same picture under a new key changes nothing."""
    first = attach(room, picture())
    again = attach(room, picture())
    assert (again.repeated, again.version) == (True, first.version)
    assert attach(room, picture(), key="other").journal == 0
    assert len(flood(room).attachments) == 1
    with pytest.raises(IdempotencyMismatch):
        attach(room, picture("blue"))
    with pytest.raises(IdempotencyMismatch):
        attach(room, picture(), caption="else")


def test_there_is_an_end_to_it(room: Room) -> None:
    """Twenty are the most; the next is refused, and the twenty stay."""
    for n in range(20):
        attach(room, picture((n * 12, 0, 0)), key=f"{n}")
    with pytest.raises(NotPossible) as refused:
        attach(room, picture("white"), key="more")
    assert refused.value.code == "too-many"
    assert len(flood(room).attachments) == 20


def test_who_may_not_leaves_nothing_behind(room: Room, tmp_path: Path) -> None:
    """Nothing is unpacked or written for somebody who may not, or for what is no picture."""
    for asker in (TEAM, who(Role.VIEWER), who(Role.LIAISON, "FSD")):
        with pytest.raises(NotPermitted):
            attach(room, picture(), asker)
    with pytest.raises(Invalid):
        attach(room, b"no picture")
    assert list(tmp_path.iterdir()) == []


def test_the_team_on_the_spot_may(room: Room) -> None:
    """Whoever is assigned to the incident attaches what they see."""
    room.resource()
    room.assign(incident="incident:flood")
    attach(room, picture(), TEAM)
    assert len(flood(room).attachments) == 1


def test_what_no_incident_named_is_not_handed_out(room: Room) -> None:
    """A file alone is nothing: neither one that was left over nor one of another operation."""
    left_over = kept_images(room.settings).put(b"left over")
    with pytest.raises(NotFound):
        read_image(room.store, room.settings, left_over)
    attach(room, picture())
    (attachment,) = flood(room).attachments
    drill = room.settings.model_copy(update={"operation": "exercise-1"})
    with pytest.raises(NotFound):
        read_image(room.store, drill, attachment.id)
    with pytest.raises(NotFound):
        read_image(Room().store, room.settings, attachment.id)


def test_taken_back_it_is_history(room: Room) -> None:
    """An attachment that was taken back is gone from the incident; the journal's can be seen."""
    done = attach(room, picture())
    (attachment,) = flood(room).attachments
    room.do("POST /undo", journal=done.journal)
    assert flood(room).attachments == ()
    assert read_image(room.store, room.settings, attachment.id)
