"""The files that set partners up: every fault in words, and none takes away another partner."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

from cop.cli.partners import partners
from cop.config import Settings
from cop.errors import Misconfigured
from cop.launcher import checks
from cop.model.exchange import PartnerState
from cop.services.exchange.partners import (
    entity_of_plan,
    gather_partners,
    partners_of,
    read_partner,
)
from cop.services.tokens import check_partner
from cop.store.memory import MemoryStore
from tests.unit.services.exchange.network import NOW

HEAD: dict[str, Any] = {
    "id": "gd",
    "installation": "gd-cop",
    "lei": "5493001KJTIIGC8Y1R12",
    "agencies": ["SB"],
    "url": "https://cop.gd.example",
    "token": "${COP_TEST_TOKEN}",
    "account": "gd",
}
TITLE = 'title = { en = "Guangdong", zh-Hant = "廣東", zh-Hans = "广东" }'
AGREEMENT = {
    "number": '"N 1"',
    "from": "2026-01-01T00:00:00+08:00",
    "until": "2027-01-01T00:00:00+08:00",
}


def write(
    folder: Path,
    name: str = "gd",
    *,
    title: str = TITLE,
    agreement: dict[str, str] | None = None,
    more: str = '[shares]\nkinds = ["alert"]\n[takes]\nkinds = ["alert"]',
    **head: Any,
) -> Path:
    """Write a file; a field of None is left out."""
    fields = {key: value for key, value in {**HEAD, **head}.items() if value is not None}
    lines = [f"{key} = {orjson.dumps(value).decode()}" for key, value in fields.items()]
    lines += [title, "[agreement]"]
    lines += [f"{key} = {value}" for key, value in {**AGREEMENT, **(agreement or {})}.items()]
    path = folder / f"{name}.toml"
    path.write_text("\n".join([*lines, more]), "utf-8")
    return path


def test_a_whole_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says who, by what, where and what; the token stands in the environment."""
    plan = read_partner(write(tmp_path))
    monkeypatch.setenv("COP_TEST_TOKEN", "secret")
    assert (plan.entity_id, plan.feed, plan.host) == ("partner:gd", "partner_gd", "cop.gd.example")
    assert plan.read_token() == "secret"
    assert (plan.onward, plan.publish, plan.takes.areas) == (False, False, "all")
    assert plan.holds(NOW)
    monkeypatch.delenv("COP_TEST_TOKEN")
    with pytest.raises(Misconfigured, match="COP_TEST_TOKEN"):
        plan.read_token()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"id": "G D"}, "id", id="id"),
        pytest.param({"installation": "GD COP"}, "installation", id="installation"),
        pytest.param({"installation": None}, "installation: is missing", id="no installation"),
        pytest.param({"lei": "5493001KJTIIGC8Y1R13"}, "check digits", id="LEI"),
        pytest.param({"agencies": ["XX"]}, "no agency of ours", id="agency"),
        pytest.param({"url": "http://cop.gd.example"}, "not protected", id="not protected"),
        pytest.param({"url": "ftp://x"}, "no address", id="no address"),
        pytest.param({"url": "https://a:b@x.example"}, "no address", id="password in address"),
        pytest.param({"url": "https://x.example?a=1"}, "leave out", id="query"),
        pytest.param({"token": "plain-secret"}, "stands in the file", id="token in the file"),
        pytest.param({"token": None}, "token: is missing", id="no token"),
        pytest.param({"account": None}, "needs the account", id="no account"),
        pytest.param({"url": None, "token": None}, "needs an address", id="takes without address"),
        pytest.param({"title": 'title = { en = "GD" }'}, "zh-Hant, zh-Hans", id="one language"),
        pytest.param({"every_s": 0.1}, "every_s", id="too often"),
        pytest.param({"colour": "red"}, "no such field", id="unknown field"),
        pytest.param(
            {"agreement": {"until": "2025-01-01T00:00:00+08:00"}}, "ends before", id="times turned"
        ),
        pytest.param({"agreement": {"until": "2027-01-01T00:00:00"}}, "until", id="no zone"),
        pytest.param({"more": '[shares]\nkinds = ["order"]'}, "never shared", id="orders"),
        pytest.param(
            {"more": '[shares]\nkinds = ["alert"]\nareas = ["XX"]'}, "areas", id="no district"
        ),
        pytest.param(
            {"more": '[shares]\nkinds = ["alert"]\nareas = [[115, 22, 114, 23]]'},
            "west < east",
            id="box turned",
        ),
    ],
)
def test_faults_are_said(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    """Each fault names the field and what to write; a good file beside it can be used."""
    write(tmp_path, "bad", **{"id": "bad", "installation": "bad", "account": "bad", **changes})
    write(tmp_path)
    found = gather_partners(tmp_path)
    assert list(found) == ["gd"]
    assert said in str(found.faults[0])


@pytest.mark.parametrize("token", ["", "two\nlines", "a b", "密", "x" * 5000], ids=repr)
def test_a_token_is_one_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    """One that cannot stand in a request is refused before an error could show it."""
    (tmp_path / "secret").write_text(token, "utf-8")
    plan = read_partner(write(tmp_path, token=None, token_file="secret"))
    with pytest.raises(Misconfigured) as refused:
        plan.read_token()
    assert not token or token not in str(refused.value)
    monkeypatch.setenv("COP_TEST_TOKEN", token or "\n")
    with pytest.raises(Misconfigured):
        read_partner(write(tmp_path)).read_token()


def test_doctor_looks_at_the_partners(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files with faults, tokens that are missing and agreements that end are things to mend."""
    monkeypatch.setenv("COP_TEST_TOKEN", "secret")
    settings = Settings(operation="live", installation="hk-cop", partners_dir=tmp_path)
    assert checks._partners(settings) == []
    good = {"until": (datetime.now(UTC) + timedelta(days=400)).isoformat()}
    write(tmp_path, agreement=good)
    assert [one.verdict for one in checks._partners(settings)] == [checks.Verdict.GOOD]
    monkeypatch.delenv("COP_TEST_TOKEN")
    (tmp_path / "bad.toml").write_text("id = 5")
    soon = {"until": (datetime.now(UTC) + timedelta(days=3)).isoformat()}
    write(tmp_path, agreement=soon)
    found = checks._partners(settings)
    assert {one.verdict for one in found} == {checks.Verdict.MEND}
    said = "\n".join(one.words for one in found)
    assert "bad.toml" in said
    gone = settings.model_copy(update={"partners_dir": tmp_path / "none"})
    assert [one.verdict for one in checks._partners(gone)] == [checks.Verdict.BROKEN]


def test_no_two_are_one(tmp_path: Path) -> None:
    """Two files of one installation or account, or one with our own name: the second is refused."""
    write(tmp_path)
    write(tmp_path, "sz", id="sz", account="sz")
    write(tmp_path, "us", id="us", installation="hk-cop", account="us")
    write(tmp_path, "mo", id="mo", installation="mo-cop")
    found = gather_partners(tmp_path, "hk-cop")
    assert list(found) == ["gd"]
    words = "\n".join(map(str, found.faults))
    assert "is that of partner gd" in words
    assert "is our own" in words


def test_exercise_and_live_are_apart(tmp_path: Path) -> None:
    """An exercise has only those that take part in it, so that nothing of it gets out."""
    write(tmp_path)
    write(tmp_path, "ex", id="ex", installation="ex", account="ex", exercise=True)
    live = Settings(operation="live", partners_dir=tmp_path)
    drill = Settings(operation="exercise-1", scenario="x", partners_dir=tmp_path)
    assert list(partners_of(live)) == ["gd"]
    assert list(partners_of(drill)) == ["ex"]


def test_a_changed_file_counts_at_once(tmp_path: Path) -> None:
    """Whoever changes a file need not start anything anew; without a folder there are none."""
    settings = Settings(operation="live", partners_dir=tmp_path)
    write(tmp_path)
    assert list(partners_of(settings)) == ["gd"]
    write(tmp_path, id="guangdong")
    assert list(partners_of(settings)) == ["guangdong"]
    assert list(partners_of(Settings(operation="live", data_dir=tmp_path / "none"))) == []


def test_since_when_it_is_so_is_kept(tmp_path: Path) -> None:
    """The time of a state is that of its beginning."""
    plan = read_partner(write(tmp_path))
    down = PartnerState.DOWN
    first = entity_of_plan(plan, None, state=down, state_since=NOW)
    later = NOW.replace(hour=9)
    assert entity_of_plan(plan, first, state=down, state_since=later).state_since == NOW
    ok = entity_of_plan(plan, first, state=PartnerState.OK, state_since=later)
    assert (ok.state_since, ok.agencies, ok.lei) == (later, ("SB",), HEAD["lei"])


def test_the_command_checks_and_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`check` fails with every fault, a missing token too; `list` shows no secret."""
    write(tmp_path)
    checked = CliRunner().invoke(partners, ["check", str(tmp_path)])
    assert (checked.exit_code, "COP_TEST_TOKEN" in checked.output) == (1, True)
    monkeypatch.setenv("COP_TEST_TOKEN", "secret")
    checked = CliRunner().invoke(partners, ["check", str(tmp_path)])
    assert (checked.exit_code, checked.output) == (0, "1 partners can be used.\n")
    listed = CliRunner().invoke(partners, ["list", str(tmp_path)])
    assert "gd-cop" in listed.output
    rows = orjson.loads(CliRunner().invoke(partners, ["list", str(tmp_path), "--json"]).output)
    assert rows[0]["agreement"]["from"] == "2025-12-31T16:00:00Z"
    assert "secret" not in str(rows)
    write(tmp_path, "bad", id="B A D")
    assert CliRunner().invoke(partners, ["check", str(tmp_path)]).exit_code == 1


@pytest.mark.parametrize(
    ("up", "missed"),
    [((), False), (("worker",), True), (("worker", "exchange"), False)],
    ids=["nothing-runs", "no-exchange", "all"],
)
def test_doctor_misses_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, up: tuple[str, ...], *, missed: bool
) -> None:
    """Where the others run and nobody speaks with the partners, that is said."""
    write(tmp_path)
    monkeypatch.setenv("COP_TEST_TOKEN", "secret")
    store = MemoryStore()
    for name in up:
        store.mark(f"{name}:here:1", "", ttl_ms=600_000)
    monkeypatch.setattr(checks, "RedisStore", lambda *_: store)
    said = checks._partners(Settings(partners_dir=tmp_path, redis_url="redis://there"))
    assert any("queue `exchange`" in one.words for one in said) is missed


@pytest.mark.parametrize(
    ("name", "scopes", "refused"),
    [
        ("gd", ("federate",), ""),
        ("GD", ("read",), "account of partner"),
        ("gd", ("federate", "read"), "account of partner"),
        ("gis", ("federate", "read"), "stands alone"),
        ("gis", ("read",), ""),
    ],
    ids=["exchange", "reads", "both", "both-for-another", "another"],
)
def test_a_partners_token_opens_the_exchange_alone(
    tmp_path: Path, name: str, scopes: tuple[str, ...], refused: str
) -> None:
    """No partner sees what responders see because somebody gave its account one scope more."""
    write(tmp_path, account="gd")
    settings = Settings(partners_dir=tmp_path)
    if not refused:
        check_partner(settings, name, scopes)
        return
    with pytest.raises(Misconfigured, match=refused):
        check_partner(settings, name, scopes)
