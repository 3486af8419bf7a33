"""Something for every command to be done to: whoever asks has made it, shares its agency, or not.

Whoever asks is of DSD and keeps `resource:mine` and `facility:mine`; all else is FSD's.
"""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Final

from cop.model.entity import Entity
from cop.model.exchange import Draft, Layer, Message, Partner
from cop.model.geometry import polygon
from cop.model.journal import Change, Deed, Origin, Who
from cop.model.kinds import (
    Alert,
    Assignment,
    Attention,
    Camera,
    Facility,
    Fusion,
    Incident,
    Need,
    Note,
    Order,
    Reason,
    Resource,
)
from cop.model.record import Page, put
from cop.services.policy import Action, Role
from cop.store.memory import MemoryStore

OWN, AGENCY, FOREIGN = "own", "agency", "foreign"
ALL: Final = (OWN, AGENCY, FOREIGN)
NOW: Final = datetime.now(UTC).replace(microsecond=0)
MINE: Final = ("resource:mine", "facility:mine")
_THREE: Final = {"en": "Flood", "zh-Hant": "水浸", "zh-Hans": "水浸"}
NEED: Final = {"item": "pump", "quantity": 1}


class World:
    """A picture in which there is always another subject to be had."""

    def __init__(self, store: MemoryStore) -> None:
        """Put subjects into *store*."""
        self._store = store
        self._numbers = itertools.count()
        self.put(self._resource("mine", FOREIGN), self._facility("mine", FOREIGN))
        for name in ("dsd", "fsd"):
            self.put(Partner(id=f"partner:{name}", publisher="COP", agencies=(name.upper(),)))

    def put(self, *entities: Entity) -> str:
        """Put entities on the picture, and give the id of the first."""
        for entity in entities:
            self._store.write([put(entity)], fetched_ms=1)
        return entities[0].id

    def _id(self, kind: str) -> str:
        return f"{kind}:{next(self._numbers)}"

    def incident(self, role: Role, how: str, status: str = "reported") -> str:
        """Give an incident: reported by whoever asks, led by their agency, or neither."""
        return self.put(
            Incident(
                id=self._id("incident"),
                publisher="FSD",
                incident_type="flooding",
                status=status,
                reported_at=NOW,
                lead_agency="DSD" if how == AGENCY else "FSD",
                author=role.value if how == OWN else "else",
            )
        )

    def _resource(self, name: str, how: str) -> Resource:
        return Resource(
            id=f"resource:{name}",
            publisher="FSD",
            agency="DSD" if how == AGENCY else "FSD",
            resource_type="team",
            status="available",
        )

    def resource(self, _: Role, how: str) -> str:
        """Give a resource: the one that whoever asks belongs to, their agency's, or another's."""
        if how == OWN:
            return "resource:mine"
        return self.put(self._resource(str(next(self._numbers)), how))

    def _facility(self, name: str, how: str) -> Facility:
        return Facility(
            id=f"facility:{name}",
            publisher="DSD" if how == AGENCY else "FSD",
            facility_type="shelter",
            capacity=100,
            occupancy=1,
        )

    def facility(self, _: Role, how: str) -> str:
        """Give a facility: the one that whoever asks keeps, their agency's, or another's."""
        if how == OWN:
            return "facility:mine"
        return self.put(self._facility(str(next(self._numbers)), how))

    def camera(self, _: Role, how: str) -> str:
        """Give a camera of their agency, or of another's, that every responder may look through."""
        return self.put(
            Camera(
                id=self._id("camera"),
                feed="vision",
                publisher="DSD" if how == AGENCY else "FSD",
                view="responder",
            )
        )

    def draft(self, role: Role, how: str, state: str = "writing") -> str:
        """Give a draft of an alert: of whoever asks, of a colleague's, or of another's."""
        return self.put(
            Draft(
                id=self._id("draft"),
                publisher="DSD" if how == AGENCY else "FSD",
                state=state,
                event_type="flooding",
                event=_THREE,
                title=_THREE,
                description=_THREE,
                area=_THREE,
                geometry=polygon([(114.0, 22.44), (114.05, 22.44), (114.05, 22.47)]),
                ends_at=datetime.now(UTC) + timedelta(hours=3),
                author=role.value if how == OWN else "else",
                asked_at=NOW if state == "asked" else None,
                asked_by="wong" if state == "asked" else None,
            )
        )

    def alert(self, role: Role, how: str) -> str:
        """Give an alert of our own that is in force."""
        return self.put(
            Alert(
                id=self._id("alert"),
                publisher="DSD" if how == AGENCY else "FSD",
                event_type="flooding",
                issued_at=NOW,
                expires_at=datetime.now(UTC) + timedelta(hours=3),
                author=role.value if how == OWN else "else",
                released_at=NOW,
                released_by="wong",
            )
        )

    def installation(self, how: str) -> str:
        """Give the name of a partner's installation: that of whoever asks, or another's."""
        return "fsd" if how == FOREIGN else "dsd"

    def partner(self, how: str) -> str:
        """Give a partner that an agency looks after."""
        return f"partner:{self.installation(how)}"

    def message(self, _: Role, how: str, direction: str = "in") -> str:
        """Give a message from, or to, such a partner."""
        name = self._id("message")
        return self.put(
            Message(
                id=name,
                publisher="COP",
                title={"en": "Dam"},
                partner=self.partner(how),
                direction="in" if direction == "in" else "out",
                number=f"cop.live.{name.partition(':')[2]}",
            )
        )

    def layer(self, _: Role, __: str) -> str:
        """Give a layer of somebody else's that somebody here added."""
        name = self._id("layer")
        return self.put(
            Layer(
                id=name,
                publisher="COP",
                service="geojson",
                address=f"https://portal.csdi.gov.hk/{name}",
                author="wong",
            )
        )

    def assignment(self, role: Role, how: str) -> str:
        """Give an assignment of such a resource, as it was delivered."""
        return self.put(
            Assignment(
                id=self._id("assignment"),
                publisher="FSD",
                resource=self.resource(role, how),
                agency="DSD" if how == AGENCY else "FSD",
                duty={"en": "Pump"},
                status="delivered",
            )
        )

    def need(self, role: Role, how: str) -> str:
        """Give a need: asked by whoever asks, of their agency, or neither."""
        return self.put(
            Need(
                id=self._id("need"),
                publisher="FSD",
                subject=self.incident(role, FOREIGN),
                asked_at=NOW,
                asked_of="DSD" if how == AGENCY else None,
                author=role.value if how == OWN else "else",
                **NEED,
            )
        )

    def note(self, role: Role, how: str) -> str:
        """Give a remark of whoever asks, of a colleague's, or of another's."""
        return self.put(
            Note(
                id=self._id("note"),
                publisher="DSD" if how == AGENCY else "FSD",
                topic="remark",
                title={"en": "so"},
                author=role.value if how == OWN else "else",
            )
        )

    def order(self, role: Role, how: str) -> str:
        """Give an order: issued by and sent to whoever asks, by their agency, or neither."""
        mine = role.value if how == OWN else "else"
        return self.put(
            Order(
                id=self._id("order"),
                publisher="DSD" if how == AGENCY else "FSD",
                body={"en": "Go"},
                addressees=("everyone",),
                recipients=(mine,),
                issued_by=mine,
                issued_at=NOW,
            )
        )

    def attention(self, role: Role, how: str) -> str:
        """Give something for a desk to look at: their agency's, or another's."""
        return self.put(
            Attention(
                id=f"attention:new-{next(self._numbers)}",
                publisher="COP",
                reason=Reason.NEW,
                subject=self.incident(role, how),
                rank=1,
                raised_at=NOW,
                agency="DSD" if how == AGENCY else "FSD",
            )
        )

    def fusion(self, role: Role, how: str) -> str:
        """Give two reports that may be one."""
        members = (self.incident(role, how), self.incident(role, how))
        return self.put(
            Fusion(
                id=self._id("fusion"),
                publisher="COP",
                status="proposed",
                members=members,
                primary=members[0],
            )
        )

    def deed(self, role: Role, how: str) -> int:
        """Give the number of a deed, just done by whoever asks or by somebody else."""
        note = Note(id=self._id("note"), publisher="FSD", topic="remark", title={"en": "so"})
        name = role.value if how == OWN else "else"
        deed = Deed(
            at=NOW,
            wall_at=datetime.now(UTC) + timedelta(seconds=60),
            who=Who(name=name, role=role.value, agency="DSD"),
            origin=Origin(address="", entrance="page"),
            action=Action.REMARK,
            id=note.id,
            undoable=True,
            changes=(
                Change(
                    id=note.id,
                    kind=note.kind,
                    version=1,
                    before={},
                    after=note.model_dump(mode="json", exclude_none=True),
                ),
            ),
        )
        return self._store.write([put(note)], fetched_ms=1, page=Page(deed.encode())).journal
