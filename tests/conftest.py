"""What every test has: a network that ends at this machine, a Redis, a browser, a whole system."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Page, sync_playwright

from tests.quick_hashes import quick_hashes
from tests.redis_server import redis_server, redis_url, shared_redis
from tests.system import System, running_system

__all__ = ["quick_hashes", "redis_server", "redis_url", "shared_redis"]

# How fast the machine is decides nothing; with CI set, the examples are the same each time.
settings.register_profile(
    "any machine",
    settings.get_profile("ci" if "CI" in os.environ else "default"),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("any machine")

PATIENCE_S = 60.0
_HERE = Path(__file__).parent
_LIVE = ("browser", "integration", "field_drill")
_WHOLE = ("chromium", "chromium-browser", "google-chrome")
_WITHOUT_WINDOWS = "chromium-headless-shell"
_FEATURES_OFF = (
    # the pages of an address bar that nobody sees: most of what a fresh context would cost
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"),
    # and what Playwright switches off: the browser takes only the last list that it is given
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"),
    *("HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding"),
    *("ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "AimEnabled"),
    *("TcpPortRandomizationWin", "OptimizationHints", "NetworkTimeServiceQuerying"),
    *("PreconnectToSearch", "msForceBrowserSignIn"),
    "msEdgeUpdateLaunchServicesPreferredVersion",
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--accept-lang=en-US,en",
    f"--disable-features={','.join(_FEATURES_OFF)}",
    # no page asks anything of another machine
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


def find_browser(*, whole: bool = False) -> str | None:
    """Find the Chromium on PATH; None where Playwright's own is to be taken.

    Unless it must be a *whole* one, first the one without windows: it takes an eighth less of the
    processor, and shows no notifications.
    """
    names = _WHOLE if whole else (_WITHOUT_WINDOWS, *_WHOLE)
    return next(filter(None, map(shutil.which, names)), None)


def _is_here(host: object) -> bool:
    if host in {"localhost", "", None, b"localhost"}:
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Refuse every connection and every look-up that would leave this machine."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_here(address[0]):
            raise AssertionError(f"a test reached for the network: {address!r}")
        connect(self, address)

    def guarded_look_up(host: Any, *args: Any, **options: Any) -> Any:
        if not _is_here(host):
            raise AssertionError(f"a test looked up {host!r}")
        return look_up(host, *args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield


@pytest.fixture(scope="session", autouse=True)
def _patience() -> Iterator[None]:
    """Let requests wait a minute unless they say otherwise: a busy machine is slow, not wrong."""
    with pytest.MonkeyPatch.context() as patch:
        for part in ("connect", "read", "write", "pool"):
            patch.setattr(httpx._config.DEFAULT_TIMEOUT_CONFIG, part, PATIENCE_S)
        yield


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run what fails among real processes and pages once more; the summary names each."""
    if config.pluginmanager.hasplugin("rerunfailures"):
        for item in items:
            folder = item.path.relative_to(_HERE).parts[0]
            if folder in _LIVE or item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="module")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """Give a headless Chromium: the one on PATH, or Playwright's own; see `make test`.

    It is a whole one where the module is marked `whole_browser`.

    It ends with its module: while Playwright lives, no other test can run an event loop.
    """
    on_path = find_browser(whole=request.node.get_closest_marker("whole_browser") is not None)
    with sync_playwright() as playwright:
        if on_path is None and not Path(playwright.chromium.executable_path).exists():
            pytest.fail("there is no Chromium: run `make test`, which installs one")
        chromium = playwright.chromium.launch(executable_path=on_path, headless=True, args=FLAGS)
        chromium.on("context", lambda made: made.set_default_timeout(PATIENCE_S * 1000))
        try:
            yield chromium
        finally:
            chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Give a page of 1440 by 900 that has never been anywhere."""
    with contextlib.closing(browser.new_context(viewport={"width": 1440, "height": 900})) as fresh:
        yield fresh.new_page()


@pytest.fixture
def system(tmp_path: Path) -> Iterator[Callable[..., System]]:
    """Give a function that starts the whole product with `cop up`'s arguments; ended afterwards."""
    with contextlib.ExitStack() as stack:
        yield lambda *arguments: stack.enter_context(running_system(tmp_path, *arguments))
