"""Who sees through which camera, and how a frame comes to them alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cop.clock import RealClock
from cop.config import Settings
from cop.errors import NotFound, NotPermitted
from cop.model.geometry import point
from cop.model.journal import Deed, Origin, Who
from cop.model.kinds import Camera, Note
from cop.model.record import Page, put
from cop.model.sight import CameraState
from cop.services.commands.desk import Desk
from cop.services.policy import AUDIENCE_OF, Action, Identity, Role
from cop.services.views import (
    NOTED_EVERY_S,
    Allowed,
    Ask,
    NoView,
    Pending,
    Seen,
    Views,
    check_ask,
    find_camera,
    permit_view,
)
from cop.store.accounts import MemoryAccounts
from cop.store.memory import MemoryStore

ORIGIN = Origin(address="127.0.0.1", entrance="page")
SEEN = Seen(datetime(2026, 1, 1, tzinfo=UTC), blurred=True, body=b"\xff\xd8\xff the picture")
ALL_MAY = {Role.COMMANDER, Role.DUTY_OFFICER, Role.LIAISON, Role.FIELD, Role.WARDEN}
CENTRE = {Role.COMMANDER, Role.DUTY_OFFICER, Role.LIAISON}


def camera(**fields: Any) -> Camera:
    """Give a camera of the police."""
    given = {"id": "camera:pier-4", "feed": "vision", "publisher": "HKPF", "view": "responder"}
    return Camera(**(given | {"geometry": point(114.16, 22.28)} | fields))


def somebody(role: Role, agency: str = "DSD", name: str = "chan") -> Identity:
    """Give whoever asks."""
    return Identity(name=name, role=role, agency=agency, audience=AUDIENCE_OF[role])


def outcome(role: Role, agency: str, one: Camera, *, blurred: bool | None = None) -> str:
    """Say in a word what somebody sees of a camera."""
    try:
        clear = permit_view(somebody(role, agency), one, blurred=blurred)
    except NotPermitted:
        return "no"
    return "clear" if clear else "blurred"


@pytest.mark.parametrize(
    ("fields", "who"),
    [
        ({"view": "responder"}, ALL_MAY),
        ({"view": "command"}, CENTRE),
        ({"view": "nobody"}, set()),
        ({"view": "nobody", "published": True}, ALL_MAY),
        ({"published": True, "feed": "td_cameras", "id": "td_cameras:H1"}, ALL_MAY),
    ],
    ids=["responder", "command", "nobody", "published", "department"],
)
def test_who_may_look(fields: dict[str, Any], who: set[Role]) -> None:
    """A camera bounds what a role may; what its publisher shows to everybody is never blurred."""
    one = camera(**fields)
    seen = {role: outcome(role, "DSD", one) for role in Role}
    assert {role for role, how in seen.items() if how != "no"} == who
    clear = who if one.published else who & {Role.COMMANDER, Role.DUTY_OFFICER}
    assert {role for role, how in seen.items() if how == "clear"} == clear


def test_a_liaison_sees_faces_through_their_own_cameras_alone() -> None:
    """Of another agency's camera a liaison gets the blurred frame."""
    assert outcome(Role.LIAISON, "HKPF", camera()) == "clear"
    assert outcome(Role.LIAISON, "FSD", camera()) == "blurred"


def test_one_may_ask_for_less_but_not_for_more() -> None:
    """Blurred is had by everybody who may look, unblurred only by whom the policy lets."""
    assert outcome(Role.COMMANDER, "", camera(), blurred=True) == "blurred"
    assert outcome(Role.COMMANDER, "", camera(), blurred=False) == "clear"
    assert outcome(Role.FIELD, "HKPF", camera(), blurred=False) == "no"


class Post:
    """A desk, and what was sent from it to the vision worker."""

    def __init__(self) -> None:
        """Put a camera on the picture."""
        self.store = MemoryStore()
        self.sent: list[dict[str, Any]] = []
        desk = Desk(self.store, MemoryAccounts(), RealClock(), Settings())
        self.views = Views(desk, self.sent.append)
        self.put(camera())

    def put(self, *entities: Camera | Note) -> None:
        """Put entities on the picture."""
        self.store.write([put(each) for each in entities], fetched_ms=1)

    def deeds(self) -> list[Deed]:
        """Give the journal."""
        return [Deed.decode(link.body) for link in self.store.journal(range(1, 99))]

    def asked(self, role: Role = Role.COMMANDER) -> tuple[Pending, Ask]:
        """Let somebody ask; give what waits here, and what was sent."""
        allowed = self.views.allow(somebody(role), "camera:pier-4", ORIGIN)
        pending = self.views.ask(allowed)
        return pending, Ask(**self.sent[-1])


@pytest.fixture
def post() -> Post:
    """Give a desk."""
    return Post()


def test_who_looks_is_written_down_once(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """One entry a person and camera in ten minutes; without one nobody gets a number to ask by."""
    monkeypatch.setattr(time, "time", lambda: 1_700_000_000.0 // NOTED_EVERY_S * NOTED_EVERY_S)
    first = post.views.allow(somebody(Role.FIELD), "camera:pier-4", ORIGIN)
    assert post.views.allow(somebody(Role.FIELD), "camera:pier-4", ORIGIN) == first
    other = post.views.allow(somebody(Role.FIELD, name="wong"), "camera:pier-4", ORIGIN)
    assert (first.clear, first.journal, other.journal) == (False, 1, 2)
    assert [(d.who.name, d.action, d.id, d.reason) for d in post.deeds()] == [
        ("chan", "view_camera", "camera:pier-4", "blurred"),
        ("wong", "view_camera", "camera:pier-4", "blurred"),
    ]
    later = time.time() + NOTED_EVERY_S
    monkeypatch.setattr(time, "time", lambda: later)
    assert post.views.allow(somebody(Role.FIELD), "camera:pier-4", ORIGIN).journal == 3


def test_whoever_may_not_look_leaves_no_trace_and_sends_nothing(post: Post) -> None:
    """A refusal, or a camera that is none, writes no entry; nobody learns which ids there are."""
    post.put(Note(id="note:1", publisher="x", topic="remark"))
    for role, name, error in (
        (Role.VIEWER, "camera:pier-4", NotPermitted),
        (Role.VIEWER, "camera:none", NotPermitted),
        (Role.COMMANDER, "camera:none", NotFound),
        (Role.COMMANDER, "note:1", NotFound),
    ):
        with pytest.raises(error):
            post.views.allow(somebody(role), name, ORIGIN)
    assert post.deeds() == []
    assert post.sent == []


def test_only_the_asker_can_open_the_answer(post: Post) -> None:
    """The frame arrives as it was sealed, once; to the store and to others it is noise."""
    pending, ask = post.asked()
    assert post.views.collect(pending) is None
    sealed = ask.seal(SEEN)
    assert b"the picture" not in sealed
    post.store.lend(ask.reply, sealed, ttl_ms=60_000)
    assert post.views.collect(pending) == SEEN
    assert post.views.collect(pending) is None
    other, _ = post.asked()
    with pytest.raises(NoView, match="cannot be read"):
        other.open(sealed)
    assert "key" not in repr(pending)
    assert "BEGIN" not in str(post.sent)


def test_a_camera_without_a_frame_says_why(post: Post) -> None:
    """The state of the camera comes as a code that pages have words for."""
    pending, ask = post.asked()
    post.store.lend(ask.reply, ask.seal_refusal(CameraState.BLACK, "it is black"), ttl_ms=60_000)
    with pytest.raises(NoView, match="it is black") as refused:
        post.views.collect(pending)
    assert refused.value.code == "camera-black"


def test_the_worker_believes_the_journal_not_the_broker(post: Post) -> None:
    """A request is answered only as the entry that it names allows."""
    _, ask = post.asked(Role.FIELD)
    one = find_camera(post.store, "camera:pier-4")
    check_ask(post.store, ask, one)
    post.store.write([put(camera(id="camera:other"))], fetched_ms=1)
    for false in (
        replace(ask, clear=True),
        replace(ask, journal=ask.journal + 1),
        replace(ask, journal=0),
        replace(ask, p256dh="AAAA"),
        replace(ask, camera="camera:other"),
    ):
        with pytest.raises(NotPermitted):
            check_ask(post.store, false, find_camera(post.store, false.camera))


def a_deed(change: Callable[[Deed], Deed]) -> Deed:
    """Give the deed of a commander who looked now, changed."""
    now = datetime.now(UTC)
    who = Who(name="chan", role="commander", agency="DSD")
    deed = Deed(at=now, wall_at=now, who=who, origin=ORIGIN, action="view_camera")
    return change(deed.model_copy(update={"id": "camera:pier-4"}))


@pytest.mark.parametrize(
    "change",
    [
        lambda deed: deed.model_copy(update={"action": Action.READ_JOURNAL.value}),
        lambda deed: deed.model_copy(update={"id": "camera:other"}),
        lambda deed: deed.model_copy(update={"wall_at": deed.wall_at - timedelta(minutes=20)}),
        lambda deed: deed.model_copy(update={"who": deed.who.model_copy(update={"role": ""})}),
        lambda deed: deed.model_copy(
            update={"who": deed.who.model_copy(update={"role": "viewer"})}
        ),
    ],
    ids=["another deed", "another camera", "long ago", "no role", "no right"],
)
def test_an_entry_of_something_else_lets_nobody_look(
    post: Post, change: Callable[[Deed], Deed]
) -> None:
    """The entry must be of this camera, of now, and of somebody who may."""
    _, ask = post.asked()
    one = find_camera(post.store, "camera:pier-4")
    number = post.store.write([], fetched_ms=1, page=Page(a_deed(lambda d: d).encode())).journal
    check_ask(post.store, replace(ask, journal=number), one)
    number = post.store.write([], fetched_ms=1, page=Page(a_deed(change).encode())).journal
    with pytest.raises(NotPermitted):
        check_ask(post.store, replace(ask, journal=number), one)


def test_an_old_request_is_late(post: Post) -> None:
    """Nobody waits for it any more; one from the future has no right clock."""
    _, ask = post.asked()
    assert not ask.is_late()
    assert replace(ask, asked_ms=ask.asked_ms - 11_000).is_late()
    assert replace(ask, asked_ms=ask.asked_ms + 60_000).is_late()
    assert asdict(ask) == post.sent[-1]
    assert Allowed(ask.camera, ask.clear, ask.journal) == Allowed("camera:pier-4", True, 1)
