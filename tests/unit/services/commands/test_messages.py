"""Messages with partners: written, received once, taken note of, and what was made of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cop.config import Settings
from cop.errors import Invalid, NotFound, NotPermitted, NotPossible, TooOften
from cop.model.entity import Kind
from cop.model.exchange import Message, Partner
from cop.model.geometry import point
from cop.model.kinds import Alert, Need
from cop.services.commands import partner_messages
from cop.services.commands.engine import perform
from cop.services.commands.partner_messages import RECEIVE, Received
from cop.services.commands.plan import Asked, Outcome
from cop.services.exchange import originals
from cop.services.exchange.originals import MOST_BYTES, Originals
from cop.services.exchange.partners import entity_of_plan, partner_of
from cop.services.policy import Role
from tests.unit.services.commands.acting import CHIEF, DSD, DUTY, NOON, TEAM, Room, who

SB = who(Role.LIAISON, "SB", "sb")
THEM = who(Role.MACHINE, name="gd")
FILE = """
id = "{id}"
installation = "{id}-cop"
title = {{ en = "{id}", zh-Hant = "{id}", zh-Hans = "{id}" }}
agencies = ["SB"]
account = "{id}"
{url}
[agreement]
number = "N 1"
from = 2026-01-01T00:00:00Z
until = {until}
[shares]
kinds = ["incident"]
areas = [[113.9, 22.45, 114.3, 22.6]]
[timers]
acknowledge_min = 10
task_min = 30
notice_min = 60
"""
URL = 'url = "https://gd.example"\ntoken = "${TOKEN}"'


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """Give a desk with a partner that has an installation, and one that has none."""
    folder = tmp_path / "partners"
    folder.mkdir()
    until = "2027-01-01T00:00:00Z"
    (folder / "gd.toml").write_text(FILE.format(id="gd", url=URL, until=until))
    (folder / "mo.toml").write_text(FILE.format(id="mo", url="", until=until))
    settings = Settings(
        operation="live", installation="hk-cop", partners_dir=folder, data_dir=tmp_path
    )
    made = Room(settings=settings)
    made.put(*(entity_of_plan(partner_of(settings, name), None) for name in ("gd", "mo")))
    return made


def written(room: Room, asker: Any = CHIEF, **said: Any) -> Message:
    """Write a message."""
    given = {"partner": "partner:gd", "subject": "Dam?", "words": "When?", **said}
    return room.see(room.do("POST /messages", asker, **given).id, Message)


def receive(room: Room, asker: Any = THEM, *, key: str = "k", **said: Any) -> Outcome:
    """Take a message as the partner's installation sends it."""
    given = {
        "installation": "gd-cop",
        "exercise": False,
        "number": "gd-cop.live.1",
        "title": {"zh-Hans": "泄洪"},
        **said,
    }
    body = Received.model_validate(given)
    return perform(room.desk, RECEIVE, "", body, Asked(identity=asker, key=key))


def received(room: Room, **said: Any) -> Message:
    """Give a message that came."""
    return room.see(receive(room, **said).id, Message)


def test_a_message_is_written(room: Room) -> None:
    """It waits to go, under the agreement, with a number of its own and the time of its receipt."""
    message = written(room, SB)
    assert (message.direction, message.agreement, message.publisher) == ("out", "N 1", "SB")
    assert message.number == f"hk-cop.live.{message.id.partition(':')[2]}"
    assert message.sent_at is None
    assert message.acknowledge_by == NOON + timedelta(minutes=10)
    assert message.task_by is None


def test_only_those_whom_the_partner_concerns(room: Room) -> None:
    """The desk, and liaison officers of the agencies that look after it."""
    for other in (DSD, TEAM, THEM):
        with pytest.raises(NotPermitted):
            written(room, other)
    written(room, DUTY)


def test_about_names_only_what_is_shared(room: Room) -> None:
    """What the partner may not know of is not named to it; its own things are."""
    near = room.incident("near", geometry=point(114.1, 22.5))
    far = room.incident("far", geometry=point(114.1, 22.2))
    assert written(room, about=[near]).about == (near,)
    with pytest.raises(NotPossible) as refused:
        written(room, about=[far])
    assert refused.value.code == "not-shared"
    with pytest.raises(NotFound):
        written(room, about=["incident:none"])


def test_nothing_without_an_agreement(room: Room) -> None:
    """After its end nothing is written to it, nor taken from it."""
    room.clock.wait(365 * 24 * 3600)
    for act in (written, receive):
        with pytest.raises(NotPossible) as refused:
            act(room)
        assert refused.value.code == "agreement-ended"


def test_by_hand(room: Room) -> None:
    """With a partner without an installation people write down what came and went."""
    out = written(room, partner="partner:mo")
    assert out.sent_at == NOON
    came = written(room, partner="partner:mo", direction="in", subject="Ferry stops")
    assert (came.received_at, came.task_by) == (NOON, NOON + timedelta(minutes=30))
    room.do("POST /messages/{id}/acknowledge", CHIEF, out.id)
    assert room.see(out.id, Message).acknowledged_by == "commander"
    with pytest.raises(NotPossible) as refused:
        written(room, direction="in")
    assert refused.value.code == "comes-itself"
    with pytest.raises(NotPossible):
        room.do("POST /messages/{id}/acknowledge", CHIEF, written(room).id)


def test_a_number_is_one_message(room: Room) -> None:
    """However often it comes, under whatever key; another message under it is refused."""
    first = receive(room, key="a")
    message = room.see(first.id, Message)
    assert (message.direction, message.origin, message.inside) == ("in", "gd-cop", True)
    assert message.notice_by == NOON + timedelta(minutes=60)
    assert receive(room, key="a").id == receive(room, key="b").id == first.id
    assert room.version(first.id) == 1
    with pytest.raises(NotPossible) as refused:
        receive(room, key="c", title={"en": "Other"})
    assert refused.value.code == "number-used"


def test_a_flood_of_messages_is_put_off(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody has looked at yet has a limit; once somebody has, more come in."""
    monkeypatch.setattr(partner_messages, "MOST_WAITING", 2)
    first = received(room, number="n1", key="1")
    received(room, number="n2", key="2")
    with pytest.raises(TooOften):
        receive(room, number="n3", key="3")
    room.do("POST /messages/{id}/acknowledge", CHIEF, first.id)
    received(room, number="n3", key="3")


def test_who_sends_is_who_signed_in(room: Room) -> None:
    """No other account speaks for an installation, and no exercise to the live operation."""
    mine = who(Role.MACHINE, name="mo")
    for asker, said in (
        (mine, {}),
        (CHIEF, {}),
        (THEM, {"installation": "mo-cop"}),
        (THEM, {"installation": "unknown"}),
    ):
        with pytest.raises(NotPermitted):
            receive(room, asker, **said)
    with pytest.raises(NotPossible) as refused:
        receive(room, exercise=True)
    assert refused.value.code == "other-operation"


def test_what_a_message_is_about_is_found_here(room: Room) -> None:
    """Their ids are looked up under their feed, ours as they are; what is not here is left out."""
    mine = room.incident("mine")
    room.incident("theirs")
    message = received(room, about=["incident:mine", "incident:9"], about_yours=[mine, "road:9"])
    assert message.about == (mine,)


def test_an_answer_is_tied_to_its_message(room: Room) -> None:
    """By the number of a message of ours, or of one of theirs; any other is left out."""
    mine = written(room)
    assert received(room, number="n1", key="1", answers=mine.number).answers == mine.id
    theirs = received(room, number="n2", key="2")
    assert received(room, number="n3", key="3", answers="n2").answers == theirs.id
    assert received(room, number="n4", key="4", answers="n9").answers is None


def test_a_document_is_kept_as_it_came(room: Room) -> None:
    """Its bytes are on disk under their digest before the message names them."""
    body = b"<alert/>"
    digest = hashlib.sha256(body).hexdigest()
    message = received(room, form="cap", original=body, sha256=digest, defects=("sent is missing",))
    assert (message.original, message.defects) == (digest, ("sent is missing",))
    assert Originals(room.settings).read(digest) == body


def test_anothers_document_goes_no_further(room: Room) -> None:
    """What one partner gave is sent to another only where it may be passed on."""
    body = b"<alert/>"
    digest = hashlib.sha256(body).hexdigest()
    received(room, form="cap", original=body, sha256=digest)
    with pytest.raises(NotPossible) as refused:
        written(room, partner="partner:mo", form="cap", original=digest)
    assert refused.value.code == "not-onward"
    assert written(room, form="cap", original=digest).original == digest
    with pytest.raises(Invalid):
        written(room, form="cap")
    with pytest.raises(NotFound):
        written(room, form="cap", original="0" * 64)


def test_the_document_of_an_alert_goes_where_the_alert_may(room: Room) -> None:
    """Whoever names its digest gets round no agreement, nor round what was given under terms."""
    digest = Originals(room.settings).keep(b"<alert/>")
    room.put(
        Alert(
            id="cap_sz:1",
            feed="cap_sz",
            publisher="CMA",
            event_type="rain",
            issued_at=NOON,
            original=digest,
            inside=True,
        )
    )
    with pytest.raises(NotPossible) as refused:
        written(room, form="cap", original=digest)
    assert refused.value.code == "not-shared"


def test_times_of_theirs_are_never_out_of_reach(room: Room) -> None:
    """A clock that is wrong, or lies, puts no message before ours or after now."""
    assert received(room, sent_at="9999-12-31T23:00:00Z").sent_at == NOON
    with pytest.raises(ValueError, match="reckoned"):
        received(room, number="n2", key="2", sent_at="0001-01-01T00:00:00+14:00")
    message = written(room)
    said = {"installation": "gd-cop", "exercise": False, "number": message.number}
    room.do("POST /exchange/receipts", THEM, **said, acknowledged_at="0001-01-02T00:00:00Z")
    assert room.see(message.id, Message).acknowledged_at == NOON


def test_taking_note(room: Room) -> None:
    """Once, by name; the sender is told by the worker."""
    message = received(room)
    room.do("POST /messages/{id}/acknowledge", SB, message.id)
    noted = room.see(message.id, Message)
    assert (noted.acknowledged_by, noted.acknowledged_at) == ("sb", NOON)
    with pytest.raises(NotPossible):
        room.do("POST /messages/{id}/acknowledge", SB, message.id)


def test_a_need_is_made_of_a_message(room: Room) -> None:
    """By the very rules of asking for a need, in one step; it takes note of the message as well."""
    message = received(room)
    flood = room.incident()
    need = {"subject": flood, "item": "pump", "quantity": 2}
    room.do("POST /messages/{id}/task", CHIEF, message.id, need=need)
    done = room.see(message.id, Message)
    assert done.task is not None
    assert room.see(done.task, Need).subject == flood
    assert (done.tasked_at, done.acknowledged_by) == (NOON, "commander")
    with pytest.raises(NotFound):
        room.do(
            "POST /messages/{id}/task", CHIEF, message.id, need={**need, "subject": "incident:none"}
        )


def test_a_task_is_linked_or_not_needed(room: Room) -> None:
    """An assignment that there is; or nothing, for a reason that everybody sees, until there is."""
    room.resource()
    task = room.assign()
    message = received(room)
    room.do("POST /messages/{id}/task", CHIEF, message.id, task=task.id)
    assert room.see(message.id, Message).task == task.id
    with pytest.raises(NotFound):
        room.do("POST /messages/{id}/task", CHIEF, message.id, task="resource:pump-1")
    other = received(room, number="n2", key="2")
    room.do("POST /messages/{id}/task", CHIEF, other.id, not_needed="For information")
    none = room.see(other.id, Message)
    assert (none.no_task, none.tasked_at, none.task_by) == ("For information", NOON, None)
    assert b"For information" in room.store.journal_of(other.id)[-1].body
    room.do("POST /messages/{id}/task", CHIEF, other.id, task=task.id)
    after = room.see(other.id, Message)
    assert (after.no_task, after.task) == ("", task.id)


def test_a_notice_is_linked_or_not_needed(room: Room) -> None:
    """A draft or an alert; what went out needs none of ours."""
    message = received(room)
    with pytest.raises(NotFound):
        room.do("POST /messages/{id}/notice", CHIEF, message.id, notice=room.incident())
    room.do("POST /messages/{id}/notice", CHIEF, message.id, not_needed="Not for the public")
    none = room.see(message.id, Message)
    assert (none.no_notice, none.noticed_at) == ("Not for the public", NOON)
    assert none.notice_by is None
    with pytest.raises(NotPossible):
        room.do("POST /messages/{id}/notice", CHIEF, written(room).id, not_needed="x")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(dict, id="nothing"),
        pytest.param(lambda: {"task": "need:1", "not_needed": "x"}, id="two"),
    ],
)
def test_one_thing_is_made_of_a_message(room: Room, body: Callable[[], dict[str, Any]]) -> None:
    """What came of it is said in one way."""
    message = received(room)
    with pytest.raises(ValueError, match="give one of"):
        room.do("POST /messages/{id}/task", CHIEF, message.id, **body())


def test_their_receipt(room: Room) -> None:
    """They say once when they took note; of a message that did not go to them, they may not."""
    message = written(room)
    said = {
        "installation": "gd-cop",
        "exercise": False,
        "number": message.number,
        "acknowledged_at": NOON + timedelta(days=1),
    }
    room.do("POST /exchange/receipts", THEM, **said)
    noted = room.see(message.id, Message)
    assert (noted.acknowledged_by, noted.acknowledged_at) == ("gd-cop", NOON)
    room.do("POST /exchange/receipts", THEM, **said)
    assert room.version(message.id) == 2
    with pytest.raises(NotFound):
        room.do("POST /exchange/receipts", THEM, **{**said, "number": "hk-cop.live.0"})
    to_mo = written(room, partner="partner:mo")
    with pytest.raises(NotFound):
        room.do("POST /exchange/receipts", THEM, **{**said, "number": to_mo.number})
    assert room.see("partner:gd", Partner).installation == "gd-cop"


@pytest.mark.parametrize(
    ("size", "free", "refused"),
    [(10, originals.LEAST_FREE + 1, None), (10, 1, TooOften), (MOST_BYTES + 1, 1, NotPossible)],
    ids=["fits", "no-room", "too-large"],
)
def test_originals_of_others_leave_room(
    room: Room, monkeypatch: pytest.MonkeyPatch, size: int, free: int, refused: Any
) -> None:
    """What a partner sends fills no disk: it is put off, or refused where it is too large."""
    usage = SimpleNamespace(free=free)
    monkeypatch.setattr(originals.shutil, "disk_usage", lambda _: usage)
    body = b"x" * size
    digest = hashlib.sha256(body).hexdigest()
    if refused is None:
        assert received(room, original=body, sha256=digest).original == digest
        return
    with pytest.raises(refused):
        received(room, original=body, sha256=digest)
    assert room.desk.store.by_kind(Kind.MESSAGE) == {}


@pytest.mark.parametrize(
    ("path", "target", "said"),
    [
        ("POST /assignments", "", {"resource": "resource:theirs", "words": "Pump"}),
        ("PATCH /resources/{id}", "resource:theirs", {"strength": 1}),
        ("POST /incidents/{id}/status", "incident:theirs", {"status": "closed"}),
        ("PATCH /incidents/{id}", "incident:theirs", {"severity": "Minor"}),
        ("PATCH /needs/{id}", "need:theirs", {"fulfilled": 1}),
    ],
    ids=["assign", "team", "status", "incident", "need"],
)
def test_what_others_keep_is_not_changed_here(
    room: Room, path: str, target: str, said: dict[str, Any]
) -> None:
    """What another installation keeps nobody here changes, and everybody is told whose it is."""
    theirs: dict[str, Any] = {"feed": "partner_gd", "origin": "gd-cop"}
    room.resource("theirs", **theirs)
    room.incident("theirs", **theirs)
    need = {"subject": "incident:theirs", "item": "water", "quantity": 2, "asked_at": NOON}
    room.put(Need.model_validate({"id": "need:theirs", "publisher": "DSD", **need, **theirs}))
    with pytest.raises(NotPossible) as refused:
        room.do(path, CHIEF, target, made_from=1 if target else None, **said)
    assert refused.value.code == "others-own"
    assert "gd-cop" in str(refused.value)
    assert {room.version(f"{kind}:theirs") for kind in ("resource", "incident", "need")} == {1}
