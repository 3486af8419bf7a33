"""The timeline of the last day: when which warning was in force."""

from __future__ import annotations

from datetime import datetime

from tests.unit.services.publishing.compiling import Town, at, flood, rain, road

Told = list[tuple[str | None, datetime, datetime | None]]


def told(town: Town, minute: float) -> Told:
    """Give the spans at a minute: signal, beginning and end."""
    return [(one.signal, one.began, one.ended) for one in town.picture(minute).spans]


def test_each_level_is_a_span() -> None:
    """Another signal of one family closes a span and opens another when it was issued."""
    town = Town()
    town.put(rain())
    assert told(town, 1) == [("WRAINA", at(0), None)]
    town.put(rain("WRAINR", "Severe", issued_at=at(20)))
    assert told(town, 21) == [("WRAINA", at(0), at(20)), ("WRAINR", at(20), None)]
    town.remove(rain())
    ended = [("WRAINA", at(0), at(20)), ("WRAINR", at(20), at(50))]
    assert told(town, 50) == ended
    assert told(town, 24 * 60 + 19) == ended
    assert told(town, 24 * 60 + 20) == ended[1:]
    assert town.compiler.due() == at(24 * 60 + 50)
    assert told(town, 24 * 60 + 50) == []


def test_a_level_issued_at_no_sensible_time_turns_when_it_is_seen() -> None:
    """A publisher's time before the last level began, or to come, is not believed for the turn."""
    for issued in (-10, 90):
        town = Town()
        town.put(rain())
        town.picture(1)
        town.put(rain("WRAINR", issued_at=at(issued)))
        assert told(town, 30) == [("WRAINA", at(0), at(30)), ("WRAINR", at(30), None)]


def test_other_words_are_the_same_span() -> None:
    """The span has the words of now, and goes on."""
    town = Town()
    town.put(rain())
    town.picture(1)
    town.put(rain(title={"en": "new"}, issued_at=at(5)))
    (span,) = town.picture(6).spans
    assert (span.began, span.title) == (at(0), {"en": "new"})


def test_an_alert_that_expires_ends_its_span_then() -> None:
    """At the time that its publisher gave."""
    town = Town()
    town.put(rain(expires_at=at(30)))
    town.picture(1)
    assert told(town, 45) == [("WRAINA", at(0), at(30))]


def test_a_warning_issued_again_has_two_spans() -> None:
    """The time between was without it."""
    town = Town()
    town.put(rain())
    town.picture(1)
    town.remove(rain())
    town.picture(10)
    town.put(rain(issued_at=at(40)))
    assert told(town, 41) == [("WRAINA", at(0), at(10)), ("WRAINA", at(40), None)]


def test_a_drill_was_never_in_force() -> None:
    """What turns out to be one leaves the timeline; what was meant before it stays."""
    town = Town()
    town.put(rain())
    town.picture(1)
    town.remove(rain())
    town.picture(10)
    town.put(rain(issued_at=at(40)))
    town.picture(41)
    town.put(rain(issued_at=at(40), exercise=True))
    assert told(town, 42) == [("WRAINA", at(0), at(10))]


def test_it_is_known_from_when_nothing_was_missed() -> None:
    """From the first look on; after a gap from the look behind it; past a day: all day."""
    town = Town()
    assert town.picture(0).spans_since == at(0)
    assert town.picture(9).spans_since == at(0)
    town.restart(town.compiler.memory())
    assert town.picture(18).spans_since == at(0)
    town.restart(town.compiler.memory())
    assert town.picture(29).spans_since == at(29)
    for minute in range(30, 29 + 24 * 60, 10):
        assert town.picture(minute).spans_since == at(29)
    assert town.picture(29 + 24 * 60).spans_since is None
    town.restart(None)
    assert town.picture(30 + 24 * 60).spans_since == at(30 + 24 * 60)


def test_only_warnings_have_spans() -> None:
    """Hints, incidents and roads are not in the timeline."""
    town = Town()
    tip = rain(id="hko_tips:1", feed="hko_tips", event_type="weather_tip")
    town.put(tip, flood(), road())
    assert len(town.picture(6).features) == 3
    assert told(town, 6) == []
