"""What the public text page says: warnings in force, since when, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Any, Final

import orjson

from cop.api import words
from cop.clock import HONG_KONG
from cop.errors import StoreUnavailable
from cop.model.access import Audience
from cop.model.entity import Kind
from cop.model.publisher import PUBLISHERS
from cop.model.text import Lang, Text, say
from cop.services.replica import Replica

_HERE: Final = ("hko_warnings", "hko_tips", "hko_heat_stress")
_MACAO: Final = ("smg_warnings",)
_KINDS: Final = frozenset({Kind.ALERT, Kind.FEED_STATUS})

Feature = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Known:
    """How sure a list is: since when nothing new is known (None: it is current), or nothing."""

    asked: bool
    stale_since: datetime | None
    checked_at: datetime | None


def render_public(replica: Replica, lang: Lang) -> str:
    """Give the body of the public page in *lang*, as markup."""
    title = f"<h1>{escape(say(words.TITLE, lang))}</h1>"
    try:
        picture = replica.picture()
    except StoreUnavailable:
        notice = _notice(say(words.NOT_READ, lang))
        return f"<main>{title}{notice}{_sign_in_link(lang)}</main>"
    _, bodies = picture.select(Audience.PUBLIC, _KINDS, None)
    features = [orjson.loads(body) for body in bodies]
    now = replica.clock.now()
    since = replica.health.since
    down = next((since[name] for name in ("redis", "worker", "beat") if name in since), None)
    notice = _notice(_at(words.DOWN, down[0], lang)) if down else ""
    sections = (
        _section(words.HERE, features, _HERE, now, lang),
        _section(words.MACAO, features, _MACAO, now, lang),
    )
    as_of = f"<p>{escape(_at(words.AS_OF, down[0] if down else now, lang))}</p>"
    return f"<main>{title}{notice}{as_of}{''.join(sections)}{_sign_in_link(lang)}</main>"


def _section(
    heading: Text, features: list[Feature], feeds: tuple[str, ...], now: datetime, lang: Lang
) -> str:
    alerts = [
        feature
        for feature in features
        if feature["properties"]["kind"] == Kind.ALERT
        and feature["properties"].get("feed") in feeds
        and not _over(feature["properties"], now)
    ]
    alerts.sort(key=lambda feature: str(feature["properties"]["issued_at"]), reverse=True)
    rows = "".join(_row(feature["properties"], lang) for feature in alerts)
    listing = f"<ul>{rows}</ul>" if rows else ""
    known = _known(features, feeds, now)
    if not known.asked:
        said = _notice(say(words.UNKNOWN, lang))
    elif known.stale_since is not None:
        said = _notice(_at(words.STALE, known.stale_since, lang))
    elif not rows and known.checked_at is not None:
        said = f"<p>{escape(_at(words.NONE_IN_FORCE, known.checked_at, lang))}</p>"
    else:
        said = ""
    return f"<section><h2>{escape(say(heading, lang))}</h2>{said}{listing}</section>"


def _row(alert: Mapping[str, Any], lang: Lang) -> str:
    name = say(alert.get("title", {}), lang) or str(alert.get("signal") or alert["event_type"])
    since = datetime.fromisoformat(alert["issued_at"])
    who = say(PUBLISHERS.get(alert["publisher"], {}), lang) or alert["publisher"]
    return (
        f"<li><strong>{escape(name)}</strong> "
        f'<time datetime="{escape(alert["issued_at"])}">{escape(_at(words.SINCE, since, lang))}'
        f"</time> <small>{escape(who)}</small></li>"
    )


def _known(features: Iterable[Feature], feeds: tuple[str, ...], now: datetime) -> _Known:
    """Judge the feeds behind a list by the first, which is the one that must not fail."""
    wanted = f"feed_status:{feeds[0]}"
    status = next((f["properties"] for f in features if f["id"] == wanted), None)
    if status is None or "fetched_at" not in status:
        return _Known(asked=False, stale_since=None, checked_at=None)
    fetched_at = datetime.fromisoformat(status["fetched_at"])
    patience = timedelta(seconds=status["stale_after_s"])
    content_at = datetime.fromisoformat(status.get("content_at", status["fetched_at"]))
    oldest = min(fetched_at, content_at)
    stale = now - oldest > patience or status.get("state") == "failing"
    return _Known(asked=True, stale_since=oldest if stale else None, checked_at=fetched_at)


def _over(alert: Mapping[str, Any], now: datetime) -> bool:
    ends = alert.get("expires_at")
    return ends is not None and datetime.fromisoformat(ends) <= now


def _notice(sentence: str) -> str:
    return f'<p class="plain-notice" role="alert">{escape(sentence)}</p>'


def _sign_in_link(lang: Lang) -> str:
    return f'<p><a href="/sign-in?lang={lang}">{escape(say(words.TO_SIGN_IN, lang))}</a></p>'


def _at(sentence: Text, moment: datetime, lang: Lang) -> str:
    stamp = moment.astimezone(HONG_KONG).strftime("%Y-%m-%d %H:%M")
    return say(sentence, lang).replace("{time}", stamp)
