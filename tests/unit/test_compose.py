"""`compose.yaml` runs what the launcher runs."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from cop.api.rules import RULES
from cop.config import Settings
from cop.launcher.processes import COT, EXCHANGE, PROCESSES, Process, processes_of
from cop.services.publishing.paths import LANG_PATHS, public_root
from tests.integration.federating import partner_file
from workers.exchange import LOCK_MS
from workers.exchange_line import LIMIT_S, RUN_S, SOFT_LIMIT_S, WITHIN_S

ROOT = Path(__file__).parents[2]
PARTS = {"", "public", "robots.txt", "sitemap.xml", *LANG_PATHS.values()}
"""First parts of the addresses of the public site."""


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """Give the services by name."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    return found


def settings_of(service: dict[str, Any]) -> Settings:
    """Read a service's settings as its processes would, with nothing set on the host."""
    filled = {
        name.removeprefix("COP_").lower(): re.sub(r"\$\{\w+:-(.*?)\}", r"\1", value)
        for name, value in service["environment"].items()
    }
    return Settings(**{name: value for name, value in filled.items() if value})


@pytest.mark.parametrize("process", [*PROCESSES, EXCHANGE], ids=lambda process: process.name)
def test_commands_are_the_launchers(services: dict[str, Any], process: Process) -> None:
    """Each process is run by the very command that `cop up` runs."""
    service = services[process.name]
    assert service["command"] == process.command(settings_of(service))


def test_all_parts_are_there(services: dict[str, Any]) -> None:
    """Two web processes, one beat, a cache, a proxy, and the broker's data apart."""
    assert services.keys() == {
        *("redis", "broker", "worker", "vision", "beat", "publisher", "web", "cache", "proxy"),
        *("cot", "exchange"),
    }
    assert services["web"]["deploy"]["replicas"] == 2
    assert services["beat"]["deploy"]["replicas"] == 1
    settings = settings_of(services["web"])
    assert settings.redis_url != settings.broker_url


def test_processes_agree_on_settings(services: dict[str, Any]) -> None:
    """Processes of one operation are given the same settings."""
    first, *others = (settings_of(services[process.name]) for process in (*PROCESSES, EXCHANGE))
    assert all(settings == first for settings in others)


def test_the_pictures_redis_loses_nothing(services: dict[str, Any]) -> None:
    """The picture's Redis confirms only what is on disk, and evicts nothing."""
    words = shlex.join(services["redis"]["command"])
    for option in ("--appendonly yes", "--appendfsync always", "--maxmemory-policy noeviction"):
        assert option in words
    assert "picture:/data" in services["redis"]["volumes"]


def test_web_processes_share_the_attachments(services: dict[str, Any]) -> None:
    """What one web process keeps, another hands out: one volume, where the settings say."""
    folder = settings_of(services["web"]).data_dir / "attachments"
    assert f"attachments:/srv/cop/{folder}" in services["web"]["volumes"]
    made = (ROOT / "Dockerfile").read_text()
    assert "cop .data .data/attachments .data/exchange .data/public .data/uploads\n" in made


def test_unfinished_uploads_are_shared_and_given_up(services: dict[str, Any]) -> None:
    """A piece may come to any web process, and a worker clears what was never finished."""
    folder = settings_of(services["web"]).data_dir / "uploads"
    for name in ("web", "worker"):
        assert f"uploads:/srv/cop/{folder}" in services[name]["volumes"]


def test_cameras_are_looked_at_by_one_process(services: dict[str, Any]) -> None:
    """One process has each queue of cameras; it and the scheduler read the same folder of files."""
    assert services["vision"]["deploy"]["replicas"] == 1
    settings = settings_of(services["vision"])
    assert [process.name for process in processes_of(settings)] == [p.name for p in PROCESSES]
    folder = settings.cameras_dir or settings.data_dir / "cameras"
    for name in ("vision", "beat"):
        assert f"./cameras:/srv/cop/{folder}:ro" in services[name]["volumes"]
    assert "outside" in services["vision"]["networks"]


def test_cap_sources_are_known_to_who_polls_and_who_plans(services: dict[str, Any]) -> None:
    """Worker and beat read one folder of CAP sources, and only read it."""
    settings = settings_of(services["worker"])
    folder = settings.cap_sources_dir or settings.data_dir / "cap-sources"
    for name in ("worker", "beat"):
        assert f"./cap-sources:/srv/cop/{folder}:ro" in services[name]["volumes"]


def test_partners_have_a_process_where_there_are_any(
    services: dict[str, Any], tmp_path: Path
) -> None:
    """It reaches them; all who need their files read one folder; its lock outlasts its tasks."""
    settings = settings_of(services["exchange"])
    folder = settings.partners_dir or settings.data_dir / "partners"
    for name in ("exchange", "worker", "beat", "web"):
        assert f"./partners:/srv/cop/{folder}:ro" in services[name]["volumes"]
    assert "outside" in services["exchange"]["networks"]
    assert EXCHANGE not in processes_of(settings)
    (tmp_path / "gd.toml").write_text(partner_file("gd", "https://gd.example", "gd"))
    assert EXCHANGE in processes_of(Settings(partners_dir=tmp_path))
    assert RUN_S + WITHIN_S < SOFT_LIMIT_S < LIMIT_S < LOCK_MS / 1000


def test_more_shards_are_more_processes() -> None:
    """Each shard has a process and a queue of its own; the live view stays with the first."""
    three = processes_of(Settings(vision_shards=3))
    taken = [
        process.arguments[process.arguments.index("--queues") + 1]
        for process in three
        if process.name.startswith("vision")
    ]
    assert sorted(taken) == ["vision,view", "vision-1", "vision-2"]
    assert len({process.name for process in three}) == len(three) == len(PROCESSES) + 2


def test_the_public_site_is_written_by_one_and_read_by_all(services: dict[str, Any]) -> None:
    """The publisher writes the files where the web processes read them, and they only read."""
    folder = public_root(settings_of(services["web"]).data_dir)
    assert f"public:/srv/cop/{folder}" in services["publisher"]["volumes"]
    assert f"public:/srv/cop/{folder}:ro" in services["web"]["volumes"]


def test_the_cache_needs_no_rights(services: dict[str, Any]) -> None:
    """It runs as nobody in particular, writes nothing but its cache, and is not reached itself."""
    cache = services["cache"]
    assert cache["user"] == "101:101"
    assert cache["read_only"] is True
    assert cache["cap_drop"] == ["ALL"]
    assert cache["networks"] == ["inside"]
    folders = {mount.partition(":")[0] for mount in cache["tmpfs"]}
    assert folders == {"/tmp", "/var/cache/nginx"}
    assert "./deploy/nginx.conf:/etc/nginx/nginx.conf:ro" in cache["volumes"]


def test_the_proxy_sends_the_public_to_the_cache(services: dict[str, Any]) -> None:
    """Every address of the public site, and no other, goes to the cache."""
    caddy = (ROOT / "deploy" / "Caddyfile").read_text()
    (line,) = re.findall(r"@public path (.*)", caddy)
    sent = set(line.split())
    public = {rule.path for rule in RULES if rule.path.partition("/")[2].partition("/")[0] in PARTS}
    assert {path for path in public if not any(covers(wide, path) for wide in sent)} == set()
    assert not [
        path
        for path in ("/command", "/api/v1/picture", "/field", "/sign-in", "/assets/x")
        if any(covers(wide, path) for wide in sent)
    ]
    port = re.search(r"listen (\d+)", (ROOT / "deploy" / "nginx.conf").read_text())
    assert port is not None
    assert f"reverse_proxy cache:{port[1]}" in caddy


def covers(wide: str, path: str) -> bool:
    """Tell whether a path of the proxy's, with its star, covers *path*."""
    return path == wide or (wide.endswith("/*") and path.startswith(wide[:-1]))


def test_cursor_on_target_runs_only_where_it_is_wanted(services: dict[str, Any]) -> None:
    """It has a profile of its own, its folder, and the settings of all others."""
    service = services["cot"]
    assert service["profiles"] == ["cot"]
    assert service["command"] == COT.command(settings_of(service))
    more = {"COP_COT_DIR", "COP_COT_HOST"}
    assert service["environment"].keys() - services["web"]["environment"].keys() == more
    assert f"./cot:{service['environment']['COP_COT_DIR']}:ro" in service["volumes"]
    assert COT not in processes_of(Settings())
    assert COT in processes_of(Settings(cot_dir=Path("cot")))


def test_only_the_proxy_is_reached_from_outside(services: dict[str, Any]) -> None:
    """No other port is published, and only the proxy's word on addresses is believed.

    But for devices that show certificates.
    """
    assert [name for name, service in services.items() if "ports" in service] == ["cot", "proxy"]
    address = services["proxy"]["networks"]["inside"]["ipv4_address"]
    assert settings_of(services["web"]).trusted_proxies == address


def test_the_sign_in_provider_is_for_the_web_alone(services: dict[str, Any]) -> None:
    """The file for a provider gives the web processes a way out and its settings, nothing else."""
    added = yaml.safe_load((ROOT / "deploy" / "compose.oidc.yaml").read_text())["services"]
    assert added.keys() == {"web"}
    assert set(added["web"]["networks"]) == {"inside", "outside"}
    assert services["web"]["networks"] == ["inside"]
    names = {name.removeprefix("COP_").lower() for name in added["web"]["environment"]}
    assert names <= set(Settings.model_fields)
    assert "oidc_client_secret" not in names


def test_the_push_key_is_for_web_and_worker(services: dict[str, Any]) -> None:
    """The file for push messages gives both the key as a file, and changes nothing else."""
    added = yaml.safe_load((ROOT / "deploy" / "compose.push.yaml").read_text())["services"]
    assert added.keys() == {"web", "worker"}
    assert "outside" in services["worker"]["networks"]
    for service in added.values():
        assert service.keys() == {"secrets", "environment"}
        names = {name.removeprefix("COP_").lower() for name in service["environment"]}
        assert names == {"push_key_file", "push_contact"}


def test_every_setting_is_in_the_example() -> None:
    """`.env.example` names every setting, and none that is none."""
    named = re.findall(r"^#?(COP_\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert sorted(named) == sorted(f"COP_{name.upper()}" for name in Settings.model_fields)
