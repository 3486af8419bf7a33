"""One thing that is looked at before an alert goes: what was found, and how that is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from cop.model.text import LANGS, Text, text

Level = Literal["ok", "caution", "forbids", "unknown"]
"""`unknown`: nothing here can tell; never taken for none."""

TITLES: Final[Mapping[str, Text]] = {
    "area": text("Area", "範圍", "范围"),
    "vertices": text("Points of the outline", "輪廓點數", "轮廓点数"),
    "source": text("Covers what it was made from", "涵蓋來源範圍", "涵盖来源范围"),
    "around": text("Distance from that place", "與該地點的距離", "与该地点的距离"),
    "people": text("People who live there", "區內居民", "区内居民"),
    "shelters": text("Shelters", "庇護中心", "庇护中心"),
    "hospitals": text("Hospitals", "醫院", "医院"),
    "first_aid": text("First-aid posts", "急救站", "急救站"),
    "schools": text("Schools", "學校", "学校"),
    "neighbours": text("Neighbours", "鄰近地區", "邻近地区"),
    "validity": text("How long it holds", "有效時間", "有效时间"),
    "languages": text("Languages", "語文", "语文"),
    "grades": text("Severity, urgency, certainty", "嚴重、緊急及確定程度", "严重、紧急及确定程度"),
    "conflict": text("Warnings in force", "生效中的警告", "生效中的警告"),
    "replaces": text("The warning that it changes", "所更改的警告", "所更改的警告"),
    "reach": text("Who will get it", "接收者", "接收者"),
    "release": text("Who may release it", "可發布者", "可发布者"),
    "signature": text("Signature", "簽署", "签署"),
    "message": text("The message by the standard", "訊息是否合乎標準", "信息是否合乎标准"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One finding.

    Attributes:
        key: which, one of `TITLES`.
        level: how it is judged.
        words: what was found, and what to do about it.
        facts: the same as values, for programs.
    """

    key: str
    level: Level
    words: Text
    facts: Mapping[str, Any] = field(default_factory=dict)

    def shown(self) -> dict[str, Any]:
        """Give it as JSON values."""
        said = {"key": self.key, "level": self.level, "title": TITLES[self.key]}
        return {**said, "words": self.words, **self.facts}


def item(key: str, level: Level, words: Text, /, **gaps: Any) -> Item:
    """Give the finding *words* with its gaps filled, which are its facts as well."""
    filled = {lang: words[lang].format(**_in(gaps, lang)) for lang in LANGS}
    return Item(key, level, filled, gaps)


def _in(gaps: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """Give the *gaps* in one language: a text in it, a list of texts one after the other."""
    return {name: _said(value, lang) for name, value in gaps.items()}


def _said(value: Any, lang: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(lang) or value.get("en") or next(iter(value.values()), "")
    if isinstance(value, list | tuple):
        between = ", " if lang == "en" else "、"
        return between.join(str(_said(one, lang)) for one in value)
    return f"{value:,}" if isinstance(value, int | float) else value
