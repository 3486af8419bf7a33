"""Look at the machine and the settings, and say in plain words what is not fit to run."""

from __future__ import annotations

import contextlib
import importlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import orjson
from kombu.connection import Connection
from kombu.exceptions import OperationalError

from cop.config import Settings
from cop.errors import Misconfigured, NotFound, StoreUnavailable
from cop.launcher.embedded import find_server, socket_of
from cop.launcher.optional import unfit
from cop.launcher.replication import look_at_replicas, look_at_sentinels
from cop.launcher.running import read_settings
from cop.services.broker import broker_url
from cop.services.exchange.organisations import organisations_of
from cop.services.exchange.partners import partners_of, unready
from cop.services.layers.set_up import layers_of
from cop.services.publishing.paths import POINTER, public_root
from cop.store.confirming import check_replicated
from cop.store.connection import available, check_policy, connect
from cop.store.redis import RedisStore
from cop.store.sentinel import is_of_sentinels
from workers.cap_sources import cap_sources_of
from workers.replay import find_scenario
from workers.vision.plans import plans_of

_PACKAGES: Final = (
    *("argon2", "celery", "cv2", "dash", "dash_leaflet", "fastapi", "httptools", "joserfc"),
    *("lxml", "onnxruntime", "orjson", "PIL", "rapidfuzz"),
    *("plotly", "pydantic", "pyproj", "redis", "shapely", "uvicorn", "uvloop"),
)
_BROWSERS: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_LEAST_FREE: Final = 1_000_000_000
_SOFTWARE_EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)
_CLOCKS_APART_S: Final = 2.0
_LATE_S: Final = 60.0
_SOON: Final = timedelta(days=30)


class Verdict(Enum):
    """How serious a finding is."""

    GOOD = "good"
    MEND = "mend"  # runs, but not as it should
    BROKEN = "broken"  # does not run


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, what was found, and how to mend it."""

    what: str
    verdict: Verdict
    words: str


def _good(what: str, words: str) -> Finding:
    return Finding(what, Verdict.GOOD, words)


def _mend(what: str, words: str) -> Finding:
    return Finding(what, Verdict.MEND, words)


def _broken(what: str, words: str) -> Finding:
    return Finding(what, Verdict.BROKEN, words)


def examine(data: Path | None = None) -> list[Finding]:
    """Look at everything, with the data directory *data* if it is given."""
    findings = [_python(), _packages(), _time_zone(), _browser()]
    try:
        settings = read_settings(data)
    except Misconfigured as error:
        return [*findings, _broken("settings", str(error))]
    findings.append(_good("settings", f"operation {settings.operation!r}"))
    checks: tuple[Callable[[Settings], list[Finding]], ...] = (
        _scenario,
        _disk,
        _redis,
        _broker,
        _port,
        _public,
        _cameras,
        _layers,
        _cap_sources,
        _partners,
        _organisations,
        _cot,
        _optional,
    )
    for check in checks:
        try:
            findings += check(settings)
        except Misconfigured as error:
            findings.append(_broken("settings", str(error)))
    return list(dict.fromkeys(findings))


def _optional(settings: Settings) -> list[Finding]:
    return [_broken(part, words) for part, words in unfit(settings)]


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < (3, 11):  # noqa: UP036 - an older interpreter can be made to run this
        return _broken("Python", f"{found}: 3.11 or newer is needed")
    return _good("Python", found)


def _packages() -> Finding:
    missing = []
    for name in _PACKAGES:
        try:
            importlib.import_module(name)
        except ImportError as error:
            missing.append(f"{name} ({error})")
    if missing:
        return _broken("packages", f"{', '.join(missing)} cannot be imported: run `make setup`")
    return _good("packages", "all can be imported")


def _time_zone() -> Finding:
    try:
        ZoneInfo("Asia/Hong_Kong")
    except ZoneInfoNotFoundError:
        return _broken("time zones", "no data for Asia/Hong_Kong: run `make setup`")
    if datetime.now(UTC) < _SOFTWARE_EPOCH:
        return _broken("clock", f"it says {datetime.now(UTC):%Y-%m-%d}: set the machine's clock")
    return _good("clock", f"{datetime.now(ZoneInfo('Asia/Hong_Kong')):%Y-%m-%d %H:%M} in Hong Kong")


def _browser() -> Finding:
    for name in _BROWSERS:
        if found := shutil.which(name):
            return _good("browser for tests", found)
    return _mend("browser for tests", "no Chromium on PATH: `make test` installs one")


def _scenario(settings: Settings) -> list[Finding]:
    if not settings.scenario:
        return []
    try:
        return [_good("scenario", find_scenario(settings.scenario).title.get("en", ""))]
    except NotFound as error:
        return [_broken("scenario", f"{error}: correct COP_SCENARIO")]


def _disk(settings: Settings) -> list[Finding]:
    if settings.redis_url:
        return []
    folder = settings.data_dir.resolve()
    while not folder.exists():
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        return [_broken("data directory", f"{folder} cannot be written: choose another by --data")]
    if folder == settings.data_dir.resolve() and folder.stat().st_mode & 0o077:
        return [_mend("data directory", f"others here may look into it: `chmod 700 {folder}`")]
    free = shutil.disk_usage(folder).free
    if free < _LEAST_FREE:
        return [
            _mend("data directory", f"only {free / 1e6:.0f} MB are free at {folder}: make room")
        ]
    return [_good("data directory", f"{settings.data_dir}, {free / 1e9:.1f} GB free")]


def _redis(settings: Settings) -> list[Finding]:
    durable = not settings.exercise
    if settings.redis_url:
        mend = "set COP_REDIS_URL right, or start that Redis"
        url = settings.signed_in(settings.redis_url)
        return _replicated(settings, url) + _server(url, mend, durable=durable)
    if running := socket_of(settings.data_dir):
        return _server(f"unix://{running}", "restart `cop up`", durable=durable)
    try:
        server = find_server()
        answer = subprocess.run(
            [server, "--version"], capture_output=True, text=True, timeout=10, check=True
        )
    except (Misconfigured, OSError, subprocess.SubprocessError) as error:
        return [_broken("Redis", f"{error}")]
    return [_good("Redis", f"embedded, {server}: {answer.stdout.split('sha=')[0].strip()}")]


def _server(url: str, mend: str, *, durable: bool) -> list[Finding]:
    """Look at a Redis that runs: is it new enough, and does it keep what it confirms."""
    found = []
    try:
        with contextlib.closing(connect(url)) as client, available():
            version = str(client.info("server")["redis_version"])
            apart = abs(client.time()[0] - time.time())
            found += [_mend("Redis", words) for words in check_policy(client, durable=durable)]
    except (ValueError, StoreUnavailable) as error:
        return [_broken("Redis", f"{error}: {mend}")]
    except Misconfigured as error:
        return [_broken("Redis", str(error))]
    if tuple(map(int, version.split(".")[:2])) < (6, 2):
        found.append(_broken("Redis", f"version {version}: 6.2 or newer is needed"))
    if apart > _CLOCKS_APART_S:
        found.append(_mend("Redis clock", f"{apart:.0f} s away from ours: set up time service"))
    return found or [_good("Redis", f"answers, version {version}, append-only file on")]


def _replicated(settings: Settings, url: str) -> list[Finding]:
    """Look what is promised where there are Sentinels, or replicas are waited for."""
    found = []
    try:
        check_replicated(settings)
        if is_of_sentinels(url):
            words, wrong = look_at_sentinels(url)
            found += [_good("Sentinels", words), *(_mend("Sentinels", why) for why in wrong)]
        if settings.wait_replicas or is_of_sentinels(url):
            words, wrong = look_at_replicas(settings, url)
            found += [_good("replicas", words), *(_mend("replicas", why) for why in wrong)]
    except Misconfigured as error:
        return [_broken("replicas", str(error))]
    except (ValueError, StoreUnavailable):  # said of Redis itself
        pass
    return found


def _broker(settings: Settings) -> list[Finding]:
    if not settings.redis_url and not settings.broker_url:
        return []
    try:
        url = broker_url(settings)
    except Misconfigured as error:
        return [_broken("broker", str(error))]
    try:
        connection = Connection(url, connect_timeout=3)  # type: ignore[no-untyped-call]
        with connection:
            connection.ensure_connection(max_retries=1, timeout=5)  # type: ignore[no-untyped-call]
    except (OperationalError, KeyError, ValueError) as error:  # the latter: no address of one
        return [_broken("broker", f"does not answer ({error}): set COP_BROKER_URL right")]
    return [_good("broker", "answers")]


def _port(settings: Settings) -> list[Finding]:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            words = f"{settings.host}:{settings.port}: {error.strerror}; choose another by --port"
            return [_mend("port", words)]
    return [_good("port", f"{settings.host}:{settings.port} is free")]


def _public(settings: Settings) -> list[Finding]:
    """Look how old the public site is, where there is one and something runs that keeps it."""
    if not settings.redis_url and socket_of(settings.data_dir) is None:
        return []
    pointer = public_root(settings.data_dir) / POINTER
    try:
        told = orjson.loads(pointer.read_bytes())
        made_at = datetime.fromisoformat(told["made_at"])
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError):
        return [_mend("public site", f"{pointer} cannot be read: start the publisher again")]
    age = (datetime.now(UTC) - made_at).total_seconds()
    if age > _LATE_S:
        words = (
            f"not kept up for {age:.0f} s: look at the publisher's log, at Redis and at the disk"
        )
        return [_mend("public site", words)]
    return [_good("public site", f"edition {told['version']}, true up to {age:.0f} s ago")]


def _cap_sources(settings: Settings) -> list[Finding]:
    """Look whether the CAP sources can be used: the folder and each file."""
    folder = settings.cap_sources_dir
    if folder is not None and not settings.exercise and not folder.is_dir():
        return [_broken("CAP sources", f"{folder} is no folder: set COP_CAP_SOURCES_DIR right")]
    try:
        sources = cap_sources_of(settings)
    except NotFound:  # said of the scenario already
        return []
    if sources.faults:
        return [_mend("CAP sources", str(fault)) for fault in sources.faults[:3]]
    return [_good("CAP sources", f"{len(sources)} can be used")] if sources else []


def _partners(settings: Settings) -> list[Finding]:
    """Look whether things can be exchanged with the partners: folder, files, tokens, agreements."""
    folder = settings.partners_dir
    if folder is not None and not folder.is_dir():
        return [_broken("partners", f"{folder} is no folder: set COP_PARTNERS_DIR right")]
    found, now = partners_of(settings), settings.clock().now()
    wrong = unready(found) + (_unspoken(settings) if found else [])
    for plan in found.values():
        ends = plan.agreement.until
        if ends <= now + _SOON:
            word = "ended" if ends <= now else "ends"
            wrong.append(f"{plan.id}: agreement {plan.agreement.number} {word} on {ends:%Y-%m-%d}")
    if wrong:
        return [_mend("partners", words) for words in wrong[:3]]
    return [_good("partners", f"{len(found)} can be used")] if found else []


def _unspoken(settings: Settings) -> list[str]:
    """Say that nobody speaks with the partners, where others of the processes run."""
    running = None if settings.redis_url else socket_of(settings.data_dir)
    if not settings.redis_url and running is None:
        return []
    url = settings.signed_in(settings.redis_url) or f"unix://{running}"
    try:
        marks = RedisStore(url, settings.operation).marks()
    except (ValueError, Misconfigured, StoreUnavailable):  # said of Redis already
        return []
    up = {name.partition(":")[0] for name in marks}
    if "worker" not in up or "exchange" in up:
        return []
    return ["nobody takes the queue `exchange`: restart `cop up`, or start that service"]


def _cameras(settings: Settings) -> list[Finding]:
    """Look whether the cameras to count by can be used: the folder, each file, each model."""
    folder = settings.cameras_dir
    if folder is not None and not settings.exercise:
        try:
            next(folder.iterdir(), None)
        except OSError as error:
            words = f"{folder}: {error.strerror}: set COP_CAMERAS_DIR right"
            return [_broken("cameras", words)]
    try:
        plans = plans_of(settings)
    except NotFound:  # said of the scenario already
        return []
    if not plans and not plans.faults:
        return []
    from workers.vision.ready import unready

    wrong = [str(fault) for fault in plans.faults]
    wrong += [f"{plan.id}.toml: {why}" for plan in plans.values() for why in unready(plan)]
    if wrong:
        return [_mend("cameras", f"{words} (`cop cameras check` says all)") for words in wrong[:3]]
    return [_good("cameras", f"{len(plans)} can be used")]


def _organisations(settings: Settings) -> list[Finding]:
    """Look whether the Legal Entity Identifiers that were written down are such."""
    known = organisations_of(settings)
    if known.faults:
        return [_mend("organisations", str(fault)) for fault in known.faults]
    count = sum(one.lei is not None for one in known.values())
    return [_good("organisations", f"{count} with an LEI")] if count else []


def _cot(settings: Settings) -> list[Finding]:
    """Look whether Cursor-on-Target can be spoken: keys, the revoked, each client's file."""
    folder = settings.cot_dir
    if folder is None:
        return []
    from cop.services.cot.clients import read_book, server_ends
    from cop.services.cot.server import tls_context

    try:
        tls_context(folder)
        book, ends = read_book(folder), server_ends(folder)
    except Misconfigured as error:
        return [_broken("Cursor-on-Target", str(error))]
    wrong = [str(fault) for fault in book.faults]
    if ends - datetime.now(UTC) < _SOON:
        wrong.append(f"the server's certificate ends on {ends:%Y-%m-%d}: `cop cot authority`")
    if wrong:
        return [_mend("Cursor-on-Target", words) for words in wrong[:3]]
    return [_good("Cursor-on-Target", f"{len(book.clients)} clients")]


def _layers(settings: Settings) -> list[Finding]:
    """Look whether the files that set up layers of others can be used."""
    layers = layers_of(settings)
    if layers.faults:
        return [_mend("layers of others", str(fault)) for fault in layers.faults[:3]]
    return [_good("layers of others", f"{len(layers)} are set up")]
