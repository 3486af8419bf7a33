"""Time to full: never in the past, never from nothing, and right about how sure it is."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cop.model.kinds import Entry, Forecast
from cop.services.forecast import FEWEST_ENTRIES, HORIZON, forecast
from tests.unit.services.arriving import BEGUN, Evening, an_evening

EVENINGS = 150


def steady(
    count: int = 13, *, every_min: float = 5, people: int = 5, first: int = 0
) -> list[Entry]:
    """Make entries of as many people at every interval."""
    return [
        Entry(
            at=BEGUN + timedelta(minutes=n * every_min),
            occupancy=first + n * people,
            change=people,
        )
        for n in range(count)
    ]


def at_last(entries: list[Entry], capacity: int | None) -> Forecast | None:
    """Ask right after the last entry."""
    return forecast(entries, capacity, entries[-1].at)


def test_a_steady_stream_fills_when_it_must() -> None:
    """Sixty an hour and sixty places left: in an hour, more or less."""
    made = at_last(steady(), 120)
    assert made is not None
    last = BEGUN + timedelta(minutes=60)
    assert made.rate_per_h == 60
    assert made.entries == 13
    assert made.full_at == last + timedelta(hours=1)
    assert made.earliest is not None
    assert made.latest is not None
    assert last < made.earliest < made.full_at < made.latest < last + timedelta(hours=3)


def test_one_wrong_entry_turns_nothing() -> None:
    """A typing mistake that the next entry corrects leaves the rate as it was."""
    entries = steady()
    entries[6] = entries[6].model_copy(update={"occupancy": 300})
    made = at_last(entries, 120)
    assert made is not None
    assert 50 <= made.rate_per_h <= 70


def test_more_entries_say_more() -> None:
    """The interval after two hours of entries is narrower than after half an hour of them."""
    widths = []
    for count in (7, 25):
        entries = steady(count)
        made = at_last(entries, entries[-1].occupancy + 30)
        assert made is not None
        assert made.earliest is not None
        assert made.latest is not None
        widths.append(made.latest - made.earliest)
    assert widths[1] < widths[0]


def test_too_little_says_nothing() -> None:
    """Fewer than four entries, ten minutes not yet seen, or no capacity: no forecast."""
    assert forecast([], 100, BEGUN) is None
    assert at_last(steady(FEWEST_ENTRIES - 1), 100) is None
    assert at_last(steady(20, every_min=0.5), 200) is None
    assert at_last(steady(), None) is None
    assert at_last(steady(), 0) is None


def test_an_emptying_place_is_not_filling() -> None:
    """No best estimate where people leave."""
    made = at_last(steady(people=-2, first=60), 120)
    assert made is not None
    assert made.rate_per_h < 0
    assert made.full_at is None
    assert made.latest is None


def test_a_full_place_is_full_now() -> None:
    """Nothing is reckoned where there is no room."""
    made = at_last(steady(), 60)
    assert made is not None
    assert made.earliest == made.full_at == made.latest == BEGUN + timedelta(minutes=60)


counters = st.lists(
    st.tuples(st.floats(0, 90), st.integers(0, 3000)), min_size=FEWEST_ENTRIES, max_size=48
)


@given(counters, st.integers(1, 5000), st.floats(0, 300))
@settings(max_examples=100, deadline=None)
def test_no_time_is_past_and_all_are_in_order(
    steps: list[tuple[float, int]], capacity: int, waited: float
) -> None:
    """Whatever was entered: from now on, earliest before estimate before latest."""
    at, entries = BEGUN, []
    for minutes, occupancy in steps:
        at += timedelta(minutes=minutes)
        entries.append(Entry(at=at, occupancy=occupancy))
    now = at + timedelta(minutes=waited)
    made = forecast(entries, capacity, now)
    if made is None:
        return
    times = [each for each in (made.earliest, made.full_at, made.latest) if each is not None]
    assert times == sorted(times)
    assert all(now <= each <= max(now, at + HORIZON) for each in times)
    assert made.latest is None or made.full_at is not None
    assert made.full_at is None or made.earliest is not None


def within(evening: Evening) -> bool:
    """Tell whether the truth lay in the interval of the forecast."""
    last = evening.entries[-1].at
    made = forecast(evening.entries, evening.capacity, last)
    assert made is not None
    full_at = evening.full_at or last + timedelta(days=9)
    soonest = made.earliest or last + HORIZON
    return soonest <= full_at and (made.latest is None or full_at <= made.latest)


def test_the_interval_means_what_it_says() -> None:
    """On evenings whose rate rises and falls the truth lies in it, of four times at least three."""
    covered = sum(within(an_evening(seed)) for seed in range(EVENINGS))
    assert covered >= 0.75 * EVENINGS


def test_the_interval_is_of_use() -> None:
    """It is no "anything may happen": a third of the evenings that fill get an end."""
    filling = [one for one in map(an_evening, range(EVENINGS)) if one.full_at is not None]
    made = [forecast(one.entries, one.capacity, one.entries[-1].at) for one in filling]
    assert sum(one is not None and one.latest is not None for one in made) >= len(filling) / 3
