"""Attachments: pictures of an incident, checked and made small before they are kept."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Final

from pydantic import Field

from cop.config import Settings
from cop.errors import NotFound, NotPossible
from cop.model.response import Attachment
from cop.services.commands.context import Context
from cop.services.commands.incidents import changed, check_unmerged, permit_on, read_own
from cop.services.commands.plan import Body, Command, Plan
from cop.services.images import CleanImage, clean_image
from cop.services.policy import Action
from cop.store.blobs import Blobs
from cop.store.port import Store

MOST: Final = 20
"""Attachments of one incident."""


class AttachImage(Body):
    """A picture as it was sent.

    Attributes:
        sha256: of *data*, hexadecimal: by it a repeated request is known.
        data: the file, whatever it claims to be.
    """

    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    caption: Annotated[str, Field(max_length=300)] = ""
    data: Annotated[bytes, Field(exclude=True, repr=False)]

    @cached_property
    def clean(self) -> CleanImage:
        """The picture as it is kept; raises Invalid. Made once, however often it is planned."""
        return clean_image(self.data)


def kept_images(settings: Settings) -> Blobs:
    """Give where the pictures of one operation are kept."""
    return Blobs(settings.data_dir / "attachments" / settings.operation)


def plan_attach(ctx: Context, incident_id: str, body: AttachImage) -> Plan:
    """Attach a picture to an incident.

    The picture is on disk before the incident names it. One that no incident comes to name is
    never handed out, and is found again when the same is sent once more.
    """
    incident = read_own(ctx, incident_id)
    permit_on(ctx, Action.ATTACH, incident)
    check_unmerged(incident)
    clean = body.clean
    blob_id = kept_images(ctx.desk.settings).put(clean.data)
    if any(attachment.id == blob_id for attachment in incident.attachments):
        return Plan(puts=(incident,))
    if len(incident.attachments) >= MOST:
        raise NotPossible("too-many", f"an incident has at most {MOST} attachments")
    attachment = Attachment(
        id=blob_id,
        media_type=clean.media_type,
        width=clean.width,
        height=clean.height,
        size_bytes=len(clean.data),
        caption=body.caption,
        at=ctx.now,
    )
    edited = changed(incident, attachments=(*incident.attachments, attachment))
    return Plan(puts=(edited,), about=(_about(blob_id),), undoable=True)


def read_image(store: Store, settings: Settings, blob_id: str) -> bytes:
    """Give the picture *blob_id* of this operation.

    Raises:
        NotFound: no incident has, or ever had, such an attachment.
        StoreUnavailable: the store or the disk does not answer.
    """
    named = store.journal_of(_about(blob_id), limit=1)
    data = kept_images(settings).read(blob_id) if named else None
    if data is None:
        raise NotFound("no incident has such an attachment")
    return data


def _about(blob_id: str) -> str:
    """Give the id under which the journal lists who attached a picture."""
    return f"attachment:{blob_id}"


ATTACH: Final = Command(
    actions=(Action.ATTACH,),
    method="POST",
    path="/incidents/{id}/attachments",
    body=AttachImage,
    plan=plan_attach,
    summary="Attach a picture to an incident",
)
"""Not among `COMMANDS`: its body is the picture itself, and so its route is made by hand."""
