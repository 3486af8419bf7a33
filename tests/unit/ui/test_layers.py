"""Layers are tables that the browser can read, fed by feeds that exist."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cop.config import Settings
from cop.model.district import DISTRICT_NAMES
from cop.model.entity import Kind
from cop.model.kinds import KINDS
from cop.model.text import LANGS, Text, text
from cop.ui import layers
from cop.ui.app import ASSETS
from cop.ui.chart import CHARTS
from cop.ui.config import browser_config
from cop.ui.layer import Layer, Rule, defaults, find_layers

LAYERS = find_layers()
FEEDS = {path.stem for path in (Path(__file__).parents[3] / "workers" / "feeds").glob("[a-z]*.py")}
CAMERAS = "vision"  # what cameras count: it comes from no publisher's file
ICONS = set(re.findall(r'^    "([a-z-]+)": "', (ASSETS / "icons.js").read_text(), re.MULTILINE))
TOKENS = set(re.findall(r"--([\w-]+):", (ASSETS / "tokens.css").read_text()))


def test_every_file_is_a_layer() -> None:
    """A module in the folder is a layer; nothing is registered anywhere else."""
    files = {path.stem for path in Path(layers.__path__[0]).glob("[a-z]*.py")}
    assert {layer.key for layer in LAYERS} == files
    assert [layer.order for layer in LAYERS] == sorted(layer.order for layer in LAYERS)


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.key)
def test_a_layer_names_what_exists(layer: Layer) -> None:
    """Its feeds, pictograms, colours and properties exist."""
    assert set(layer.feeds) <= FEEDS | {CAMERAS}
    fields = {*KINDS[layer.kind].model_fields, "value"}
    for condition in (layer.where, *(rule.when for rule in layer.rules)):
        for path in condition:
            assert path.partition(".")[0] in fields, path
    for rule in layer.rules:
        assert rule.colour in TOKENS
        assert not rule.icon or rule.icon in ICONS
    if layer.pictograms:
        assert layer.pictograms[0] in fields
        assert set(layer.pictograms[1].values()) <= ICONS


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.key)
def test_a_layer_speaks_three_languages(layer: Layer) -> None:
    """Title, emptiness and every rule have words in each language."""
    said: list[Text] = [layer.title, layer.empty, *(rule.word for rule in layer.rules)]
    assert all(set(words) == set(LANGS) for words in said)


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.key)
def test_what_matters_takes_the_keyboard(layer: Layer) -> None:
    """Layers whose entities stand in the list are drawn as elements, not as pixels."""
    if layer.listed:
        assert layer.draw == "marker"


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.key)
def test_rules_differ_by_more_than_colour(layer: Layer) -> None:
    """Whoever cannot tell two colours apart still sees two signs, or reads the value beside."""
    if layer.label or layer.draw in {"grid", "district"}:  # a field, in steps of lightness
        return
    looks = [
        (rule.shape, rule.severity, rule.icon, rule.letter, rule.size, rule.line, rule.pattern)
        for rule in layer.rules
    ]
    assert len(set(looks)) == len(looks)


def test_patterns_are_drawn() -> None:
    """Every pattern that a table names has its figure in the browser."""
    drawn = set(
        re.findall(r"^    (\w+)(?::|\()", (ASSETS / "patterns.js").read_text(), re.MULTILINE)
    )
    assert {pattern for layer in LAYERS if layer.patterns for pattern in layer.patterns[1].values()}
    for layer in LAYERS:
        named = {*(layer.patterns or ("", {}))[1].values(), *(rule.pattern for rule in layer.rules)}
        assert named - {""} <= drawn


def test_a_rule_table_must_take_everything() -> None:
    """A layer whose last rule has a condition is refused: some entity would have no look."""
    words = text("x", "x", "x")
    with pytest.raises(ValueError, match="last rule"):
        Layer(
            key="x",
            title=words,
            kind=Kind.ROAD,
            feeds=("x",),
            empty=words,
            draw="canvas",
            rules=(Rule(word=words, colour="unknown", when={"status": "closed"}),),
            group="roads",
        )


def test_the_browser_is_told_everything_as_json() -> None:
    """The configuration is JSON with layers, charts, words and names, and no live data."""
    told = json.loads(browser_config(Settings(operation="drill", scenario="x")))
    assert [layer["key"] for layer in told["layers"]] == [layer.key for layer in LAYERS]
    assert [chart["key"] for chart in told["charts"]] == [chart.key for chart in CHARTS]
    assert set(told["districts"]) == {district.value for district in DISTRICT_NAMES}
    assert told["exercise"] is True
    assert told["operation"] == "drill"


def test_fields_left_out_by_the_encoder_come_back() -> None:
    """What equals the model's default is not sent; the browser is told each such default."""
    given = defaults()
    assert given["alert"]["severity"] == "Unknown"
    assert given["observation"]["quality"] == "ok"
    assert given["road"]["status"] == "unknown"
    assert given["feed_status"]["state"] == "never"
    assert given["feed_status"]["taken"] == 0


def test_charts_name_what_exists() -> None:
    """Feeds, colours and words of each chart exist."""
    for chart in CHARTS:
        assert set(chart.feeds) <= FEEDS
        assert all(bar.colour in TOKENS for bar in chart.bars)
        assert set(chart.title) == set(chart.empty) == set(LANGS)
