"""What is proposed, what is taken back, and what is left to people."""

from __future__ import annotations

from typing import Any

from cop.model.kinds import Fusion, FusionStatus, Incident
from tests.unit.services.fusion.making import NIGHT, Picture, report

TREE = "Fallen tree at 123 Nathan Road"


def changed(entity: Any, **values: Any) -> Any:
    """Give an entity with other values."""
    return type(entity).model_validate(dict(entity) | values)


def only(picture: Picture) -> Fusion:
    """Give the one fusion that there is."""
    (fusion,) = picture.fusions.values()
    return fusion


def trees(letters: str, **fields: Any) -> list[Incident]:
    """Make reports of one tree."""
    return [report(letter, TREE, minutes=n, **fields) for n, letter in enumerate(letters)]


def confirmed(picture: Picture, primary: str = "incident:a") -> Fusion:
    """Confirm the one proposal, as a person does."""
    fusion = changed(
        only(picture),
        status="confirmed",
        primary=primary,
        decided_by="duty",
        decided_at=NIGHT,
    )
    picture.put(
        fusion,
        *(
            changed(picture.incidents[one], status="merged", merged_into=primary)
            for one in fusion.members
            if one != primary and picture.incidents[one].feed is None
        ),
    )
    return fusion


def test_reports_of_one_thing_are_proposed() -> None:
    """Two alike reports become a proposal that says why; a third joins it; others do not."""
    picture = Picture(*trees("ab"), report("z", "Flood", east=3_000, incident_type="flooding"))
    assert picture.groups() == [("a", "b")]
    picture.put(*trees("abc"))
    fusion = only(picture)
    assert picture.groups() == [("a", "b", "c")]
    assert fusion.primary == "incident:a"
    assert [one.report for one in fusion.likeness] == ["incident:b", "incident:c"]
    assert fusion.score == min(one.score for one in fusion.likeness) > 0.5
    assert fusion.likeness[0].distance_m == 0
    assert fusion.likeness[0].minutes == 1


def test_the_primary_is_who_is_trusted_most() -> None:
    """A person's verified report is worked on, though it came last."""
    feed = report("f", TREE, publisher="1823")
    verified = report("v", TREE, minutes=9, status="verified", verified=True)
    picture = Picture(feed, report("p", TREE, minutes=5), verified)
    assert only(picture).primary == "incident:v"


def test_a_street_of_trees_is_no_chain() -> None:
    """Trees sixty metres apart, each reported by two, stay so many trees."""
    street = [
        report(f"{letter}{n}", "Fallen tree, Nathan Road", east=60 * n, minutes=n, precision_m=10)
        for n in range(5)
        for letter in "ab"
    ]
    assert Picture(*street).groups() == [(f"a{n}", f"b{n}") for n in range(5)]


def test_withdrawn_when_reports_leave() -> None:
    """A proposal loses what was closed, rejected or taken off; with one left it goes."""
    picture = Picture(*trees("abcd"))
    picture.put(changed(picture.incidents["incident:d"], status="rejected"))
    assert picture.groups() == [("a", "b", "c")]
    picture.put(changed(picture.incidents["incident:a"], status="closed"))
    assert picture.groups() == [("b", "c")]
    picture.remove("incident:c")
    assert picture.fusions == {}


def test_a_reopened_report_is_proposed_again() -> None:
    """What was closed and is open again belongs where it did."""
    picture = Picture(*trees("ab"))
    picture.put(changed(picture.incidents["incident:b"], status="closed"))
    picture.put(changed(picture.incidents["incident:b"], status="responding"))
    assert picture.groups() == [("a", "b")]


def test_a_report_that_changes_its_words_leaves() -> None:
    """A correction that puts a report somewhere else takes it out of the proposal."""
    picture = Picture(*trees("abc"))
    picture.put(report("c", "Flood at Fuk Wing Street", east=4_000, incident_type="flooding"))
    assert picture.groups() == [("a", "b")]


def test_what_people_confirmed_is_never_changed() -> None:
    """A later report is proposed to the primary, in a fusion of its own; the decision stays."""
    picture = Picture(*trees("ab"))
    decision = confirmed(picture)
    picture.put(report("c", TREE, minutes=30), report("d", TREE, minutes=31))
    assert picture.fusions[decision.id] == decision
    assert picture.groups("confirmed") == [("a", "b")]
    assert picture.groups() == [("a", "c", "d")]
    picture.put(changed(picture.incidents["incident:a"], title={"en": "Something else"}))
    assert picture.fusions[decision.id] == decision


def test_a_confirmed_fusion_goes_when_nothing_is_left() -> None:
    """It stays while two of its reports exist, or while one that was merged could be had back."""
    picture = Picture(*trees("a"), *trees("b", publisher="FSD"))
    decision = confirmed(picture)
    picture.put(changed(picture.incidents["incident:a"], status="closed"))
    assert picture.fusions == {decision.id: decision}
    picture.remove("feed_fsd:b")
    assert picture.fusions == {}
    picture = Picture(*trees("ab"))
    decision = confirmed(picture)
    picture.remove("incident:a")
    assert picture.fusions == {decision.id: decision}
    picture.remove("incident:b")
    assert picture.fusions == {}


def test_split_reports_are_not_proposed_again() -> None:
    """Pairs that a person took apart stay apart, whatever comes; the rest may still be joined."""
    picture = Picture(*trees("abc"))
    out = ("incident:c",)
    picture.put(
        changed(only(picture), members=("incident:a", "incident:b"), apart=out, likeness=())
    )
    assert picture.groups() == [("a", "b")]
    picture.put(report("c", TREE + " again", minutes=2), report("d", TREE, minutes=4))
    together = {name for group in picture.groups() for name in group if "c" in group}
    assert not together & {"a", "b"}


def test_all_taken_apart() -> None:
    """After a split of all, no two of them are proposed; it is forgotten when they have gone."""
    picture = Picture(*trees("ab"))
    members = only(picture).members
    picture.put(changed(only(picture), status="split", apart=members, likeness=()))
    assert (picture.groups(), picture.groups("split")) == ([], [("a", "b")])
    picture.remove("incident:a")
    assert picture.fusions == {}


def test_a_withdrawn_proposal_remembers_who_was_taken_out() -> None:
    """When a proposal ends, what a person took out of it is still kept apart from the rest."""
    picture = Picture(*trees("abc"))
    out = ("incident:c",)
    picture.put(
        changed(only(picture), members=("incident:a", "incident:b"), apart=out, likeness=())
    )
    picture.put(changed(picture.incidents["incident:b"], status="closed"))
    assert only(picture).status is FusionStatus.SPLIT
    assert picture.groups() == []


def test_what_a_person_named_is_not_judged() -> None:
    """A proposal by a person, who gives no likeness, stands although nothing is alike."""
    far = report("b", "Flood", east=5_000, incident_type="flooding")
    named = Fusion(
        id="fusion:0123456789abcdef",
        publisher="COP",
        status="proposed",
        members=("incident:a", "incident:b"),
        primary="incident:b",
        score=1,
    )
    picture = Picture(*trees("a"), far)
    picture.put(named)
    assert picture.fusions == {named.id: named}
    picture.put(report("a", TREE, minutes=1))
    assert picture.fusions == {named.id: named}


def test_what_a_person_named_may_grow() -> None:
    """A report that is like all that a person named joins them; their primary stays."""
    picture = Picture(*trees("a", publisher="FSD"), *trees("b", publisher="HYD"))
    named = changed(only(picture), primary="feed_hyd:b", likeness=(), score=1)
    picture.put(named)
    picture.put(report("c", TREE, minutes=3, status="verified", verified=True))
    fusion = only(picture)
    assert (fusion.id, fusion.primary) == (named.id, named.primary)
    assert [one.report for one in fusion.likeness] == ["incident:c"]


def test_two_proposals_with_one_report() -> None:
    """A report that is in two proposals by accident is left in one, the first by id."""
    picture = Picture(*trees("abc"))
    first = only(picture)
    double = changed(first, id="fusion:ffffffffffffffff")
    picture.put(double)
    assert len(picture.fusions) == 1
    assert picture.groups() == [("a", "b", "c")]
