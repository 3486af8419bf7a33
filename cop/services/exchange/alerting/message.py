"""The CAP message that a draft becomes: identity, references, three languages, area."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple

from cop.clock import HONG_KONG
from cop.config import Settings
from cop.errors import NotFound, PayloadError
from cop.formats.cap import CapAlert, CapArea, CapInfo, CapReference, read_alert
from cop.formats.cap_write import LANGUAGES, rings_of
from cop.model.entity import Urgency
from cop.model.kinds import Draft
from cop.model.publisher import PUBLISHERS
from cop.model.text import LANGS, Lang, say
from cop.services.exchange.alerting import words
from cop.services.exchange.alerting.shapes import is_area, shape_of
from cop.services.exchange.originals import Originals
from cop.services.geography import districts_touched

EVENT_CODE: Final = "HK_COP_EVENT"
DISTRICT_CODE: Final = "HK_DISTRICT"
"""Names under which the type and the districts of Hong Kong (`cop.model.district`) stand."""


class Identity(NamedTuple):
    """What a message is known by: who sends it, its name, and when."""

    sender: str
    identifier: str
    sent: datetime


def identity_of(settings: Settings, log: str, number: int, count: int, sent: datetime) -> Identity:
    """Give the identity of message *count*, 1 first, of our alert *number*, sent at *sent*.

    Something of *log*, the id of the store's log, stands in it: after a backup was put back, or a
    store was emptied, numbers of messages that went out come again for others.
    """
    day = f"{sent.astimezone(HONG_KONG):%Y%m%d}"
    name = f"{settings.installation}-{settings.operation}-{day}-{log[:6]}-{number}-{count}"
    return Identity(settings.alert_sender, name, sent.replace(microsecond=0))


def earlier(originals: Originals, digests: Iterable[str], now: datetime) -> list[CapReference]:
    """Give what refers to the earlier messages of an alert that have not expired at *now*.

    One that cannot be read any more is left out: nothing is known of it.
    """
    found = []
    for digest in digests:
        try:
            message = read_alert(originals.read(digest))
        except (NotFound, PayloadError):
            continue
        ends = [info.expires for info in message.infos]
        if not ends or any(end is None or end > now for end in ends):
            found.append(CapReference(message.sender, message.identifier, message.sent))
    return found


def message_of(
    draft: Draft, identity: Identity, references: Iterable[CapReference], settings: Settings
) -> CapAlert:
    """Give the message that *draft* becomes under *identity*.

    Raises:
        ValueError: its place is no area.
    """
    note = draft.reason if draft.msg_type != "Alert" else ""
    if settings.exercise:
        mark = words.EXERCISE.format(operation=settings.operation)
        note = f"{mark}\n{note}".strip()
    return CapAlert(
        identifier=identity.identifier,
        sender=identity.sender,
        sent=identity.sent,
        status="Exercise" if settings.exercise else "Actual",
        msg_type=draft.msg_type,
        scope="Public",
        note=note,
        references=tuple(references),
        infos=tuple(_info(draft, identity.sent, settings, lang) for lang in LANGS),
    )


def _info(draft: Draft, sent: datetime, settings: Settings, lang: Lang) -> CapInfo:
    onset = max(draft.valid_from or sent, sent)
    return CapInfo(
        language=LANGUAGES[lang],
        categories=draft.categories,
        event=draft.event.get(lang, ""),
        responses=draft.responses,
        urgency=Urgency.PAST if draft.msg_type == "Cancel" else draft.urgency,
        severity=draft.severity,
        certainty=draft.certainty,
        event_codes=((EVENT_CODE, draft.event_type),),
        effective=sent,
        onset=onset,
        expires=draft.ends_at,
        sender_name=say(PUBLISHERS.get(draft.publisher, {}), lang) or draft.publisher,
        headline=draft.title.get(lang, ""),
        description=draft.description.get(lang, ""),
        instruction=draft.instruction.get(lang, ""),
        web=draft.web or "",
        contact=draft.contact,
        parameters=(("LEI", settings.lei),) if settings.lei else (),
        areas=(_area(draft, lang),),
    )


def _area(draft: Draft, lang: Lang) -> CapArea:
    geometry = draft.geometry
    if geometry is None or not is_area(geometry):
        return CapArea(desc=draft.area.get(lang, ""))
    touched = sorted(code.value for code in districts_touched(shape_of(geometry)))
    return CapArea(
        desc=draft.area.get(lang, ""),
        polygons=rings_of(geometry),
        geocodes=tuple((DISTRICT_CODE, code) for code in touched),
    )
