"""SitRep: what it says, and that it says of itself that no schema has checked it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cop.formats.edxl.sitrep import (
    CT,
    SITREP,
    UNCHECKED,
    XSI,
    Casualties,
    IncidentLine,
    Resources,
    SitRep,
    Situation,
    read_sitrep,
    write_sitrep,
)
from cop.formats.edxl.tree import encode
from cop.formats.payload import read_xml

NOW = datetime(2026, 9, 7, 15, 0, tzinfo=UTC)
BODIES: dict[str, Any] = {
    "SituationInformationType": Situation(
        whole=IncidentLine(id="", name="Operation live", types=("flooding", "crowd")),
        incidents=(
            IncidentLine(
                id="incident:1",
                name="水浸",
                types=("flooding",),
                began=NOW,
                geometry={"type": "Point", "coordinates": [114.1, 22.3]},
                words="status: verified",
            ),
        ),
    ),
    "ResponseResourcesTotalsType": Resources(
        requested=5, committed=3, needed=2, on_hand=4, people=31, details=(("pump", 5, 3),)
    ),
    "CasualtyAndIllnessSummaryType": Casualties(
        period={"dead": 1, "trapped": -2}, total={"dead": 1, "trapped": 0}
    ),
}


def report(body: Any) -> SitRep:
    """Make a report of *body*."""
    return SitRep(
        id="hk-cop-live-sitrep-17",
        number=17,
        by="Duty officer, Security Bureau",
        at=NOW,
        since=NOW - timedelta(hours=12),
        until=NOW,
        title="Operation live",
        purpose="Made from the journal",
        incidents=("incident:1",),
        severity="Severe",
        body=body,
    )


@pytest.mark.parametrize("kind", list(BODIES))
def test_each_report_is_read_again(kind: str) -> None:
    """A report of each kind names its kind, and its head is read as it was written."""
    body = encode(write_sitrep(report(BODIES[kind])))
    assert UNCHECKED.encode() in body
    head, defects = read_sitrep(read_xml(body))
    assert (head.id, head.body, head.severity) == ("hk-cop-live-sitrep-17", kind, "Severe")
    assert (head.since, head.until) == (NOW - timedelta(hours=12), NOW)
    assert len(defects) == 1, "only the head is read, and that is told"


def test_the_head_stands_in_the_order_of_the_text() -> None:
    """The elements of the head stand in the one order in which the specification has them."""
    root = read_xml(encode(write_sitrep(report(BODIES["SituationInformationType"]))))
    names = [child.tag.removeprefix(f"{{{SITREP}}}") for child in root]
    assert names == [
        *("messageID", "preparedBy", "authorizedBy", "reportPurpose", "reportNumber"),
        *("reportVersion", "forTimePeriod", "reportTitle", "incidentID"),
        *("incidentLifecyclePhase", "reportConfidence", "severity", "report"),
    ]
    assert root.findtext(f".//{{{CT}}}fromDateTime") == "2026-09-07T03:00:00+00:00"
    assert root[-1].get(f"{{{XSI}}}type", "").endswith("SituationInformationType")


def test_what_nobody_has_said_is_left_out() -> None:
    """A category of casualties that is not known is no zero."""
    root = read_xml(encode(write_sitrep(report(BODIES["CasualtyAndIllnessSummaryType"]))))
    total = root.find(f".//{{{SITREP}}}totalNumberToDate")
    assert total is not None
    assert {child.tag.rpartition("}")[2]: child.text for child in total} == {
        "fatalities": "1",
        "trappedOrInNeedOfRescue": "0",
    }
