"""The public page's scripts are small, and whatever they say is there in every language."""

from __future__ import annotations

import gzip
import re

import pytest

from cop.model.text import LANGS, Lang
from cop.ui.public.bundles import bundles, script_words
from cop.ui.public.layers import public_layers

MOST_OF_APP = 25_000
SAID = re.compile(r'cop\.t\((?:[^()`"]*\? )?"([a-z][\w.-]*)"(?:[^()`"]*: "([a-z][\w.-]*)")?')


def test_the_first_scripts_are_small() -> None:
    """What every reader loads is at most 25 KB compressed, the map apart."""
    assert len(gzip.compress(bundles()["app.js"].body)) <= MOST_OF_APP


def test_a_name_changes_with_its_content_only() -> None:
    """Two makings of the same files give the same names."""
    assert {key: one.name for key, one in bundles().items()} == {
        key: one.name for key, one in bundles().items()
    }


@pytest.mark.parametrize("lang", LANGS)
def test_every_word_is_there(lang: Lang) -> None:
    """No reader meets the key of a word instead of the word."""
    scripts = "\n".join(bundles()[name].body.decode() for name in ("app.js", "map.js"))
    wanted = {key for found in SAID.findall(scripts) for key in found if key}
    assert len(wanted) > 40
    words = script_words(lang)
    assert [key for key in sorted(wanted) if not words.get(key)] == []


def test_the_map_has_what_concerns_the_public_alone() -> None:
    """No layer of those who work here is on it, and each layer has words for nothing there."""
    keys = {layer.key for layer in public_layers()}
    assert {"incidents", "roads", "shelters", "first_aid", "hospitals", "cyclone"} <= keys
    assert not keys & {"resources", "assignments", "drawings", "cameras", "command_posts"}
    assert all(layer.empty for layer in public_layers())
