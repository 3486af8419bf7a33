"""How special traffic news live over several polls: matched, superseded, ended, recalled."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from cop.model.entity import Entity, Placing
from cop.model.kinds import Incident, IncidentStatus, Road, RoadStatus
from cop.reference.tables import default_table
from workers.feed import Ignored, Item, Payload, Poll, Refused
from workers.feeds.td_traffic_news import FEED

NOW = datetime(2027, 6, 8, 2, 0, tzinfo=UTC)
SECOND, FIRST = FEED.sources
CLOSED_EN = (
    "Due to flooding , all lanes of {road} (Mong Kok bound) near {near} is closed to all traffic."
)
OPEN_EN = (
    "All lanes of {road} (Mong Kok bound) near {near} which was closed due to flooding is"
    " re-opened to all traffic."
)


def _second(
    number: str, *, minute: int, identifier: int, sentence: str = CLOSED_EN, **more: str
) -> str:
    words = {"road": "Waterloo Road", "near": "Baptist Hospital", "status": "NEW"} | more
    content = sentence.format(**words)
    return (
        f"<message><INCIDENT_NUMBER>{number}</INCIDENT_NUMBER>"
        f"<INCIDENT_HEADING_EN>Road Incident</INCIDENT_HEADING_EN>"
        f"<INCIDENT_DETAIL_EN>Flooding</INCIDENT_DETAIL_EN>"
        f"<LOCATION_EN>{words['road']}</LOCATION_EN><DIRECTION_EN>Mong Kok</DIRECTION_EN>"
        f"<ANNOUNCEMENT_DATE>2027-06-08T09:{minute:02}:00</ANNOUNCEMENT_DATE>"
        f"<INCIDENT_STATUS_EN>{words['status']}</INCIDENT_STATUS_EN>"
        f"<NEAR_LANDMARK_EN>{words['near']}</NEAR_LANDMARK_EN>"
        f"<ID>{identifier}</ID>"
        f"<CONTENT_EN>{content}</CONTENT_EN>"
        f"<LATITUDE>{words.get('lat', '')}</LATITUDE>"
        f"<LONGITUDE>{words.get('lon', '')}</LONGITUDE>"
        "</message>"
    )


def _first(identifier: int, sentence: str = CLOSED_EN, **more: str) -> str:
    words = sentence.format(**({"road": "Waterloo Road", "near": "Baptist Hospital"} | more))
    return (
        f"<message><msgID>{identifier}</msgID><CurrentStatus>2</CurrentStatus>"
        f"<EngText>{words}</EngText><ReferenceDate> 2027/6/8 上午 09:59:00</ReferenceDate>"
        "</message>"
    )


def _poll(
    second: Iterable[str] | None,
    first: Iterable[str] | None,
    *,
    known: Iterable[Entity] = (),
    at: datetime = NOW,
) -> list[Item]:
    payloads = []
    if second is not None:
        payloads.append(Payload(SECOND, f"<list>{''.join(second)}</list>".encode()))
    if first is not None:
        body = f"<body xmlns='http://data.one.gov.hk/td'>{''.join(first)}</body>"
        payloads.append(Payload(FIRST, body.encode()))
    tables = {key: default_table(key) for key in FEED.joins}
    poll = Poll(at, tuple(payloads), tables, {entity.id: entity for entity in known})
    return list(FEED.parse(poll))


def _entities(items: Iterable[Item]) -> list[Entity]:
    return [item for item in items if isinstance(item, Entity)]


def _roads(items: Iterable[Item]) -> list[Road]:
    return [item for item in items if isinstance(item, Road)]


def _incidents(items: Iterable[Item]) -> list[Incident]:
    return [item for item in items if isinstance(item, Incident)]


def test_both_generations_make_one_entity() -> None:
    """The same flood in both is one road and one incident, with the number and the words."""
    items = _poll([_second("IN-1", minute=32, identifier=5)], [_first(71)])
    (road,) = _roads(items)
    (incident,) = _incidents(items)
    assert (road.number, road.cause, road.status) == ("IN-1", "flooding", RoadStatus.CLOSED)
    assert road.incident == incident.id
    assert incident.reported_at == datetime(2027, 6, 8, 1, 32, tzinfo=UTC)
    assert incident.verified


def test_identity_outlasts_the_second_generation() -> None:
    """When the newest-message file moves on, the entity keeps its id, time, number and place."""
    second = _second("IN-1", minute=32, identifier=5, lat="22.3391", lon="114.1797")
    before = _entities(_poll([second], [_first(71)]))
    later = _poll([], [_first(72)], known=before, at=NOW + timedelta(hours=1))
    assert {entity.id for entity in _entities(later)} == {entity.id for entity in before}
    (road,) = _roads(later)
    (incident,) = _incidents(later)
    assert (road.number, road.placing) == ("IN-1", Placing.GIVEN)
    assert incident.reported_at == datetime(2027, 6, 8, 1, 32, tzinfo=UTC)


def test_case_keeps_its_id_when_its_words_change() -> None:
    """An update of a case that names another landmark changes the entity, not its id."""
    before = _entities(_poll([_second("IN-1", minute=32, identifier=5)], None))
    update = _second("IN-1", minute=40, identifier=6, near="Kowloon Hospital", status="UPDATED")
    (road,) = _roads(_poll([update], None, known=before))
    assert road.id == _roads(before)[0].id


def test_newest_message_of_a_case_counts() -> None:
    """Of several messages on one case the last announced counts; the others are ignored."""
    messages = [
        _second("IN-1", minute=50, identifier=9, sentence=OPEN_EN, status="UPDATED"),
        _second("IN-1", minute=32, identifier=5),
    ]
    items = _poll(messages, None)
    assert [road.status for road in _roads(items)] == [RoadStatus.REOPENED]
    assert [item.reason for item in items if isinstance(item, Ignored)] == [
        "superseded by IN-1 message 9"
    ]


def test_reopened_leaves_half_an_hour_later() -> None:
    """A road that is open again says so for 30 minutes from the announcement; so its incident."""
    message = _second("IN-1", minute=50, identifier=9, sentence=OPEN_EN, status="CLOSED")
    items = _poll([message], None)
    (incident,) = _incidents(items)
    assert incident.status is IncidentStatus.CLOSED
    assert {entity.expires_at for entity in _entities(items)} == {
        datetime(2027, 6, 8, 2, 20, tzinfo=UTC)
    }


def test_first_generation_ends_what_the_second_still_has() -> None:
    """A later re-opening that only the first generation tells is believed."""
    items = _poll([_second("IN-1", minute=32, identifier=5)], [_first(80, OPEN_EN)])
    assert [road.status for road in _roads(items)] == [RoadStatus.REOPENED]


def test_what_the_first_generation_no_longer_lists_has_ended() -> None:
    """An old closure that the complete list has no more is not given again."""
    before = _entities(_poll([_second("IN-1", minute=32, identifier=5)], [_first(71)]))
    assert _entities(_poll([], [], known=before, at=NOW + timedelta(hours=1))) == []


def test_nothing_ends_when_the_list_did_not_arrive() -> None:
    """Without the first generation nobody can tell what ended: all that is known stays."""
    before = _entities(_poll([_second("IN-1", minute=32, identifier=5)], [_first(71)]))
    newest = _second("IN-2", minute=59, identifier=8, road="Nathan Road", near="Jordan MTR Station")
    after = _entities(_poll([newest], None, known=before))
    assert {entity.id for entity in before} < {entity.id for entity in after}


def test_a_broken_list_ends_nothing() -> None:
    """A first generation that is cut off counts as not arrived, and is refused by name."""
    before = _entities(_poll([_second("IN-1", minute=32, identifier=5)], [_first(71)]))
    payloads = (
        Payload(SECOND, b"<list/>"),
        Payload(FIRST, b"<body xmlns='http://data.one.gov.hk/td'><message>"),
    )
    known = {entity.id: entity for entity in before}
    items = list(FEED.parse(Poll(NOW, payloads, {}, known)))
    assert {entity.id for entity in _entities(items)} == set(known)
    assert [item.row for item in items if isinstance(item, Refused)] == ["specialtrafficnews"]


def test_fresh_message_survives_being_pushed_out() -> None:
    """A message of minutes ago, pushed out by a newer one before the list has it, stays."""
    now = datetime(2027, 6, 8, 1, 35, tzinfo=UTC)
    before = _entities(_poll([_second("IN-1", minute=32, identifier=5)], [], at=now))
    newest = _second("IN-2", minute=34, identifier=8, road="Nathan Road", near="Jordan MTR Station")
    after = _entities(_poll([newest], [], known=before, at=now + timedelta(minutes=1)))
    assert {entity.id for entity in before} < {entity.id for entity in after}


def test_first_seen_time_does_not_move() -> None:
    """An incident without a published time keeps the time at which it was first seen."""
    before = _entities(_poll(None, [_first(71)]))
    later = _poll(None, [_first(71)], known=before, at=NOW + timedelta(minutes=30))
    assert [entity.encode() for entity in _entities(later)] == [e.encode() for e in before]
    assert [incident.reported_at for incident in _incidents(later)] == [NOW]


def test_two_cases_at_one_place_are_one() -> None:
    """A second case for the same road, landmark and cause supersedes the first."""
    messages = [_second("IN-1", minute=10, identifier=1), _second("IN-2", minute=40, identifier=2)]
    items = _poll(messages, None)
    assert [road.number for road in _roads(items)] == ["IN-2"]
    assert len([item for item in items if isinstance(item, Ignored)]) == 1
