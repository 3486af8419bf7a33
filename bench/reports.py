"""Reports of a typhoon night, with the truth of which are of one thing. Seeded; nothing is real.

What happens at each place is decided first; then every publisher tells of it in its own words, with
its own error of position, now and then with the wrong type or at the wrong place. What the matcher
looks at was not looked at here: names are also left out, shortened and misspelt, half of the
streets are in no table, and things of one type lie next to each other. docs/fusion.md describes it.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from bench.report_places import City, moved
from bench.report_sources import PLAIN, PROFILES, Night, Profile
from bench.report_words import EXTRAS, SHARES, TEMPLATES, THINGS
from cop.model.entity import Placing
from cop.model.geometry import Position, point
from cop.model.kinds import Incident
from cop.model.text import Text
from cop.services.geography import district_at

NIGHT: Final = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)
HOURS: Final = 10.0
TREES_M: Final = (45, 90)
FLOODS_M: Final = (120, 250)


CONSEQUENCE: Final = {
    "fallen_tree": "road_blockage",
    "flooding": "road_blockage",
    "landslide": "road_blockage",
    "traffic_accident": "road_blockage",
    "structural": "road_blockage",
}


@dataclass(slots=True)
class Happening:
    """One true thing: what, where, when, and what can be said of where it is."""

    id: int
    type: str
    at: Position
    began: datetime
    road: Text
    marks: list[Text]
    house: int | None = None
    post: str | None = None
    way: Text | None = None
    group: str = "ordinary"
    told_by: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A report and the truth about it.

    Attributes:
        incident: the report.
        truth: number of the happening.
        group: how the happening lies to others: `ordinary`, `street of trees`,
            `neighbouring floods`, `both bounds`.
        traits: what makes it hard: `district only`, `wrong type`, `kin type`, `wrong place`,
            `vague`, `chinese`, `english`, `late`.
    """

    incident: Incident
    truth: int
    group: str
    traits: frozenset[str]


def make_reports(
    seed: int, reports: int = 2_000, places: int = 700, *, night: Night = PLAIN
) -> list[Labelled]:
    """Make *reports* of *places* true things, in the order in which they were reported."""
    dice = random.Random(seed)
    happenings = _happenings(dice, places, night)
    tellings = list(happenings)  # each is told at least once
    # how much a thing is talked about is very uneven
    fame = [dice.lognormvariate(0, 0.9) for _ in happenings]
    tellings += dice.choices(happenings, fame, k=max(0, reports - len(happenings)))
    told = [_tell(dice, one, number, night) for number, one in enumerate(tellings[:reports])]
    return sorted(told, key=lambda one: (one.incident.reported_at, one.incident.id))


def _happenings(dice: random.Random, places: int, night: Night) -> list[Happening]:
    city = City()
    made: list[Happening] = []
    while len(made) < places:
        kind = dice.choices([t for t, _ in SHARES], [share for _, share in SHARES])[0]
        chance = dice.random() / night.crowding
        if kind == "fallen_tree" and chance < 0.05:
            first = _happening(dice, city, night, kind)
            count = dice.randint(3, 6)
            made += _neighbours(
                dice, city, first, group="street of trees", count=count, gap=TREES_M
            )
        elif kind == "flooding" and chance < 0.06:
            first = _happening(dice, city, night, kind)
            made += _neighbours(
                dice, city, first, group="neighbouring floods", count=2, gap=FLOODS_M
            )
        elif kind in ("traffic_accident", "road_blockage") and chance < 0.08:
            made += _both_bounds(dice, city, night, kind)
        else:
            made.append(_happening(dice, city, night, kind))
    for number, one in enumerate(made):
        one.id = number
    return made[:places]


def _happening(dice: random.Random, city: City, night: Night, kind: str) -> Happening:
    at, road, dual = city.spot(dice)
    began = NIGHT + timedelta(hours=dice.triangular(0, HOURS, 4))
    one = Happening(0, kind, at, began, road, [dict(s.name) for s in city.near(at)])
    if dual:
        way = dice.choice([("Northbound", "北行"), ("Southbound", "南行")])
        one.way = {"en": way[0], "zh-Hant": way[1]}
    elif dice.random() < night.numbered:
        one.house = dice.randint(1, 420)
    if dice.random() < 0.5:
        one.post = f"{dice.choice('ABDEFGHK')}{dice.choice('ABDEFGHK')}{dice.randint(1000, 9999)}"
    return one


def _neighbours(
    dice: random.Random,
    city: City,
    first: Happening,
    *,
    group: str,
    count: int,
    gap: tuple[int, int],
) -> Iterator[Happening]:
    """Make things like *first*, itself among them, in one street, some metres from one another."""
    angle = dice.uniform(0, 2 * math.pi)
    along = 0.0
    for _ in range(count):
        at = moved(first.at, along * math.cos(angle), along * math.sin(angle))
        house = None if first.house is None else first.house + round(along / 6)
        post = None
        if first.post is not None:
            post = f"{first.post[:2]}{(int(first.post[2:]) + round(along / 30)) % 10_000:04d}"
        began = first.began + timedelta(minutes=dice.uniform(0, 60))
        marks = [dict(site.name) for site in city.near(at)]
        yield Happening(0, first.type, at, began, first.road, marks, house, post, first.way, group)
        along += dice.uniform(*gap)


def _both_bounds(dice: random.Random, city: City, night: Night, kind: str) -> Iterator[Happening]:
    first = _happening(dice, city, night, kind)
    for way in (("Eastbound", "東行"), ("Westbound", "西行")):
        at = moved(first.at, dice.uniform(-40, 40), dice.uniform(-40, 40))
        began = first.began + timedelta(minutes=dice.uniform(0, 60))
        bound: Text = {"en": way[0], "zh-Hant": way[1]}
        marks = first.marks
        yield Happening(0, kind, at, began, first.road, marks, None, None, bound, "both bounds")


def _publisher(dice: random.Random, one: Happening) -> str:
    names = list(PROFILES)
    weights = []
    for name in names:
        profile = PROFILES[name]
        weight = profile.weight.get(one.type, profile.weight["*"])
        weights.append(weight * (profile.repeats if name in one.told_by else 1.0))
    chosen = dice.choices(names, weights)[0]
    one.told_by.append(chosen)
    return chosen


def _tell(dice: random.Random, one: Happening, number: int, night: Night) -> Labelled:
    publisher = _publisher(dice, one)
    profile = PROFILES[publisher]
    traits: set[str] = set()
    kind = _type(dice, one, publisher, night, traits)
    delay_h = dice.expovariate(1 / 0.7) + (dice.uniform(2, 8) if dice.random() < 0.06 else 0.0)
    if delay_h > 3:
        traits.add("late")
    where = _where(dice, one, profile, night, traits)
    title, place = _words(dice, one, kind, publisher=publisher, night=night, traits=traits)
    person = publisher in ("public", "field")
    agency = dice.choice(["FSD", "HYD", "HAD", "CAS"]) if publisher == "field" else "PUBLIC"
    key = f"{publisher.lower()}-{number:06d}"
    incident = Incident(
        id=f"incident:{key}" if person else f"bench_{publisher.lower()}:{key}",
        feed=None if person else f"bench_{publisher.lower()}",
        publisher=agency if person else publisher,
        title=title,
        place=place,
        incident_type=kind,  # type: ignore[arg-type]
        status="reported",
        reported_at=one.began + timedelta(hours=delay_h),
        reported_by=("field" if publisher == "field" else "public") if person else "feed",
        number=None if person else f"{publisher}-{number:06d}",
        author=f"{publisher}-{number % 997 if publisher == 'public' else number % 211}"
        if person
        else None,
        district=district_at(*one.at),
        **where,  # type: ignore[arg-type]
    )
    return Labelled(incident, one.id, one.group, frozenset(traits))


def _type(
    dice: random.Random, one: Happening, publisher: str, night: Night, traits: set[str]
) -> str:
    if publisher == "TD" or (one.type in CONSEQUENCE and dice.random() < night.kin_type):
        traits.add("kin type")
        return CONSEQUENCE.get(one.type, one.type)
    if dice.random() < night.wrong_type:
        traits.add("wrong type")
        return dice.choice(["other", *(t for t in THINGS if t != one.type)])
    return one.type


def _where(
    dice: random.Random, one: Happening, profile: Profile, night: Night, traits: set[str]
) -> dict[str, object]:
    """Give the fields of the place: mostly as exact as they say, sometimes far off."""
    chance = dice.random() / night.vague
    if chance < profile.district_share:
        traits.add("district only")
        return {"placing": Placing.DISTRICT}
    vague = chance < profile.district_share + profile.vague_share
    precision = profile.vague if vague else profile.precise
    if vague:
        traits.add("vague")
    sigma = precision / 2 * (2.5 if dice.random() < 0.05 else 0.8)
    east, north = dice.gauss(0, sigma), dice.gauss(0, sigma)
    if dice.random() < night.wrong_place:
        traits.add("wrong place")
        east, north = dice.uniform(-2500, 2500), dice.uniform(-2500, 2500)
    return {
        "geometry": point(*moved(one.at, east, north)),
        "placing": Placing.LANDMARK if precision >= 200 else Placing.GIVEN,
        "precision_m": precision,
    }


def _words(
    dice: random.Random,
    one: Happening,
    kind: str,
    *,
    publisher: str,
    night: Night,
    traits: set[str],
) -> tuple[Text, Text]:
    """Give title and place in the languages that this report is in."""
    profile = PROFILES[publisher]
    chance = dice.random()
    both = chance < profile.both
    chinese = both or chance < profile.both + profile.chinese
    traits.add("both languages" if both else "chinese" if chinese else "english")
    what = dice.randrange(3)
    extra = dice.randrange(len(EXTRAS[0])) if dice.random() < 0.6 else -1
    told = {
        "road": dice.random() < night.road,
        "house": dice.random() < night.house,
        "mark": dice.random() < night.mark,
        "post": dice.random() < (0.5 if publisher in ("HYD", "LCSD", "field") else 0.08),
        "way": dice.random() < 0.6,
    }
    told["mark"] = told["mark"] or not told["road"]
    mark = dice.choice(one.marks) if one.marks else {}
    template = dice.randrange(2)
    title: Text = {}
    place: Text = {}
    phrases = THINGS.get(kind) or THINGS[one.type]
    for lang, side in (("en", 0), ("zh-Hant", 1)):
        if not both and chinese != (side == 1):
            continue
        said = _address(dice, one, mark, told, side)
        words = TEMPLATES[publisher][side][template].format(
            what=phrases[side][what], where=said, extra="" if extra < 0 else EXTRAS[side][extra]
        )
        if publisher == "public" and side == 1 and dice.random() < 0.15 and "en" in one.road:
            words = words.replace(one.road.get("zh-Hant", "-"), one.road["en"])
        title[lang] = _slip(dice, words.strip(), side, night.typo)
        if publisher not in ("public", "FSD"):
            place[lang] = said
    return title, place


def _address(
    dice: random.Random, one: Happening, mark: Text, told: dict[str, bool], side: int
) -> str:
    lang = "en" if side == 0 else "zh-Hant"
    road = one.road.get(lang, "") if told["road"] or not mark else ""  # type: ignore[call-overload]
    near = mark.get(lang, "") if told["mark"] else ""  # type: ignore[call-overload]
    house = one.house if told["house"] and road else None
    way = one.way.get(lang, "") if one.way and told["way"] else ""  # type: ignore[call-overload]
    post = one.post if told["post"] else None
    if side == 0:
        if dice.random() < 0.4:
            road = road.replace("Road", "Rd").replace("Street", "St").replace("Highway", "Hwy")
        near = near.replace(" MTR Station", dice.choice([" MTR Station", " Station", " MTR"]))
        words = f"{house} {road}" if house else road
        words += f" {way.lower()}" if way else ""
        words += f"{dice.choice([' near ', ', near ', ' opposite ', ' nr '])}{near}" if near else ""
        return (words + (f", lamp post {post}" if post else "")).strip(" ,")
    near = near.replace("港鐵", dice.choice(["港鐵", ""]))
    words = f"{road}{house}號" if house else road
    words += f"({way})" if way else ""
    words += f"{dice.choice(['近', '對出近', '，', '附近，'])}{near}" if near else "對出"
    return (words + (f"燈柱{post}" if post else "")).strip("，")


def _slip(dice: random.Random, words: str, side: int, typo: float) -> str:
    """Misspell something now and then."""
    if dice.random() >= typo or len(words) < 12:
        return words
    at = dice.randrange(4, len(words) - 2)
    if side == 0 and words[at].isalpha() and words[at + 1].isalpha():
        return dice.choice(
            [
                words[:at] + words[at + 1] + words[at] + words[at + 2 :],
                words[:at] + words[at + 1 :],
                words[:at] + words[at] + words[at:],
            ]
        )
    return words[:at] + words[at + 1 :]
