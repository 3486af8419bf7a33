"""The live view of a camera: who may look, and how a frame comes from the worker that fetched it.

The web process has no pictures. It notes who looks in the journal, asks the vision worker by the
number of that entry, and gets one JPEG, sealed for a key that only this process has and only for
this one request (RFC 8188 and RFC 8291, as push messages are). So the store, which writes what it
is given to disk, never holds a frame that anybody could read. The worker decides once more, from
the journal and the camera, what may be shown: whoever can only write to the broker gets nothing.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import http_ece
import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cop.config import Settings
from cop.errors import CopError, NotFound, NotPermitted, StoreUnavailable
from cop.log import request_id
from cop.model.access import Audience
from cop.model.journal import Deed, Origin
from cop.model.kinds import Camera
from cop.model.sight import CameraState
from cop.services.broker import broker_options, broker_url
from cop.services.commands.desk import Desk
from cop.services.policy import AUDIENCE_OF, Action, Identity, Role, at_least, may, permit
from cop.services.push import NotTrusted, check_keys, encrypt
from cop.services.push_keys import decode, encode
from cop.services.witness import witness
from cop.store.port import Store

TASK: Final = "workers.tasks.view"
QUEUE: Final = "view"
WITHIN_S: Final = 10.0
"""For so long a frame is waited for; a worker that comes to it later does nothing."""
NOTED_EVERY_S: Final = 600
"""One entry of the journal a person and camera in each such span of real time."""
KEPT_MS: Final = 15_000
"""For so long the store keeps a sealed frame that nobody takes."""

_SLACK: Final = timedelta(seconds=60)
_LEAST: Final = {"command": Audience.COMMAND, "responder": Audience.RESPONDER}

Send = Callable[[dict[str, Any]], None]
"""Sends a request to the vision worker; raises StoreUnavailable."""


class NoView(CopError):
    """There is no frame to be had now.

    Attributes:
        code: `vision-down`, `camera-late`, or `camera-` and the state that it is in.
    """

    def __init__(self, code: str, detail: str) -> None:
        """Say in *detail* why, and what to do."""
        super().__init__(detail)
        self.code = code


@dataclass(frozen=True, slots=True)
class Seen:
    """A frame as it may be shown.

    Attributes:
        at: when it was taken, in the operation's time.
        blurred: faces cannot be made out in it.
        body: JPEG.
    """

    at: datetime
    blurred: bool
    body: bytes


@dataclass(frozen=True, slots=True)
class Allowed:
    """Somebody may look, and it stands in the journal.

    Attributes:
        camera: id of the camera.
        clear: nothing is to be blurred.
        journal: number of the entry.
    """

    camera: str
    clear: bool
    journal: int


@dataclass(frozen=True, slots=True)
class Ask:
    """A request as it goes through the broker. Nothing in it is secret.

    Attributes:
        camera, clear, journal: see `Allowed`.
        reply: the name under which the sealed answer is lent.
        p256dh, auth: what it is sealed for, base64url.
        asked_ms: when, real time in epoch milliseconds.
    """

    camera: str
    clear: bool
    journal: int
    reply: str
    p256dh: str
    auth: str
    asked_ms: int

    def is_late(self) -> bool:
        """Tell whether nobody waits for the answer any more, or it was asked in the future."""
        return abs(time.time() * 1000 - self.asked_ms) > WITHIN_S * 1000

    def seal(self, seen: Seen) -> bytes:
        """Give *seen* so that only the asker can read it."""
        head = orjson.dumps({"at": seen.at, "blurred": seen.blurred})
        return encrypt(head + b"\n" + seen.body, p256dh=self.p256dh, auth=self.auth)

    def seal_refusal(self, state: CameraState, why: str) -> bytes:
        """Give the reason why there is no frame, so that only the asker can read it."""
        head = orjson.dumps({"state": state, "why": why})
        return encrypt(head + b"\n", p256dh=self.p256dh, auth=self.auth)


@dataclass(frozen=True, slots=True)
class Pending:
    """A request that was sent; with the key that never leaves this process."""

    ask: Ask
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    def open(self, sealed: bytes) -> Seen:
        """Read the answer.

        Raises:
            NoView: the camera gives nothing, or the answer is not for us.
        """
        try:
            plain: bytes = http_ece.decrypt(
                sealed,
                private_key=self.key,
                auth_secret=decode(self.ask.auth),
                version="aes128gcm",
            )
            head, _, body = plain.partition(b"\n")
            told = orjson.loads(head)
        except (http_ece.ECEException, InvalidTag, ValueError) as error:
            raise NoView("camera-broken", "the answer cannot be read; try again") from error
        if "state" in told:
            raise NoView(f"camera-{told['state']}", f"the camera gives no picture: {told['why']}")
        return Seen(datetime.fromisoformat(told["at"]), bool(told["blurred"]), body)


def permit_view(identity: Identity, camera: Camera, *, blurred: bool | None = None) -> bool:
    """Tell whether *identity* sees *camera* clear, that is, with nothing blurred.

    Args:
        identity: who asks.
        camera: the camera.
        blurred: what is asked for; None: clear for whoever may see it so.

    Raises:
        NotPermitted: they may not look, or not as they ask.
    """
    permit(identity, Action.VIEW_CAMERA)
    if camera.published:
        return True  # whoever runs it shows it to everybody as it is
    least = _LEAST.get(camera.view)
    if least is None or not at_least(identity.audience, least):
        whom = "nobody" if least is None else "the emergency centre alone"
        raise NotPermitted(f"view_camera: this camera's live view is open to {whom}")
    if blurred is False:
        permit(identity, Action.VIEW_CAMERA_CLEAR, agencies=[camera.publisher])
    if blurred:
        return False
    return may(identity, Action.VIEW_CAMERA_CLEAR, agencies=[camera.publisher])


def find_camera(store: Store, camera_id: str) -> Camera:
    """Read a camera; raises NotFound where there is none of that id."""
    record = store.read([camera_id]).get(camera_id)
    try:
        if record is not None:
            return Camera.model_validate_json(record.body)
    except ValueError:  # of another kind, or written by another version of this program
        pass
    raise NotFound("there is no such camera on the picture: it may have left it")


def check_ask(store: Store, ask: Ask, camera: Camera) -> None:
    """Return if the journal says that somebody may see *camera* as *ask* has it.

    Raises:
        NotPermitted: it does not.
        StoreUnavailable: it cannot be read.
    """
    links = store.journal([ask.journal])
    try:
        (link,) = links
        deed = Deed.decode(link.body)
        role = Role(deed.who.role)
        check_keys(ask.p256dh, ask.auth)
    except (ValueError, NotTrusted) as error:
        raise NotPermitted("view_camera: the journal does not know of this") from error
    age = datetime.now(UTC) - deed.wall_at
    noted = deed.action == Action.VIEW_CAMERA and deed.id == ask.camera == camera.id
    if not noted or abs(age) > timedelta(seconds=NOTED_EVERY_S) + _SLACK:
        raise NotPermitted("view_camera: the journal does not know of this")
    who = Identity(
        name=deed.who.name, role=role, agency=deed.who.agency, audience=AUDIENCE_OF[role]
    )
    if permit_view(who, camera, blurred=None if ask.clear else True) is not ask.clear:
        raise NotPermitted("view_camera: not without blurring")


class Views:
    """Asks for frames; lives in a web process."""

    def __init__(self, desk: Desk, send: Send | None = None) -> None:
        """Note who looks at *desk*; *send* takes the place of the broker's queue."""
        self._desk = desk
        self._send = send or _queue_of(desk.settings)

    def allow(
        self, identity: Identity, camera_id: str, origin: Origin, *, blurred: bool | None = None
    ) -> Allowed:
        """Let *identity* look, and write that down first.

        Raises:
            NotFound: there is no such camera.
            NotPermitted: they may not, or not as they ask.
            StoreUnavailable: it cannot be written down; then nothing is shown.
        """
        permit(identity, Action.VIEW_CAMERA)
        camera = find_camera(self._desk.store, camera_id)
        clear = permit_view(identity, camera, blurred=blurred)
        how = "clear" if clear else "blurred"
        noted = witness(
            self._desk,
            identity,
            Action.VIEW_CAMERA,
            origin,
            about=camera.id,
            reason=how,
            key=f"view:{camera.id}:{how}:{int(time.time()) // NOTED_EVERY_S}",
            request=b"view",
        )
        return Allowed(camera.id, clear, noted.journal)

    def ask(self, allowed: Allowed) -> Pending:
        """Ask the vision worker for the frame; raises StoreUnavailable where it cannot be asked."""
        key = ec.generate_private_key(ec.SECP256R1())
        point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        ask = Ask(
            **asdict(allowed),
            reply=f"view:{secrets.token_hex(16)}",
            p256dh=encode(point),
            auth=encode(secrets.token_bytes(16)),
            asked_ms=time.time_ns() // 1_000_000,
        )
        self._send(asdict(ask))
        return Pending(ask, key)

    def collect(self, pending: Pending) -> Seen | None:
        """Give the frame if it has come.

        Raises:
            NoView: the camera gives none.
            StoreUnavailable: the store cannot answer.
        """
        sealed = self._desk.store.lent(pending.ask.reply)
        return None if sealed is None else pending.open(sealed)


def _queue_of(settings: Settings) -> Send:
    """Give what sends a request by the broker; nothing is imported or connected before the first.

    Celery is the heaviest import there is here, and most processes are never asked for a frame.
    """
    made: list[Any] = []

    def send(ask: dict[str, Any]) -> None:
        from celery import Celery
        from kombu.exceptions import OperationalError

        if not made:
            app = Celery("cop-views", broker=broker_url(settings), set_as_current=False)
            app.conf.update(
                task_publish_retry=False,
                task_ignore_result=True,
                broker_transport_options=broker_options(settings),
            )
            made.append(app)
        try:
            told = {"request_id": request_id()}
            made[0].send_task(TASK, args=[ask], queue=QUEUE, expires=WITHIN_S, headers=told)
        except OperationalError as error:
            raise StoreUnavailable(f"the broker does not answer: {error}") from error

    return send
