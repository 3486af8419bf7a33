"""Feeds tell each thing once for each state that it comes to, and nothing that is not public."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest
from lxml import etree

from cop.config import Settings
from cop.formats.atom import ATOM
from cop.model.district import District
from cop.model.text import LANGS, text
from cop.services.publishing.paths import LANG_PATHS
from cop.services.publishing.picture import Feature, PublicPicture
from cop.ui.public import feeds
from cop.ui.public.context import Context
from cop.ui.public.feeds import feed_path
from cop.ui.public.happenings import MOST, happenings
from tests.unit.ui.public_town import (
    NOW,
    at,
    dangers,
    feature,
    hostile_evening,
    picture,
    roads,
    severe_evening,
    warnings,
)
from tests.unit.ui.public_town import feeds as known_feeds

RFC_3339 = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
BLACK = "Black Rainstorm Warning Signal"


def documents(known: PublicPicture, **settings: Any) -> dict[str, bytes]:
    """Write all feeds of *known*, by path."""
    asked = Settings(**({"public_url": "https://cop.example"} | settings))
    made = list(feeds.documents(Context(known, asked, "abcd", 7, {}, {})))
    bodies = {one.path: one.body for one in made}
    assert len(bodies) == len(made) == 2 * 19 * 3
    return bodies


def atom(bodies: Mapping[str, bytes], where: str = "all", lang: str = "en") -> Any:
    """Read one Atom feed."""
    return etree.fromstring(bodies[f"public/feeds/{lang}/{where}.atom"])


def items(bodies: Mapping[str, bytes], where: str = "all", lang: str = "en") -> list[Any]:
    """List the items of one JSON feed."""
    found: list[Any] = orjson.loads(bodies[f"public/feeds/{lang}/{where}.json"])["items"]
    return found


def by_feature(listed: list[Any]) -> dict[str, Any]:
    """Give the items by the thing that they are about."""
    return {one["_cop"]["feature"]: one for one in listed}


def only(one: Feature, **known: Any) -> Any:
    """Give the one item that *one* makes."""
    (item,) = items(documents(picture(one, **known)))
    return item


def test_every_feed_is_what_the_format_demands() -> None:
    """Each Atom feed has all that RFC 4287 asks for; ids are unique; the newest is first."""
    bodies = documents(severe_evening())
    for path, body in bodies.items():
        if not path.endswith(".atom"):
            continue
        root = etree.fromstring(body)
        lang = path.split("/")[2]
        tag = root.get("{http://www.w3.org/XML/1998/namespace}lang")
        assert tag == {"en": "en", "tc": "zh-Hant-HK", "sc": "zh-Hans"}[lang]
        assert (
            root.find(f"{{{ATOM}}}link[@rel='self']").get("href") == f"https://cop.example/{path}"
        )
        entries = root.findall(f"{{{ATOM}}}entry")
        ids = [one.findtext(f"{{{ATOM}}}id") for one in (root, *entries)]
        assert len(set(ids)) == len(ids)
        assert all(id_.startswith("urn:uuid:") for id_ in ids)
        for one in (root, *entries):
            assert one.findtext(f"{{{ATOM}}}title")
            assert one.findtext(f"{{{ATOM}}}author/{{{ATOM}}}name")
            assert one.findtext(f"{{{ATOM}}}rights")
            assert RFC_3339.match(one.findtext(f"{{{ATOM}}}updated"))
        updated = [one.findtext(f"{{{ATOM}}}updated") for one in entries]
        assert updated == sorted(updated, reverse=True)
        for one in entries:
            assert one.findtext(f"{{{ATOM}}}published") <= one.findtext(f"{{{ATOM}}}updated")
            assert one.find(f"{{{ATOM}}}link[@rel='alternate']").get("href").startswith("https://")
            assert one.find(f"{{{ATOM}}}category") is not None


def test_both_formats_have_the_same_items() -> None:
    """JSON Feed 1.1 has the ids, titles, times and words of the Atom feed."""
    bodies = documents(severe_evening())
    for where in ("all", "yuen-long"):
        listed = items(bodies, where)
        entries = atom(bodies, where).findall(f"{{{ATOM}}}entry")
        assert listed
        for name, key in (
            ("id", "id"),
            ("title", "title"),
            ("updated", "date_modified"),
            ("published", "date_published"),
            ("summary", "content_text"),
        ):
            found = [one.findtext(f"{{{ATOM}}}{name}") for one in entries]
            assert found == [one[key] for one in listed], key
    whole = orjson.loads(bodies["public/feeds/en/all.json"])
    assert whole["version"] == "https://jsonfeed.org/version/1.1"
    assert whole["feed_url"].endswith("/public/feeds/en/all.json")
    assert whole["home_page_url"] == "https://cop.example/en/"


def test_two_builds_are_the_same() -> None:
    """The same picture gives the same bytes; a later look without news too."""
    first = documents(severe_evening())
    assert documents(severe_evening()) == first
    later = severe_evening(as_of=NOW + timedelta(seconds=40))
    assert documents(later) == first


def test_ids_do_not_depend_on_where_the_site_is() -> None:
    """A site that moves keeps its ids; without an address of its own its links are relative."""
    here = documents(severe_evening(), public_url="https://a.example/")
    there = documents(severe_evening(), public_url="", host="cop.internal")
    assert [one["id"] for one in items(here)] == [one["id"] for one in items(there)]
    assert items(here)[0]["url"].startswith("https://a.example/en/#b-")
    assert items(there)[0]["url"].startswith("/en/#b-")


def test_another_operation_has_other_ids() -> None:
    """An exercise never takes the place of an entry of the live operation; so with languages."""
    live = documents(severe_evening())
    drill = documents(severe_evening(operation="exercise-1", exercise=True))
    ids = [
        {one["id"] for one in items(bodies, lang=lang)}
        for bodies in (live, drill)
        for lang in ("en", "tc", "sc")
    ]
    assert len(set.union(*ids)) == sum(map(len, ids))


BASE = warnings()[1]


@pytest.mark.parametrize(
    ("change", "is_news"),
    [
        ({"description": text("Other words", "其他字句")}, False),
        ({"fetched_at": at(0), "version": 9, "updated_at": at(0)}, False),
        ({"expires_at": at(-60)}, False),
        ({"signal": "WRAINR"}, True),
        ({"severity": "Extreme"}, True),
        ({"issued_at": at(1)}, True),
        ({"ended": {"at": at(1), "why": "over"}}, True),
        ({"ended": {"at": at(1), "why": "withdrawn"}}, True),
    ],
    ids=lambda found: "-".join(found) if isinstance(found, dict) else "",
)
def test_only_another_state_is_another_entry(change: dict[str, Any], is_news: bool) -> None:
    """A new signal, a correction and an end are entries; a poll that brings the same is none."""
    changed: Feature = {**BASE, "properties": {**BASE["properties"], **change}}
    assert (only(changed)["id"] != only(BASE)["id"]) is is_news


def test_what_was_told_as_changed_stays_the_same_entry() -> None:
    """When a change is no longer told for what it is, the entry is not another one."""
    told = warnings()[0]
    quiet = {k: v for k, v in told["properties"].items() if k != "changed"}
    assert only(told)["id"] == only({**told, "properties": quiet})["id"]


def test_how_far_responders_have_come_is_no_news() -> None:
    """Confirmed, being dealt with, under control: one entry; that it was graver is another."""
    flood = dangers()[0]
    was = {"changed": {"at": at(2), "was": {"status": "verified"}, "corrected": False}}
    later = {**flood["properties"], "status": "contained", **was}
    assert only({**flood, "properties": later})["id"] == only(flood)["id"]
    assert only({**flood, "properties": later})["title"] == only(flood)["title"]
    graver = {**flood["properties"], "severity": "Extreme"}
    assert only({**flood, "properties": graver})["id"] != only(flood)["id"]


def test_a_road_closed_again_another_day_is_news() -> None:
    """The publisher gives the same id to the same place; readers must hear of it again."""
    closed = roads()[0]
    later = {**closed["properties"], "observed_at": at(-24 * 60)}
    same_day = {**closed["properties"], "observed_at": at(40)}
    assert only({**closed, "properties": later})["id"] != only(closed)["id"]
    assert only({**closed, "properties": same_day})["id"] == only(closed)["id"]


def test_titles_say_what_became_of_a_thing() -> None:
    """Changed, corrected, over, withdrawn; and whose it is where it is of another place."""
    listed = by_feature(items(documents(severe_evening())))
    assert listed["hko_warnings:WRAIN"]["title"] == f"Changed: {BLACK}"
    assert listed["hko_warnings:WTS"]["title"] == "Over: Thunderstorm Warning"
    assert listed["incident:2"]["title"] == "Corrected: Flooding · North"
    assert listed["incident:3"]["title"] == "Withdrawn: Landslide · Eastern"
    assert listed["wmo_swic:1"]["title"].startswith("World Meteorological Organization: ")
    assert "Before: Red rainstorm." in listed["hko_warnings:WRAIN"]["content_text"]
    assert "it was not so" in listed["incident:3"]["content_text"]
    assert listed["incident:3"]["date_modified"] == at(4)


def test_only_roads_that_matter_are_told() -> None:
    """Closed, partly closed and open again are; slow is not, unless it was closed before."""
    listed = by_feature(items(documents(picture(*roads()))))
    assert {id_.split()[1][0] for id_ in listed} == {"0", "1", "2", "4", "5"}
    slow = roads()[3]
    was = {"changed": {"at": at(1), "was": {"status": "closed"}, "corrected": False}}
    assert only({**slow, "properties": slow["properties"] | was})["title"].startswith("Changed: ")


def test_what_is_only_drawn_is_not_told() -> None:
    """A cyclone is one entry, not one for each part of its drawing."""
    listed = by_feature(items(documents(picture(*dangers()))))
    assert "hko_cyclones:1" in listed
    assert "hko_cyclones:1:past" not in listed


def test_districts_have_their_own_and_the_whole_citys() -> None:
    """Warnings of the city are in every feed; others' and what is nowhere only in the city's."""
    bodies = documents(severe_evening())
    for code in District:
        path = feed_path("en", code, "json")
        listed = by_feature(orjson.loads(bodies[path])["items"])
        assert "hko_warnings:WRAIN" in listed
        assert "hko_tips:1" in listed
        assert "wmo_swic:1" not in listed
        assert "td_traffic_news:road 1/both-bounds" not in listed
        assert {one["_cop"]["district"] for one in listed.values()} <= {None, code.value}
    assert "incident:1" in by_feature(items(bodies, "yuen-long"))
    assert "td_traffic_news:road 1/both-bounds" in by_feature(items(bodies))


@pytest.mark.parametrize(
    ("lon", "lat", "is_ours"), [(114.1, 22.3, True), (151.3, -6.1, False)], ids=["here", "far"]
)
def test_a_hazard_far_away_is_no_districts(lon: float, lat: float, is_ours: bool) -> None:
    """An earthquake off New Guinea is not told to those who follow Sha Tin."""
    quake = feature(
        "hko_felt_earthquakes:2",
        "hazard",
        "earthquake",
        publisher="HKO",
        observed_at=at(5),
        geometry={"type": "Point", "coordinates": [lon, lat]},
    )
    assert bool(items(documents(picture(quake)), "sha-tin")) is is_ours


def test_a_full_feed_keeps_the_warnings() -> None:
    """Of more than a hundred the newest stay, but no warning gives way to a road."""
    some = [
        feature(f"td_traffic_news:{n}", "road", "closed", status="closed", observed_at=at(n / 10))
        for n in range(150)
    ]
    listed = items(documents(picture(*some, *warnings())))
    assert len(listed) == MOST
    kinds = [one["tags"][0] for one in listed]
    assert kinds.count("alert") == len(warnings())
    assert [one["date_modified"] for one in listed] == sorted(
        (one["date_modified"] for one in listed), reverse=True
    )


@pytest.mark.parametrize("lang", LANGS)
def test_an_exercise_is_marked_in_every_title(lang: Any) -> None:
    """Feed and entries begin with the word for it, in their language; the text says so too."""
    mark = {"en": "EXERCISE", "zh-Hant": "演習", "zh-Hans": "演习"}[lang]
    bodies = documents(severe_evening(operation="exercise-1", exercise=True))
    for where in ("all", "sha-tin"):
        root = atom(bodies, where, LANG_PATHS[lang])
        titles = [one.text for one in root.iter(f"{{{ATOM}}}title")]
        assert len(titles) > 2
        assert all(title.startswith(mark) for title in titles)
        summaries = [one.text for one in root.iter(f"{{{ATOM}}}summary")]
        assert len([words for words in summaries if mark.lower() in words.lower()]) == len(
            summaries
        )


def test_doubt_is_said() -> None:
    """A feed of whose sources one is old, unread, or whose platform is down, says so and when."""

    def subtitle(**changes: Any) -> str:
        root = atom(documents(picture(**changes)))
        return str(root.findtext(f"{{{ATOM}}}subtitle"))

    assert "\n" not in subtitle()
    assert "Feed hko_warnings: last known 2023-09-07 22:20" in subtitle(
        known=known_feeds(hko_warnings=40)
    )
    assert "Feed hko_tips: no information" in subtitle(known=known_feeds(hko_tips=None))
    down = subtitle(down={"redis": NOW - timedelta(minutes=9)})
    assert "Since 2023-09-07 22:51" in down


def test_hostile_words_stay_words() -> None:
    """No text of a publisher becomes markup, a link, or a document that cannot be read."""
    bodies = documents(hostile_evening())
    for path, body in bodies.items():
        if path.endswith(".json"):
            listed = orjson.loads(body)["items"]
            assert all("external_url" not in one for one in listed)
            continue
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False))
        tags = {etree.QName(one).localname for one in root.iter()}
        assert not tags & {"script", "style", "img", "html"}
        assert "javascript:" not in "".join(
            one.get("href", "") for one in root.iter(f"{{{ATOM}}}link")
        )


def test_only_public_features_are_told() -> None:
    """Every item is about a feature of the picture; nothing else of it is said than its own."""
    known = severe_evening()
    told = {one.feature["id"] for one in happenings(known)}
    assert told <= set(known.features)
    for bodies in (documents(known), documents(replace(known, features={}))):
        for where in ("all", "sha-tin"):
            assert {one["_cop"]["feature"] for one in items(bodies, where)} <= told
    assert items(documents(replace(known, features={}))) == []
