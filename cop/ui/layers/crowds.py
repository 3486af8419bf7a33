"""Crowds as cameras count them: each zone by its level of service, with the letter."""

from cop.model.entity import Kind, Severity
from cop.model.text import Text, text
from cop.ui.layer import Layer, Pattern, Rule, not_counted


def _level(
    letter: str, word: Text, pattern: Pattern, size: int, severity: Severity | None = None
) -> Rule:
    return Rule(
        word=word,
        colour=f"los-{letter.lower()}",
        shape="badge",
        letter=letter,
        severity=severity,
        size=size,
        pattern=pattern,
        when={"sight.level": letter},
    )


LAYER = Layer(
    key="crowds",
    title=text("Crowds", "人群", "人群"),
    kind=Kind.OBSERVATION,
    where={"measure": "crowd_density"},
    feeds=("vision",),
    empty=text("No zone is counted", "沒有監察區", "没有监察区"),
    draw="marker",
    rules=(
        _level(
            "F",
            text("F: no movement", "F 級：無法移動", "F 级：无法移动"),
            "crowd6",
            26,
            Severity.SEVERE,
        ),
        _level(
            "E",
            text("E: shuffling", "E 級：只能緩緩挪步", "E 级：只能缓缓挪步"),
            "crowd5",
            24,
            Severity.MODERATE,
        ),
        _level(
            "D",
            text("D: slowed", "D 級：步速受限", "D 级：步速受限"),
            "crowd4",
            22,
            Severity.MINOR,
        ),
        _level(
            "C",
            text("C: some give way", "C 級：須略為避讓", "C 级：须略为避让"),
            "crowd3",
            19,
        ),
        _level(
            "B",
            text("B: easy", "B 級：大致自由", "B 级：大致自由"),
            "crowd2",
            18,
        ),
        _level("A", text("A: free", "A 級：自由行走", "A 级：自由行走"), "crowd1", 17),
        not_counted(text("?: not known", "？：不詳", "？：不详")),
    ),
    group="danger",
    order=82,
    on=True,
    optional=True,
    area_zoom=15,
    label="value",
    label_zoom=16,
    digits=1,
    alarms="sight.alarms",
)
