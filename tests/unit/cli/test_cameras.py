"""`cop cameras`: what people who set up cameras type."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import pytest
from click.testing import CliRunner, Result

from cop.cli import main
from cop.launcher.checks import Verdict, examine
from tests.unit.workers.vision.watching import frame, plan, written


def cop(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, list(arguments))


def tried(*arguments: str) -> dict[str, Any]:
    """Run `cop cameras try` as a process of its own, which sets up the log, and read its answer."""
    said = subprocess.run(
        [sys.executable, "-c", "from cop.cli import main; main()", "cameras", "try", *arguments],
        capture_output=True,
        check=True,
    )
    told = json.loads(said.stdout)
    assert isinstance(told, dict)
    return told


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with one camera and three frames of it."""
    (tmp_path / "pier-4.toml").write_text(written(plan()))
    for number in range(3):
        cv2.imwrite(str(tmp_path / f"{number}.png"), frame(number).pixels)
    return tmp_path


def test_lists_what_is_counted_without_addresses(folder: Path) -> None:
    """Each camera with its zones, detector and who may look; where it is reached is not shown."""
    shown = cop("cameras", "list", str(folder))
    assert shown.exit_code == 0, shown.output
    assert "deck (walkway)" in shown.output
    rows = json.loads(cop("cameras", "list", str(folder), "--json").output)
    assert [(row["id"], row["view"], row["every_s"]) for row in rows] == [
        ("pier-4", "responder", 120)
    ]
    assert "cctv.example" not in shown.output + str(rows)


def test_a_fault_is_named(folder: Path) -> None:
    """Every fault of every file is said; exit code 1."""
    assert cop("cameras", "check", str(folder)).exit_code == 0
    (folder / "pier-5.toml").write_text("title = 4")
    (folder / "pier-6.toml").write_text(
        written(plan("pier-6", source={"kind": "snapshot", "url": "https://${NONE_SUCH}/x.jpg"}))
    )
    answer = cop("cameras", "check", str(folder))
    assert answer.exit_code == 1
    assert "pier-5.toml: id" in answer.output
    assert "NONE_SUCH" in answer.output


def test_tries_a_camera_on_frames(folder: Path) -> None:
    """What would be on the picture, as GeoJSON, after one look of all frames or a look each."""
    frames = [str(folder / f"{number}.png") for number in range(3)]
    at = ("--at", "2026-09-08T12:00:00Z")
    told = tried(str(folder / "pier-4.toml"), *frames, "--every", "60", *at)
    assert len(told["states"]) == 3
    assert [feature["id"] for feature in told["features"]] == [
        "camera:pier-4",
        "vision:pier-4.deck",
    ]
    assert told["features"][0]["properties"]["frame_at"] == "2026-09-08T12:02:00Z"
    assert len(tried(str(folder / "pier-4.toml"), *frames, *at)["states"]) == 1


def test_what_is_no_frame_is_said(folder: Path) -> None:
    """A file that is no picture, or of another size, ends with its name and the reason."""
    (folder / "words.png").write_text("not a picture")
    cv2.imwrite(str(folder / "small.png"), frame().pixels[:100])
    for name in ("words.png", "small.png"):
        answer = cop("cameras", "try", str(folder / "pier-4.toml"), str(folder / name))
        assert answer.exit_code == 1
        assert name in answer.output


def test_the_doctor_looks_at_cameras(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cameras that can be used are counted; a bad file is to be mended; no folder is broken."""
    monkeypatch.setenv("COP_CAMERAS_DIR", str(folder))

    def found() -> tuple[Verdict, str]:
        (finding,) = [each for each in examine() if each.what == "cameras"]
        return finding.verdict, finding.words

    assert found() == (Verdict.GOOD, "1 can be used")
    (folder / "bad.toml").write_text("id = 4")
    assert found()[0] is Verdict.MEND
    monkeypatch.setenv("COP_CAMERAS_DIR", str(folder / "none"))
    assert found()[0] is Verdict.BROKEN
