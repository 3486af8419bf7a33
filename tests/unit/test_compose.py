"""`compose.yaml` runs what the launcher runs."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from cop.api.gate import security_headers
from cop.api.rules import RULES
from cop.api.viewers import FLUSH_S
from cop.config import Settings
from cop.launcher.processes import COT, EXCHANGE, GRACE_S, PROCESSES, Process, processes_of
from cop.services.broker import TASK_LIMIT_S
from cop.services.publishing.paths import LANG_PATHS, public_root
from cop.store.sentinel import parse
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
        *("cot", "exchange", "web-2"),
    }
    assert services["beat"]["deploy"]["replicas"] == 1
    settings = settings_of(services["web"])
    assert settings.redis_url != settings.broker_url


def test_one_web_process_after_the_other_can_be_replaced(services: dict[str, Any]) -> None:
    """They are alike; the proxy asks each whether it leaves, and is given the time to.

    The cache and the figures find both under one name.
    """
    one, other = services["web"], services["web-2"]
    assert one | {"networks": None} == other | {"networks": None}
    (first, second) = (each["networks"]["inside"]["aliases"] for each in (one, other))
    assert (first, second) == (["web-1"], ["web"])
    caddy = (ROOT / "deploy" / "Caddyfile").read_text()
    assert "reverse_proxy web-1:8050 web-2:8050 {" in caddy
    times = {name: int(s) for name, s in re.findall(r"(health_\w+) (\d+)s", caddy)}
    assert "health_uri /readyz?store=any" in caddy
    leave_s = settings_of(one).leave_s
    assert times["health_interval"] + times["health_timeout"] < leave_s
    assert seconds(one["stop_grace_period"]) > leave_s + GRACE_S + FLUSH_S
    for name, longest in (("worker", TASK_LIMIT_S), ("exchange", LIMIT_S)):
        assert seconds(services[name]["stop_grace_period"]) >= longest


def seconds(words: str) -> int:
    """Read a duration of `compose.yaml`."""
    return int(words[:-1]) * {"s": 1, "m": 60}[words[-1]]


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
    assert added.keys() == {"web", "web-2"}
    assert added["web"] == added["web-2"]
    assert set(added["web"]["networks"]) == {"inside", "outside"}
    assert set(services["web"]["networks"]) == {"inside"}
    names = {name.removeprefix("COP_").lower() for name in added["web"]["environment"]}
    assert names <= set(Settings.model_fields)
    assert "oidc_client_secret" not in names


def test_the_push_key_is_for_web_and_worker(services: dict[str, Any]) -> None:
    """The file for push messages gives both the key as a file, and changes nothing else."""
    added = yaml.safe_load((ROOT / "deploy" / "compose.push.yaml").read_text())["services"]
    assert added.keys() == {"web", "web-2", "worker"}
    assert "outside" in services["worker"]["networks"]
    for service in added.values():
        assert service.keys() == {"secrets", "environment"}
        names = {name.removeprefix("COP_").lower() for name in service["environment"]}
        assert names == {"push_key_file", "push_contact"}


def test_containers_have_no_rights(services: dict[str, Any]) -> None:
    """None writes to its own files, has capabilities, gains any, or takes all the machine.

    But for the proxy, which may take a port below 1024, all run as nobody in particular.
    """
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "proxy" else []), name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["mem_limit"], name
        assert service["pids_limit"] <= 512, name
        assert not {"privileged", "network_mode", "pid", "devices"} & service.keys(), name
    users = {name: service.get("user") for name, service in services.items()}
    assert {name for name, user in users.items() if user} == {"redis", "broker", "cache"}
    assert "\nUSER cop\n" in (ROOT / "Dockerfile").read_text()


def test_each_process_signs_in_to_redis_as_itself(services: dict[str, Any]) -> None:
    """Each has the one password of its own user, as a file; the servers know digests alone."""
    users = {
        **{name: name for name in ("web", "worker", "beat", "publisher", "cot")},
        **dict.fromkeys(("vision", "exchange"), "worker"),
        "web-2": "web",
    }
    for name, user in users.items():
        assert services[name]["secrets"] == [{"source": f"redis_{user}", "target": "redis"}], name
        assert settings_of(services[name]).redis_login_file == Path("/run/secrets/redis")
    for server, users_file in (("redis", "picture.acl"), ("broker", "broker.acl")):
        assert services[server]["secrets"] == [users_file]
        assert services[server]["command"][-2:] == ["--aclfile", f"/run/secrets/{users_file}"]
    given = {*users.values()}
    named = yaml.safe_load((ROOT / "compose.yaml").read_text())["secrets"]
    assert named.keys() == {"picture.acl", "broker.acl", *(f"redis_{user}" for user in given)}
    assert all(one["file"] == f"./secrets/{name}" for name, one in named.items())
    assert "secrets/" in (ROOT / ".gitignore").read_text().split()


def test_the_site_is_served_over_https(services: dict[str, Any]) -> None:
    """The cookie is Secure, and only the proxy, which speaks TLS, is reached."""
    assert settings_of(services["web"]).secure_cookies
    assert services["proxy"]["ports"] == ["80:80", "443:443"]


def test_programs_are_not_led_from_http_to_https() -> None:
    """A page is led to https; what programs send there without protection is refused."""
    caddy = (ROOT / "deploy" / "Caddyfile").read_text()
    plain = caddy[caddy.index("http://") : caddy.index("\n{$COP_SITE")]
    (line,) = re.findall(r"@programs path (.*)", plain)
    refused = line.split()
    programs = [rule.path for rule in RULES if rule.path.startswith(("/api/", "/ogc"))]
    assert [path for path in programs if not any(covers(wide, path) for wide in refused)] == []
    assert not any(covers(wide, "/command") for wide in refused)
    assert plain.index("403") < plain.index("redir https://{host}{uri} 308")


def test_the_proxy_dresses_what_others_answer() -> None:
    """Answers that are not the application's have the headers too; its own are left alone."""
    caddy = (ROOT / "deploy" / "Caddyfile").read_text()
    headers = dict(security_headers(Settings(secure_cookies=True)))
    wanted = headers[b"strict-transport-security"].decode()
    assert f'header ?Strict-Transport-Security "{wanted}"' in caddy
    for name in ("X-Content-Type-Options", "Content-Security-Policy", "Referrer-Policy"):
        assert f"header ?{name} " in caddy, "a line of its own: else one that is there stops all"


def test_the_proxy_dresses_what_it_answers_itself() -> None:
    """Where nobody behind it answers, and where it leads to https, the headers are there too."""
    caddy = (ROOT / "deploy" / "Caddyfile").read_text()
    wanted = dict(security_headers(Settings(secure_cookies=True)))
    (bare,) = re.findall(r"^\(bare\) \{\n(.*?)^\}", caddy, re.MULTILINE | re.DOTALL)
    for name in ("X-Content-Type-Options", "Content-Security-Policy", "Referrer-Policy"):
        assert f"\t{name} " in bare
    (trouble,) = re.findall(r"^\thandle_errors \{\n(.*?)^\t\}", caddy, re.MULTILINE | re.DOTALL)
    insists = f'header Strict-Transport-Security "{wanted[b"strict-transport-security"].decode()}"'
    assert "\timport bare\n" in trouble
    assert insists in trouble
    plain = caddy[caddy.index("http://") : caddy.index("\n{$COP_SITE")]
    assert "\timport bare\n" in plain


def test_the_proxy_lets_the_largest_body_through() -> None:
    """What the application takes is not refused before it."""
    (most,) = re.findall(r"max_size (\d+)MiB", (ROOT / "deploy" / "Caddyfile").read_text())
    assert int(most) * 1024 * 1024 >= max(rule.most_bytes for rule in RULES)


def test_nothing_else_is_in_the_image() -> None:
    """The image has the product: no tests, no documents, no history, no data, no secrets."""
    copied = re.findall(r"^COPY (.*) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert " ".join(copied).split() == [
        *("requirements.lock", "requirements-schemas.lock", "pyproject.toml", "README.md"),
        *("cop", "workers", "assets"),
    ]
    left_out = (ROOT / ".dockerignore").read_text().split()
    assert {".git", ".data", "secrets", "tests", "bench", "docs"} <= {*left_out}


def test_every_setting_is_in_the_example() -> None:
    """`.env.example` names every setting, and none that is none."""
    named = re.findall(r"^#?(COP_\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert sorted(named) == sorted(f"COP_{name.upper()}" for name in Settings.model_fields)


def test_a_replicated_redis_has_a_replica_and_three_sentinels() -> None:
    """All processes ask the Sentinels, each signed in; both servers may become primary."""
    base = yaml.safe_load((ROOT / "compose.yaml").read_text())
    added = yaml.safe_load((ROOT / "deploy" / "compose.replicated.yaml").read_text())
    services = added["services"]
    processes = {name for name, one in base["services"].items() if "build" in one}
    sentinels = {f"sentinel-{number}" for number in (1, 2, 3)}
    assert services.keys() == {"redis", "redis-replica", *sentinels, *processes}
    for name in processes:
        settings = settings_of(
            {"environment": base["services"][name]["environment"] | services[name]["environment"]}
        )
        assert settings.wait_replicas == 1
        assert parse(settings.redis_url).sentinels == tuple(
            (one, 26379) for one in sorted(sentinels)
        )
        assert settings.sentinel_login_file == Path("/run/secrets/sentinels")
        assert services[name]["secrets"] == [{"source": "redis_asking", "target": "sentinels"}]
    first, second = (services[name]["command"][-1] for name in ("redis", "redis-replica"))
    for words in (first, second):
        for option in ("--appendonly yes", "--appendfsync always", "--min-replicas-to-write 1"):
            assert option in words
        assert words.endswith("--aclfile /run/secrets/picture.acl")
    assert "replicaof redis 6379" in second
    conf = (ROOT / "deploy" / "redis" / "sentinel.conf").read_text()
    assert "sentinel monitor picture redis 6379 2\n" in conf
    for name in sentinels | {"redis-replica"}:
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
        assert services[name]["user"] == "999:999"
        assert services[name]["pids_limit"] <= 512
        assert services[name]["mem_limit"]
    named = base["secrets"].keys() | added["secrets"].keys()
    assert {"replica.conf", "sentinel.conf", "redis_asking"} == added["secrets"].keys()
    for one in services.values():
        used = {each["source"] if isinstance(each, dict) else each for each in one["secrets"]}
        assert used <= named
