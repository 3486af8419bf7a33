"""So many reports are of so many places."""

from __future__ import annotations

from cop.model.kinds import Fusion
from cop.services.fusion.counting import count_places
from tests.unit.services.fusion.making import report


def fusion(name: str, members: str, status: str = "proposed") -> Fusion:
    """Make a fusion of the reports named by letters."""
    ids = tuple(f"incident:{letter}" for letter in members)
    return Fusion(id=f"fusion:{name}", publisher="COP", status=status, members=ids, primary=ids[0])


def test_alone() -> None:
    """Reports that nobody joined are a place each."""
    assert count_places([report("a"), report("b")], []) == (2, 2, 0)
    assert count_places([], []) == (0, 0, 0)


def test_proposed_and_confirmed() -> None:
    """Fusions make places of reports; those only proposed are told apart."""
    reports = [report(letter) for letter in "abcde"]
    fusions = [fusion("1", "ab", "confirmed"), fusion("2", "cd")]
    assert count_places(reports, fusions) == (5, 3, 1)


def test_a_proposal_to_a_confirmed_one() -> None:
    """A report proposed to the primary of confirmed ones is at their place, unconfirmed."""
    reports = [report(letter) for letter in "abc"]
    fusions = [fusion("1", "ab", "confirmed"), fusion("2", "ac")]
    assert count_places(reports, fusions) == (3, 1, 1)


def test_split_joins_nothing() -> None:
    """What was taken apart stays apart."""
    assert count_places([report("a"), report("b")], [fusion("1", "ab", "split")]) == (2, 2, 0)


def test_merged_reports_count() -> None:
    """A report merged into another counts as a report of its place, also without a fusion."""
    merged = report("b", status="merged", merged_into="incident:a")
    assert count_places([report("a"), merged], []) == (2, 1, 0)


def test_what_has_ended() -> None:
    """Ended reports count no more, nor do reports merged into what has ended."""
    merged = report("b", status="merged", merged_into="incident:a")
    closed = report("a", status="closed")
    assert count_places([closed, merged, report("c", status="rejected")], []) == (0, 0, 0)
    open_one = fusion("1", "abd", "confirmed")
    assert count_places([closed, merged, report("d")], [open_one]) == (2, 1, 0)


def test_members_that_are_gone() -> None:
    """A fusion whose other members left the picture joins nothing."""
    assert count_places([report("a")], [fusion("1", "ax"), fusion("2", "xy")]) == (1, 1, 0)
