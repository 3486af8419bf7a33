"""One request for every action of every command, about a subject of `policy_subjects`."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image

from cop.services.policy import Action, Role
from tests.integration.policy_subjects import AGENCY, ALL, FOREIGN, NEED, NOW, OWN, World

_DRAWING: Final = {
    "topic": "drawing",
    "shape": "point",
    "geometry": {"type": "Point", "coordinates": [114.17, 22.3]},
}


def _picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, "PNG")
    return file.getvalue()


PICTURE: Final = _picture()


@dataclass(frozen=True, slots=True)
class Asking:
    """One request.

    Attributes:
        path: below `/api/v1`.
        body: JSON, or the bytes of a picture, or None.
    """

    path: str
    body: Any = None


Make = Callable[[World, Role, str], Asking]


@dataclass(frozen=True, slots=True)
class Case:
    """One action of one route.

    Attributes:
        line: method and path below `/api/v1`.
        action: the row of the table.
        make: makes a request for a role and a relation.
        how: the relations that there can be.
    """

    line: str
    action: Action
    make: Make
    how: tuple[str, ...] = ALL


def _to(kind: str, end: str = "", **body: Any) -> Make:
    """Ask for something to be done to one subject of *kind*."""

    def make(world: World, role: Role, how: str) -> Asking:
        subject = getattr(world, kind)(role, how)
        return Asking(f"/{'facilities' if kind == 'facility' else kind + 's'}/{subject}{end}", body)

    return make


def _at(path: str, **body: Any) -> Make:
    """Ask for something that has no subject."""
    return lambda _, __, ___: Asking(path, body)


def _of_agency(path: str, **body: Any) -> Make:
    return lambda _, __, how: Asking(path, {**body, "agency": "DSD" if how == AGENCY else "FSD"})


def _step(before: str, after: str) -> Make:
    def make(world: World, role: Role, how: str) -> Asking:
        subject = world.incident(role, how, before)
        return Asking(f"/incidents/{subject}/status", {"status": after, "reason": "so"})

    return make


def _steps(before: str, after: str) -> Make:
    def make(world: World, role: Role, how: str) -> Asking:
        items = [{"id": world.incident(role, how, before), "version": 1}]
        return Asking("/incidents/status", {"items": items, "status": after, "reason": "so"})

    return make


def _order(_: World, __: Role, how: str) -> Asking:
    whom = "agency:DSD" if how == AGENCY else "agency:FSD"
    return Asking("/orders", {"words": "Go", "addressees": [whom]})


def _attend(end: str, **body: Any) -> Make:
    return lambda w, role, how: Asking(f"/attention/{w.attention(role, how)}/{end}", body)


def _hand_over(world: World, role: Role, how: str) -> Asking:
    path = f"/assignments/{world.assignment(role, how)}/hand-over"
    return Asking(path, {"resource": world.resource(role, how), "accept_double": True})


def _attach(world: World, role: Role, how: str) -> Asking:
    return Asking(f"/incidents/{world.incident(role, how)}/attachments", PICTURE)


def _merge(world: World, role: Role, how: str) -> Asking:
    members = [world.incident(role, how), world.incident(role, how)]
    return Asking("/fusions", {"members": members, "primary": members[0]})


def _asked(what: str) -> Make:
    def make(world: World, role: Role, how: str) -> Asking:
        draft = world.draft(role, how, "asked")
        return Asking(f"/drafts/{draft}/{what}", {"reason": "so"} if what == "return" else {})

    return make


def _layer(world: World, role: Role, how: str) -> Asking:
    address = f"https://portal.csdi.gov.hk/new/{world.layer(role, how)}"
    words = {"service": "geojson", "title": "Places", "attribution": "Lands Department"}
    return Asking("/layers", {**words, "address": address})


def _write(world: World, _: Role, how: str) -> Asking:
    return Asking("/messages", {"partner": world.partner(how), "subject": "Dam?"})


def _send(world: World, role: Role, how: str) -> Asking:
    number = world.message(role, how).partition(":")[2]
    said = {"exercise": False, "number": f"n-{number}", "title": {"en": "Dam"}}
    return Asking("/exchange/messages", {**said, "installation": world.installation(how)})


def _receipt(world: World, role: Role, how: str) -> Asking:
    number = world.message(role, how, "out").partition(":")[2]
    said = {"exercise": False, "number": f"cop.live.{number}"}
    at = {"acknowledged_at": NOW.isoformat()}
    return Asking("/exchange/receipts", {**said, **at, "installation": world.installation(how)})


_STATUS: Final = (
    (Action.VERIFY_INCIDENT, "reported", "verified"),
    (Action.RESPOND_INCIDENT, "verified", "responding"),
    (Action.CLOSE_INCIDENT, "responding", "closed"),
)
_OTHERS: Final = (AGENCY, FOREIGN)

CASES: Final[tuple[Case, ...]] = (
    Case(
        "POST /incidents",
        Action.REPORT_INCIDENT,
        _at("/incidents", incident_type="fire"),
        (FOREIGN,),
    ),
    Case("PATCH /incidents/{id}", Action.EDIT_INCIDENT, _to("incident", words="so")),
    *(Case("POST /incidents/{id}/status", a, _step(b, c)) for a, b, c in _STATUS),
    *(Case("POST /incidents/status", a, _steps(b, c)) for a, b, c in _STATUS),
    Case("POST /incidents/{id}/attachments", Action.ATTACH, _attach),
    Case("POST /fusions", Action.FUSE, _merge, (FOREIGN,)),
    Case("POST /fusions/{id}/confirm", Action.FUSE, _to("fusion", "/confirm"), (FOREIGN,)),
    Case("POST /fusions/{id}/split", Action.FUSE, _to("fusion", "/split"), (FOREIGN,)),
    Case(
        "POST /needs",
        Action.ASK_NEED,
        lambda w, role, how: Asking("/needs", {**NEED, "subject": w.incident(role, how)}),
    ),
    Case("PATCH /needs/{id}", Action.MEET_NEED, _to("need", fulfilled=1)),
    Case("PATCH /needs/{id}", Action.ASK_NEED, _to("need", quantity=2)),
    Case("POST /notes", Action.REMARK, _at("/notes", topic="remark", words="so"), (OWN,)),
    Case("POST /notes", Action.DRAW, _at("/notes", **_DRAWING), (OWN,)),
    Case("PATCH /notes/{id}", Action.EDIT_NOTE, _to("note", words="thus")),
    Case("DELETE /notes/{id}", Action.EDIT_NOTE, _to("note")),
    Case(
        "POST /resources",
        Action.MANAGE_RESOURCE,
        _of_agency("/resources", resource_type="team", name="Team"),
        _OTHERS,
    ),
    Case("PATCH /resources/{id}", Action.MANAGE_RESOURCE, _to("resource", strength=2), _OTHERS),
    Case(
        "POST /resources/{id}/report",
        Action.REPORT_RESOURCE,
        _to("resource", "/report", status="resting"),
    ),
    Case(
        "POST /assignments",
        Action.ASSIGN,
        lambda w, role, how: Asking(
            "/assignments", {"resource": w.resource(role, how), "words": "Pump"}
        ),
        _OTHERS,
    ),
    Case(
        "POST /assignments/{id}/step",
        Action.STEP_ASSIGNMENT,
        _to("assignment", "/step", status="acknowledged"),
    ),
    Case(
        "POST /assignments/{id}/step",
        Action.ASSIGN,
        _to("assignment", "/step", status="stood_down", reason="so"),
        _OTHERS,
    ),
    Case(
        "POST /assignments/{id}/receipts",
        Action.ANSWER_ORDER,
        _to("assignment", "/receipts", step="read"),
    ),
    Case("POST /assignments/{id}/hand-over", Action.ASSIGN, _hand_over, _OTHERS),
    Case("POST /orders", Action.ISSUE_ORDER, _order, _OTHERS),
    Case("POST /orders/{id}/cancel", Action.ISSUE_ORDER, _to("order", "/cancel", reason="so")),
    Case(
        "POST /orders/{id}/receipts",
        Action.ANSWER_ORDER,
        _to("order", "/receipts", step="read"),
    ),
    Case(
        "POST /facilities",
        Action.MANAGE_FACILITY,
        _of_agency("/facilities", facility_type="shelter", name="Hall"),
        _OTHERS,
    ),
    Case("PATCH /facilities/{id}", Action.MANAGE_FACILITY, _to("facility", capacity=90), _OTHERS),
    Case(
        "POST /facilities/{id}/entries",
        Action.ENTER_FACILITY,
        _to("facility", "/entries", change=1),
    ),
    Case("POST /drafts", Action.DRAFT_ALERT, _at("/drafts", event_type="fire"), (OWN,)),
    Case("PATCH /drafts/{id}", Action.DRAFT_ALERT, _to("draft", contact="1823")),
    Case("POST /drafts/{id}/simplify", Action.DRAFT_ALERT, _to("draft", "/simplify")),
    Case("POST /drafts/{id}/ask", Action.DRAFT_ALERT, _to("draft", "/ask")),
    Case("POST /drafts/{id}/withdraw", Action.DRAFT_ALERT, _asked("withdraw")),
    Case("DELETE /drafts/{id}", Action.DRAFT_ALERT, _to("draft")),
    Case("POST /drafts/{id}/return", Action.RELEASE_ALERT, _asked("return"), (FOREIGN,)),
    Case("POST /drafts/{id}/release", Action.RELEASE_ALERT, _asked("release"), (FOREIGN,)),
    *(
        Case(f"POST /alerts/{{id}}/{what}", Action.DRAFT_ALERT, _to("alert", f"/{what}"))
        for what in ("update", "extend", "cancel")
    ),
    Case("POST /layers", Action.ADD_LAYER, _layer, (FOREIGN,)),
    Case("DELETE /layers/{id}", Action.ADD_LAYER, _to("layer"), (FOREIGN,)),
    Case("POST /layers/{id}/refresh", Action.ADD_LAYER, _to("layer", "/refresh"), (FOREIGN,)),
    Case("POST /messages", Action.EXCHANGE, _write, _OTHERS),
    Case(
        "POST /messages/{id}/acknowledge", Action.EXCHANGE, _to("message", "/acknowledge"), _OTHERS
    ),
    *(
        Case(
            f"POST /messages/{{id}}/{what}",
            Action.EXCHANGE,
            _to("message", f"/{what}", not_needed="so"),
            _OTHERS,
        )
        for what in ("task", "notice")
    ),
    Case("POST /exchange/messages", Action.FEDERATE, _send, (OWN, FOREIGN)),
    Case("POST /exchange/receipts", Action.FEDERATE, _receipt, (OWN, FOREIGN)),
    Case("GET /exchange/changes", Action.FEDERATE, _at("/exchange/changes"), (OWN,)),
    Case("GET /metrics", Action.READ_METRICS, _at("/metrics"), (OWN,)),
    Case("POST /attention/{id}/take", Action.ATTEND, _attend("take"), _OTHERS),
    Case("POST /attention/{id}/snooze", Action.ATTEND, _attend("snooze", minutes=1), _OTHERS),
    Case("POST /attention/{id}/note", Action.ATTEND, _attend("note", words="so"), _OTHERS),
    Case(
        "POST /undo",
        Action.UNDO,
        lambda w, role, how: Asking("/undo", {"journal": w.deed(role, how)}),
        (OWN, FOREIGN),
    ),
    Case(
        "DELETE /me/position",
        Action.SHARE_POSITION,
        lambda w, role, how: Asking("/me/position", {"resource": w.resource(role, how)}),
    ),
    Case("GET /journal", Action.READ_JOURNAL, _at("/journal"), (FOREIGN,)),
    Case("GET /journal.csv", Action.EXPORT_JOURNAL, _at("/journal.csv"), (FOREIGN,)),
    Case("GET /tokens", Action.ISSUE_TOKEN, _at("/tokens"), (FOREIGN,)),
    Case("GET /cameras/{id}/frame", Action.VIEW_CAMERA, _to("camera", "/frame"), (FOREIGN,)),
    Case(
        "GET /cameras/{id}/frame",
        Action.VIEW_CAMERA_CLEAR,
        _to("camera", "/frame?blurred=no"),
        _OTHERS,
    ),
    Case(
        "GET /accounts/{name}/sessions",
        Action.END_SIGN_IN,
        lambda _, __, how: Asking(f"/accounts/{'wong' if how == AGENCY else 'else'}/sessions", {}),
        _OTHERS,
    ),
)
"""Every action of every command, and of the routes that ask for one but change nothing."""
