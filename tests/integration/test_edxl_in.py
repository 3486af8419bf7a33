"""EDXL from others over HTTP: understood, kept, made needs of once; and no attack."""

from __future__ import annotations

import base64
import gzip
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from cop.formats.edxl.de import DE, DE2
from cop.formats.edxl.rm import RM, RMSG
from cop.model.kinds import Need
from cop.services.exchange import edxl_in
from cop.services.exchange.edxl import NEED_URN
from cop.services.exchange.originals import Originals
from cop.services.tokens import issue_token
from tests.integration.asking import entries
from tests.integration.edxl_site import LEI, XML, chief, folder, server
from tests.integration.federating import NOW, partner_file
from tests.integration.web_server import SETTINGS, Server

__all__ = ["chief", "folder", "server"]

REAL = "/api/v1/edxl?status=Actual"
"""For what says nothing itself: whoever sends it knows that it is no exercise."""


def request(number: str, **changes: str) -> bytes:
    """Make a RequestResource; keywords replace its parts."""
    parts = {
        "incident": f"incident:{0:016x}",
        "type": f"<r:ValueListURN>{NEED_URN}</r:ValueListURN><r:Value>pump</r:Value>",
        "quantity": "<r:MeasuredQuantity><r:Amount>4</r:Amount></r:MeasuredQuantity>",
        "recall": "",
        "head": "",
    } | changes
    return (
        f'{parts["head"]}<m:RequestResource xmlns:m="{RMSG}" xmlns:r="{RM}">'
        f"<m:MessageID>{number}</m:MessageID>"
        "<m:SentDateTime>2026-09-07T15:00:00+08:00</m:SentDateTime>"
        "<m:MessageContentType>RequestResource</m:MessageContentType>"
        f"<m:OriginatingMessageID>{number}</m:OriginatingMessageID>"
        f"<m:IncidentInformation><r:IncidentID>{parts['incident']}</r:IncidentID>"
        f"</m:IncidentInformation>{parts['recall']}"
        "<m:ContactInformation><r:ContactDescription>广东省应急管理厅</r:ContactDescription>"
        "<r:ContactRole>Requester</r:ContactRole></m:ContactInformation>"
        "<m:ContactInformation><r:ContactDescription>Drainage Services Department"
        "</r:ContactDescription><r:ContactRole>RespondingOrg</r:ContactRole>"
        "</m:ContactInformation>"
        "<m:ResourceInformation><m:ResourceInfoElementID>1</m:ResourceInfoElementID>"
        f"<m:Resource><m:Name>pump</m:Name><m:TypeStructure>{parts['type']}</m:TypeStructure>"
        "<m:Description>six inches</m:Description></m:Resource>"
        f"<m:AssignmentInformation><m:Quantity>{parts['quantity']}</m:Quantity>"
        "</m:AssignmentInformation></m:ResourceInformation></m:RequestResource>"
    ).encode()


def wrapped(body: bytes, status: str = "Actual") -> bytes:
    """Put a document into an envelope of version 1.0."""
    return (
        f'<EDXLDistribution xmlns="{DE}"><distributionID>d-1</distributionID>'
        "<senderID>gd@example.cn</senderID>"
        "<dateTimeSent>2026-09-07T15:00:00+08:00</dateTimeSent>"
        f"<distributionStatus>{status}</distributionStatus>"
        "<distributionType>Request</distributionType>"
        "<combinedConfidentiality>Public</combinedConfidentiality><contentObject><xmlContent>"
        f"<embeddedXMLContent>{body.decode()}</embeddedXMLContent>"
        "</xmlContent></contentObject></EDXLDistribution>"
    ).encode()


def test_a_request_becomes_a_need_once(server: Server, chief: httpx.Client) -> None:
    """However often a request comes, one need is made of it, by whoever may, with its words."""
    body = request("gd-100")
    answers = [chief.post(REAL, content=body, headers=XML).json() for _ in range(3)]
    assert {one["needs"][0]["need"] for one in answers} == {answers[0]["needs"][0]["need"]}
    assert [one["needs"][0]["repeated"] for one in answers] == [False, True, True]
    need = next(one for one in server.entities(Need) if one.id == answers[0]["needs"][0]["need"])
    assert (need.item, need.quantity, need.asked_of) == ("pump", 4, "DSD")
    assert "广东省应急管理厅" in need.title["en"]
    assert answers[0]["defects"] == []
    assert entries(chief, need.id)[0]["action"] == "ask_need"


def test_the_original_is_kept(server: Server, chief: httpx.Client, folder: Path) -> None:
    """What came is kept byte for byte, under its SHA-256."""
    body = wrapped(request("gd-101"))
    said = chief.post("/api/v1/edxl", content=body, headers=XML).json()
    settings = SETTINGS.model_copy(update={"data_dir": folder})
    assert Originals(settings).read(said["original"]) == body
    assert (said["form"], said["number"], said["sender"]) == ("edxl-de", "d-1", "gd@example.cn")
    assert said["needs"][0]["need"]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (request("gd-1", incident="theirs-77"), "subject"),
        (request("gd-2", incident="incident:nothing"), "no incident or facility"),
        (
            request(
                "gd-3",
                quantity="<r:MeasuredQuantity><r:Amount>2e8</r:Amount></r:MeasuredQuantity>",
            ),
            "between 1 and",
        ),
        (
            request(
                "gd-4",
                recall="<m:MessageRecall><r:RecallMessageID>gd-0</r:RecallMessageID>"
                "<r:RecallType>Cancel</r:RecallType></m:MessageRecall>",
            ),
            "cancel the need",
        ),
        (request(""), "MessageID"),
    ],
    ids=["their-id", "gone", "too-many", "recall", "no-number"],
)
def test_what_no_need_is_made_of_is_told(chief: httpx.Client, body: bytes, told: str) -> None:
    """A request that cannot become a need is understood, and why none was made is told."""
    said = chief.post(REAL, content=body, headers=XML).json()
    [one] = said["needs"]
    assert one["need"] is None
    assert told in one["detail"]
    assert len(one["detail"]) <= 300


def test_one_number_is_one_message(chief: httpx.Client) -> None:
    """What comes again under the same number with other content makes no second need."""
    first = chief.post(REAL, content=request("gd-200"), headers=XML).json()
    assert first["needs"][0]["need"]
    other = request("gd-200", quantity="<r:QuantityText>9</r:QuantityText>")
    [again] = chief.post(REAL, content=other, headers=XML).json()["needs"]
    assert again["need"] is None
    assert "other content" in again["detail"]


def test_a_subject_may_be_said_beside_it(chief: httpx.Client) -> None:
    """Whose incident has another id here is told by whoever takes the message in."""
    body = request("gd-5", incident="theirs-77")
    said = chief.post(f"{REAL}&subject=incident:{0:016x}", content=body, headers=XML).json()
    assert said["needs"][0]["need"]


def second(body: bytes, status: str = "Actual") -> bytes:
    """Put a document in base64 into an envelope of version 2.0."""
    return (
        f'<edxlDistribution xmlns="{DE2}" xmlns:ct="urn:oasis:names:tc:emergency:edxl:ct:1.0">'
        "<distributionID>d-2</distributionID><senderID>gd@example.cn</senderID>"
        "<dateTimeSent>2026-09-07T15:00:00+08:00</dateTimeSent><distributionStatus>"
        "<StatusKindDefault><ct:ValueListURI>urn:x</ct:ValueListURI>"
        f"<ct:Value>{status}</ct:Value></StatusKindDefault></distributionStatus>"
        "<distributionKind>Request</distributionKind><descriptor/><content><contentObject>"
        "<otherContent><mimeType>application/xml</mimeType><contentData>"
        f"{base64.b64encode(body).decode()}</contentData></otherContent>"
        "</contentObject></content></edxlDistribution>"
    ).encode()


def test_a_second_version_and_base64_are_read(chief: httpx.Client) -> None:
    """A request in base64, in an envelope of version 2.0, is understood and becomes a need."""
    said = chief.post("/api/v1/edxl", content=second(request("gd-300")), headers=XML).json()
    assert (said["form"], said["number"], said["status"]) == ("edxl-de", "d-2", "Actual")
    assert said["defects"] == []
    assert said["needs"][0]["need"]


UNREAL = {
    "exercise": wrapped(request("gd-e"), "Exercise"),
    "test": wrapped(request("gd-t"), "Test"),
    "system": wrapped(request("gd-s"), "System"),
    "no-status": wrapped(request("gd-0"), ""),
    "second-version": second(request("gd-x"), "Exercise"),
    "no-envelope": request("gd-n"),
}


@pytest.mark.parametrize("name", list(UNREAL))
def test_an_exercise_asks_for_nothing_real(chief: httpx.Client, name: str) -> None:
    """What is not known to be real is understood, and makes no need in the live operation.

    What an envelope says counts more than what whoever sends it says.
    """
    known = name in ("no-status", "no-envelope")
    path = "/api/v1/edxl" if known else REAL
    said = chief.post(path, content=UNREAL[name], headers=XML).json()
    assert said["needs"] == []
    assert any("no need is made" in words for words in said["defects"])


def test_one_document_asks_for_so_much_and_no_more(
    chief: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what is asked for beyond that no need is made, and the answer says so."""
    monkeypatch.setattr(edxl_in, "MOST_NEEDS", 2)
    body = wrapped(b"".join(request(f"gd-many-{number}") for number in range(3)))
    said = chief.post("/api/v1/edxl", content=body, headers=XML).json()
    assert [one["message"] for one in said["needs"]] == ["gd-many-0", "gd-many-1"]
    assert any("needs are made of the first 2" in words for words in said["defects"])


def test_have_of_others_is_understood(chief: httpx.Client) -> None:
    """Our own report, sent back to us, is understood as it was written."""
    body = chief.get("/api/v1/edxl/have.xml?envelope=de&lang=en").content
    said = chief.post("/api/v1/edxl", content=body, headers=XML).json()
    [facility] = said["parts"][0]["facilities"]
    assert facility["name"] == "Queen Elizabeth Hospital"
    assert facility["geometry"]["type"] == "Point"
    assert said["lei"] == LEI


BOMB = (
    '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    f'<m:RequestResource xmlns:m="{RMSG}"><m:MessageID>&b;</m:MessageID></m:RequestResource>'
).encode()
FETCH = (
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    f'<m:RequestResource xmlns:m="{RMSG}"><m:MessageID>&x;</m:MessageID></m:RequestResource>'
).encode()
ATTACKS: dict[str, bytes] = {
    "empty": b"",
    "entities": BOMB,
    "file": FETCH,
    "utf16-entities": BOMB.decode().encode("utf-16"),
    "deep": b"<a>" * 20_000 + b"</a>" * 20_000,
    "broken": b"<RequestResource>",
    "html": b"<html><body>no</body></html>",
    "json": b'{"a": 1}',
    "another": b"<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'/>",
    "gzip": gzip.compress(b"<a/>"),
    "zeros": b"\x00" * 4096,
    "long-attribute": b"<a b='" + b"x" * 3_000_000 + b"'/>",
}


@pytest.mark.parametrize("name", list(ATTACKS))
def test_attacks_are_refused_in_words(chief: httpx.Client, name: str) -> None:
    """No document does more than be refused, with why and what to send."""
    answer = chief.post("/api/v1/edxl", content=ATTACKS[name], headers=XML)
    assert answer.status_code == 400, answer.text[:300]
    assert "send EDXL as XML" in answer.json()["detail"]
    assert "root:" not in answer.text


def test_what_is_too_large_or_no_xml_is_refused(chief: httpx.Client) -> None:
    """A body larger than is kept, or of another type, is not even read."""
    large = chief.post("/api/v1/edxl", content=b" " * (4 * 1024 * 1024 + 1), headers=XML)
    assert large.status_code == 413
    form = chief.post("/api/v1/edxl", content=b"{}", headers={"Content-Type": "application/json"})
    assert form.status_code == 415


def test_who_may_send(server: Server, folder: Path) -> None:
    """A partner's installation may send, and makes no need by itself; a field team may not.

    Nor may a machine that is no partner's, or whose agreement has ended.
    """
    partners = folder / "partners"
    partners.mkdir(exist_ok=True)
    (partners / "gd.toml").write_text(partner_file("gd", "https://gd.example", "gd"))
    with server.client("team") as team:
        assert team.post("/api/v1/edxl", content=request("t"), headers=XML).status_code == 403
    assert httpx.post(f"{server.url}/api/v1/edxl", content=b"", headers=XML).status_code == 401
    for scope, status in (("federate", 200), ("read", 403)):
        token = issue_token(
            server.accounts, "gd", operation="live", label="line", scopes=(scope,), days=1
        ).token
        headers = XML | {"Authorization": f"Bearer {token}"}
        answer = httpx.post(f"{server.url}{REAL}", content=request("m"), headers=headers)
        assert answer.status_code == status, answer.text
        if status == 200:
            assert "your role may not do this" in answer.json()["needs"][0]["detail"]
            ended = {"until": NOW - timedelta(hours=1)}
            text = partner_file("gd", "https://gd.example", "gd", agreement=ended)
            (partners / "gd.toml").write_text(text)
            again = httpx.post(f"{server.url}{REAL}", content=request("m"), headers=headers)
            assert (again.status_code, again.json()["code"]) == (409, "agreement-ended")
            (partners / "gd.toml").unlink()
            again = httpx.post(f"{server.url}{REAL}", content=request("m"), headers=headers)
            assert again.status_code == 403
