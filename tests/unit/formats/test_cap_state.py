"""What is in force, whatever comes in whatever order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cop.formats.cap_alert import Channel, Heard
from cop.formats.cap_state import State, in_force, sent_of
from cop.model.exchange import Signature
from cop.model.kinds import Alert
from tests.unit.formats.cap_making import (
    CHANNEL,
    NOON,
    a_message,
    a_reference,
    an_info,
    heard_of,
)

OPEN = replace(CHANNEL, complete=False)


def at(minutes: int) -> datetime:
    """Give the time so many minutes before noon."""
    return NOON - timedelta(minutes=minutes)


class Source:
    """A source and what the picture knows of it, poll after poll."""

    def __init__(self, channel: Channel = OPEN) -> None:
        """Begin with nothing."""
        self.channel = channel
        self.known: dict[str, Alert] = {}
        self.memory = b""
        self.now = NOON

    def hears(self, *bodies: bytes | Heard, keep: Iterable[str] | None = None) -> State:
        """Poll once; a list that is not complete keeps what it does not name."""
        heard = [one if isinstance(one, Heard) else self._heard(one) for one in bodies]
        kept = set(keep or ()) | (set() if self.channel.complete else set(self.known))
        state = in_force(self.channel, heard, self.known, self.memory, self.now, keep=kept)
        self.known = {alert.id: alert for alert in state.alerts}
        self.memory = state.memory
        return state

    def _heard(self, body: bytes) -> Heard:
        heard = heard_of(body)
        sent, wrong = sent_of(heard, self.known.values(), self.now)
        return replace(heard, sent=sent, defects=wrong)

    @property
    def names(self) -> list[str]:
        """Give the identifiers of what is in force."""
        return sorted({alert.identifier or "" for alert in self.known.values()})


def an_update(name: str, minutes: int, *refers: str, **head: str) -> bytes:
    """Make an Update."""
    told = {"msgType": "Update", **head}
    return a_message(name, sent=at(minutes), references=refers, **told)


def a_cancel(name: str, minutes: int, *refers: str) -> bytes:
    """Make a Cancel."""
    return a_message(name, sent=at(minutes), references=refers, msgType="Cancel")


def test_the_same_message_is_one_however_often_it_comes() -> None:
    """Twice in one poll, again in the next: nothing changes."""
    source = Source()
    first = source.hears(a_message("A"), a_message("A"))
    assert len(first.alerts) == 1
    again = source.hears(a_message("A"))
    assert again.alerts == first.alerts
    assert again.memory == first.memory


def test_an_update_replaces_what_it_refers_to() -> None:
    """The earlier message is no longer in force, in this poll and in later ones."""
    source = Source()
    source.hears(a_message("A", sent=at(60)))
    state = source.hears(an_update("B", 30, a_reference("A", at(60))))
    assert source.names == ["B"]
    assert len(state.ended) == 1
    source.hears(a_message("A", sent=at(60)))
    assert source.names == ["B"]


def test_a_replay_after_a_cancel_brings_nothing_back() -> None:
    """What was cancelled stays so, also when the Cancel itself is listed no more."""
    for channel in (CHANNEL, OPEN):
        source = Source(channel)
        source.hears(a_message("A", sent=at(60)))
        state = source.hears(a_cancel("C", 30, a_reference("A", at(60))))
        assert source.names == []
        assert len(state.ended) == 1
        source.hears()
        source.hears(a_message("A", sent=at(60)))
        assert source.names == []


def test_an_older_message_never_overwrites_a_newer() -> None:
    """Of one identity the later counts; the earlier neither shows nor ends it."""
    for channel in (CHANNEL, OPEN):
        source = Source(channel)
        source.hears(a_message("A", an_info("New"), sent=at(10)))
        state = source.hears(a_message("A", an_info("Old"), sent=at(60)))
        assert [alert.title["en"] for alert in source.known.values()] == ["New!"]
        assert state.ended == frozenset()
        source.hears(a_message("A", an_info("Newest"), sent=at(5)))
        assert [alert.title["en"] for alert in source.known.values()] == ["Newest!"]


@pytest.mark.parametrize(
    "over",
    [
        an_info(more="<responseType>AllClear</responseType>"),
        an_info().replace("Immediate", "Past"),
    ],
    ids=["all clear", "past"],
)
def test_all_clear_and_past_end_what_they_speak_of(over: str) -> None:
    """Of the same identity, as one source overwrites its message in place, and by reference."""
    source = Source()
    source.hears(a_message("A", sent=at(60)), a_message("B", sent=at(60)))
    refers = (a_reference("A", at(30)), a_reference("B", at(60)))
    state = source.hears(a_message("A", over, sent=at(30), references=refers, msgType="Update"))
    assert source.names == []
    assert len(state.ended) == 2


def test_what_a_list_leaves_out_has_ended_where_it_is_complete() -> None:
    """A complete list ends by absence, another does not; what a list still names goes on."""
    complete, other = Source(CHANNEL), Source(OPEN)
    for source in (complete, other):
        source.hears(a_message("A"), a_message("B"))
        source.hears(a_message("B"))
    assert complete.names == ["B"]
    assert other.names == ["A", "B"]
    kept = [name for name, alert in other.known.items() if alert.identifier == "A"]
    complete.known = dict(other.known)
    complete.hears(keep=kept)
    assert complete.names == ["A"]


def test_other_content_under_one_identity_is_shown_as_a_conflict() -> None:
    """The graver of two is shown, with the defect, whichever came first, and it stays so."""
    mild = a_message("A", an_info(severity="Minor"))
    grave = a_message("A", an_info(severity="Extreme"))
    for order in ((mild, grave), (grave, mild)):
        source = Source()
        for body in (*order, *order):
            source.hears(body)
        (one,) = source.known.values()
        assert one.severity == "Extreme"
        assert any("says something else" in defect for defect in one.defects)
        together = Source().hears(*order).alerts
        assert [alert.severity for alert in together] == ["Extreme"]
        assert together[0].defects == one.defects


def test_the_same_content_written_otherwise_is_no_conflict() -> None:
    """A slice of an envelope and the file itself are one message."""
    body = a_message("A")
    source = Source()
    source.hears(body)
    source.hears(body.replace(b"><status>", b">\n  <status>"))
    (one,) = source.known.values()
    assert one.defects == ()


def test_a_signed_message_goes_before_another_of_its_identity() -> None:
    """What is proved counts, also against what is graver."""
    proved = heard_of(a_message("A", an_info(severity="Minor")), signature=Signature.VALID)
    source = Source()
    source.hears(a_message("A", an_info(severity="Extreme")))
    source.hears(proved)
    (one,) = source.known.values()
    assert one.signature is Signature.VALID


def test_what_is_not_real_ends_nothing_real() -> None:
    """A Cancel of an exercise leaves the real alert alone; so does one whose signature is false."""
    refers = (a_reference("A", at(60)),)
    cancel = a_message("C", sent=at(30), references=refers, msgType="Cancel", status="Exercise")
    forged = heard_of(a_cancel("C", 30, *refers), signature=Signature.INVALID, believed=False)
    for end in (cancel, forged):
        source = Source()
        source.hears(a_message("A", sent=at(60)))
        source.hears(end)
        assert source.names == ["A"]


def test_a_forged_copy_stands_beside_the_real_one() -> None:
    """It neither replaces what is in force nor hides itself."""
    source = Source()
    source.hears(a_message("A", sent=at(60)))
    newer = a_message("A", an_info("Other"), sent=at(10))
    source.hears(heard_of(newer, signature=Signature.INVALID, believed=False))
    assert sorted(alert.title["en"] for alert in source.known.values()) == ["Other!", "Rainstorm!"]


def test_a_reference_to_a_later_message_ends_nothing() -> None:
    """Neither an Update sent before what it refers to, nor one that means an earlier version."""
    source = Source()
    source.hears(a_message("A", sent=at(30)))
    source.hears(an_update("B", 60, a_reference("A", at(30))))
    source.hears(an_update("C", 10, a_reference("A", at(50))))
    assert source.names == ["A", "B", "C"]


def test_a_reference_without_a_time_means_the_latest() -> None:
    """An unreadable time in a reference does not save what is cancelled."""
    source = Source()
    source.hears(a_message("A", sent=at(60)))
    source.hears(a_cancel("C", 30, "warn@example.org,A,yesterday"))
    assert source.names == []


def test_another_sender_s_message_is_another() -> None:
    """Sender and identifier together are the identity."""
    source = Source()
    source.hears(a_message("A", sender="x@y"), a_message("A", sender="z@y"))
    assert len(source.known) == 2
    source.hears(a_cancel("C", 30, a_reference("A", sender="x@y")))
    assert [alert.sender for alert in source.known.values()] == ["z@y"]


def test_references_to_itself_and_in_a_circle_end() -> None:
    """Who refers to itself goes on; of a circle the last in order does."""
    source = Source()
    source.hears(an_update("A", 60, a_reference("A", at(60))))
    assert source.names == ["A"]
    names = ["A", "B", "C", "D"]
    circle = [
        an_update(name, 60, a_reference(names[place - 1], at(60)))
        for place, name in enumerate(names)
    ]
    assert len(Source().hears(*circle).alerts) == 1


def test_thousands_of_references_are_survived() -> None:
    """What is read of them counts, and memory has an end."""
    refers = tuple(a_reference(f"N{n}", at(60)) for n in range(5_000))
    source = Source()
    for n in range(30):
        source.hears(an_update(f"U{n}", 30, *refers[n * 150 :]))
    assert len(source.memory) < 2_000_000


def test_expired_messages_are_not_in_force_and_still_count() -> None:
    """An Update whose time is over shows nothing, and what it replaced stays replaced."""
    gone = an_info(expires=NOON - timedelta(minutes=1))
    source = Source()
    source.hears(a_message("A", sent=at(60)))
    refers = (a_reference("A", at(60)),)
    source.hears(a_message("B", gone, sent=at(30), references=refers, msgType="Update"))
    assert source.names == []


def test_a_time_to_come_does_not_bar_what_comes() -> None:
    """A message from next year is shown, with the defect, and the next one replaces it."""
    ahead = a_message("A", an_info("Ahead", expires=None), sent=NOON + timedelta(days=400))
    source = Source()
    source.hears(ahead)
    (one,) = source.known.values()
    assert one.issued_at == NOON
    assert any(defect.startswith("sent:") for defect in one.defects)
    source.now = NOON + timedelta(minutes=5)
    source.hears(ahead)
    assert [alert.issued_at for alert in source.known.values()] == [NOON]
    source.hears(a_message("A", an_info("Now"), sent=NOON + timedelta(minutes=4)))
    assert [alert.title["en"] for alert in source.known.values()] == ["Now!"]


def test_a_message_without_a_time_counts_from_when_it_was_heard() -> None:
    """The same bytes give the same alert in every poll."""
    source = Source()
    body = a_message("A", sent=None)
    first = source.hears(body).alerts
    source.now = NOON + timedelta(hours=1)
    assert source.hears(body).alerts == first
    assert any(defect.startswith("sent:") for defect in first[0].defects)


@pytest.mark.parametrize("memory", [b"", b"nonsense", b"[]", b'{"a":1}', b'{"a":[1,2,3]}', b"null"])
def test_memory_that_cannot_be_read_is_forgotten(memory: bytes) -> None:
    """A note of another version of the program stops nothing."""
    assert in_force(OPEN, [heard_of(a_message())], {}, memory, NOON).alerts


MESSAGES: tuple[bytes, ...] = (
    a_message("A", sent=at(60)),
    a_message("A", an_info("Again"), sent=at(50)),
    a_message("A", an_info("Otherwise", severity="Extreme"), sent=at(50)),
    a_message("B", sent=at(50)),
    an_update("C", 40, a_reference("A", at(60)), a_reference("B", at(50))),
    an_update("C", 40, a_reference("D", at(40))).replace(b"Update", b"update"),
    an_update("D", 40, a_reference("C", at(40))),
    an_update("E", 40, a_reference("E", at(40)), a_reference("D", at(40))),
    a_cancel("F", 30, a_reference("B", at(50)), a_reference("E", at(45))),
    a_message("B", an_info("Back"), sent=at(20)),
    a_message("G", an_info(more="<responseType>AllClear</responseType>"), sent=at(10)),
    a_cancel("A", 5, a_reference("A", at(50))),
    a_message("H", sent=at(30), status="Test"),
    a_message("B", sent=at(15), msgType="Cancel", status="Test"),
)


@settings(max_examples=60, deadline=None)
@given(
    st.permutations(range(len(MESSAGES))),
    st.sets(st.integers(0, len(MESSAGES)), max_size=6),
    st.lists(st.integers(0, len(MESSAGES) - 1), max_size=5),
    st.sets(st.integers(0, len(MESSAGES) - 1)),
)
def test_neither_order_nor_repetition_makes_a_difference(
    order: Sequence[int], cuts: set[int], replays: list[int], left_out: set[int]
) -> None:
    """However messages are dealt to polls and repeated, the same is in force in the end."""
    wanted = [n for n in order if n not in left_out]
    at_once = Source()
    at_once.hears(*(MESSAGES[n] for n in sorted(wanted)))
    source = Source()
    edges = [0, *sorted(cuts), len(wanted)]
    for begin, end in pairwise(edges):
        source.hears(*(MESSAGES[n] for n in wanted[begin:end]))
    source.hears(*(MESSAGES[n] for n in replays if n in wanted))
    assert source.known == at_once.known
    again = source.hears(*(MESSAGES[n] for n in wanted))
    assert {alert.id: alert for alert in again.alerts} == at_once.known
