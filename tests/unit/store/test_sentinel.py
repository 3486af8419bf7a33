"""Addresses that name Sentinels, which of them is believed, and settings that do not fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from redis.sentinel import MasterNotFoundError

from cop.config import Settings
from cop.errors import Misconfigured
from cop.services.broker import broker_url
from cop.store import open_store
from cop.store.connection import connect
from cop.store.sentinel import Watch, is_of_sentinels, parse

THREE = "redis+sentinel://a:1,b,[::1]:3/picture/0"


@pytest.mark.parametrize(
    ("url", "sentinels", "name", "options"),
    [
        (THREE, (("a", 1), ("b", 26379), ("::1", 3)), "picture", {"db": 0}),
        ("redis+sentinel://a:1", (("a", 1),), "picture", {}),
        ("redis+sentinel://a:1/other/2", (("a", 1),), "other", {"db": 2}),
        (
            "redis+sentinel://web:p%40@a:1/x",
            (("a", 1),),
            "x",
            {"username": "web", "password": "p@"},
        ),
        (
            "rediss+sentinel://a:1/x?ssl_ca_certs=/ca",
            (("a", 1),),
            "x",
            {"ssl_ca_certs": "/ca"},
        ),
    ],
    ids=["three", "one", "named", "login", "tls"],
)
def test_an_address_is_read(
    url: str, sentinels: tuple[tuple[str, int], ...], name: str, options: dict[str, Any]
) -> None:
    """Hosts with or without a port, the name, the database, login and TLS."""
    found = parse(url)
    assert (found.sentinels, found.name, found.options) == (sentinels, name, options)
    assert found.secure is url.startswith("rediss")
    connect(url).close()


@pytest.mark.parametrize(
    "url",
    [
        "redis+sentinel://",
        "redis+sentinel://a:1,,b:2/x",
        "redis+sentinel://a:one/x",
        "redis+sentinel://a:1/x/y",
        "redis+sentinel://a:99999/x",
    ],
    ids=["nobody", "gap", "port", "database", "too-high"],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    """The store says which setting it is."""
    with pytest.raises(Misconfigured, match="COP_REDIS_URL is not the address of a Redis"):
        open_store(Settings(redis_url=url, broker_url="redis://b"))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"redis_url": THREE}, "COP_BROKER_URL is empty"),
        ({"redis_url": "redis://a", "sentinel_login_file": "x"}, "names no Sentinels"),
        ({"redis_url": "unix:///x", "wait_replicas": 1}, "COP_WAIT_REPLICAS waits"),
        ({"redis_url": "memory:", "wait_replicas": 1}, "COP_WAIT_REPLICAS waits"),
    ],
    ids=["no-broker", "login-for-nobody", "embedded", "memory"],
)
def test_half_settings_are_refused(settings: dict[str, Any], words: str) -> None:
    """Where one setting is of no use without another, nothing starts."""
    with pytest.raises(Misconfigured, match=words):
        open_store(Settings(**settings))


def test_the_broker_is_another_redis() -> None:
    """Who asks for tasks is told that the picture's Sentinels do not lead to a broker."""
    with pytest.raises(Misconfigured, match="COP_BROKER_URL is empty"):
        broker_url(Settings(redis_url=THREE))
    assert broker_url(Settings(redis_url=THREE, broker_url="redis://b/0")) == "redis://b/0"


def test_logins_go_along(tmp_path: Path) -> None:
    """Redis is signed in to by one file, the Sentinels by another."""
    for name in ("redis", "sentinels"):
        (tmp_path / name).write_text(f"{name}:p/@&{name}\n")
    settings = Settings(
        redis_url=THREE,
        redis_login_file=tmp_path / "redis",
        sentinel_login_file=tmp_path / "sentinels",
    )
    found = parse(settings.signed_in(settings.redis_url))
    assert found.login == ("sentinels", "p/@&sentinels")
    assert (found.options["username"], found.options["password"]) == ("redis", "p/@&redis")
    assert len(found.sentinels) == 3
    (tmp_path / "sentinels").write_text("nothing")
    with pytest.raises(Misconfigured, match="COP_SENTINEL_LOGIN_FILE"):
        settings.signed_in(THREE)


def _state(port: int, epoch: int, **more: bool) -> dict[str, Any]:
    sound = {"is_master": True, "is_sdown": False, "is_odown": False, "num-other-sentinels": 2}
    return {"ip": "h", "port": port, "config-epoch": epoch} | sound | more


@pytest.mark.parametrize(
    ("said", "port"),
    [
        ([_state(1, 0)], 1),
        ([_state(1, 0), _state(2, 1), _state(2, 1)], 2),
        ([_state(2, 1), _state(1, 0), None], 2),
        ([_state(1, 3, is_sdown=True), _state(2, 1)], 2),
        ([None, _state(1, 3, is_odown=True)], 0),
        ([None, None], 0),
    ],
    ids=["one", "cut-off-first", "cut-off-later", "down", "all-down", "deaf"],
)
def test_the_last_failover_is_believed(
    monkeypatch: pytest.MonkeyPatch, said: list[dict[str, Any] | None], port: int
) -> None:
    """A Sentinel that is cut off, and names the primary of before, misleads nobody."""
    watch = Watch(parse(THREE))
    monkeypatch.setattr(watch, "states", lambda _: said)
    if port:
        assert watch.discover_master("picture") == ("h", port)
    else:
        with pytest.raises(MasterNotFoundError, match="no Sentinel names a primary"):
            watch.discover_master("picture")
    watch.close()


def test_other_addresses_are_as_before() -> None:
    """One Redis is one Redis."""
    assert not any(map(is_of_sentinels, ("redis://a", "rediss://a", "unix:///x", "", "memory:")))
