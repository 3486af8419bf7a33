"""Layers of others that are set up: the presets, the files of a folder, what is checked."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cop.config import Settings
from cop.model.text import LANGS
from cop.services.layers.set_up import PRESETS, layers_of, read_layer_file
from cop.services.setup_files import FileRefused

FILES = sorted(PRESETS.glob("*.toml"))
GOOD = """
id = "hydrants"
service = "ogc"
address = "https://portal.csdi.gov.hk/ogc"
name = "hydrants"
title = {en = "Hydrants"}
attribution = "Fire Services Department"
"""
BAD = {
    "too-deep": ("id = " + "[" * 20_000, "too deep"),
    "tables-too-deep": ("a = " + "{a=" * 3_000, "too deep"),
    "a-number-without-end": ("id = " + "9" * 5_000, "too many digits"),
    "another-host": (GOOD.replace("portal.csdi.gov.hk", "elsewhere.example"), "COP_LAYER_HOSTS"),
    "unprotected": (GOOD.replace("https", "http"), "https://"),
    "no-title": (GOOD.replace('title = {en = "Hydrants"}', ""), "title is missing"),
    "no-attribution": (GOOD.replace('"Fire Services Department"', '" "'), "attribution"),
    "no-name": (GOOD.replace('name = "hydrants"\n', ""), "which layer"),
    "unknown-language": (GOOD.replace("{en", "{fr"), "title"),
    "unknown-agency": (f'{GOOD}publisher = "NASA"', "publisher"),
    "unknown-field": (f'{GOOD}colour = "red"', "colour: there is no such field"),
    "every-second": (f"{GOOD}every_s = 1", "every_s"),
    "a-path-as-id": (GOOD.replace('id = "hydrants"', 'id = "../x"'), "id"),
    "script-link": (f'{GOOD}link = "javascript:alert(1)"', "link"),
    "no-toml": ("id =", "is no TOML"),
}


def settings(folder: Path) -> Settings:
    """Give settings with this folder of layers."""
    return Settings(layers_dir=folder)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_preset_is_whole(path: Path) -> None:
    """Each has a name in three languages, an agency, a source, terms and a page to look up."""
    file = read_layer_file(path)
    assert file.id == path.stem
    assert set(file.title) == set(LANGS)
    assert file.publisher != "COP"
    assert file.licence
    assert file.link is not None
    assert urlsplit(file.address).hostname == "portal.csdi.gov.hk"


def test_presets_need_no_setting() -> None:
    """With the settings as they come every preset is there."""
    assert len(layers_of(Settings())) == len(FILES) > 5


def test_a_preset_whose_host_is_not_allowed_is_left_out() -> None:
    """Whoever takes the portal off the list has no preset, and is told of no fault."""
    found = layers_of(Settings(layer_hosts="maps.example.hk"))
    assert (dict(found), found.faults) == ({}, ())


def test_a_file_takes_the_place_of_a_preset(tmp_path: Path) -> None:
    """One's own file decides, also that there is to be none."""
    (tmp_path / "a.toml").write_text('id = "csdi-districts"\noff = true')
    (tmp_path / "b.toml").write_text(GOOD.replace('"hydrants"', '"csdi-police-stations"', 1))
    found = layers_of(settings(tmp_path))
    assert "layer:csdi-districts" not in found
    assert found["layer:csdi-police-stations"].title == {"en": "Hydrants"}
    assert found["layer:csdi-police-stations"].author is None


@pytest.mark.parametrize(("words", "said"), BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_told_and_takes_no_other(tmp_path: Path, words: str, said: str) -> None:
    """What is wrong is said, and every other layer is set up."""
    (tmp_path / "bad.toml").write_text(words)
    (tmp_path / "good.toml").write_text(GOOD.replace('id = "hydrants"', 'id = "pumps"'))
    found = layers_of(settings(tmp_path))
    assert [fault.file for fault in found.faults] == ["bad.toml"]
    assert said in str(found.faults[0])
    assert "layer:pumps" in found
    assert "layer:csdi-fire-stations" in found


def test_a_file_alone_is_refused_in_words(tmp_path: Path) -> None:
    """Reading one file says every fault, a line each."""
    path = tmp_path / "x.toml"
    path.write_text("id = 4\nevery_s = 1")
    with pytest.raises(FileRefused, match=r"id:[\s\S]*every_s:"):
        read_layer_file(path)
