"""Layers of what cameras count: every level, every state, never two looks for one camera."""

from __future__ import annotations

from itertools import pairwise
from typing import get_args

import pytest

from cop.model.sight import CameraState, Level
from cop.ui.layer import Layer, find_layers
from tests.unit.ui.test_contrast import THEMES, contrast, luminance

LAYERS = {layer.key: layer for layer in find_layers()}
COUNTED = [layer for layer in LAYERS.values() if "vision" in layer.feeds]


def test_every_level_has_its_letter_worst_first() -> None:
    """F to A, each with letter, colour and pattern of its own, then what is not known."""
    *graded, rest = LAYERS["crowds"].rules
    letters = [rule.letter for rule in graded]
    assert letters == sorted(get_args(Level), reverse=True)
    for rule in graded:
        assert rule.when == {"sight.level": rule.letter}
        assert all(words.startswith(rule.letter) for words in rule.word.values())
    assert len({(rule.colour, rule.pattern) for rule in graded}) == len(graded)
    assert (rest.letter, rest.pattern, rest.line) == ("?", "hatch", "dashed")


@pytest.mark.parametrize("theme", THEMES)
def test_levels_differ_in_lightness(theme: str) -> None:
    """Whoever sees no hues still sees the order: each level lies further from the map's ground."""
    tokens = THEMES[theme]
    colours = [tokens[f"los-{level.lower()}"] for level in get_args(Level)]
    ascending = [luminance(colour) for colour in colours]
    assert sorted(ascending, reverse=theme == "light") == ascending
    assert all(contrast(one, other) >= 1.25 for one, other in pairwise(colours))


def test_arrows_need_a_flow_that_is_known() -> None:
    """Where the flow is not known, or nobody moves, no arrow stands."""
    flow = LAYERS["crowd_flow"]
    assert flow.where["measures.flow_deg"] == {"known": True}
    assert flow.where["measures.flow_mps"] == {"min": 0.1}
    assert flow.turn == "measures.flow_deg"
    assert flow.towards


def test_no_camera_is_drawn_twice() -> None:
    """A camera by which something is counted is not also drawn as a traffic camera."""
    counting, traffic = LAYERS["counting_cameras"], LAYERS["cameras"]
    assert counting.where["feed"] in traffic.where["feed"]["not"]


def test_every_state_of_a_camera_has_a_look() -> None:
    """What is wrong with a camera is told by shape and word, not by colour."""
    rules = LAYERS["counting_cameras"].rules
    failing = {state.value for state in CameraState} - {"ok", "unknown", "moved"}
    wrong = next(rule for rule in rules if isinstance(rule.when.get("state"), dict))
    assert not failing & set(wrong.when["state"]["not"])
    assert len({(rule.shape, rule.icon) for rule in rules}) == len(rules)


@pytest.mark.parametrize("layer", COUNTED, ids=lambda layer: layer.key)
def test_a_city_without_cameras_is_told_nothing_of_them(layer: Layer) -> None:
    """These layers are left out of the list until a camera counts, and never veil the map."""
    assert layer.optional
    assert not layer.vital
