"""Proposals never flutter: what is written once is right until something changes."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import combinations

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bench.report_sources import HARD, PLAIN
from bench.reports import Labelled, make_reports
from cop.model.kinds import Fusion, FusionStatus, Incident
from tests.unit.services.fusion.making import Picture

NIGHT = make_reports(5, 90, 26, night=HARD)
DEEDS = ["report", "report", "report", "close", "reopen", "remove", "edit", "confirm", "split"]
FACE_UNLIKE = [*["close"] * 2, "split", *["report"] * 3, "confirm", *["report"] * 2, "split"]
"""What joins a confirmed group by its other reports: the one that stands for it is unlike."""
RIVAL_GONE = [
    *("report", "confirm", "confirm", "edit", "edit", "report", "confirm", "report", "split"),
    *("report", "report", "split", "split"),
]
"""Two further off were put off for a rival, which something else then took in."""


def _incident(incident: Incident, **values: object) -> Incident:
    return Incident.model_validate(dict(incident) | values)


def _act(
    picture: Picture, deed: str, dice: random.Random, coming: list[Labelled]
) -> set[frozenset[str]]:
    """Let somebody do something to a picture; gives the pairs that were taken apart."""
    if deed == "report" and coming:
        picture.put(*(coming.pop(0).incident for _ in range(min(len(coming), dice.randint(1, 6)))))
        return set()
    known = sorted(picture.incidents)
    if deed in {"confirm", "split"}:
        of = {"confirm": ["proposed"], "split": ["proposed", "confirmed"]}[deed]
        fusions = [one for _, one in sorted(picture.fusions.items()) if one.status in of]
        if fusions:
            before = dice.choice(fusions)
            after = _confirmed(before) if deed == "confirm" else _split(before, dice)
            taken = {frozenset((x, y)) for x in after.apart for y in after.members}
            picture.put(after, *_remembered(before, after))
            return taken - {frozenset((x, y)) for x in before.apart for y in before.members}
    elif known:
        one = picture.incidents[dice.choice(known)]
        if deed == "remove":
            picture.remove(one.id)
        elif deed == "edit":
            other = picture.incidents[dice.choice(known)]
            picture.put(_incident(one, title=other.title, geometry=other.geometry))
        else:
            picture.put(_incident(one, status="closed" if deed == "close" else "responding"))
    return set()


def _confirmed(fusion: Fusion) -> Fusion:
    return Fusion.model_validate(dict(fusion) | {"status": "confirmed"})


def _split(fusion: Fusion, dice: random.Random) -> Fusion:
    out = dice.choice(fusion.members)
    rest = tuple(member for member in fusion.members if member != out)
    status = fusion.status if len(rest) > 1 else FusionStatus.SPLIT
    primary = fusion.primary if fusion.primary in rest else rest[0]
    likeness = tuple(x for x in fusion.likeness if x.report in rest and x.report != primary)
    values = {
        "members": rest,
        "apart": (*fusion.apart, out),
        "status": status,
        "primary": primary,
        "likeness": likeness if status != "split" else (),
    }
    return Fusion.model_validate(dict(fusion) | values)


def _remembered(before: Fusion, after: Fusion) -> list[Fusion]:
    """Give what a split leaves besides: who leaves stays apart from who left before."""
    out = tuple(member for member in before.members if member not in after.members)
    if not out or not before.apart:
        return []
    values = {
        "id": f"fusion:kept-{before.id[7:]}-{out[0]}",
        "members": out,
        "primary": out[0],
        "apart": before.apart,
    }
    return [Fusion.model_validate({"publisher": "COP", "status": "split", **values})]


def _check(picture: Picture, decided: dict[str, Fusion], parted: Iterable[frozenset[str]]) -> None:
    """Look at what must hold after every change."""
    assert not picture.proposer.plan()
    assert not picture.fresh().plan()
    apart = {pair for pair in parted if pair <= picture.incidents.keys()}
    for fusion in picture.fusions.values():
        if fusion.status == "proposed":
            assert len(fusion.members) > 1
            assert fusion.primary in fusion.members
            assert not apart & {frozenset(pair) for pair in combinations(fusion.members, 2)}
            statuses = {picture.incidents[member].status for member in fusion.members}
            assert statuses <= {"reported", "responding"}
    for fusion_id, fusion in decided.items():
        present = [one for one in fusion.members if one in picture.incidents]
        now = picture.fusions.get(fusion_id)
        assert now == fusion or (now is None and len(present) < 2) or now.status == "split"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(DEEDS), min_size=1, max_size=14), st.integers(0, 10_000))
@example(FACE_UNLIKE, 8970)
@example(RIVAL_GONE, 917_756)
def test_a_second_look_changes_nothing(deeds: list[str], seed: int) -> None:
    """After any deeds, neither the same process nor one begun anew writes anything more.

    Reports that a person took apart are never in one proposal, ended ones in none, and what was
    confirmed stays as it was.
    """
    dice = random.Random(seed)
    picture, coming = Picture(), list(NIGHT)
    _act(picture, "report", dice, coming)
    parted: set[frozenset[str]] = set()
    for deed in deeds:
        confirmed = {k: one for k, one in picture.fusions.items() if one.status == "confirmed"}
        parted |= _act(picture, deed, dice, coming)
        _check(picture, confirmed if deed != "split" else {}, parted)


def test_the_order_of_arrival_hardly_matters() -> None:
    """The same reports in another order give nearly the same places."""
    night = make_reports(6, 300, 105, night=PLAIN)
    incidents = [one.incident for one in night]
    found = []
    for seed in (1, 2):
        random.Random(seed).shuffle(incidents)
        picture = Picture()
        for begin in range(0, len(incidents), 20):
            picture.put(*incidents[begin : begin + 20])
        found.append(
            {pair for one in picture.fusions.values() for pair in combinations(one.members, 2)}
        )
    assert len(found[0] & found[1]) >= 0.9 * len(found[0] | found[1])


def test_a_night_is_read_well() -> None:
    """On a plain night of 600 reports, at least nine of ten proposed pairs are right."""
    night = make_reports(9, 600, 210, night=PLAIN)
    picture = Picture(*(one.incident for one in night))
    truth = {one.incident.id: one.truth for one in night}
    found = [pair for one in picture.fusions.values() for pair in combinations(one.members, 2)]
    right = sum(truth[one] == truth[other] for one, other in found)
    true = sum(one == other for one, other in combinations(truth.values(), 2))
    assert right >= 0.9 * len(found)
    assert right >= 0.75 * true
