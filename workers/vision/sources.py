"""Where the frames of a camera come from: the one way in, whatever the camera speaks."""

from __future__ import annotations

from typing import Protocol

import httpx

from cop.clock import Clock
from cop.errors import Misconfigured
from workers.replay import ReplayTransport
from workers.vision.asking import Asker
from workers.vision.frame import Frame
from workers.vision.mjpeg import Mjpeg
from workers.vision.plan import CameraPlan
from workers.vision.plans import address_of
from workers.vision.snapshot import Snapshots
from workers.vision.stream import Streams


class Source(Protocol):
    """Gives the frames of one camera; made once a camera, it remembers what it gave last."""

    def take(self) -> tuple[Frame, ...]:
        """Give the frames of one look, oldest first, of the size and kind in the plan.

        () where the camera has given nothing new since the last look.

        Raises:
            Unusable: there are none that can be counted by; says which state that is and why.
        """


def open_source(
    plan: CameraPlan, transport: httpx.BaseTransport, clock: Clock, contact: str = ""
) -> Source:
    """Give the source of *plan*; nothing is asked of the camera yet.

    Args:
        plan: of the camera.
        transport: how requests leave; it stays open. For a plan whose source is *private* it must
            let private addresses through.
        clock: of the operation.
        contact: what the User-Agent names besides us.

    Raises:
        Misconfigured: a variable in the address has no value, or an exercise is to reach a
            camera over a network by FFMPEG, which no scenario can answer.
    """
    address = address_of(plan)
    if plan.source.kind != "stream":
        asker = Asker(address, transport, contact)
        taker = Snapshots if plan.source.kind == "snapshot" else Mjpeg
        return taker(plan, asker, clock)
    if "://" in address and isinstance(transport, ReplayTransport):
        raise Misconfigured(
            f"camera {plan.id}: an exercise reaches no stream over a network:"
            ' use kind = "snapshot" or "mjpeg", which its scenario answers, or a video file'
        )
    return Streams(plan, address, clock)
