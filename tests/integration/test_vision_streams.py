"""Streams and video files, and what poison does to the process that reads it."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import cv2
import numpy as np
import pytest

from cop.model.sight import CameraState
from tests.integration.cameras import Open, camera, clock, opened, pictures, refused
from tests.integration.publisher import Publisher, answer
from tests.integration.rtsp_camera import rtsp_camera
from tests.unit.workers.vision.pictures import NOON, SIZE, a_jpeg, resized_jpeg
from workers.vision.sources import Source

__all__ = ["camera", "clock", "opened"]


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """Write a video of 3 s at ten frames a second."""
    path = tmp_path / "fair.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), 10, SIZE)
    for number in range(30):
        writer.write(np.full((SIZE[1], SIZE[0], 3), number * 8, np.uint8))
    writer.release()
    return path


def shown(source: Source) -> list[int]:
    """Give which frames of the video a look gives."""
    return [round(float(frame.pixels.mean()) / 8) for frame in source.take()]


def test_a_video_goes_on_where_the_last_look_ended(video: Path, opened: Open) -> None:
    """Frames are the gap apart by the video's own time, and none is from both sides of its end."""
    source = opened(str(video), kind="stream", frames=4, gap_s=0.3)
    assert [shown(source) for _ in range(4)] == [
        [0, 3, 6, 9],
        [10, 13, 16, 19],
        [20, 23, 26, 29],
        [0, 3, 6, 9],
    ]
    frames = source.take()
    assert [round((NOON - frame.at).total_seconds(), 2) for frame in frames] == [0.9, 0.6, 0.3, 0]


def test_a_truncated_video_gives_what_it_has(video: Path, opened: Open) -> None:
    """Half a file gives its frames; a stump gives none, and says so."""
    whole = video.read_bytes()
    video.write_bytes(whole[: len(whole) // 2])
    assert 1 <= len(shown(opened(str(video), kind="stream", frames=30, gap_s=0.1))) < 30
    video.write_bytes(whole[:3000])
    assert refused(opened(str(video), kind="stream")).state is CameraState.BROKEN


def test_a_video_of_another_size(video: Path, opened: Open) -> None:
    """The size is looked at before a frame is decoded."""
    source = opened(str(video), kind="stream", size=(640, 480))
    assert refused(source).state is CameraState.WRONG_SIZE


@pytest.mark.parametrize("name", ["list.m3u8", "list.ffconcat", "list.avi"])
def test_a_playlist_opens_no_other_file(
    tmp_path: Path, video: Path, opened: Open, name: str
) -> None:
    """A file that names other files or addresses is refused, whatever it is called."""
    lists = {
        "list.m3u8": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:3,\n{video}\n#EXT-X-ENDLIST\n",
        "list.ffconcat": f"ffconcat version 1.0\nfile '{video.name}'\n",
    }
    path = tmp_path / name
    path.write_text(lists.get(name, lists["list.m3u8"]))
    assert refused(opened(str(path), kind="stream")).state is CameraState.BROKEN


def test_a_stream_over_http_is_read_and_nothing_beside_it(
    camera: Publisher, opened: Open, video: Path
) -> None:
    """FFMPEG reads pictures one after another; redirects and playlists lead it nowhere."""
    many = [(a_jpeg(n), "Content-Type: image/jpeg\r\n") for n in range(12)]
    url = camera.will("/live", pictures(*many))
    frames = opened(url, kind="stream", frames=1).take()
    assert frames[0].size == SIZE
    away = camera.will("/away", answer(b"", "302 Found", "Location: /live"))
    listed = f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:3,\n{video}\n#EXTINF:3,\n/live\n"
    hostile = camera.will("/list", answer(listed.encode(), "200 OK", "Content-Type: audio/mpegurl"))
    before = len(camera.requests)
    for target in (away, hostile):
        assert refused(opened(target, kind="stream")).state is CameraState.MISSING
    assert [head.split()[1] for head in camera.requests[before:]] == ["/away", "/list"]


def test_times_that_ffmpeg_makes_up_are_not_believed(camera: Publisher, opened: Open) -> None:
    """Pictures that come at once over HTTP are not seconds apart, whatever FFMPEG says."""
    many = [(a_jpeg(n), "Content-Type: image/jpeg\r\n") for n in range(150)]
    source = opened(camera.will("/", pictures(*many)), kind="stream", frames=2, gap_s=5)
    assert len(source.take()) == 1


def test_a_stream_by_rtsp_has_times_of_its_own(opened: Open) -> None:
    """Frames are the gap apart by the stream's times, however fast they come; then we hang up."""
    with rtsp_camera([a_jpeg(n) for n in range(10)], every_s=0.1) as running:
        source = opened(running.url, kind="stream", frames=4, gap_s=0.3)
        frames = source.take()
    ages = [round((NOON - frame.at).total_seconds(), 2) for frame in frames]
    assert ages == [0.9, 0.6, 0.3, 0]
    assert {frame.size for frame in frames} == {SIZE}
    assert [head.split(" ", 1)[0] for head in running.requests[:4]] == [
        "OPTIONS",
        "DESCRIBE",
        "SETUP",
        "PLAY",
    ]


def in_child(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run *code* in a process of its own, prepared like the one that looks at cameras."""
    script = textwrap.dedent(code)
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


POISON = """
    import sys
    from pathlib import Path
    from tests.unit.workers.vision.pictures import Stopped, a_plan
    from workers.vision import sandbox
    from workers.vision.decode import decode
    from workers.vision.frame import Unusable
    from workers.vision.sources import open_source

    def highest():
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))

    sandbox.prepare()
    plan = a_plan(kind="stream", url="https://camera.example/")
    before = highest()
    for name in sys.argv[1:]:
        path = Path(name)
        try:
            if path.suffix == ".avi":
                source = plan.source.model_copy(update={"url": name})
                stream = open_source(plan.model_copy(update={"source": source}), None, Stopped())
                print(path.name, len(stream.take()))
            else:
                print(path.name, decode(path.read_bytes(), plan.frame).shape)
        except Unusable as wrong:
            print(path.name, wrong.state)
    print("kilobytes", highest() - before)
"""


def test_poison_neither_kills_nor_fills(tmp_path: Path, video: Path) -> None:
    """Corrupt, giant and truncated files end as Unusable in a process that hardly grows."""
    whole = video.read_bytes()
    giant = bytearray(whole)
    at = giant.find(b"\xff\xc0")
    while at >= 0:
        giant[at + 5 : at + 9] = (50_000).to_bytes(2, "big") * 2
        at = giant.find(b"\xff\xc0", at + 9)
    files = {
        "corrupt.jpg": a_jpeg()[:300] + bytes(600) + a_jpeg()[900:],
        "giant.jpg": resized_jpeg(50_000, 50_000),
        "large.jpg": resized_jpeg(4096, 4096),
        "short.avi": whole[: len(whole) // 2],
        "stump.avi": whole[:3000],
        "giant.avi": bytes(giant),
    }
    for name, body in files.items():
        (tmp_path / name).write_bytes(body)
    before = sorted(path.name for path in tmp_path.iterdir())
    ended = in_child(POISON, *(str(tmp_path / name) for name in files))
    assert ended.returncode == 0, ended.stderr
    *lines, kilobytes = ended.stdout.splitlines()
    said = dict(line.split(maxsplit=1) for line in lines)
    assert said["corrupt.jpg"] == said["giant.jpg"] == said["stump.avi"] == "broken"
    assert said["large.jpg"] == "wrong_size"
    assert said["short.avi"] == "1"
    assert said["giant.avi"] in {"broken", "wrong_size"}
    assert int(kilobytes.split()[1]) < 150_000
    assert ended.stderr == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_memory_has_an_end() -> None:
    """What asks for more than the limit fails inside, as Unusable, and the process lives on."""
    ended = in_child("""
        import numpy as np
        from workers.vision import sandbox
        from workers.vision.frame import Unusable
        sandbox.prepare(100_000_000)
        try:
            with sandbox.decoding("the picture"):
                np.ones(400_000_000, np.uint8)
        except Unusable as wrong:
            print(wrong.state, np.ones(10_000_000, np.uint8).sum())
    """)
    assert ended.stdout.split() == ["broken", "10000000"], ended.stderr


def test_no_password_is_written_anywhere() -> None:
    """A stream that cannot be opened says so without its address, on stderr too."""
    ended = in_child("""
        from tests.unit.workers.vision.pictures import Stopped, a_plan
        from workers.vision.frame import Unusable
        from workers.vision.sources import open_source
        for address in ("rtsp://watch:hush@127.0.0.1:9/1", "http://watch:hush@127.0.0.1:9/1"):
            plan = a_plan(url=address, kind="stream", private=True)
            source = open_source(plan, None, Stopped())
            try:
                source.take()
            except Unusable as wrong:
                print(wrong, source)
    """)
    assert ended.returncode == 0
    assert ended.stdout.count("cannot be opened") == 2
    assert "hush" not in ended.stdout + ended.stderr
