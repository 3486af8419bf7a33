"""Puts times and ages into markup that left them open, as the page's script does afterwards.

What stands open: `<span data-ago="ISO"></span>` (how long ago that is),
`<span data-checked="FEED"></span>` (to when a feed is known), and
`<time datetime="ISO" data-time>14:05</time>` (a time of day, which gets its day where that is not
today's).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from cop.model.text import Lang
from cop.services.publishing.picture import PublicPicture
from cop.ui.public.markup import HONG_KONG, clock, moment
from cop.ui.public.sections import known_times
from cop.ui.public.words import plain

_OPEN: Final = re.compile(
    r'<span data-ago="(?P<ago>[^"]*)"></span>'
    r'|<span data-checked="(?P<checked>[^"]*)"></span>'
    r'|<time datetime="(?P<time>[^"]*)" data-time>[^<]*</time>'
)
_MONTHS: Final = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sept",
    "Oct",
    "Nov",
    "Dec",
)
"""As browsers write them in the English of Hong Kong."""
_HOUR: Final = 60
_DAYS_FROM: Final = 48 * _HOUR
"""Minutes; up to there an age is told in hours."""


def fill(html: str, picture: PublicPicture, lang: Lang) -> str:
    """Give *html* with all that it left open put in, as it is at the picture's time."""
    known: Mapping[str, datetime | None] = known_times(picture) | {
        key: feed.known_at() for key, feed in picture.feeds.items()
    }

    def put(found: re.Match[str]) -> str:
        if found["ago"] is not None:
            at = moment(found["ago"])
            words = "" if at is None else age_words(at, picture.as_of, lang)
            return f'<span data-ago="{found["ago"]}">{words}</span>'
        if found["checked"] is not None:
            at = known.get(found["checked"])
            words = plain("time.never", lang) if at is None else time_words(at, picture.as_of, lang)
            return f'<span data-checked="{found["checked"]}">{words}</span>'
        at = moment(found["time"])
        words = "" if at is None else time_words(at, picture.as_of, lang)
        return f'<time datetime="{found["time"]}" data-time>{words}</time>'

    return _OPEN.sub(put, html)


def age_words(at: datetime, now: datetime, lang: Lang) -> str:
    """Say how long ago *at* was."""
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 1:
        return plain("ago.now", lang)
    if minutes < _HOUR:
        return plain("ago.minute" if minutes == 1 else "ago.minutes", lang, n=minutes)
    hours = minutes // _HOUR
    if minutes < _DAYS_FROM:
        return plain("ago.hour" if hours == 1 else "ago.hours", lang, n=hours)
    return plain("ago.days", lang, n=hours // 24)


def time_words(at: datetime, now: datetime, lang: Lang) -> str:
    """Give the time of day of *at* in Hong Kong, with its day where that is not today's."""
    here, today = at.astimezone(HONG_KONG), now.astimezone(HONG_KONG)
    if here.date() == today.date():
        return clock(at)
    if lang == "en":
        return f"{here.day} {_MONTHS[here.month - 1]} {clock(at)}"
    return f"{here.month}月{here.day}日 {clock(at)}"
