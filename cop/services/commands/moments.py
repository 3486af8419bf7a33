"""When something was done on a phone, whose clock and whose network may both be wrong."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from cop.clock import utc_iso
from cop.services.commands.context import Context
from cop.services.commands.plan import Caution

SLACK: Final = timedelta(minutes=2)
"""A clock that is off by no more than this is taken as right; in an exercise that runs fast, by
as much of real time."""

OLDEST: Final = timedelta(days=14)
"""Nothing is kept on a phone for longer than its sign-in lives; what seems older was made by a
wrong clock."""


class Moment(NamedTuple):
    """When something was done, and what should be known of that."""

    at: datetime
    cautions: tuple[Caution, ...] = ()


def moment(
    ctx: Context,
    at: datetime | None,
    *,
    not_before: datetime | None = None,
    if_wrong: datetime | None = None,
) -> Moment:
    """Give when something was done that a phone says was done *at*; now, where it does not say.

    It is never still to come, and never before *not_before*: what it follows. Of a clock that is
    wrong by more than `SLACK` it is told; nobody is refused for it. Without *not_before*, what
    seems older than `OLDEST` counts as done now. What a wrong clock says counts as done
    *if_wrong*, where that is given.
    """
    if at is None:
        return Moment(ctx.now if not_before is None else max(ctx.now, not_before))
    said, slack = at.replace(microsecond=0), SLACK * max(1.0, ctx.desk.clock.speed)
    if not_before is None:
        too_old = said < ctx.now - OLDEST
        taken = ctx.now if too_old else min(said, ctx.now)
    else:
        too_old = said < not_before - slack
        taken = max(min(said, ctx.now), not_before)
    if not too_old and said <= ctx.now + slack:
        return Moment(taken)
    taken = if_wrong or taken
    words = f"the clock of the phone seems wrong: taken as done at {utc_iso(taken, 'seconds')}"
    return Moment(taken, (Caution("clock-off", words),))
