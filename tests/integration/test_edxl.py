"""EDXL over HTTP: HAVE, RM and SitRep out, by their schemas; organisations with their LEIs."""

from __future__ import annotations

import httpx
from lxml import etree

from cop.formats.edxl.have import HAVE
from cop.formats.edxl.rm import RMSG
from cop.formats.edxl.sitrep import SITREP, XSI
from tests.integration.asking import key
from tests.integration.edxl_site import (
    LEI,
    NAMES,
    ask,
    chief,
    folder,
    inside,
    read,
    server,
)
from tests.integration.web_server import Server, until
from tests.unit.formats.edxl.schemas import assert_fits, de_schema, have_schema, rm_schema

__all__ = ["chief", "folder", "server"]


def test_hospitals_follow_the_schema(server: Server, chief: httpx.Client) -> None:
    """Hospitals are told as HAVE 1.0, bare and in an envelope, with who says so and their waits."""
    answer = chief.get("/api/v1/edxl/have.xml", params={"lang": "en"})
    assert_fits(answer.content, have_schema())
    root = read(answer)
    assert len(root.findall("h:Hospital", NAMES)) == 1
    comments = [one.text for one in root.findall(".//h:CommentText", NAMES)]
    assert f"Provided by Hospital Authority, LEI {LEI}" in comments
    assert any("90 min" in str(words) for words in comments)
    assert answer.headers["cop-as-of"].endswith("Z")
    known = {"If-None-Match": answer.headers["etag"]}
    assert chief.get("/api/v1/edxl/have.xml?lang=en", headers=known).status_code == 304
    [content] = inside(httpx.get(f"{server.url}/api/v1/edxl/have.xml?envelope=de"))
    assert content.tag == f"{{{HAVE}}}HospitalStatus"


def test_shelters_are_in_the_second_version(chief: httpx.Client) -> None:
    """Shelters come in the words of 2.0, and the document says that no schema has checked it."""
    answer = chief.get("/api/v1/edxl/have.xml", params={"version": "2.0"})
    assert "not schema-checked" in answer.text
    assert "Henry G. Leong Centre" in answer.text
    assert "Queen Elizabeth Hospital" in answer.text


def test_nothing_to_report_on_is_told(server: Server) -> None:
    """Where there is no facility there is no document, but words."""
    answer = httpx.get(f"{server.url}/api/v1/edxl/have.xml?bbox=0,0,1,1")
    assert answer.status_code == 404
    assert "no hospital" in answer.json()["detail"]


def test_a_need_is_a_request_and_then_a_response(server: Server, chief: httpx.Client) -> None:
    """A need is asked for, changed, answered in part and cancelled, each by its schema."""
    need = ask(chief, server)
    first = chief.get(f"/api/v1/edxl/rm/{need}.xml?lang=en")
    assert_fits(first.content, rm_schema("RequestResource"))
    assert LEI in first.text
    assert chief.get(f"/api/v1/edxl/rm/{need}.xml?message=response").status_code == 409
    changed = chief.patch(f"/api/v1/needs/{need}", json={"fulfilled": 1}, headers=key(1))
    until(lambda: server.has_come_to(changed.json()["cursor"]), seconds=45)
    answer = chief.get(f"/api/v1/edxl/rm/{need}.xml?message=response&answers=gd-7")
    assert_fits(answer.content, rm_schema("ResponseToRequestResource"))
    root = read(answer)
    assert root.findtext("m:PrecedingMessageID", namespaces=NAMES) == "gd-7"
    assert root.findtext(".//r:ResponseReason", namespaces=NAMES) == "1 of 3 so far"
    again = read(chief.get(f"/api/v1/edxl/rm/{need}.xml"))
    assert again.findtext(".//r:RecallType", namespaces=NAMES) == "Update"
    over = chief.patch(
        f"/api/v1/needs/{need}", json={"cancelled": True, "reason": "dry"}, headers=key(2)
    )
    until(lambda: server.has_come_to(over.json()["cursor"]), seconds=45)
    last = chief.get(f"/api/v1/edxl/rm/{need}.xml")
    assert_fits(last.content, rm_schema("RequestResource"))
    assert read(last).findtext(".//r:RecallType", namespaces=NAMES) == "Cancel"
    [content] = inside(chief.get(f"/api/v1/edxl/rm/{need}.xml?envelope=de"))
    assert content.tag == f"{{{RMSG}}}RequestResource"


def test_an_assignment_is_committed_and_reported_on(server: Server, chief: httpx.Client) -> None:
    """A task is a commitment and a state of deployment, each by its schema."""
    made = chief.post(
        "/api/v1/resources",
        json={"resource_type": "team", "agency": "DSD", "name": "Pump team 3"},
        headers=key(),
    )
    assert made.status_code == 201, made.text
    given = chief.post(
        "/api/v1/assignments",
        json={
            "resource": made.json()["id"],
            "incident": f"incident:{0:016x}",
            "words": "pump out",
        },
        headers=key(),
    )
    assert given.status_code == 201, given.text
    until(lambda: server.has_come_to(given.json()["cursor"]), seconds=45)
    task = given.json()["id"]
    commit = chief.get(f"/api/v1/edxl/rm/{task}.xml", params={"answers": "gd-7"})
    assert_fits(commit.content, rm_schema("CommitResource"))
    assert read(commit).findtext(".//r:ResponseType", namespaces=NAMES) == "Accept"
    status = chief.get(f"/api/v1/edxl/rm/{task}.xml", params={"message": "status"})
    assert_fits(status.content, rm_schema("ReportResourceDeploymentStatus"))
    assert read(status).findtext(".//m:DeploymentStatus/r:Value", namespaces=NAMES) == "assigned"
    assert chief.get(f"/api/v1/edxl/rm/{task}.xml?message=request").status_code == 409


def test_strangers_read_no_needs(server: Server, chief: httpx.Client) -> None:
    """RM is for those who respond, SitRep for command; what is not there is not there."""
    need = ask(chief, server)
    assert httpx.get(f"{server.url}/api/v1/edxl/rm/{need}.xml").status_code == 401
    assert httpx.get(f"{server.url}/api/v1/edxl/sitrep.xml").status_code == 401
    with server.client("team") as team:
        assert team.get(f"/api/v1/edxl/rm/{need}.xml").status_code == 200
        assert team.get("/api/v1/edxl/sitrep.xml").status_code == 403
    assert chief.get("/api/v1/edxl/rm/need:nothing.xml").status_code == 404
    assert chief.get(f"/api/v1/edxl/rm/incident:{0:016x}.xml").status_code == 404


def test_a_situation_report_is_made_of_the_journal(server: Server, chief: httpx.Client) -> None:
    """Three reports, bare or together in one envelope, with whose report it is."""
    ask(chief, server, quantity=11, item="boat")
    bare = chief.get("/api/v1/edxl/sitrep.xml?part=resources&lang=en")
    assert "not schema-checked" in bare.text
    assert LEI in bare.text
    assert "boat" in bare.text
    parts = ["situation", "resources", "casualties"]
    several = chief.get("/api/v1/edxl/sitrep.xml", params={"part": parts, "envelope": "de"})
    root = read(several)
    for one in root.iter(f"{{{SITREP}}}report"):  # there is no schema to resolve its type by
        assert one.attrib.pop(f"{{{XSI}}}type")
    assert_fits(etree.tostring(root), de_schema())
    assert len(list(root.iter(f"{{{SITREP}}}sitRep"))) == 3
    refused = chief.get("/api/v1/edxl/sitrep.xml", params={"part": parts})
    assert refused.status_code == 400
    turned = chief.get(
        "/api/v1/edxl/sitrep.xml?from=2026-09-08T00:00:00Z&until=2026-09-07T00:00:00Z"
    )
    assert turned.status_code == 400
    assert "before" in turned.json()["detail"]


def test_organisations_are_listed_with_their_lei(server: Server) -> None:
    """Who publishes and responds is told to everybody, with an LEI where one is known."""
    said = httpx.get(f"{server.url}/api/v1/organisations").json()["organisations"]
    known = {one["code"]: one for one in said}
    assert known["DSD"]["lei"] == LEI
    assert known["SB"]["lei"] == LEI
    assert "lei" not in known["HKO"]
    assert known["HKO"]["name"]["zh-Hant"] == "香港天文台"
