"""What a map layer is: which entities it shows and how each looks, as a table the browser reads.

A layer decides nothing at run time: `assets/layers.js` applies these tables to each feature as
it arrives, so that a new layer needs no script and the server draws nothing.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from cop.model.entity import Kind, Severity
from cop.model.kinds import KINDS
from cop.model.text import Text

Condition = Mapping[str, Any]
"""What a feature's properties must be; all entries must hold.

A key is a property, or one inside it: `measures.<name>`, `sight.<name>`. A value is: a string or
boolean (equal), a list (one of), `{"not": […]}` (none of), `{"min": a, "max": b}` (a ≤ number < b,
either may be left out), `{"known": true}` (given) or `{"known": false}` (not given).
"""

Shape = Literal[
    "severity",  # ◆ ▲ ■ ● ○ by the rule's or the entity's severity
    "disc",
    "ring",
    "square",
    "badge",  # rounded square that carries a pictogram
    "house",  # filled from the bottom by `Layer.level`
    "octagon",
    "closed",  # a disc with a bar: no entry
    "arrow",  # turned by `Layer.turn`
    "cell",
    "outline",  # only the geometry itself, no symbol
]

Line = Literal["", "crosses", "dashed"]
"""How a line is drawn: plain, thick with crosses (no way through), or dashed (part of it)."""

Pattern = Literal[
    "dots",
    "waves",
    "triangles",
    "stripes",
    "rings",
    "hatch",
    "crowd1",
    "crowd2",
    "crowd3",
    "crowd4",
    "crowd5",
    "crowd6",
]
"""What an area is filled with, by phenomenon: rain, flood, slope, wind, shaking; not known; and
people, from few to as many as there is room for."""

Group = Literal["danger", "response", "roads", "weather", "places", "traffic", "region"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How the entities that meet *when* look.

    Attributes:
        word: what the symbol means, for the legend and for those who cannot see colour.
        colour: name of a token `--<colour>` in `assets/tokens.css`.
        shape: outline of the symbol.
        icon: pictogram in `assets/icons.js`; "" for none.
        letter: stands in the symbol in place of a pictogram, for what has grades.
        severity: rank in lists and shape where *shape* is `severity`; None: the entity's own.
        size: diameter in pixels.
        pattern: what the area is filled with, where the entity's place is one.
        line: how a line is drawn, where the entity's place is one.
        counted: part of the number in the bottom strip.
        when: the condition; empty means every entity.
    """

    word: Text
    colour: str
    shape: Shape = "disc"
    icon: str = ""
    letter: str = ""
    severity: Severity | None = None
    size: int = 12
    pattern: Pattern | Literal[""] = ""
    line: Line = ""
    counted: bool = False
    when: Condition = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One switch on the map.

    Attributes:
        key: the module's name.
        title: what people call it.
        kind: the kind of entity it shows.
        where: which entities of that kind.
        feeds: keys of the feeds it is fed by; its age and what is unknown follow from them.
        empty: the sentence for "looked, and there is none".
        draw: `marker`: elements that take the keyboard's focus, for the few that matter;
            `canvas`: pixels, for the many; `district`: shades the district; `grid`: cells;
            `link`: a line from a resource to where it was sent.
        rules: first match wins; the last one takes everything.
        group: heading in the list of layers.
        order: drawing order, higher is nearer to the reader.
        on: shown until the reader decides otherwise.
        vital: while nothing is known of it, the map is veiled.
        listed: its entities stand in the situation list.
        optional: its feeds need not be set up; while they never spoke, nothing is said of it.
        place: property with the geometry to draw; "": the entity's own.
        min_zoom: hidden below this zoom.
        area_zoom: areas are hidden below this zoom, where only the symbol can be made out.
        label: property written beside the symbol; "" for none.
        label_zoom: labels are hidden below this zoom.
        digits: decimals of the label.
        turn: property with degrees by which an arrow points (where it comes from).
        towards: those degrees say where it goes.
        shift: pixels from the place, the way the arrow points, so that it stands beside what
            another layer draws there.
        pictograms: property and, by its value, the pictogram that stands in for the rule's.
        patterns: property and, by its value, the pattern that fills an area, so that two areas
            over each other stay legible without colour.
        level: properties with the part and the whole, for the fill of a house.
        tally: property with numbers by name, whose sum stands in the symbol's corner.
        alarms: property with alarms; the worst one's severity stands in the symbol's corner, and
            is the symbol's own among those it is gathered with.
    """

    key: str
    title: Text
    kind: Kind
    where: Condition = field(default_factory=dict)
    feeds: tuple[str, ...]
    empty: Text
    draw: Literal["marker", "canvas", "district", "grid", "link"]
    rules: tuple[Rule, ...]
    group: Group
    order: int = 0
    on: bool = False
    vital: bool = False
    listed: bool = False
    optional: bool = False
    place: str = ""
    min_zoom: int = 0
    area_zoom: int = 0
    label: str = ""
    label_zoom: int = 11
    digits: int = 0
    turn: str = ""
    towards: bool = False
    shift: int = 0
    pictograms: tuple[str, Mapping[str, str]] | None = None
    patterns: tuple[str, Mapping[str, Pattern]] | None = None
    level: tuple[str, str] | None = None
    tally: str = ""
    alarms: str = ""

    def __post_init__(self) -> None:
        """Refuse a table that leaves some entity without a look."""
        if not self.rules or self.rules[-1].when:
            raise ValueError(f"layer {self.key}: the last rule must take everything (no `when`)")


def find_layers() -> tuple[Layer, ...]:
    """Find every layer in `cop.ui.layers`, in drawing order.

    Raises:
        ValueError: a module has no `LAYER`, or its key is not the module's name.
    """
    package = importlib.import_module("cop.ui.layers")
    found: list[Layer] = []
    for module in pkgutil.iter_modules(package.__path__):
        layer = getattr(importlib.import_module(f"{package.__name__}.{module.name}"), "LAYER", None)
        if not isinstance(layer, Layer) or layer.key != module.name:
            raise ValueError(f"cop.ui.layers.{module.name}: LAYER with key {module.name!r} wanted")
        found.append(layer)
    return tuple(sorted(found, key=lambda layer: (layer.order, layer.key)))


def defaults() -> dict[str, dict[str, Any]]:
    """Give, per kind, the fields that the encoder leaves out when they have their default.

    The browser puts them back, so that a rule can ask for them.
    """
    wanted: dict[str, dict[str, Any]] = {}
    for kind, model in KINDS.items():
        wanted[kind.value] = {
            name: info.default
            for name, info in model.model_fields.items()
            if name != "kind"
            and not info.is_required()
            and isinstance(info.default, str | bool | int)
        }
    return wanted


def by_event(property_name: str) -> tuple[str, Mapping[str, Pattern]]:
    """Give the patterns of phenomena, for layers whose *property_name* says which it is."""
    return property_name, _PATTERNS


def by_severity(icon: str = "", *, size: int = 24, counted: bool = False) -> tuple[Rule, ...]:
    """Give the five rules that draw an entity by its own severity."""
    return tuple(
        Rule(
            word=_SEVERITY_WORDS[severity],
            colour=f"sev-{severity.value.lower()}",
            shape="severity",
            icon=icon,
            severity=severity,
            size=size,
            counted=counted,
            when={} if severity is Severity.UNKNOWN else {"severity": severity.value},
        )
        for severity in Severity
    )


def not_counted(word: Text | None = None, *, size: int = 19) -> Rule:
    """Give the last rule of what cameras count: a zone of which nothing can be told."""
    return Rule(
        word=word or {"en": "Not known", "zh-Hant": "不詳", "zh-Hans": "不详"},
        colour="unknown",
        shape="severity",
        letter="?",
        severity=Severity.UNKNOWN,
        size=size,
        pattern="hatch",
        line="dashed",
    )


_EVENTS: Mapping[Pattern, tuple[str, ...]] = {
    "dots": ("rainstorm", "rain_nowcast", "thunderstorm", "hail", "severe_convection"),
    "waves": ("flood", "flooding", "flooding_nnt", "flash_flood", "storm_surge", "tsunami"),
    "triangles": ("landslip", "landslide"),
    "stripes": (
        "tropical_cyclone",
        "pre_no8",
        "tc_cone",
        "monsoon",
        "strong_wind",
        "thunderstorm_wind",
        "gale_at_sea",
    ),
    "rings": ("earthquake",),
}
_PATTERNS: Mapping[str, Pattern] = {
    event: pattern for pattern, events in _EVENTS.items() for event in events
}
_SEVERITY_WORDS: Mapping[Severity, Text] = {
    Severity.EXTREME: {"en": "Extreme", "zh-Hant": "極嚴重", "zh-Hans": "极严重"},
    Severity.SEVERE: {"en": "Severe", "zh-Hant": "嚴重", "zh-Hans": "严重"},
    Severity.MODERATE: {"en": "Moderate", "zh-Hant": "中等", "zh-Hans": "中等"},
    Severity.MINOR: {"en": "Minor", "zh-Hant": "輕微", "zh-Hans": "轻微"},
    Severity.UNKNOWN: {
        "en": "Severity not known",
        "zh-Hant": "嚴重程度不詳",
        "zh-Hans": "严重程度不详",
    },
}
