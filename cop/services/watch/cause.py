"""Something that deserves attention for a time: what rules give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cop.model.desk import Reason
from cop.model.entity import Entity, Severity
from cop.model.text import Text

Related = Mapping[str, Entity]
"""By id, the entities that a judged one names, and those that name it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Something that deserves attention for a time.

    Attributes:
        reason: why.
        severity: how bad it is then.
        since: from when; None: already.
        until: until when; None: until an entity changes.
        agency: whose it is; None for the desk's.
        title: what it is about.
        description: what there is to know beside the subject itself.
        escalates: the order that it is about is then marked as brought to the desk.
    """

    reason: Reason
    severity: Severity
    since: datetime | None = None
    until: datetime | None = None
    agency: str | None = None
    title: Text = field(default_factory=dict)
    description: Text = field(default_factory=dict)
    escalates: bool = False

    def holds(self, now: datetime) -> bool:
        """Tell whether it deserves attention at *now*."""
        begun = self.since is None or self.since <= now
        return begun and (self.until is None or now < self.until)


def whose(publisher: str) -> str | None:
    """Give the agency that an item is for; what belongs to none is for the desk."""
    return None if publisher == "COP" else publisher
