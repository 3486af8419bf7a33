"""The file of one camera: what is taken, and what is said of every fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from cop.config import Settings
from cop.errors import Misconfigured
from tests.unit.workers.vision.pictures import FILE
from workers.replay import find_scenarios
from workers.vision.plans import address_of, gather_plans, plans_of, read_plan, read_plans


def written(folder: Path, text: str = FILE, name: str = "pier-4.toml") -> Path:
    """Write a camera's file."""
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_reads_a_camera(tmp_path: Path) -> None:
    """A well-formed file is the plan it says; what it leaves out is as documented."""
    plan = read_plan(written(tmp_path))
    assert (plan.id, plan.publisher, plan.frame.size) == ("pier-4", "HKPF", (640, 360))
    assert (plan.source.every_s, plan.source.frames) == (120, 6)
    assert plan.zones[0].way_deg == 180
    assert plan.privacy.view == "nobody"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"HKPF"', '"HKXX"', 'publisher: "HKXX" is not known: write one of AAHK'),
        ('id = "pier-4"', 'id = "pier-5"', "name the file pier-5.toml"),
        ('id = "pier-4"', 'id = "Pier 4"', "id: String should match pattern"),
        ('{ en = "Steps" }', "{ }", "zones[steps].title: has no words"),
        ("frames = 6", "frames = 600", "source.frames: should be less than or equal to 30"),
        ("frames = 6", "frame = 6", "source.frame: there is no such field"),
        ("frames = 6", "frames = 1", "zones[steps].way_deg: needs frames = 2 or more"),
        ("frames = 6", "frames = 30\ngap_s = 2", "30 frames 2 s apart take 60 s"),
        ('"mjpeg"', '"snapshot"', "source.frames: is 6, but a snapshot is one picture"),
        ('"mjpeg"', '"rtsp"', 'write for example kind = "snapshot", "mjpeg" or "stream"'),
        ("http://watch", "ftp://watch", "begins with ftp://, which kind mjpeg does not read"),
        ("${PIER_PASSWORD}", "secret", "source.url: holds a password: write ${NAME}"),
        ("${PIER_PASSWORD}", "${PIER PASSWORD}", "must be followed by the name of a variable"),
        ("http://watch:${PIER_PASSWORD}@camera.example", "http://", "source.url: names no host"),
        ("size = [640, 360]", "size = [640, 9000]", "the height 9000 is not between 32 and 4096"),
        ("size = [640, 360]", "size = [640]", "frame.size"),
        ("size = [640, 360]", "size = [4096, 4096]", "6 of that size are too many at once"),
        ("[frame]\nsize = [640, 360]\n", "", "frame: is missing: write for example [frame]"),
        ("[420, 120], [220, 120]]", "[420, 120]]", "ground.image: Tuple should have at least 4"),
        ("[220, 120]]", "[220, 120], [300, 200]]", "5 points in image, 4 in grid"),
        ("[220, 120]]", "[220, 920]]", "ground.image: point 4 is outside the frame, which is 640"),
        ("[420, 120], [220, 120]]", "[320, 350], [220, 350]]", "lie on one line"),
        ("[835022, 816050], [835006, 816050]", "[835012, 816020], [835015, 816020]", "on one line"),
        ("[835022, 816050]", "[114.17, 22.28]", "ground.grid: point 3 is not in or near Hong Kong"),
        ("[835022, 816050], [835006, 816050]", "[835006, 816050], [835022, 816050]", "go round"),
        ("[114.1694, 22.2820]", "[22.2820, 114.1694]", "km from the points of the ground"),
        ("[114.1694, 22.2820]", "[nan, 22.2820]", "km from the points of the ground"),
        ("[560, 350], [420, 120]]\nway", "[560, 351], [700, 120]]\nway", "point 3 is outside"),
        (
            "[420, 120]]\nway",
            "[420, 120], [80, 120], [560, 300]]\nway",
            "crosses or touches itself",
        ),
        ("[560, 350], [420, 120]]\nway", "[84, 350], [80, 345]]\nway", "only 10 square pixels"),
        ('use = "stairs"', 'use = "heat"', "zones[steps].use: heat needs a thermal camera"),
        ('use = "stairs"', 'use = "road"', "way_deg: is for people"),
        ('use = "stairs"', 'use = "lift"', "zones[steps].use"),
        ("way_deg = 180", "gauge = { line = [[9, 90], [9, 9]], height_cm = 9 }", "is for water"),
        ('name = "background"', 'name = "thermal"', "thermal needs thermal = true in [frame]"),
        ('name = "background"', 'name = "onnx"', "detector.model: is missing"),
        ('name = "background"', 'name = "onnx"\nmodel = "no.onnx"', "there is no file no.onnx"),
        ('name = "background"', 'name = "people"\nmodel = "no.onnx"', "people needs none"),
        ("size = [640, 360]", "size = [640, 360]\nthermal = true", "background is for visible"),
        ("[frame]", "[frame", "is no TOML: "),
    ],
)
def test_says_what_is_wrong(tmp_path: Path, old: str, new: str, said: str) -> None:
    """Each fault names the file, the field and what to write."""
    assert old in FILE
    path = written(tmp_path, FILE.replace(old, new))
    with pytest.raises(Misconfigured) as refused:
        read_plan(path)
    assert said in str(refused.value)
    assert all(line.startswith("pier-4.toml: ") for line in str(refused.value).splitlines())


def test_water_is_read_by_a_gauge_that_stands_upright(tmp_path: Path) -> None:
    """A gauge's foot is below its top, and both are in the frame."""
    water = FILE.replace('use = "stairs"', 'use = "water"').replace("way_deg = 180", "GAUGE")
    for line, said in (
        ("[[300, 330], [300, 210]]", ""),
        ("[[300, 210], [300, 330]]", "its foot is above its top"),
        ("[[300, 330], [300, 999]]", "outside the frame"),
        ("[[300, 330], [300, 329]]", "shorter than 8 pixels"),
    ):
        gauge = f"gauge = {{ line = {line}, height_cm = 100 }}"
        path = written(tmp_path, water.replace("GAUGE", gauge))
        if not said:
            assert read_plan(path).zones[0].gauge is not None
            continue
        with pytest.raises(Misconfigured, match=said):
            read_plan(path)


def test_zones_have_ids_of_their_own(tmp_path: Path) -> None:
    """Two zones of one id would be one observation."""
    zone = FILE[FILE.index("[[zones]]") : FILE.index("[detector]")]
    with pytest.raises(Misconfigured, match='2 have the id "steps"'):
        read_plan(written(tmp_path, FILE + "\n" + zone))


def test_a_folder_is_checked_as_a_whole(tmp_path: Path) -> None:
    """All bad files are told at once, strictly; in the running system the good ones stay."""
    written(tmp_path)
    written(tmp_path, "id = 4", "a.toml")
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "c.toml").write_bytes(b"#" * 300_000)
    (tmp_path / "d.toml").mkdir()
    (tmp_path / "notes.txt").write_text("not a camera")
    with pytest.raises(Misconfigured) as refused:
        read_plans(tmp_path)
    for name in ("a.toml: id: ", "b.toml: is not UTF-8", "c.toml: is larger", "d.toml: cannot be"):
        assert name in str(refused.value)
    found = gather_plans(tmp_path)
    assert list(found) == ["pier-4"]
    assert [fault.file for fault in found.faults] == ["a.toml", "b.toml", "c.toml", "d.toml"]


def test_models_and_videos_lie_beside_the_file(tmp_path: Path) -> None:
    """A model is named from the file's folder; a video may lie nowhere else."""
    (tmp_path / "crowd.onnx").write_bytes(b"")
    (tmp_path / "fair.avi").write_bytes(b"")
    text = FILE.replace('"background"', '"onnx"\nmodel = "crowd.onnx"')
    plan = read_plan(written(tmp_path, text))
    assert plan.detector.model == tmp_path / "crowd.onnx"
    video = FILE.replace('"mjpeg"', '"stream"')
    address = "http://watch:${PIER_PASSWORD}@camera.example/video.mjpeg"
    plan = read_plan(written(tmp_path, video.replace(address, "fair.avi")))
    assert address_of(plan, {}) == str(tmp_path / "fair.avi")
    for name, said in (("../fair.avi", "is a file outside"), ("gone.avi", "there is no file")):
        with pytest.raises(Misconfigured, match=said):
            read_plan(written(tmp_path, video.replace(address, name)))


def test_a_link_leads_to_no_video_elsewhere(tmp_path: Path) -> None:
    """A link inside the folder to a file outside of it is a file outside."""
    folder = tmp_path / "cameras"
    folder.mkdir()
    (tmp_path / "secret.avi").write_bytes(b"")
    (folder / "fair.avi").symlink_to(tmp_path / "secret.avi")
    address = "http://watch:${PIER_PASSWORD}@camera.example/video.mjpeg"
    text = FILE.replace('"mjpeg"', '"stream"').replace(address, "fair.avi")
    with pytest.raises(Misconfigured, match="outside"):
        read_plan(written(folder, text))


def test_passwords_come_from_the_environment(tmp_path: Path) -> None:
    """A variable is filled in for the request alone, and named where it has no value."""
    plan = read_plan(written(tmp_path))
    given = {"PIER_PASSWORD": "hush"}
    assert address_of(plan, given) == "http://watch:hush@camera.example/video.mjpeg"
    assert "hush" not in repr(plan)
    with pytest.raises(Misconfigured, match="PIER_PASSWORD"):
        address_of(plan, {})


@pytest.mark.parametrize("value", ["file:///etc/passwd", "/etc/passwd", "gopher://a/", "http://"])
def test_a_variable_is_no_way_around_the_checks(tmp_path: Path, value: str) -> None:
    """What a variable makes of an address is checked like one that is written out."""
    text = FILE.replace("http://watch:${PIER_PASSWORD}@camera.example/video.mjpeg", "${PIER_URL}")
    for kind in ("mjpeg", "stream"):
        plan = read_plan(written(tmp_path, text.replace('"mjpeg"', f'"{kind}"')))
        with pytest.raises(Misconfigured) as refused:
            address_of(plan, {"PIER_URL": value})
        assert "passwd" not in str(refused.value)


def test_an_operation_has_its_own_cameras(tmp_path: Path) -> None:
    """The live ones lie where the setting says, or in the data folder; there may be none."""
    (tmp_path / "cameras").mkdir()
    written(tmp_path / "cameras")
    assert list(plans_of(Settings(data_dir=tmp_path))) == ["pier-4"]
    assert list(plans_of(Settings(cameras_dir=tmp_path / "cameras"))) == ["pier-4"]
    assert dict(plans_of(Settings(data_dir=tmp_path / "empty"))) == {}


@pytest.mark.parametrize("key", sorted(find_scenarios()))
def test_the_cameras_of_scenarios_are_in_order(key: str) -> None:
    """An exercise has its scenario's cameras, each of them fit, and no live one."""
    found = plans_of(Settings(scenario=key, operation=f"exercise-{key}"))
    assert found.faults == ()
