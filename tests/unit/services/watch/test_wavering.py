"""A figure that goes up and down around a limit: the item stays, and with it who took it."""

from __future__ import annotations

from cop.model.desk import Reason
from cop.services.watch.keeper import item_id
from tests.unit.services.watch.making import START, a_facility, after
from tests.unit.services.watch.test_keeper import World


def test_people_at_the_door_do_not_take_it_from_whoever_has_it() -> None:
    """Around the limit the item stays, with who took it, until the figure is clearly below."""
    world = World()
    entity_id = item_id(Reason.FILLING, "facility:1")
    world.put(a_facility(occupancy=85))
    world.run()
    world.change(entity_id, taken_by="lee", taken_at=START, remark="buses asked for")
    for occupancy in (84, 85, 81, 86, 80):
        world.put(a_facility(occupancy=occupancy))
        world.run(0.1)
    item = world.item(entity_id)
    assert (item.cleared_at, item.taken_by, item.remark) == (None, "lee", "buses asked for")
    world.put(a_facility(occupancy=79))
    world.run()
    world.put(a_facility(occupancy=84))
    world.run()
    assert world.open() == set()


def test_a_forecast_that_wavers_does_not_take_it_either() -> None:
    """What may be full within the hour stays until that is an hour and a half away."""
    world = World()
    entity_id = item_id(Reason.FILLING, "facility:1")
    for minutes, there in ((59, True), (62, True), (58, True), (89, True), (91, False)):
        forecast = {"earliest": after(minutes), "rate_per_h": 9, "made_at": START, "entries": 5}
        world.put(a_facility(forecast=forecast))
        world.run()
        assert world.open() == ({entity_id} if there else set())


def test_two_counts_that_waver_stay_in_conflict() -> None:
    """Where the desk knows that they differ, that is over when they are clearly nearer again."""
    world = World()
    entity_id = item_id(Reason.CONFLICTING, "facility:1")
    world.put(a_facility(id="had:1", feed="had", occupancy=20))
    for occupancy, there in ((30, False), (31, True), (30, True), (28, True), (27, False)):
        world.put(a_facility(stands_for="had:1", occupancy=occupancy))
        world.run()
        assert world.open() == ({entity_id} if there else set()), occupancy
