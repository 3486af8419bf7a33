"""Which reports of both generations of special traffic news are on one occurrence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Final

from cop.formats.placing import fold
from cop.formats.traffic_news import Report
from cop.model.kinds import RoadStatus
from cop.model.text import Text

_ALIKE: Final = 0.6  # share of equal characters from which two sentences say the same


@dataclass(frozen=True, slots=True)
class News:
    """What both generations say of one occurrence; at least one of them is given."""

    second: Report | None
    first: Report | None
    first_at: datetime | None

    @property
    def lead(self) -> Report:
        """The report with the better fields: the second generation's where there is one."""
        report = self.second or self.first
        if report is None:
            raise ValueError("news without a report")
        return report

    @property
    def status(self) -> RoadStatus:
        """What holds now: the second generation, unless the first says later that it is over."""
        if self.second is None or self.first is None:
            return self.lead.status
        first_at, second_at = self.first_at, self.second.at
        later = first_at is None or second_at is None or first_at >= second_at
        if later and self.first.status is RoadStatus.REOPENED:
            return RoadStatus.REOPENED
        mine = self.second.status
        return self.first.status if mine is RoadStatus.UNKNOWN else mine

    @property
    def sentence(self) -> Text:
        """The words of both, the second generation's first; once where they are the same."""
        if self.second is None or self.first is None:
            return self.lead.sentence
        words = dict(self.second.sentence)
        for lang, other in self.first.sentence.items():
            mine = words.get(lang, "")
            if "".join(other.split()) not in "".join(mine.split()):
                words[lang] = f"{mine}\n{other}" if mine else other
        return words


def _order(report: Report) -> tuple[float, int]:
    return (report.at.timestamp() if report.at else 0.0, report.message)


def newest(reports: Iterable[Report], *, by_number: bool) -> Iterator[Report | tuple[str, str]]:
    """Keep, of the reports on one case or place, those of the newest message.

    A case that goes on is kept beside a later one of the same place that is over.
    """
    latest: dict[str, Report] = {}
    for report in sorted(reports, key=_order, reverse=True):
        case = (report.number or "") if by_number else report.key
        best = latest.setdefault(case, report)
        again = by_number and best.message == report.message and best.part != report.part
        other = not by_number and best.number != report.number
        goes_on = best.status is RoadStatus.REOPENED and report.status is not RoadStatus.REOPENED
        if best is report or again or (other and goes_on):
            yield report
        elif best.row == report.row:
            yield report.row, "the same message came twice"
        else:
            yield report.row, f"superseded by {best.row}"


def pair(second: list[Report], first: list[Report], first_at: datetime | None) -> list[News]:
    """Match the reports of both generations that are on one occurrence."""
    left = list(first)
    news = []
    for report in second:
        best = max(left, key=lambda other: likeness(report, other), default=None)
        if best is not None and likeness(report, best) > 0:
            left.remove(best)
        else:
            best = None
        news.append(News(report, best, first_at))
    return [*news, *(News(None, report, first_at) for report in left)]


def _agrees(one: Text, other: Text) -> bool:
    """Tell whether two names may be the same; an unsaid one agrees with any."""
    if not one or not other:
        return True
    return any(fold(words) == fold(other[lang]) for lang, words in one.items() if lang in other)


def likeness(one: Report, other: Report) -> float:
    """Tell how surely two reports are on the same occurrence, from 0 (no) to 1.

    They must name the same road, and no different direction; the landmark or the sentence decides.
    """
    here, there = one.stretch, other.stretch
    same_road = bool(here.road and there.road) and _agrees(here.road, there.road)
    if not same_road or not _agrees(here.bound, there.bound):
        return 0.0
    alike = max(
        (
            SequenceMatcher(None, words[:500], other.sentence[lang][:500]).ratio()
            for lang, words in one.sentence.items()
            if lang in other.sentence
        ),
        default=0.0,
    )
    if here.near and there.near and _agrees(here.near, there.near):
        return max(alike, _ALIKE)
    if here.near and there.near:
        return 0.0
    return alike if alike >= _ALIKE else 0.0
