"""Notes that people share: remarks about something, and drawings on the map."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from cop.errors import Invalid, NotFound, NotPossible
from cop.model.access import ALLOWED
from cop.model.entity import EntityId, Kind, Placing
from cop.model.geometry import Geometry
from cop.model.kinds import Note
from cop.model.text import Lang
from cop.services.commands.context import Context, check_ours
from cop.services.commands.moments import moment
from cop.services.commands.plan import Body, Command, Plan, said
from cop.services.geography import district_of
from cop.services.policy import Action

LONGEST: Final = timedelta(days=7)
"""A drawing stays at most this long, in the operation's time; it can be drawn again."""

USUAL: Final = timedelta(hours=24)
"""A drawing stays this long where nobody says how long."""

_GEOMETRY: Final = {"point": "Point", "text": "Point", "line": "LineString", "area": "Polygon"}

Shape = Literal["point", "line", "area", "text"]


class EditNote(Body):
    """What may be said of a remark or drawing; what is left out stays as it is."""

    words: Annotated[str, Field(max_length=1000)] | None = None
    lang: Lang = "en"
    geometry: Geometry | None = None
    shape: Shape | None = None
    expires_at: AwareDatetime | None = None


class MakeNote(EditNote):
    """A remark about something, or a drawing."""

    topic: Literal["remark", "drawing"]
    about: EntityId | None = None
    at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.topic == "remark" and not self.words:
            raise ValueError("words: a remark says something")
        return self


def plan_make(ctx: Context, _: str, body: MakeNote) -> Plan:
    """Share a remark or a drawing with everybody inside."""
    action = Action.DRAW if body.topic == "drawing" else Action.REMARK
    ctx.permit(action, own=[ctx.identity.name])
    if body.about is not None:
        _check_about(ctx, body.about)
    expires_at = body.expires_at
    if body.topic == "drawing" and expires_at is None:
        expires_at = ctx.now + USUAL
    at, cautions = moment(ctx, body.at)
    note = Note(
        id=ctx.new_id(Kind.NOTE),
        publisher=ctx.identity.agency or "COP",
        topic=body.topic,
        title=said(body.words or "", body.lang),
        observed_at=at,
        expires_at=expires_at,
        author=ctx.identity.name,
        about=body.about,
        shape=body.shape,
        **_place(body.geometry),
    )
    _check(note, ctx.now)
    about = tuple(filter(None, [body.about]))
    return Plan(puts=(note,), about=about, undoable=True, cautions=cautions)


def plan_edit(ctx: Context, note_id: str, body: EditNote) -> Plan:
    """Change a remark or a drawing: one's own; the desk, anybody's."""
    note = _read(ctx, note_id)
    given = body.model_fields_set
    values: dict[str, Any] = {
        name: getattr(body, name) for name in ("shape", "expires_at") if name in given
    }
    if "words" in given:
        others = {lang: words for lang, words in note.title.items() if lang != body.lang}
        values["title"] = {**others, **said(body.words or "", body.lang)}
    if "geometry" in given:
        values |= _place(body.geometry)
    changed = Note.model_validate({**dict(note), **values})
    _check(changed, ctx.now)
    return Plan(puts=(changed,), about=tuple(filter(None, [note.about])), undoable=True)


def plan_remove(ctx: Context, note_id: str, _: None) -> Plan:
    """Take a remark or a drawing off the picture: one's own; the desk, anybody's."""
    note = _read(ctx, note_id)
    return Plan(removes=(note.id,), about=tuple(filter(None, [note.about])), undoable=True)


def _read(ctx: Context, note_id: str) -> Note:
    note = ctx.read(note_id, Note)
    ctx.permit(Action.EDIT_NOTE, own=[note.author])
    check_ours(note.origin)
    if note.feed is not None:
        raise NotPossible("publishers-own", "this is its publisher's: nobody else may change it")
    return note


def _check_about(ctx: Context, about: str) -> None:
    entity = ctx.find([about]).get(about)
    if entity is None or entity.kind not in ALLOWED[ctx.identity.audience]:
        raise NotFound(f"there is no {about!r} on the picture")


def _place(geometry: Geometry | None) -> dict[str, Any]:
    placing = Placing.UNPLACED if geometry is None else Placing.GIVEN
    return {"geometry": geometry, "placing": placing, "district": district_of(geometry)}


def _check(note: Note, now: datetime) -> None:
    """Return if *note* is a whole remark or drawing; else raises Invalid."""
    if note.expires_at is not None and not now < note.expires_at <= now + LONGEST:
        raise Invalid(("expires_at", f"give a time from now to {LONGEST.days} days from now"))
    if note.topic == "remark":
        if not note.title:
            raise Invalid(("words", "a remark says something"))
        if note.shape is not None:
            raise Invalid(("shape", "a remark has no shape: share a drawing"))
        return
    if note.expires_at is None:
        raise Invalid(("expires_at", "a drawing needs a time at which it goes"))
    if note.shape is None:
        raise Invalid(("shape", "a drawing is a point, line, area or text"))
    wanted = _GEOMETRY[note.shape]
    if note.geometry is None or note.geometry.type != wanted:
        raise Invalid(("geometry", f"the shape {note.shape} needs a {wanted}"))
    if note.shape == "text" and not note.title:
        raise Invalid(("words", "a text says something"))


COMMANDS: Final = (
    Command(
        actions=(Action.REMARK, Action.DRAW),
        method="POST",
        path="/notes",
        body=MakeNote,
        plan=plan_make,
        makes=Kind.NOTE,
        summary="Share a remark or a drawing",
        example={
            "topic": "drawing",
            "shape": "area",
            "words": "Cordon: nobody past this line",
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[114.17, 22.3], [114.174, 22.3], [114.174, 22.304], [114.17, 22.3]]
                ],
            },
        },
    ),
    Command(
        actions=(Action.EDIT_NOTE,),
        method="PATCH",
        path="/notes/{id}",
        body=EditNote,
        plan=plan_edit,
        matched=True,
        summary="Change a remark or a drawing",
        example={"words": "Cordon: residents only"},
    ),
    Command(
        actions=(Action.EDIT_NOTE,),
        method="DELETE",
        path="/notes/{id}",
        body=None,
        plan=plan_remove,
        matched=True,
        summary="Take a remark or a drawing off the picture",
    ),
)
