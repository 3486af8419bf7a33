"""Partners: who exchanges what with us, by which agreement; one TOML file each."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cop.config import Settings
from cop.errors import Misconfigured, NotFound
from cop.model.district import District
from cop.model.entity import Instant, Kind
from cop.model.exchange import Partner, PartnerState
from cop.model.geometry import BBox
from cop.model.lei import Lei
from cop.model.publisher import PUBLISHERS
from cop.model.text import LANGS, Text
from cop.services.exchange.shareable import KINDS
from cop.services.setup_files import (
    VARIABLE,
    Fault,
    FileRefused,
    Found,
    fill,
    gather,
    read_file,
)

INSTALLATION: Final = r"^[a-z0-9][a-z0-9-]{0,39}$"
"""What an installation of this system calls itself."""

_TOKEN: Final = re.compile(r"[\x21-\x7e]{1,4096}")

_EXAMPLES: Final[Mapping[str, str]] = {
    "id": 'id = "guangdong"',
    "title": 'title = { en = "Guangdong", zh-Hant = "廣東", zh-Hans = "广东" }',
    "installation": 'installation = "gd-cop"',
    "number": 'number = "HK-GD 2026/07"',
    "from": "from = 2026-01-01T00:00:00+08:00",
    "until": "until = 2027-01-01T00:00:00+08:00",
    "agreement": "[agreement] with number, from and until",
    "url": 'url = "https://cop.gd.example"',
    "token": 'token = "${COP_GUANGDONG_TOKEN}"',
    "kinds": 'kinds = ["alert", "incident"]',
    "areas": 'areas = "all", or [[113.8, 22.4, 114.5, 22.6]], or ["NTH", "YL"]',
    "agencies": 'agencies = ["SB"]',
    "every_s": "every_s = 15",
    "acknowledge_min": "acknowledge_min = 10",
    "task_min": "task_min = 30",
    "notice_min": "notice_min = 120",
}
"""What to write, by the name of a field."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Agreement(_Table):
    """By what things are shared.

    Attributes:
        number: its number or name, as both sides call it.
        since, until: when it holds; `from` and `until` in the file.
        words: what it says, for the people at the desk.
    """

    number: Annotated[str, Field(min_length=1, max_length=100)]
    since: Annotated[Instant, Field(alias="from")]
    until: Instant
    words: Annotated[str, Field(max_length=2000)] = ""


Areas = Literal["all"] | tuple[BBox | District, ...]
"""Everywhere, or boxes (west, south, east, north in degrees) and districts of Hong Kong."""


class Takes(_Table):
    """What is taken from a partner."""

    kinds: tuple[Kind, ...] = ()
    areas: Areas = "all"

    @model_validator(mode="after")
    def _can_be_shared(self) -> Self:
        wrong = [kind.value for kind in self.kinds if kind not in KINDS]
        if wrong:
            names = ", ".join(sorted(kind.value for kind in KINDS))
            raise ValueError(f"{', '.join(wrong)} is never shared: choose from {names}")
        if isinstance(self.areas, tuple):
            for area in self.areas:
                _check_box(area)
        return self


class Shares(Takes):
    """What a partner gets.

    Attributes:
        publishers: only what these publish; empty: whoever does.
    """

    publishers: tuple[str, ...] = ()


class Timers(_Table):
    """Minutes from the receipt of a message until it is late; None: it has no limit."""

    acknowledge_min: float | None = Field(default=10, gt=0, le=100_000)
    task_min: float | None = Field(default=None, gt=0, le=100_000)
    notice_min: float | None = Field(default=None, gt=0, le=100_000)


class PartnerPlan(_Table):
    """How one partner is set up.

    Attributes:
        id: what we call it.
        title: its name, in all languages.
        installation: what its installation calls itself; "" where it has none of this system.
        lei: its Legal Entity Identifier.
        agencies: codes of our agencies whose liaison officers look after it.
        agreement: by which things are shared.
        url: address of its installation, where we fetch and send; "": we do not.
        token: `${NAME}` of the variable that holds the token for that.
        token_file: a file that holds it instead.
        account: machine account by which it fetches and sends here; "": it does not.
        private: its address may be one inside an own network.
        exercise: it takes part in exercises, and in those alone; else in the live operation alone.
        onward: whether what is shared by this agreement may be passed on, either way.
        publish: whether what it gives may be shown to the public.
        shares, takes: what goes out and comes in.
        timers: for its messages.
        every_s: real seconds between two fetches.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,30}$")]
    title: Text
    installation: Annotated[str, Field(pattern=rf"({INSTALLATION})|^$")] = ""
    lei: Lei | None = None
    agencies: tuple[str, ...] = ()
    agreement: Agreement
    url: str = ""
    token: str = ""
    token_file: Path | None = None
    account: Annotated[str, Field(max_length=64)] = ""
    private: bool = False
    exercise: bool = False
    onward: bool = False
    publish: bool = False
    shares: Shares = Shares()
    takes: Takes = Takes()
    timers: Timers = Timers()
    every_s: float = Field(default=15, ge=1, le=3600)

    @property
    def entity_id(self) -> str:
        """Id of the entity that says how the line to it is."""
        return f"partner:{self.id}"

    @property
    def feed(self) -> str:
        """Feed under which what it gives is on the picture."""
        return f"partner_{self.id}"

    @property
    def host(self) -> str:
        """Host of its address; "" without one."""
        return urlsplit(self.url).hostname or ""

    def holds(self, now: datetime) -> bool:
        """Tell whether the agreement holds at *now*."""
        return self.agreement.since <= now < self.agreement.until

    def read_token(self, environ: Mapping[str, str] = os.environ) -> str:
        """Give the token for its installation; for the request alone, never for a log.

        Raises:
            Misconfigured: there is none, or the file cannot be read.
        """
        what = f"partner {self.id}: token"
        if self.token:
            token = fill(self.token, what, environ).strip()
        elif self.token_file is None:
            raise Misconfigured(f"{what} is missing: write token or token_file")
        else:
            try:
                token = self.token_file.read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise Misconfigured(f"{what}: {self.token_file} cannot be read: {error}") from error
        if not _TOKEN.fullmatch(token):  # an error about such a header would show it
            raise Misconfigured(f"{what} is none: give one word of visible ASCII characters")
        return token


Partners = Found[PartnerPlan]
"""The partners of a folder by id, and the files that give none."""


def read_partner(path: Path) -> PartnerPlan:
    """Read the file of one partner, and check it as a whole.

    Raises:
        Misconfigured: it cannot be used; one line for each fault.
    """
    plan = read_file(path, PartnerPlan, _EXAMPLES)
    if found := tuple(_faults_of(plan)):
        raise FileRefused(path, *found)
    if plan.token_file is not None:
        plan = plan.model_copy(update={"token_file": (path.parent / plan.token_file).resolve()})
    return plan


def gather_partners(folder: Path, installation: str = "") -> Partners:
    """Read every `*.toml` of *folder*; one that cannot be used takes away no other.

    Of two with one installation or one account the second is refused, and so is one that has the
    name of our own *installation*.
    """
    found = gather(folder, read_partner, lambda plan: plan.id)
    good: dict[str, PartnerPlan] = {}
    faults = list(found.faults)
    for plan in found.values():
        words = tuple(_clashes(plan, good.values(), installation))
        if words:
            faults.append(Fault(f"partner {plan.id}", words))
        else:
            good[plan.id] = plan
    return Found(good, tuple(faults))


def partners_of(settings: Settings) -> Partners:
    """Give the partners of the operation as they are set up now.

    An exercise has those whose file says `exercise = true`, the live operation the others: nothing
    of an exercise ever comes to somebody who works.
    """
    folder = settings.partners_dir or settings.data_dir / "partners"
    stamps = tuple(_stamps(folder))
    return _chosen(folder, stamps, settings.installation, exercise=settings.exercise)


def partner_of(settings: Settings, partner_id: str) -> PartnerPlan:
    """Give the partner *partner_id*, with or without `partner:`; raises NotFound."""
    plan = partners_of(settings).get(partner_id.removeprefix("partner:"))
    if plan is None:
        raise NotFound(f"there is no partner {partner_id!r}: see GET /api/v1/exchange/partners")
    return plan


def unready(found: Partners) -> list[str]:
    """Say, a line each, which files cannot be used, and which partners have no token."""
    words = [line for fault in found.faults for line in str(fault).splitlines()]
    for plan in found.values():
        try:
            if plan.url:
                plan.read_token()
        except Misconfigured as error:
            words.append(str(error))
    return words


def entity_of_plan(plan: PartnerPlan, before: Partner | None, **said: Any) -> Partner:
    """Give the entity of a partner: what its file says, what was known, and what is *said* now."""
    values: dict[str, Any] = {} if before is None else dict(before)
    values |= {
        "id": plan.entity_id,
        "publisher": "COP",
        "title": plan.title,
        "lei": plan.lei,
        "agreement": plan.agreement.number,
        "agreed_from": plan.agreement.since,
        "agreed_until": plan.agreement.until,
        "shares": plan.shares.kinds,
        "takes": plan.takes.kinds,
        "onward": plan.onward,
        "installation": plan.installation,
        "agencies": plan.agencies,
        **said,
    }
    state = values.get("state", PartnerState.NEVER)
    if before is not None and before.state == state and before.state_since is not None:
        values["state_since"] = before.state_since
    return Partner.model_validate(values)


@lru_cache(maxsize=16)
def _chosen(
    folder: Path, stamps: tuple[tuple[str, int, int], ...], installation: str, *, exercise: bool
) -> Partners:
    found = gather_partners(folder, installation) if stamps else Partners({})
    chosen = {name: plan for name, plan in found.items() if plan.exercise == exercise}
    return Found(chosen, found.faults)


def _stamps(folder: Path) -> Iterator[tuple[str, int, int]]:
    for path in sorted(folder.glob("*.toml")):
        try:
            stat = path.stat()
        except OSError:  # taken away just now
            continue
        yield path.name, stat.st_mtime_ns, stat.st_size


def _check_box(area: BBox | District) -> None:
    if isinstance(area, District):
        return
    west, south, east, north = area
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise ValueError("areas: give west, south, east, north in degrees, west < east")


def _faults_of(plan: PartnerPlan) -> Iterator[str]:
    missing = [lang for lang in LANGS if not plan.title.get(lang, "").strip()]
    if missing:
        yield f"title: is missing in {', '.join(missing)}: write for example {_EXAMPLES['title']}"
    if plan.agreement.since >= plan.agreement.until:
        yield "agreement: ends before it begins: put `until` after `from`"
    unknown = [code for code in plan.agencies if code not in PUBLISHERS]
    if unknown:
        yield f"agencies: {', '.join(unknown)} is no agency of ours: see cop/model/publisher.py"
    if plan.token and not VARIABLE.fullmatch(plan.token):
        yield f"token: stands in the file: write {_EXAMPLES['token']}, or token_file"
    yield from _line_faults(plan)


def _line_faults(plan: PartnerPlan) -> Iterator[str]:
    if plan.url:
        parts = urlsplit(plan.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            yield f"url: is no address: write for example {_EXAMPLES['url']}"
        elif parts.scheme == "http" and not plan.private:
            yield "url: is not protected: write https, or private = true inside an own network"
        if parts.query or parts.fragment:
            yield "url: leave out everything from ? or # on"
        if not plan.token and plan.token_file is None:
            yield f"token: is missing for url: write for example {_EXAMPLES['token']}"
    if (plan.url or plan.account) and not plan.installation:
        yield f"installation: is missing: write for example {_EXAMPLES['installation']}"
    if plan.takes.kinds and not plan.url:
        yield f"takes: needs an address to fetch from: write for example {_EXAMPLES['url']}"
    if plan.shares.kinds and not plan.account:
        yield 'shares: needs the account by which it is fetched: write for example account = "gd"'


def _clashes(plan: PartnerPlan, others: Any, installation: str) -> Iterator[str]:
    if plan.installation and plan.installation == installation:
        yield f"installation: {installation!r} is our own: each needs another COP_INSTALLATION"
    for other in others:
        if plan.installation and plan.installation == other.installation:
            yield f"installation: is that of partner {other.id}: one file a partner"
        if plan.account and plan.account == other.account:
            yield f"account: is that of partner {other.id}: give each its own"
