"""What deserves attention of partners: lines that are late or down, messages left lying."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from cop.clock import HONG_KONG
from cop.model.desk import Reason
from cop.model.entity import Severity
from cop.model.exchange import Message, Partner, PartnerState
from cop.model.text import LANGS, Text, say, text
from cop.services.watch.cause import Cause, Related, whose

_NOT_NOTED: Final = text(
    "Nobody has taken note of it: due by {at}",
    "尚未有人確認收悉，限期為 {at}",
    "尚未有人确认收悉，限期为 {at}",
)
_NOT_CONFIRMED: Final = text(
    "The partner has not acknowledged it: expected by {at}",
    "對方尚未確認收悉，預期為 {at} 前",
    "对方尚未确认收悉，预期为 {at} 前",
)
_NO_TASK: Final = text(
    "No task was made of it: due by {at}", "尚未訂立任務，限期為 {at}", "尚未订立任务，限期为 {at}"
)
_NO_NOTICE: Final = text(
    "The public has not been told: due by {at}",
    "尚未向公眾發布，限期為 {at}",
    "尚未向公众发布，限期为 {at}",
)
_LINES: Final[Mapping[PartnerState, Text]] = {
    PartnerState.LATE: text(
        "Line to the partner is late since {at}",
        "與夥伴機構的連線自 {at} 起延誤",
        "与伙伴机构的连线自 {at} 起延误",
    ),
    PartnerState.DOWN: text(
        "Line to the partner is down since {at}",
        "與夥伴機構的連線自 {at} 起中斷",
        "与伙伴机构的连线自 {at} 起中断",
    ),
    PartnerState.ENDED: text(
        "Agreement with the partner has ended at {at}: nothing is shared any more",
        "與夥伴機構的協議已於 {at} 屆滿，已停止共享",
        "与伙伴机构的协议已于 {at} 届满，已停止共享",
    ),
}
_SEVERITIES: Final[Mapping[PartnerState, Severity]] = {
    PartnerState.LATE: Severity.MINOR,
    PartnerState.DOWN: Severity.MODERATE,
    PartnerState.ENDED: Severity.MODERATE,
}
_WHY: Final = text("{words} ({why})", "{words}（{why}）", "{words}（{why}）")
_AND: Final[Text] = {"en": ". ", "zh-Hant": "。", "zh-Hans": "。"}


def line(partner: Partner, _: Related) -> Iterator[Cause]:
    """Say that the line to a partner is not as it should be, and since when."""
    words = _LINES.get(partner.state)
    if words is None:
        return
    since = partner.state_since
    if partner.state is PartnerState.ENDED:
        since = partner.agreed_until
    description = _at(words, since)
    if partner.why and partner.state is not PartnerState.ENDED:
        description = {
            lang: _WHY[lang].format(words=say(description, lang), why=partner.why) for lang in LANGS
        }
    yield Cause(
        reason=Reason.STALE,
        severity=_SEVERITIES[partner.state],
        agency=partner.agencies[0] if len(partner.agencies) == 1 else None,
        title=partner.title,
        description=description,
    )


def message(message: Message, related: Related) -> Iterator[Cause]:
    """Say what is late about a message: taking note, then a task, then telling the public."""
    partner = related.get(message.partner)
    agencies = partner.agencies if isinstance(partner, Partner) else ()
    agency = whose(message.publisher) or (agencies[0] if len(agencies) == 1 else None)
    said: dict[str, Any] = {
        "severity": message.severity,
        "agency": agency,
        "title": message.title,
    }
    if message.acknowledged_at is None and message.acknowledge_by is not None:
        words = _NOT_NOTED if message.direction == "in" else _NOT_CONFIRMED
        yield Cause(
            reason=Reason.UNACKNOWLEDGED,
            since=message.acknowledge_by,
            description=_at(words, message.acknowledge_by),
            **said,
        )
    if message.direction == "in":
        yield from _overdue(message, said)


def _overdue(message: Message, said: Mapping[str, Any]) -> Iterator[Cause]:
    """Say that a task, or the notice, is late; once both are, say both."""
    steps = (
        (message.task_by, message.task, _NO_TASK),
        (message.notice_by, message.notice, _NO_NOTICE),
    )
    late = [(by, _at(words, by)) for by, done, words in steps if by is not None and done is None]
    late.sort(key=lambda one: one[0])
    for number, (since, words) in enumerate(late):
        following = late[number + 1][0] if number + 1 < len(late) else None
        known = [earlier for _, earlier in late[: number + 1]]
        yield Cause(
            reason=Reason.OVERDUE,
            since=since,
            until=following,
            description=words if len(known) == 1 else _joined(known),
            **said,
        )


def _joined(sentences: list[Text]) -> Text:
    return {lang: _AND[lang].join(say(words, lang) for words in sentences) for lang in LANGS}


def _at(words: Text, moment: datetime | None) -> Text:
    at = "?" if moment is None else f"{moment.astimezone(HONG_KONG):%Y-%m-%d %H:%M}"
    return {lang: words[lang].format(at=at) for lang in LANGS}
