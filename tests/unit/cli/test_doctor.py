from __future__ import annotations

import json
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from cop.cli import main
from cop.launcher.checks import Verdict, examine
from cop.services.publishing.paths import POINTER, public_root


def test_this_machine_is_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine that runs the tests nothing is broken."""
    monkeypatch.setenv("COP_PORT", "0")
    answer = CliRunner().invoke(main, ["doctor", "--data", str(tmp_path)])
    assert answer.exit_code == 0, answer.output
    assert "Ready to run." in answer.output
    assert "append" not in answer.output


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("COP_PORT", "many", "settings"),
        ("COP_SCENARIO", "sunshine", "scenario"),
        ("COP_REDIS_URL", "redis://127.0.0.1:1/0", "Redis"),
        ("COP_BROKER_URL", "redis://127.0.0.1:1/0", "broker"),
        ("COP_REDIS_URL", "http://127.0.0.1:1", "Redis"),
        ("COP_DATA_DIR", "/proc/none", "data directory"),
        ("COP_LIMITS_FILE", "/proc/none", "limits"),
        ("COP_OIDC_ISSUER", "https://id.example", "sign-in provider"),
        ("COP_PUSH_KEY_FILE", "/proc/none", "push messages"),
        ("COP_ALERT_KEY_FILE", "/proc/none", "signed alerts"),
    ],
)
def test_says_what_is_broken(
    name: str, value: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each thing that is not fit is named, and the command ends with exit code 1."""
    monkeypatch.setenv(name, value)
    broken = [finding.what for finding in examine() if finding.verdict is Verdict.BROKEN]
    assert what in broken
    assert CliRunner().invoke(main, ["doctor"]).exit_code == 1


def test_a_login_that_cannot_be_read_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file of the sign-in to Redis is missing: it is said, and the rest is looked at."""
    monkeypatch.setenv("COP_REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("COP_REDIS_LOGIN_FILE", "/proc/none")
    found = examine()
    assert any("COP_REDIS_LOGIN_FILE" in finding.words for finding in found)
    assert "port" in {finding.what for finding in found}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("COP_OIDC_ISSUER", "https://id.example", "COP_OIDC_CLIENT_ID"),
        ("COP_PUSH_KEY_FILE", "/proc/none", "COP_PUSH_KEY_FILE cannot be read"),
        ("COP_REDIS_URL", "redis://127.0.0.1:1/0", "set COP_REDIS_URL right"),
    ],
)
def test_what_is_half_set_up_is_said_before_anything_starts(
    name: str, value: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`cop up` starts no process that could only end: one sentence says what to mend."""
    monkeypatch.setenv("COP_REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv(name, value)
    answer = CliRunner().invoke(main, ["up", "--data", str(tmp_path), "--port", "0"])
    assert answer.exit_code == 1
    assert words in answer.output


def test_a_data_directory_that_others_can_read_is_told(tmp_path: Path) -> None:
    """It holds hashes of passwords and all that was reported."""
    tmp_path.chmod(0o755)
    (found,) = [one for one in examine(tmp_path) if one.what == "data directory"]
    assert found.verdict is Verdict.MEND
    assert f"chmod 700 {tmp_path}" in found.words


def test_a_taken_port_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    """A port on which somebody listens may be ours: it is said, and nothing is broken."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("COP_PORT", str(taken.getsockname()[1]))
        (port,) = [finding for finding in examine() if finding.what == "port"]
    assert port.verdict is Verdict.MEND
    assert "--port" in port.words


@pytest.mark.parametrize(
    ("written", "verdict", "words"),
    [
        (0, Verdict.GOOD, "edition 7"),
        (300, Verdict.MEND, "publisher"),
        (None, Verdict.MEND, "cannot be read"),
    ],
)
def test_a_public_site_that_is_not_kept_up_is_told(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    written: int | None,
    verdict: Verdict,
    words: str,
) -> None:
    """The pointer's age is looked at; a file that is none is said, and nothing is broken."""
    made_at = datetime.now(UTC) - timedelta(seconds=written or 0)
    told = {"version": 7, "made_at": made_at.isoformat()} if written is not None else [7]
    pointer = public_root(tmp_path) / POINTER
    pointer.parent.mkdir(parents=True)
    pointer.write_text(json.dumps(told))
    monkeypatch.setenv("COP_REDIS_URL", "redis://127.0.0.1:1/0")
    (site,) = [finding for finding in examine(tmp_path) if finding.what == "public site"]
    assert site.verdict is verdict
    assert words in site.words
