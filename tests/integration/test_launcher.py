"""The whole product through its own command: start, trouble, end."""

from __future__ import annotations

import contextlib
import signal
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from click.testing import CliRunner

from cop.cli import main
from cop.model.desk import Reason
from cop.services.watch.keeper import item_id
from tests.integration.asking import FIRE, key
from tests.system import System, launch, running_system, wait_until
from workers.replay import find_scenarios

pytestmark = pytest.mark.redis
# one without cameras: what looks at them is started and lives as in any other
SCENARIO = next(key for key, one in find_scenarios().items() if one.cameras_dir is None)
EXERCISE = ("--scenario", SCENARIO, "--speed", "30")


@dataclass(frozen=True, slots=True)
class Played:
    """An exercise whose launcher was killed.

    Attributes:
        folder: on which it ran.
        picture: as it was before.
        users: as they are listed afterwards, while nothing runs.
    """

    folder: Path
    picture: dict[str, Any]
    users: str


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Give an exercise that has just been killed, and has left nothing behind."""
    folder = tmp_path_factory.mktemp("exercise")
    with running_system(folder, *EXERCISE) as system:
        assert "going on where it was" not in system.said()
        with system.client() as client:
            wait_until(lambda: len(lasting(client.get("/api/v1/picture").json())) > 100)
            picture = client.get("/api/v1/picture").json()
        leaves_nothing(system, signal.SIGKILL)
    listed = CliRunner().invoke(main, ["users", "list", "--data", str(folder / "data")])
    return Played(folder, picture, listed.output)


@pytest.fixture(scope="module")
def exercise(played: Played) -> Iterator[System]:
    """Give the same exercise started again, which runs while this module is tested."""
    with running_system(played.folder, *EXERCISE) as system:
        yield system
        leaves_nothing(system, signal.SIGTERM)


def readiness(system: System) -> dict[str, Any]:
    """Ask the web process how it is; {} while it does not answer."""
    with contextlib.suppress(httpx.TransportError), system.client() as client:
        answer = client.get("/readyz")
        return dict(answer.json()) | {"ready": answer.status_code == 200}
    return {}


def is_well(system: System) -> bool:
    """Tell whether all parts are alive, as the web process sees it."""
    state = readiness(system)
    return all(state.get(part) for part in ("ready", "worker", "vision", "beat"))


def cursor(system: System) -> tuple[int, ...]:
    """Give the cursor of the last event as numbers."""
    return tuple(map(int, str(readiness(system).get("cursor", "0-0")).split("-")))


def part(system: System, name: str) -> psutil.Process:
    """Give one of the launcher's own children, when it is there."""
    wait_until(lambda: name in system.children())
    return system.children()[name]


def still_alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Give those of *processes* that have not ended soon."""
    return list(psutil.wait_procs(processes, timeout=120)[1])


def leaves_nothing(system: System, how: signal.Signals) -> None:
    """End it; every process that the launcher started must end with it."""
    wait_until(lambda: len(system.family()) >= 6)  # the worker has a pool of its own
    family = system.family()
    code = system.stop(how)
    assert still_alive(family) == []
    assert code == (-signal.SIGKILL if how == signal.SIGKILL else 0)


def test_a_restart_goes_on(played: Played, exercise: System) -> None:
    """The picture, the users and the exercise are what they were, even after a kill.

    However the launcher ends, killed or asked to, every process that it started ends with it.
    """
    with exercise.client() as client:
        picture = client.get("/api/v1/picture").json()
    assert "commander  commander  EMSC  active  only in exercise-" in played.users
    assert "going on where it was" in exercise.said()
    assert picture["operation"] == played.picture["operation"]
    assert picture["now"] > played.picture["now"]
    assert lasting(played.picture) <= lasting(picture)


def test_plays_and_lets_people_in(exercise: System) -> None:
    """The picture fills, is marked as an exercise, and the printed sign-ins work."""
    wait_until(lambda: readiness(exercise).get("entities", 0) > 500)
    assert exercise.passwords is not None
    assert exercise.passwords.keys() == {
        *("commander", "duty-officer", "liaison", "field", "warden", "viewer")
    }
    for name in exercise.passwords:
        with exercise.client(name) as client:
            picture = client.get("/api/v1/picture").json()
        assert picture["exercise"] is True
        assert picture["operation"].startswith("exercise-")


@pytest.mark.parametrize("name", ["worker", "vision", "beat", "publisher", "redis", "web"])
def test_a_killed_part_returns(exercise: System, name: str) -> None:
    """A part that was killed is started again, the others find it, and the picture goes on."""
    wait_until(lambda: is_well(exercise))
    child = part(exercise, name)
    own = child.children(recursive=True)
    child.kill()
    assert still_alive(own) == []
    # asked once each time: a process that is just being replaced may be seen in one look only
    wait_until(lambda: exercise.children().get(name, child).pid != child.pid)
    wait_until(lambda: is_well(exercise))
    before = cursor(exercise)
    wait_until(lambda: cursor(exercise) > before)


def test_the_public_map_is_kept_up_and_stands(exercise: System) -> None:
    """It is published, marked as an exercise; with the publisher gone the last page is served."""
    pointer = "/public/now.json"
    with exercise.client() as client:
        wait_until(lambda: client.get(pointer).status_code == 200)
        first = client.get(pointer).json()
        assert first["exercise"] is True
        wait_until(lambda: client.get(pointer).json()["made_at"] > first["made_at"])
        for page in ("/en/", "/tc/"):
            wait_until(lambda page=page: client.get(page).status_code == 200)
        publisher = part(exercise, "publisher")
        publisher.suspend()
        try:
            assert client.get("/tc/").status_code == 200
            told = client.get(pointer).json()
            assert client.get(told["picture"]["path"]).json()["series"] == first["series"]
        finally:
            publisher.resume()


def test_a_stopped_redis_is_waited_for(exercise: System) -> None:
    """While Redis stands still nothing else ends, and afterwards everything goes on."""
    wait_until(lambda: is_well(exercise))
    redis = part(exercise, "redis")
    before = {name: child.pid for name, child in exercise.children().items()}
    redis.suspend()
    try:
        wait_until(lambda: not readiness(exercise).get("ready", True))
    finally:
        redis.resume()
    wait_until(lambda: is_well(exercise))
    assert {name: child.pid for name, child in exercise.children().items()} == before


def test_commands_speak_to_what_runs(exercise: System) -> None:
    """Users are added and feeds polled beside the running system."""
    data = ["--data", str(exercise.log.parent / "data")]
    added = CliRunner().invoke(main, ["users", "add", "beside", "--role", "viewer", *data])
    assert added.exit_code == 0, added.output
    exercise.passwords = {**(exercise.passwords or {}), "beside": added.output.splitlines()[-1]}
    with exercise.client("beside") as client:
        assert client.get("/api/v1/picture").status_code == 200
    polled = CliRunner().invoke(main, ["feeds", "poll", "hko_warnings", *data])
    assert polled.exit_code == 0, polled.output


def test_one_system_per_data_directory(exercise: System, tmp_path: Path) -> None:
    """A second start on the same data is refused and says who has them."""
    data = str(exercise.log.parent / "data")
    second = launch(tmp_path / "said", "--port", "0", "--data", data, *EXERCISE)
    assert second.process.wait(timeout=60) == 1
    assert f"is in use by process {exercise.process.pid}" in second.said()
    assert "Traceback" not in second.said()


def test_a_taken_port_is_said(tmp_path: Path) -> None:
    """A port on which somebody listens is refused before anything is started."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        system = launch(tmp_path / "said", "--port", port, "--data", str(tmp_path / "data"))
        assert system.process.wait(timeout=60) == 1
    assert "choose another with --port" in system.said()
    assert not (tmp_path / "data").exists()


def queue(client: httpx.Client) -> dict[str, dict[str, Any]]:
    """Give the queue as the page sees it: id to properties."""
    answer = client.get("/api/v1/picture", params={"kind": "attention"})
    features = answer.json().get("features", [])
    return {feature["id"]: feature["properties"] for feature in features}


def test_from_report_to_taken(exercise: System) -> None:
    """A commander reports; the worker brings it up; it is taken, verified, and has gone."""

    def ask(client: httpx.Client, path: str, body: dict[str, Any], **headers: str) -> Any:
        answer = client.post(f"/api/v1/{path}", json=body, headers=key() | headers)
        assert answer.is_success, answer.text
        return answer.json()

    with exercise.client("commander") as client:
        body = {"incident_type": "flooding", "severity": "Extreme", "words": "Tunnel flooded"}
        incident = ask(client, "incidents", body)
        item = item_id(Reason.NEW, incident["id"])
        wait_until(lambda: item in queue(client))
        taken = ask(client, f"attention/{item}/take", {})
        assert taken["feature"]["properties"]["taken_by"] == "commander"
        match = {"If-Match": f'"{incident["version"]}"'}
        ask(client, f"incidents/{incident['id']}/status", {"status": "verified"}, **match)
        wait_until(lambda: "cleared_at" in queue(client)[item])


def report(client: httpx.Client) -> str:
    """Report a fire; give the id of the incident."""
    made = client.post("/api/v1/incidents", json=FIRE, headers=key())
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def test_a_backup_of_what_runs_is_gone_on_with(exercise: System, tmp_path: Path) -> None:
    """Taken while all goes on and restored elsewhere, it is the same exercise as of that moment.

    What was confirmed before is there, what came after is not, and whoever was signed in is not.
    The numbers that people speak do not come a second time.
    """
    file, data = tmp_path / "all.backup", tmp_path / "data"
    run = CliRunner().invoke
    wait_until(lambda: is_well(exercise))
    with exercise.client("commander") as client:
        before = [report(client) for _ in range(3)]
        first = client.get("/api/v1/picture").json()
        made = run(main, ["backup", str(file), "--data", str(exercise.log.parent / "data")])
        assert made.exit_code == 0, made.output
        after = report(client)
        session = dict(client.cookies)
        numbers = numbers_of(client.get("/api/v1/picture").json())
    restored = run(main, ["restore", str(file), "--data", str(data)])
    assert restored.exit_code == 0, restored.output
    with running_system(tmp_path, *EXERCISE) as system:
        assert "going on where it was" in system.said()
        with system.client() as client:
            client.cookies.update(session)
            assert client.get("/api/v1/picture").status_code == 401
        with system.client("commander") as client:
            second = client.get("/api/v1/picture").json()
            assert second["operation"] == first["operation"]
            ids = {it["id"] for it in second["features"]}
            assert {*before} | lasting(first) <= ids
            assert after not in ids
            report(client)
            wait_until(lambda: cursor(system) > tuple(map(int, second["cursor"].split("-"))))
            again = numbers_of(client.get("/api/v1/picture").json())
            assert not (again - numbers_of(second)) & numbers
        leaves_nothing(system, signal.SIGINT)
    checked = run(main, ["journal", "verify", "--data", str(data)])
    assert checked.exit_code == 0, checked.output


def numbers_of(picture: dict[str, Any]) -> set[str]:
    """Give the numbers of the incidents in *picture*; those of feeds have none."""
    return {
        it["properties"]["number"] for it in picture["features"] if "number" in it["properties"]
    }


def lasting(picture: dict[str, Any]) -> set[str]:
    """Give the ids of what no poll may take out of *picture*: teams, facilities, tasks."""
    kinds = {"resource", "facility", "assignment"}
    return {it["id"] for it in picture["features"] if it["properties"]["kind"] in kinds}
