"""Which layer an alert stands in: a publisher's, ours, a partner's, an exercise's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from cop.model.entity import Kind
from cop.ui.layer import find_layers

LAYERS = {layer.key: layer for layer in find_layers() if layer.kind is Kind.ALERT}
EXERCISE = {"exercise": True}
RELEASED = {"released_at": "2026-09-08T13:00:00+08:00"}
SHARED = {"feed": "partner_guangdong", "origin": "gd-cop"}


def holds(value: Any, wanted: Any) -> bool:
    """Tell whether *value* meets *wanted*, as the browser does for lists, `not` and `known`."""
    if isinstance(wanted, list):
        return value in wanted
    (what,) = wanted
    return value not in wanted["not"] if what == "not" else wanted["known"] is (value is not None)


def layers_of(alert: Mapping[str, Any]) -> set[str]:
    """Give the layers that an alert with these properties stands in."""
    return {
        key
        for key, layer in LAYERS.items()
        if all(holds(alert.get(name), wanted) for name, wanted in layer.where.items())
    }


@pytest.mark.parametrize(
    ("alert", "where"),
    [
        pytest.param({"feed": "hko_warnings"}, {"alerts"}, id="the Observatory's"),
        pytest.param({"feed": "cap_gd_emergency"}, {"alerts"}, id="a CAP source's"),
        pytest.param({"feed": "hko_cap"}, set[str](), id="the same in CAP, not twice"),
        pytest.param({"feed": "smg_warnings"}, {"neighbours"}, id="a neighbour's"),
        pytest.param(RELEASED, {"own_alerts"}, id="ours"),
        pytest.param(SHARED, {"shared_alerts"}, id="a partner's"),
        pytest.param({"feed": "hko_cap"} | EXERCISE, {"alerts_exercise"}, id="a test in CAP"),
        pytest.param({"feed": "cap_gd"} | EXERCISE, {"alerts_exercise"}, id="a source's exercise"),
        pytest.param(
            {"feed": "nmc_warnings"} | EXERCISE, {"alerts_exercise"}, id="a neighbour's exercise"
        ),
        pytest.param(SHARED | EXERCISE, {"alerts_exercise"}, id="a partner's exercise"),
        pytest.param(RELEASED | EXERCISE, {"own_alerts"}, id="ours in an exercise"),
    ],
)
def test_an_alert_stands_in_one_layer(alert: dict[str, Any], where: set[str]) -> None:
    """An exercise of others stands apart from what is meant in earnest; nothing is drawn twice."""
    assert layers_of({"exercise": False} | alert) == where


def test_what_is_meant_in_earnest_is_shown_from_the_start() -> None:
    """Exercises of others are for those who ask; every other warning is on."""
    shown = {key for key, layer in LAYERS.items() if layer.on}
    assert shown == LAYERS.keys() - {"alerts_exercise"}
    danger = {key for key, layer in LAYERS.items() if layer.group == "danger"}
    assert danger == {"alerts", "own_alerts"}
    assert {key for key, layer in LAYERS.items() if layer.vital} == {"alerts"}
