"""What deserves attention, and from when to when: pure rules over entities.

A rule does not ask for the time. It says from when and until when something deserves attention, so
that what comes with time alone is known as soon as the entities are, and costs nothing until then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from cop.model.desk import Fusion, FusionStatus, Reason
from cop.model.entity import Entity, Kind, Severity
from cop.model.exchange import Message
from cop.model.kinds import Attention, Facility, FacilityStatus, FeedStatus, Observation
from cop.model.orders import Order, Receipt
from cop.model.response import (
    OPEN_ASSIGNMENT,
    Assignment,
    AssignmentStatus,
    Incident,
    IncidentStatus,
    Need,
    NeedStatus,
)
from cop.model.sight import VISION
from cop.services.reconcile import IN_USE, differences
from cop.services.watch import alerting, limits, partners, sights, words
from cop.services.watch.cause import Cause, Related, whose


def causes(entity: Entity, related: Related) -> tuple[Cause, ...]:
    """List what about *entity* deserves attention, now or later.

    Args:
        entity: any.
        related: by id, the entities that it names, and those that name it; see `names`.
    """
    rule = _RULES.get(entity.kind)
    if rule is None or (entity.origin is not None and not isinstance(entity, Message)):
        return ()  # what another installation made is watched over there
    return tuple(rule(entity, related))


def names(entity: Entity) -> tuple[str, ...]:
    """List the ids of the entities on which what is said of *entity* depends, or the other way."""
    if isinstance(entity, Receipt):
        return (entity.subject,)
    if isinstance(entity, Assignment):
        return () if entity.incident is None else (entity.incident,)
    if isinstance(entity, Facility):
        return () if entity.stands_for is None else (entity.stands_for,)
    if isinstance(entity, Fusion):
        return (entity.primary,)
    if isinstance(entity, Attention):
        return (entity.subject,)
    if isinstance(entity, Message):
        return (entity.partner,)
    if isinstance(entity, Observation):
        return () if entity.sight is None else (entity.sight.camera,)
    return ()


def _incident(incident: Incident, related: Related) -> Iterator[Cause]:
    if incident.status is not IncidentStatus.REPORTED:
        return
    if incident.feed is not None and incident.verified:  # its publisher says so itself
        return
    said: dict[str, Any] = {
        "severity": incident.severity,
        "agency": incident.lead_agency,
        "title": incident.title,
    }
    begun = incident.steps.get(IncidentStatus.REPORTED, incident.reported_at)
    late = begun + limits.VERIFY_WITHIN[incident.severity]
    sent = any(
        isinstance(one, Assignment) and one.status in OPEN_ASSIGNMENT for one in related.values()
    )
    if not sent:
        yield Cause(reason=Reason.NEW, until=late, **said)
    yield Cause(reason=Reason.UNVERIFIED, since=late, **said)


_UNACKNOWLEDGED: Final = frozenset([AssignmentStatus.PROPOSED, AssignmentStatus.DELIVERED])


def _assignment(assignment: Assignment, _: Related) -> Iterator[Cause]:
    """Say what is late: its coming to anybody, then its being acknowledged, then its next step."""
    if assignment.status not in OPEN_ASSIGNMENT:
        return
    said: dict[str, Any] = {
        "severity": assignment.severity,
        "agency": assignment.agency,
        "title": assignment.title or assignment.duty,
    }
    warn, overdue = assignment.warn_at, assignment.overdue_at
    late = [assignment.due_at]
    if assignment.status is AssignmentStatus.ASSIGNED:
        sent = assignment.steps.get(AssignmentStatus.ASSIGNED)
        latest = None if sent is None else sent + limits.reaches_within(assignment.severity)
        undelivered = {**said, "description": words.undelivered()}
        yield from _waiting(Reason.UNREACHED, _first(warn, latest), overdue, undelivered)
    elif assignment.status in _UNACKNOWLEDGED:
        yield from _waiting(Reason.UNACKNOWLEDGED, warn, overdue, said)
    else:
        late.append(overdue)
    since = _first(*late)
    if since is not None:
        yield Cause(reason=Reason.OVERDUE, since=since, **said)


def _first(*moments: datetime | None) -> datetime | None:
    return min((at for at in moments if at is not None), default=None)


def _waiting(
    reason: Reason, since: datetime | None, worse: datetime | None, said: Mapping[str, Any]
) -> Iterator[Cause]:
    """Say that something waits *since* then, and one step worse from *worse* on; None: never."""
    if since is not None:
        yield Cause(reason=reason, since=since, until=worse, **said)
    if worse is not None:
        grave = {"severity": limits.worse(said["severity"])}
        yield Cause(reason=reason, since=worse, **{**said, **grave})


def _order(order: Order, related: Related) -> Iterator[Cause]:
    if order.cancelled_at is not None:
        return
    receipts = [one for one in related.values() if isinstance(one, Receipt)]
    said: dict[str, Any] = {
        "severity": order.severity,
        "agency": whose(order.publisher),
        "title": order.title or order.body,
    }
    reached = {one.recipient for one in receipts if one.delivered_at is not None}
    away = sum(name not in reached for name in order.recipients)
    if away:
        within = limits.reaches_within(order.severity)
        since = order.issued_at + within
        worse = since + within if order.severity in limits.URGENT else None
        unreached = words.unreached(away, len(order.recipients))
        yield from _waiting(Reason.UNREACHED, since, worse, {**said, "description": unreached})
    answered = {one.recipient for one in receipts if one.acknowledged_at is not None}
    missing = sum(name not in answered for name in order.recipients)
    if missing and order.reply_by is not None:
        roll_call = order.asks is not None
        unanswered = words.unanswered(missing, len(order.recipients), roll_call=roll_call)
        yield Cause(
            reason=Reason.UNANSWERED,
            since=order.reply_by,
            description=unanswered,
            escalates=True,
            **said,
        )


def _receipt(receipt: Receipt, related: Related) -> Iterator[Cause]:
    """Say that somebody needs help, each by themselves: who goes to one does not go to another.

    What was known when the roll call was taken back is dealt with; what came after that is not.
    """
    order = related.get(receipt.subject)
    if receipt.answer != "help" or receipt.acknowledged_at is None or not isinstance(order, Order):
        return
    if order.cancelled_at is None or receipt.acknowledged_at >= order.cancelled_at:
        yield Cause(
            reason=Reason.HELP,
            severity=Severity.EXTREME,
            agency=whose(receipt.publisher),
            title=receipt.title or order.title or order.body,
            description=words.needs_help(receipt),
        )


def _need(need: Need, _: Related) -> Iterator[Cause]:
    if need.status not in (NeedStatus.OPEN, NeedStatus.PART):
        return
    unasked = need.severity in limits.URGENT and need.asked_of is None
    if unasked or need.needed_by is not None:
        yield Cause(
            reason=Reason.UNMET,
            severity=need.severity,
            since=None if unasked else need.needed_by,
            agency=need.asked_of,
            title=need.title,
        )


def _facility(facility: Facility, related: Related) -> Iterator[Cause]:
    said: dict[str, Any] = {"agency": whose(facility.publisher), "title": facility.title}
    kept_elsewhere = any(
        isinstance(one, Facility) and one.stands_for == facility.id for one in related.values()
    )
    queued = {
        one.reason
        for one in related.values()
        if isinstance(one, Attention) and one.cleared_at is None
    }
    if not kept_elsewhere:
        yield from _filling(facility, said, queued=Reason.FILLING in queued)
    if (
        facility.feed is None
        and facility.status in IN_USE
        and facility.facility_type not in limits.UNCOUNTED
        and facility.asserted_at is not None
    ):
        quiet = facility.asserted_at + limits.QUIET_KEEPER
        yield Cause(reason=Reason.STALE, severity=Severity.MINOR, since=quiet, **said)
    original = related.get(facility.stands_for or "")
    if isinstance(original, Facility):
        found = differences(facility, original, known=Reason.CONFLICTING in queued)
        if found:
            of_status = any(one.field == "status" for one in found)
            yield Cause(
                reason=Reason.CONFLICTING,
                severity=Severity.SEVERE if of_status else Severity.MODERATE,
                description=words.conflicting(found),
                **said,
            )


def _filling(facility: Facility, said: Mapping[str, Any], *, queued: bool) -> Iterator[Cause]:
    if facility.status not in (FacilityStatus.OPEN, FacilityStatus.LIMITED):
        return
    share = (facility.occupancy or 0) / facility.capacity if facility.capacity else 0
    within = limits.STILL_FILLING_WITHIN if queued else limits.FILLING_WITHIN
    if share >= (limits.STILL_FILLING_SHARE if queued else limits.FILLING_SHARE):
        full = share >= limits.FULL_SHARE
        severity = Severity.SEVERE if full else Severity.MODERATE
        yield Cause(reason=Reason.FILLING, severity=severity, **said)
    elif facility.forecast is not None and facility.forecast.earliest is not None:
        forecast = facility.forecast
        yield Cause(
            reason=Reason.FILLING,
            severity=Severity.MODERATE,
            since=facility.forecast.earliest - within,
            until=forecast.made_at + limits.FORECAST_HOLDS,
            **said,
        )


def _fusion(fusion: Fusion, related: Related) -> Iterator[Cause]:
    if fusion.status is FusionStatus.PROPOSED:
        primary = related.get(fusion.primary)
        yield Cause(
            reason=Reason.DUPLICATE,
            severity=Severity.MINOR,
            title={} if primary is None else primary.title,
            description=words.duplicate(len(fusion.members)),
        )


def _feed_status(feed: FeedStatus, _: Related) -> Iterator[Cause]:
    if feed.id.partition(":")[2] not in limits.VITAL_FEEDS:
        return
    said: dict[str, Any] = {"severity": Severity.MODERATE, "title": feed.title}
    good = [at for at in (feed.fetched_at, feed.content_at) if at is not None]
    if good:
        stale = min(good) + timedelta(seconds=feed.stale_after_s) + limits.FEED_GRACE
        yield Cause(reason=Reason.STALE, since=stale, **said)
    elif feed.failures >= limits.FEED_FAILURES:
        yield Cause(reason=Reason.STALE, **said)


_RULES: Final[Mapping[Kind, Callable[[Any, Related], Iterator[Cause]]]] = {
    Kind.ALERT: alerting.alert,
    Kind.DRAFT: alerting.draft,
    Kind.INCIDENT: _incident,
    Kind.ASSIGNMENT: _assignment,
    Kind.ORDER: _order,
    Kind.RECEIPT: _receipt,
    Kind.NEED: _need,
    Kind.FACILITY: _facility,
    Kind.FUSION: _fusion,
    Kind.FEED_STATUS: _feed_status,
    Kind.MESSAGE: partners.message,
    Kind.PARTNER: partners.line,
    Kind.OBSERVATION: sights.zone,
    Kind.CAMERA: sights.camera,
}

WATCHED: Final = frozenset([*_RULES, Kind.ATTENTION])
"""The kinds that the rules look at; nothing else is ever decoded."""

ONLY_FROM: Final[Mapping[Kind, str]] = {
    Kind.ALERT: "",
    Kind.OBSERVATION: VISION,
    Kind.CAMERA: VISION,
}
"""Of these kinds there are thousands: only what comes by this feed ("": ours) is looked at."""


def worst(found: Sequence[Cause]) -> dict[Reason, Cause]:
    """Give one cause for each reason: the one that stands highest in the queue."""
    chosen: dict[Reason, Cause] = {}
    for cause in found:
        known = chosen.get(cause.reason)
        if known is None or limits.is_worse(cause.severity, known.severity):
            chosen[cause.reason] = cause
    return chosen
