"""The public charts say what is known and what is not, can be read, and stay still."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from cop.model.district import District
from cop.model.text import LANGS, Lang, text
from cop.services.publishing.picture import Feature, PublicPicture, Span
from cop.ui.app import ASSETS
from cop.ui.public.chart_svg import SMALL, WIDTH, width_of
from cop.ui.public.charts import rain_chart, tide_chart, timeline_chart
from tests.unit.ui.public_town import HOSTILE, NOW, at, feature, feed, feeds, picture
from tests.unit.ui.test_contrast import THEMES, contrast

Draw = Callable[[PublicPicture, Lang], str]
CHARTS: tuple[Draw, ...] = (rain_chart, tide_chart, timeline_chart)
SAID_UNKNOWN = {"en": "no information", "zh-Hant": "沒有資料", "zh-Hans": "没有资料"}
CSS = (ASSETS / "public" / "30-charts.css").read_text("utf-8")


def rain(code: str, most: float | None, least: float | None = None, **more: Any) -> Feature:
    """Make the rain of a district."""
    measures = {"min_mm": least, "max_mm": most}
    told: dict[str, Any] = {
        "feed": "hko_current",
        "measure": "rain_1h",
        "district": code,
        "observed_at": at(15),
        "valid_from": at(75),
        "measures": {name: value for name, value in measures.items() if value is not None},
    }
    if most is not None:
        told["value"] = most
    return feature(f"hko_current:rain_1h:{code}", "observation", "rain_1h", **(told | more))


def level(code: str, value: float | None, **more: Any) -> Feature:
    """Make the sea level at a gauge, five and a half minutes ago."""
    told: dict[str, Any] = {"feed": "hko_sea_level", "measure": "sea_level", "station": code}
    told |= {"place": text(f"Gauge {code}", f"站 {code}", f"站 {code}"), "observed_at": at(30.5)}
    if value is not None:
        told["value"] = value
    return feature(f"hko_sea_level:{code.lower()}", "observation", "sea_level", **(told | more))


def tide(code: str, first: float, *ahead: float, **more: Any) -> Feature:
    """Make the expected tide: *first* at 22:00 in Hong Kong, then hour by hour."""
    told: dict[str, Any] = {"feed": "hko_tides", "measure": "tide", "station": code}
    told |= {"place": text(f"Gauge {code}", f"站 {code}", f"站 {code}"), "value": first}
    told |= {"observed_at": "2023-09-07T14:00:00Z", "expires_at": at(-360)}
    told["measures"] = {f"in_{hour}h_m": height for hour, height in enumerate(ahead, 1)}
    return feature(f"hko_tides:{code}", "observation", "tide", **(told | more))


def span(  # one keyword for each attribute that a test varies
    event: str,
    signal: str | None,
    began: float,
    ended: float | None = None,
    *,
    severity: str = "Severe",
    publisher: str = "HKO",
    title: str = "A warning",
) -> Span:
    """Make a warning in force from *began* to *ended* minutes ago."""
    feed = {"SMG": "smg_warnings", "WMO": "wmo_swic"}.get(publisher, "hko_warnings")
    return Span(
        id=f"{feed}:{event}",
        event_type=event,
        signal=signal,
        severity=severity,
        publisher=publisher,
        title=text(title, title, title),
        began=NOW - timedelta(minutes=began),
        ended=None if ended is None else NOW - timedelta(minutes=ended),
    )


SPANS = (
    span("tropical_cyclone", "TC1", 2000, 1300, severity="Minor"),
    span("tropical_cyclone", "TC3", 1300, 1000, severity="Moderate"),
    span("pre_no8", "WTCPRE8", 1090, 1000),
    span("tropical_cyclone", "TC8NE", 1000, 900),
    span("tropical_cyclone", "TC9", 900, 860, severity="Extreme"),
    span("tropical_cyclone", "TC10", 860, 700, severity="Extreme"),
    span("tropical_cyclone", "TC8SW", 700, 500),
    span("storm_surge", "MO-RED", 600, 300, publisher="SMG"),
    span("rainstorm", None, 400, publisher="WMO"),
    span("thunderstorm", "WTS", 300),
    span("rainstorm", "WRAINA", 60, 45, severity="Moderate"),
    span("rainstorm", "WRAINR", 45, 20),
    span("rainstorm", "WRAINB", 20, severity="Extreme"),
)


def storm(lang_names: str = "") -> PublicPicture:
    """Make a picture in which every chart has much to show, and something that is not known."""
    districts = list(District)
    wet = [rain(code, 130.0 - 8 * i, 90.0 - 6 * i) for i, code in enumerate(districts[:13])]
    dry = [rain(districts[13], 0.0)]
    lost = [rain(districts[14], None, quality="missing"), rain(districts[15], math.inf)]
    sea = [level("QUB", 3.42), level("TPK", 2.9), level("TAO", None), level("CLK", -0.4)]
    tides = [tide("QUB", 1.0, 1.5, 2.0, 2.4), tide("TAO", 1.1, 1.2), tide("WAG", 0.9, 0.7)]
    return picture(*wet, *dry, *lost, *sea, *tides, spans=SPANS)


def svg_of(markup: str) -> etree._Element:
    """Read the drawing of a chart; it must be well-formed by itself."""
    found = re.search(r"<svg.*</svg>", markup, re.DOTALL)
    assert found is not None
    return etree.fromstring(found[0])


def read(markup: str) -> etree._Element:
    """Read a whole chart as XML; its one attribute without a value is given one."""
    valued = markup.replace(" data-time>", ' data-time="">')
    return etree.fromstring(f"<div>{valued}</div>")


def rows_of(markup: str) -> list[list[str]]:
    """Read the body of a chart's table."""
    root = read(markup)
    return [["".join(cell.itertext()) for cell in row] for row in root.iter("tr")][1:]


def boxes(svg: etree._Element) -> Iterator[tuple[str, float, float, float, float]]:
    """Give the words of a drawing with their boxes: left, top, right, bottom."""
    for words in svg.iter("text"):
        said, size = words.text or "", float(words.get("font-size", "0"))
        x, y = float(words.get("x", "0")), float(words.get("y", "0"))
        wide = width_of(said, size)
        left = {"middle": x - wide / 2, "end": x - wide}.get(words.get("text-anchor", ""), x)
        yield said, left, y - 0.8 * size, left + wide, y + 0.1 * size


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("draw", CHARTS)
def test_charts_are_well_formed_and_named(draw: Draw, lang: Lang) -> None:
    """A chart is one figure; its drawing has a name, a description and no id twice, no style."""
    markup = draw(storm(), lang)
    root = read(markup)
    assert [child.tag for child in root] == ["figure"]
    svg = svg_of(markup)
    ids = [element.get("id") for element in svg.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert svg.get("role") == "img"
    assert {svg.get("aria-labelledby"), svg.get("aria-describedby")} <= set(ids)
    assert not re.search(r"\s(style|on\w+)=|<script|<style", markup)
    (table,) = root.iter("table")
    assert table.find("caption") is not None
    assert all(head.get("scope") for head in table.iter("th"))
    assert root.find(".//details/summary") is not None


def test_ids_differ_between_charts() -> None:
    """The three charts stand on one page: no id of one is an id of another."""
    ids = [
        element.get("id")
        for draw in CHARTS
        for element in svg_of(draw(storm(), "en")).iter()
        if element.get("id")
    ]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("draw", CHARTS)
def test_words_in_drawings_can_be_read(draw: Draw, lang: Lang) -> None:
    """No words lie over others or leave the drawing, none is small, no name is cut."""
    found = list(boxes(svg_of(draw(storm(), lang))))
    assert found
    for said, left, _, right, _ in found:
        assert left >= -0.5, said
        assert right <= WIDTH + 0.5, said
        assert not said.endswith("…")
    for one, other in itertools.combinations(found, 2):
        apart = (
            one[3] <= other[1] + 1
            or other[3] <= one[1] + 1
            or one[4] <= other[2] + 1
            or other[4] <= one[2] + 1
        )
        assert apart, (one[0], other[0])
    sizes = re.findall(r'font-size="([\d.]+)"', draw(storm(), lang))
    assert min(map(float, sizes)) >= SMALL >= 11


@pytest.mark.parametrize("lang", LANGS)
def test_rain_that_is_not_known_is_not_nothing(lang: Lang) -> None:
    """All 18 districts are there; those without a usable value say so and are not drawn as 0."""
    markup = rain_chart(storm(), lang)
    rows = rows_of(markup)
    assert len(rows) == 18
    assert len({row[2] for row in rows[-4:]} | {row[1] for row in rows[-4:]}) == 1
    assert not rows[-1][2].isdecimal()
    assert rows[13][1:] == ["0", "0"]
    amounts = [float(row[2]) for row in rows[:14]]
    assert amounts == sorted(amounts, reverse=True)
    svg = svg_of(markup)
    assert sum(text.text == SAID_UNKNOWN[lang] for text in svg.iter("text")) == 4
    assert sum(rect.get("class") == "c-veil" for rect in svg.iter("rect")) == 4
    assert sum(text.text == "0" for text in svg.iter("text")) == 1


def test_rain_lines_are_named() -> None:
    """The three amounts are lines with their numbers, also where they come close."""
    for most in (0.0, 60.0, 300.0):
        svg = svg_of(rain_chart(picture(rain("CW", most, most / 2)), "en"))
        lines = [line.get("x1") for line in svg.iter("line") if line.get("class") == "c-threshold"]
        assert len(set(lines)) == 3
        assert {"30", "50", "70"} <= {words.text for words in svg.iter("text")}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("draw", CHARTS)
def test_nothing_known_is_said_in_words(draw: Draw, lang: Lang) -> None:
    """Without any information there is no drawing that looks like a calm day, but a sentence."""
    markup = draw(picture(known={}), lang)
    assert "is-unknown" in markup
    assert "<svg" not in markup
    assert len(re.sub(r"<[^>]+>", "", markup)) > 8


def test_no_rain_is_said() -> None:
    """Nought everywhere is a fact: said in words and drawn."""
    markup = rain_chart(picture(*(rain(code, 0.0) for code in District)), "en")
    assert "No rain was measured" in markup
    assert "<svg" in markup


@pytest.mark.parametrize(
    ("draw", "feed"), [(rain_chart, "hko_current"), (tide_chart, "hko_sea_level")]
)
def test_old_readings_are_called_old(draw: Draw, feed: str) -> None:
    """A chart of old readings says since when, and looks otherwise."""
    old = draw(replace(storm(), feeds=feeds(**{feed: 300})), "en")
    assert "is-stale" in old
    assert "last known" in old
    assert "is-live" in draw(storm(), "en")


def test_the_surge_is_measured_less_expected() -> None:
    """At 22:30 half an hour's way between two hours is expected; the rest is the surge."""
    rows = {row[0]: row[1:] for row in rows_of(tide_chart(storm(), "en"))}
    assert rows["Gauge QUB"] == ["3.42", "1.25", "+2.17", "2.40 m at 01:00"]
    assert rows["Gauge TPK"] == ["2.90", *["not known"] * 3]
    assert rows["Gauge CLK"][0] == "-0.40"
    assert rows["Gauge TAO"][0] == "not known"
    assert rows["Gauge TAO"][2] == "not known"
    assert rows["Gauge WAG"] == ["not known", "0.90", "not known", "0.70 m at 23:00"]


def test_danger_is_told_by_shape_and_words() -> None:
    """At Quarry Bay 3 m and more is said aloud; elsewhere it is only marked."""
    assert "low places may flood" in tide_chart(picture(level("QUB", 1.0)), "en").lower()
    reached = "is at 3 m or more"
    assert reached in tide_chart(picture(level("QUB", 3.0)), "en")
    other = tide_chart(picture(level("QUB", 2.99), level("TPK", 4.1)), "en")
    assert reached not in other
    assert "▲ 4.10 m" in other
    assert "▲ 2.99" not in other


def test_tides_of_another_time_are_not_used() -> None:
    """Expected heights that have run out, or are of other hours, say nothing of now."""
    gone = tide("QUB", 1.0, 1.2, expires_at=at(1))
    assert rows_of(tide_chart(picture(level("QUB", 1.4), gone), "en"))[0][2] == "not known"
    early = level("QUB", 1.4, observed_at=at(300))
    markup = tide_chart(picture(early, tide("QUB", 1.0, 1.2)), "en")
    assert rows_of(markup)[0][2:4] == ["not known"] * 2


def test_in_force_and_ended_differ_in_shape_and_word() -> None:
    """What is in force has an arrow and says since when; what ended is an outline and says so."""
    markup = timeline_chart(storm(), "en")
    svg = svg_of(markup)
    said = [words.text or "" for words in svg.iter("text")]
    assert any(words.startswith("▶ since 22:40") for words in said)
    assert any(words == "ended 14:40" for words in said)
    bars = [bar for bar in svg.iter("path") if "c-span" in (bar.get("class") or "")]
    now = [bar for bar in bars if "c-span-now" in (bar.get("class") or "")]
    assert len(now) == 3 + 1  # and the sample of the key
    assert all(" l" in (bar.get("d") or "") for bar in now)
    assert {"Amber", "Red", "Black", "T8 NE", "Macao: Storm surge"} <= set(said)


def test_a_quiet_day_is_said() -> None:
    """No warning in the last day is a sentence, if it was looked."""
    markup = timeline_chart(picture(), "en")
    assert "No warning was in force in the last 24 hours." in markup
    assert "is-empty" in markup
    old = timeline_chart(picture(known=feeds(hko_warnings=200)), "en")
    assert "No warning was in force" not in old
    assert "is-unknown" in old


def test_a_day_that_is_not_known_whole_says_from_when() -> None:
    """Whoever began to look an hour ago does not speak of the day."""
    began = NOW - timedelta(hours=1)
    quiet = timeline_chart(replace(picture(), spans_since=began), "en")
    assert "last 24 hours." not in quiet
    assert "No warning was in force since" in quiet
    shown = timeline_chart(replace(storm(), spans_since=began), "en")
    assert "Complete since" in shown
    assert "Complete since" not in timeline_chart(storm(), "en")


def test_hours_without_information_are_veiled() -> None:
    """From when warnings could not be read, none is drawn as in force, and words say so."""
    lost = timeline_chart(replace(storm(), feeds=feeds(hko_warnings=100)), "en")
    svg = svg_of(lost)
    assert sum(rect.get("class") == "c-veil" for rect in svg.iter("rect")) > 1
    said = [words.text or "" for words in svg.iter("text")]
    assert "▶ last known in force" in said
    assert not any(words.startswith("▶ since") and "22:40" in words for words in said)
    assert "Not known since" in lost
    assert "Hatched: not known" in said
    assert "▶ since 16:20" in said, "a neighbour's feed is known"


@pytest.mark.parametrize("draw", CHARTS)
def test_the_same_facts_give_the_same_bytes(draw: Draw) -> None:
    """The order of features and up to ten minutes of time change nothing."""
    first = storm()
    turned = dict(reversed(list(first.features.items())))
    later = first.as_of + timedelta(minutes=9)
    known = {key: feed(key, stale_after_s=7200) for key in feeds()}
    one = draw(replace(first, feeds=known), "en")
    assert draw(replace(first, feeds=known, features=turned), "en") == one
    assert draw(replace(first, feeds=known, as_of=first.as_of + timedelta(seconds=30)), "en") == one
    moved = replace(first, feeds=known, as_of=later)
    assert draw(moved, "en") == one


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words(words: str) -> None:
    """Nothing that a publisher writes becomes markup or breaks a drawing."""
    title = text(words, words, words)
    gauge = level("X", 1.0, place=title)
    other = Span("a:b", "meteors", words, words, words, title, NOW - timedelta(hours=1))
    shown = picture(gauge, rain("CW", 3.0), rain(words, 4.0), spans=(other, *SPANS))
    for draw in CHARTS:
        for lang in LANGS:
            markup = draw(shown, lang)
            root = read(markup)
            tags = {str(element.tag) for element in root.iter()}
            assert not tags & {"script", "img", "style", "main", "li"}
            for said, left, _, right, _ in boxes(svg_of(markup)):
                assert left >= -0.5, said
                assert right <= WIDTH + 0.5, said


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(0, 1800), st.integers(0, 1800)), max_size=25),
    st.lists(st.none() | st.floats(allow_nan=True), min_size=18, max_size=18),
)
def test_any_numbers_give_a_chart(times: list[tuple[int, int]], wet: list[float | None]) -> None:
    """Whatever the values, every chart is well-formed and nothing leaves it."""
    signals = itertools.cycle(["WRAINA", "TC8NE", None, "MO-RED"])
    spans = [
        span("rainstorm", next(signals), max(pair), min(pair) or None, title=f"W{i}")
        for i, pair in enumerate(times)
    ]
    readings = [rain(code, value, value) for code, value in zip(District, wet, strict=True)]
    readings += [level(f"G{i}", value) for i, value in enumerate(wet)]
    shown = picture(*readings, spans=tuple(spans))
    for draw in CHARTS:
        markup = draw(shown, "zh-Hant")
        assert "nan" not in markup
        if "<svg" in markup:
            for said, left, _, right, _ in boxes(svg_of(markup)):
                assert -0.5 <= left <= right <= WIDTH + 0.5, said


@pytest.mark.parametrize("theme", THEMES)
def test_colours_of_charts_stand_out(theme: str) -> None:
    """Words of a drawing stand out 4.5 to 1, shapes 3 to 1, from what they lie on."""
    tokens = THEMES[theme]
    used = set(re.findall(r"var\(--([a-z0-9-]+)\)", CSS)) & set(tokens)
    for token in used - {"line", "surface", "surface-2"}:
        least = 4.5 if token in {"text", "text-soft", "bad"} else 3.0
        assert contrast(tokens[token], tokens["surface"]) >= least, token
