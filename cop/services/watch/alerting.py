"""What deserves attention of alerts of our own: one that runs out, one that nobody releases."""

from __future__ import annotations

from collections.abc import Iterator

from cop.model.desk import Reason
from cop.model.exchange import Draft, DraftState
from cop.model.kinds import Alert
from cop.services.watch import limits
from cop.services.watch.cause import Cause, Related, whose


def alert(one: Alert, _: Related) -> Iterator[Cause]:
    """Say that an alert of our own runs out before long: somebody extends it, or lets it end."""
    is_own = one.feed is None and one.origin is None and one.released_at is not None
    if is_own and one.msg_type != "Cancel" and one.expires_at is not None:
        yield Cause(
            reason=Reason.EXPIRING,
            severity=one.severity,
            since=one.expires_at - limits.EXPIRES_WITHIN,
            until=one.expires_at,
            agency=whose(one.publisher),
            title=one.title,
        )


def draft(one: Draft, _: Related) -> Iterator[Cause]:
    """Say that nobody has answered who asked for a release.

    It is the desk's, whoever wrote it: its author cannot release it.
    """
    if one.state is DraftState.ASKED and one.asked_at is not None:
        yield Cause(
            reason=Reason.UNRELEASED,
            severity=one.severity,
            since=one.asked_at + limits.RELEASED_WITHIN,
            title=one.title or one.event,
        )
