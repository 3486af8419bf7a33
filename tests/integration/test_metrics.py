"""The figures for Prometheus: who gets them, that they are true, and what is built on them."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from cop.config import Settings
from cop.model.record import Page
from cop.services.accounts import add_user
from cop.services.journal_proof import anchor, anchors_file
from cop.services.policy import Role
from cop.services.tokens import issue_token
from cop.store.accounts import MemoryAccounts
from cop.store.redis import RedisStore
from tests.browser.board import now
from tests.browser.town import feed_status, store_all
from tests.integration.asking import FIRE, key
from tests.integration.web_server import SETTINGS, Server, web_server

pytestmark = pytest.mark.redis

DEPLOY = Path(__file__).parents[2] / "deploy"
_NAME = re.compile(r"\b(?:cop|process)_[a-z0-9_]+\b")
_ADDED = {"instance", "job", "le"}
"""Labels that Prometheus itself gives."""
_WORDS = {*("rate", "increase", "sum", "max", "min", "by", "on", "histogram_quantile", "up")}
_WORDS |= {*("absent", "and", "or", "unless", "time", "without", "changes", "delta", "deriv")}
"""What may stand before a bracket."""
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture
def settings(shared_redis: str, tmp_path: Path) -> Settings:
    """Give settings on a Redis, with a public site that was just true."""
    return SETTINGS.model_copy(
        update={
            "redis_url": shared_redis,
            "operation": f"m{secrets.token_hex(4)}",
            "data_dir": tmp_path,
        }
    )


@pytest.fixture
def server(settings: Settings) -> Iterator[Server]:
    """Run a web process with a commander and a machine."""
    store, accounts = RedisStore(settings.redis_url, settings.operation), MemoryAccounts()
    with web_server(store, accounts, settings) as running:
        add_user(accounts, "watcher", Role.MACHINE)
        running.add("chan", Role.COMMANDER)
        yield running
    store.close()


def token(server: Server, settings: Settings, *scopes: str) -> dict[str, str]:
    """Give the header of a machine with *scopes*."""
    issued = issue_token(
        server.accounts,
        "watcher",
        operation=settings.operation,
        label="prometheus",
        scopes=scopes,
        days=1,
    )
    return {"Authorization": f"Bearer {issued.token}"}


def scrape(server: Server, settings: Settings) -> Samples:
    """Read all figures, as Prometheus would."""
    with server.client() as client:
        client.headers.update(token(server, settings, "read_metrics"))
        answer = client.get("/api/v1/metrics")
    assert answer.status_code == 200, answer.text
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_only_a_token_for_that_gets_them(server: Server, settings: Settings) -> None:
    """Nobody from wherever, no person, no machine with other scopes."""
    with server.client() as client:
        assert client.get("/api/v1/metrics").status_code == 401
        client.headers.update(token(server, settings, "read", "report_incident"))
        assert client.get("/api/v1/metrics").status_code == 403
    with server.client("chan") as client:
        assert client.get("/api/v1/metrics").status_code == 403


def test_figures_are_what_happened(server: Server, settings: Settings) -> None:
    """Commands by outcome, the journal and its anchor, Redis, queues; and no name of anybody."""
    anchor(server.store, anchors_file(settings))
    before = scrape(server, settings)
    server.store.write([], fetched_ms=1, page=Page(b"{}", ()))
    server.store.mark("backoff:data.example.hk", "[1, 0]", ttl_ms=60_000)  # no process
    server.store.mark("vision-1:host:7", "now", ttl_ms=60_000)
    with server.client("chan") as client:
        client.headers["Idempotency-Key"] = "k1"
        assert client.post("/api/v1/incidents", json={}).status_code == 400
    after = scrape(server, settings)
    assert after["cop_replica_ready", ()] == 1
    assert after["cop_journal_entries", ()] > before["cop_journal_entries", ()]
    assert after["cop_redis_aof_enabled", ()] == after["cop_redis_aof_good", ()] == 1
    assert after["cop_queue_length", (("queue", "feeds"),)] == 0
    assert after["cop_part_up", (("part", "worker"),)] == 0
    assert {value for (name, _), value in after.items() if name == "cop_scrape_part_failed"} == {0}
    roles = {pairs for name, pairs in after if name == "cop_processes"}
    assert roles == {(("role", "vision-1"),), (("role", "web"),)}
    labels = {value for _, pairs in after for _, value in pairs}
    assert not labels & {"chan", "watcher", "127.0.0.1"}


def test_what_does_not_answer_is_said(server: Server, settings: Settings, tmp_path: Path) -> None:
    """A part that cannot be read is named; the others' figures are given all the same."""
    (tmp_path / "public" / "public").mkdir(parents=True)
    (tmp_path / "public" / "public" / "now.json").write_text("{")
    found = scrape(server, settings)
    assert found["cop_scrape_part_failed", (("part", "public"),)] == 1
    assert found["cop_scrape_part_failed", (("part", "redis"),)] == 0
    assert ("cop_public_age_seconds", ()) not in found


def expressions() -> list[str]:
    """Give every expression of the dashboard and of the rules."""
    board = json.loads((DEPLOY / "grafana-cop.json").read_text("utf-8"))
    rules = yaml.safe_load((DEPLOY / "prometheus-rules.yml").read_text("utf-8"))
    asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    return asked + [rule["expr"] for group in rules["groups"] for rule in group["rules"]]


def test_dashboard_and_rules_ask_for_what_is_given(server: Server, settings: Settings) -> None:
    """Every figure and label in them stands in what a web process really answers."""
    with server.client("chan") as client:
        assert client.post("/api/v1/incidents", json=FIRE, headers=key()).status_code == 201
    one = feed_status("hko_wind", "Wind", "風", now(), content_at=now())
    store_all(server.store, [one], now())
    (settings.data_dir / "public" / "public").mkdir(parents=True)
    pointer = {"made_at": "2026-01-01T00:00:00Z"}
    (settings.data_dir / "public" / "public" / "now.json").write_text(json.dumps(pointer))
    anchor(server.store, anchors_file(settings))
    found = scrape(server, settings)
    names = {name for name, _ in found}
    labels = {label for _, pairs in found for label, _ in pairs}
    for asked in expressions():
        assert {*_NAME.findall(asked)} <= names, asked
        groups = re.findall(r"\b(?:by|without|on) ?\(([a-z_, ]*)\)", asked)
        used = {label.strip() for group in groups for label in group.split(",")}
        used |= {*re.findall(r"[{,] ?(\w+)[!=]", asked)}
        assert used <= labels | _ADDED, asked


def test_dashboard_and_rules_can_be_read() -> None:
    """Brackets close, functions are Prometheus's own, ids are given once, alarms say what to do."""
    for asked in expressions():
        for pair in ("()", "{}", "[]"):
            assert asked.count(pair[0]) == asked.count(pair[1]), asked
        assert {*re.findall(r"\b([a-z_]+) ?\(", asked)} <= _WORDS, asked
    board = json.loads((DEPLOY / "grafana-cop.json").read_text("utf-8"))
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    rules = yaml.safe_load((DEPLOY / "prometheus-rules.yml").read_text("utf-8"))
    for rule in (rule for group in rules["groups"] for rule in group["rules"]):
        assert {"alert", "expr", "labels", "annotations"} <= rule.keys()


def test_the_example_asks_where_the_figures_are() -> None:
    """The example's path is ours, and it takes the rules that lie beside it."""
    example = yaml.safe_load((DEPLOY / "prometheus.yml").read_text("utf-8"))
    job = example["scrape_configs"][0]
    assert job["metrics_path"] == "/api/v1/metrics"
    assert all((DEPLOY / name).is_file() for name in example["rule_files"])
