"""Pictures, drawings, the journal and places over HTTP; and the description of all commands."""

from __future__ import annotations

import csv
import io

import httpx
import pytest
from PIL import Image

from cop.config import Settings
from cop.services.commands.attachments import kept_images
from cop.services.commands.registry import find_commands
from tests.integration.asking import (
    attach,
    chief,
    entries,
    key,
    picture,
    report,
    server,
    settings,
)
from tests.integration.web_server import Server

__all__ = ["chief", "server", "settings"]

pytestmark = pytest.mark.redis


def test_a_picture_from_the_field(server: Server, chief: httpx.Client) -> None:
    """A picture goes in as it is and comes out clean, fixed, and only to those inside."""
    made = report(chief)
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "Wong Tai Man"
    Image.new("RGB", (60, 30), "red").save(file, "JPEG", exif=exif)
    answer = attach(chief, made, file.getvalue(), **{"Content-Type": "image/jpeg"})
    (attachment,) = answer.json()["feature"]["properties"]["attachments"]
    path = f"/api/v1/attachments/{attachment['id']}"
    with server.client("team") as team:
        shown = team.get(path)
    assert shown.status_code == 200
    assert b"Wong" not in shown.content
    assert len(shown.content) == attachment["size_bytes"]
    for name, value in {
        "content-type": "image/jpeg",
        "content-disposition": f'inline; filename="picture-{attachment["id"][:12]}.jpeg"',
        "x-content-type-options": "nosniff",
        "cache-control": "private, no-cache",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    }.items():
        assert shown.headers.get_list(name) == [value]
    known = chief.get(path, headers={"If-None-Match": shown.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")
    with server.client() as nobody:
        assert nobody.get(path).status_code == 401
    for wrong in (f"{'0' * 64}", attachment["id"].upper(), "..%2f..%2fetc%2fpasswd"):
        assert chief.get(f"/api/v1/attachments/{wrong}").status_code == 404


def test_what_is_not_taken_as_a_picture(server: Server, chief: httpx.Client) -> None:
    """By type, by size and by content: each is told, and nothing is kept."""
    made = report(chief)
    for data, kind, status in (
        (b"<svg/>", "image/svg+xml", 415),
        (picture(1), "application/json", 415),
        (bytes(8 * 1024 * 1024 + 1), "image/png", 413),
        (b"GIF89a", "image/png", 400),
        (b"", "image/png", 400),
        (picture(1) + b"PK\x03\x04", "image/png", 400),
    ):
        answer = attach(chief, made, data, **{"Content-Type": kind})
        assert answer.status_code == status, answer.text
        assert answer.json()["detail"]
    assert attach(chief, "incident:none", picture(1)).status_code == 404
    assert len(entries(chief, made)) == 1


def test_a_picture_that_nobody_names(
    server: Server, chief: httpx.Client, settings: Settings
) -> None:
    """A file that no incident of this operation ever had is not handed out."""
    left_over = kept_images(settings).put(b"\xff\xd8\xff left over")
    assert chief.get(f"/api/v1/attachments/{left_over}").status_code == 404


def test_a_drawing_and_its_undoing(server: Server, chief: httpx.Client) -> None:
    """A drawing that was made or removed by mistake is taken back; twice is once."""
    drawing = {
        "topic": "drawing",
        "shape": "line",
        "geometry": {"type": "LineString", "coordinates": [[114.1, 22.3], [114.2, 22.3]]},
    }
    made = chief.post("/api/v1/notes", json=drawing, headers=key()).json()
    path = f"/api/v1/notes/{made['id']}"
    with server.client("liaison") as liaison:
        assert liaison.delete(path, headers=key(1)).status_code == 403
        taken = {"journal": made["journal"]}
        assert liaison.post("/api/v1/undo", json=taken, headers=key()).status_code == 403
    gone = chief.delete(path, headers=key(1)).json()
    assert (gone["version"], gone["feature"]) == (2, None)
    headers = key()
    for repeated in (False, True):
        back = chief.post("/api/v1/undo", json={"journal": gone["journal"]}, headers=headers)
        assert (back.status_code, back.json()["repeated"]) == (200, repeated)
        assert (back.json()["version"], back.json()["undo_until"]) == (3, None)
    assert back.json()["feature"]["properties"]["shape"] == "line"
    answer = chief.post("/api/v1/undo", json={"journal": made["journal"]}, headers=key())
    assert (answer.status_code, answer.json()["code"]) == (409, "changed-since")


def test_the_journal_is_read_and_handed_out(server: Server, chief: httpx.Client) -> None:
    """By what, who, when and words; page by page; as a table for those who may."""
    made = report(chief, words="Unmistakable")
    (entry,) = chief.get("/api/v1/journal", params={"q": "unmistakable"}).json()["entries"]
    assert (entry["id"], entry["from"]["entrance"]) == (made, "page")
    assert entry["who"] == {"name": "chief", "role": "commander", "agency": "DSD"}
    assert "key" not in entry
    pages, before = 0, None
    while (pages == 0 or before) and pages < 3:
        params = {"limit": 1} | ({"before": before} if before else {})
        page = chief.get("/api/v1/journal", params=params).json()
        before, pages = page["next"], pages + 1
        assert len(page["entries"]) == 1
    for wrong in ({"limit": 0}, {"limit": 999}, {"since": "yesterday"}, {"action": "hack"}):
        assert chief.get("/api/v1/journal", params=wrong).status_code == 400
    table = chief.get("/api/v1/journal.csv", params={"entity": made})
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert table.headers["content-disposition"].startswith("attachment; ")
    (row,) = csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff")))
    assert (row["who"], row["id"], row["action"]) == ("chief", made, "report_incident")


def test_places_are_found(server: Server, chief: httpx.Client) -> None:
    """What is typed becomes places, in every language, with how exact they are."""
    for words, what in (("KK 083 691", "grid"), ("22.3,114.17", "coordinates"), ("彌敦道", "road")):
        answer = chief.get("/api/v1/places", params={"q": words})
        assert answer.json()["places"][0]["what"] == what
    assert chief.get("/api/v1/places").status_code == 400
    assert chief.get("/api/v1/places", params={"q": "x" * 500}).status_code == 400
    with server.client() as nobody:
        assert nobody.get("/api/v1/places", params={"q": "x"}).status_code == 401


def test_every_command_is_described(chief: httpx.Client) -> None:
    """Each stands in /openapi.json with an example that the command itself would take."""
    paths = chief.get("/openapi.json").json()["paths"]
    for command in find_commands():
        described = paths[f"/api/v1{command.path}"][command.method.lower()]
        assert described["summary"] == command.summary
        assert described["description"]
        assert set(described["responses"]) >= {"400", "403", "404", "409", "422", "503"}
        assert ("412" in described["responses"]) == command.matched
        if command.body is None:
            continue
        content = described["requestBody"]["content"]["application/json"]
        assert "$ref" in content["schema"]
        assert content["example"] == dict(command.example)
        command.body.model_validate(content["example"])
