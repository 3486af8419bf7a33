"""What a replicated Redis promises as it stands: who answers, who follows, what may be lost."""

from __future__ import annotations

from contextlib import closing
from typing import Any, Final

from cop.config import Settings
from cop.errors import StoreUnavailable
from cop.store.connection import available, connect
from cop.store.sentinel import states

_FEWEST: Final = 3
_LAG_S: Final = 5


def look_at_sentinels(url: str) -> tuple[str, list[str]]:
    """Tell what the Sentinels in *url* say, in words, and what is not as it should be.

    Raises:
        ValueError: *url* names none.
    """
    found = states(url)
    answering = [(host, state) for host, state in found if state is not None]
    silent = [host for host, state in found if state is None]
    wrong = []
    if silent:
        wrong.append(f"{', '.join(silent)} do not answer, or know no such primary: start them")
    if len(found) < _FEWEST:
        wrong.append(f"{len(found)} named: two of three must agree on a failover, name three")
    primaries = {f"{state['ip']}:{state['port']}" for _, state in answering}
    if len(primaries) > 1:
        wrong.append(f"they name different primaries ({', '.join(sorted(primaries))}): wait")
    for host, state in answering:
        if len(found) > 1 and state["num-other-sentinels"] < len(found) - 1:
            wrong.append(f"{host} does not know all others: let it reach them")
        if state["quorum"] <= len(found) // 2:
            wrong.append(f"{host}: quorum {state['quorum']} is no majority of {len(found)}")
    primary = ", ".join(sorted(primaries)) or "unknown"
    words = f"{len(answering)} of {len(found)} answer, primary {primary}"
    return words, wrong


def look_at_replicas(settings: Settings, url: str) -> tuple[str, list[str]]:
    """Tell what is promised of a confirmed write at present, and what should be better.

    Raises:
        StoreUnavailable: the primary does not answer.
    """
    wanted = settings.wait_replicas
    with closing(connect(url)) as client, available():
        info: Any = client.info("replication")
        count = int(info.get("connected_slaves", 0))
        least = _setting(client, "min-replicas-to-write")
        lag = _setting(client, "min-replicas-max-lag")
    wrong = []
    if count < wanted:
        wrong.append(
            f"{count} of {wanted} replicas follow: no write is confirmed; start them, or set"
            " COP_WAIT_REPLICAS lower"
        )
    elif not count:
        wrong.append("no replica follows: there is nothing to fail over to")
    elif not wanted:
        wrong.append(
            "a failover can lose what was confirmed in its last moments: set COP_WAIT_REPLICAS"
            f" to {count}"
        )
    elif wanted < count:
        wrong.append(
            f"a write is confirmed by {wanted} of {count} replicas, and another may be promoted,"
            f" which lacks it: set COP_WAIT_REPLICAS to {count}"
        )
    if least == 0 or (lag or 0) > _LAG_S:
        wrong.append(
            "a primary that is cut off goes on taking writes for long, all of which are lost: set"
            f" min-replicas-to-write to 1 and min-replicas-max-lag to 3 (now {least} and {lag})"
        )
    if not wanted:
        return f"{count} follow; a write is confirmed before any has it", wrong
    return f"{count} follow; a write is confirmed when {wanted} have it in memory", wrong


def _setting(client: Any, name: str) -> int | None:
    """Give a number among the server's settings; None where this user may not read them."""
    try:
        with available():
            found = client.config_get(name)
    except StoreUnavailable:
        return None
    return next((int(value) for value in found.values()), None)
