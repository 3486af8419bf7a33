"""Signing in and out, ending sessions and handing the journal out stand in the journal."""

from __future__ import annotations

from cop.services.policy import Role
from tests.integration.web_server import web_server


def test_access_is_written_down() -> None:
    """Who signed in and out, from where, what was ended and exported; a wrong password is not."""
    with web_server() as server:
        server.add("chan", Role.COMMANDER)
        with server.client("chan") as first, server.client("chan") as second:
            sessions = first.get("/api/v1/me/sessions").json()["sessions"]
            ref = next(one["ref"] for one in sessions if not one["current"])
            first.delete(f"/api/v1/me/sessions/{ref}").raise_for_status()
            assert second.get("/api/v1/me").status_code == 401
            wrong = {"username": "chan", "password": "not it"}
            assert second.post("/api/v1/session", json=wrong).status_code == 401
            assert "sign_in" in first.get("/api/v1/journal.csv").text
            entries = first.get("/api/v1/journal").json()["entries"]
            found = [(entry["action"], entry["who"]["name"]) for entry in entries]
            assert found == [
                ("export_journal", "chan"),
                ("end_session", "chan"),
                ("sign_in", "chan"),
                ("sign_in", "chan"),
            ]
            assert {entry["from"]["address"] for entry in entries} == {"127.0.0.1"}
            first.delete("/api/v1/session").raise_for_status()
        with server.client("chan") as again:
            newest = again.get("/api/v1/journal").json()["entries"]
            assert [entry["action"] for entry in newest[:2]] == ["sign_in", "sign_out"]
