"""What a partner says is hostile until it is read: nothing of it that is wrong changes anything."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from cop.model.exchange import Message, Partner, PartnerState
from cop.model.kinds import Incident, decode
from cop.services.exchange import taking
from cop.services.exchange.partners import partner_of
from tests.unit.services.exchange.network import NOW, Node
from workers.exchange import exchange_with


@pytest.fixture
def hk(tmp_path: Path) -> Node:
    """Give an installation that takes incidents and alerts from one partner."""
    node = Node("hk", tmp_path)
    node.knows("gd", shares=["incident"], takes=["incident", "alert", "need"])
    return node


def feature(name: str = "incident:1", **properties: Any) -> dict[str, Any]:
    """Make an incident as a partner gives it."""
    return {
        "type": "Feature",
        "id": name,
        "geometry": properties.pop("geometry", {"type": "Point", "coordinates": [114.1, 22.5]}),
        "properties": {
            "kind": "incident",
            "publisher": "GD",
            "incident_type": "flooding",
            "status": "verified",
            "reported_at": "2026-09-08T04:00:00Z",
            **properties,
        },
    }


def answer(*put: Any, **changes: Any) -> dict[str, Any]:
    """Make an answer with changes."""
    said = {
        "format": 1,
        "installation": "gd-cop",
        "exercise": False,
        "agreement": {"number": "N 1", "onward": False},
        "cursor": "1-0~x",
        "whole": None,
        "more": False,
        "put": list(put),
        "remove": [],
    }
    return {**said, **changes}


class _Says(httpx.BaseTransport):
    """Gives the same answers in turn, the last one again and again."""

    def __init__(
        self, *bodies: bytes, status: int = 200, headers: dict[str, str] | None = None
    ) -> None:
        self._bodies = list(bodies)
        self._status = status
        self._headers = headers or {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        body = self._bodies.pop(0) if len(self._bodies) > 1 else self._bodies[0]
        stream = httpx.ByteStream(body)
        return httpx.Response(self._status, headers=self._headers, stream=stream)


def run(hk: Node, *answers: Any, status: int = 200, **headers: str) -> tuple[str, Partner]:
    """Let the partner answer; give what went wrong, and how the line is then."""
    bodies = [one if isinstance(one, bytes) else orjson.dumps(one) for one in answers]
    plan = partner_of(hk.desk.settings, "gd")
    done = exchange_with(hk.desk, plan, _Says(*bodies, status=status, headers=headers))
    line = decode(hk.store.read(["partner:gd"])["partner:gd"].body)
    assert isinstance(line, Partner)
    return done.why, line


def held(hk: Node) -> list[str]:
    """Give the ids of what came from the partner."""
    return sorted(hk.store.by_feed("partner_gd"))


def test_a_good_thing_is_taken(hk: Node) -> None:
    """It stands under the partner's name, inside, with its origin, and the cursor with it."""
    why, line = run(hk, answer(feature()))
    assert why == ""
    assert (line.taken_to, line.held, line.refused) == ("1-0~x", 1, 0)
    entity = decode(hk.store.read(["partner_gd:incident:1"])["partner_gd:incident:1"].body)
    assert isinstance(entity, Incident)
    assert (entity.origin, entity.inside, entity.district) == ("gd-cop", True, "NTH")


@pytest.mark.parametrize(
    "thing",
    [
        pytest.param(None, id="nothing"),
        pytest.param("incident:1", id="a word"),
        pytest.param({}, id="empty"),
        pytest.param(feature("no id"), id="id with a blank"),
        pytest.param(feature("incident:" + "x" * 300), id="long id"),
        pytest.param(feature(kind="order"), id="kind that is never shared"),
        pytest.param(feature(kind="volcano"), id="kind of a newer version"),
        pytest.param(feature(kind="note", topic="remark"), id="remark"),
        pytest.param(feature(smell="bad"), id="field of a newer version"),
        pytest.param(feature(author="x"), id="field that is never shared"),
        pytest.param(feature(inside=False), id="says what may be published"),
        pytest.param(feature(feed="hko_warnings"), id="says to be a feed"),
        pytest.param(feature(status="exploded"), id="unknown status"),
        pytest.param(feature(reported_at="yesterday"), id="no time"),
        pytest.param(feature(reported_at="2026-09-08T04:00:00"), id="time without a zone"),
        pytest.param(feature(title={"tlh": "nuqneH"}), id="unknown language"),
        pytest.param(feature(link="javascript:alert(1)"), id="script as link"),
        pytest.param(feature(origin="hk-cop"), id="ours"),
        pytest.param(feature(origin="mo-cop", via=["hk-cop"]), id="came by us"),
        pytest.param(feature(origin="gd-cop"), id="names itself a way"),
        pytest.param(feature(origin="NOT A NAME"), id="origin that is no name"),
        pytest.param(feature(geometry={"type": "Point", "coordinates": [999, 0]}), id="off earth"),
        pytest.param(feature(geometry={"type": "Point", "coordinates": [None, 0]}), id="nowhere"),
        pytest.param(feature(geometry={"type": "Sphere"}), id="unknown shape"),
        pytest.param(
            feature(
                geometry={
                    "type": "LineString",
                    "coordinates": [[114 + n / 1e5, 22.5] for n in range(6000)],
                }
            ),
            id="thousands of corners",
        ),
        pytest.param(
            feature(
                geometry={
                    "type": "Polygon",
                    "coordinates": [[[114, 22], [115, 23], [115, 22], [114, 23], [114, 22]]],
                }
            ),
            id="edges cross",
        ),
        pytest.param(feature(description={"en": "x" * 600_000}), id="huge"),
        pytest.param(feature(title={"en": "x" * 2_001}), id="title that fills the page"),
        pytest.param(feature(double_of="incident:1"), id="says to be a double"),
        pytest.param(feature(casualties={"dead": -1}), id="less than none"),
        pytest.param(feature(reported_at="9999-12-31T23:00:00Z"), id="end of time"),
        pytest.param(feature(steps={"verified": "0001-01-02T00:00:00Z"}), id="begin of time"),
    ],
)
def test_a_bad_thing_takes_no_other_with_it(hk: Node, thing: Any) -> None:
    """It is refused with its reason, and the others go on; the cursor goes on too."""
    why, line = run(hk, answer(thing, feature("incident:2")))
    assert why == ""
    assert held(hk) == ["partner_gd:incident:2"]
    assert (line.refused, len(line.refusals), line.taken_to) == (1, 1, "1-0~x")
    assert line.state is PartnerState.OK


def test_a_bad_change_leaves_the_last_good(hk: Node) -> None:
    """What is known of something stays while what is said of it now cannot be read."""
    run(hk, answer(feature()))
    whole = {"after": "", "upto": None}
    _, line = run(hk, answer(feature(status="exploded"), whole=whole))
    assert (held(hk), line.refused) == (["partner_gd:incident:1"], 1)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<html>sign in</html>", id="web page"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(b"[1]", id="no object"),
        pytest.param(b'{"put": NaN}', id="NaN"),
        pytest.param(answer(format=2), id="newer format"),
        pytest.param(answer(installation="sz-cop"), id="somebody else"),
        pytest.param(answer(exercise=True), id="an exercise"),
        pytest.param(answer(cursor=""), id="no cursor"),
        pytest.param(answer(*[feature()] * 2001), id="too many"),
        pytest.param(answer(feature(), more=True, cursor="1-0~x"), id="does not go on"),
        pytest.param(b" " * (taking.MOST_BYTES + 1), id="too large"),
    ],
)
def test_a_bad_answer_removes_nothing(hk: Node, body: Any) -> None:
    """What is known stays, and the line says why."""
    run(hk, answer(feature("incident:0")))
    why, line = run(hk, body)
    assert why
    assert line.why == why
    assert "partner_gd:incident:0" in held(hk)
    assert line.failures == 1


@pytest.mark.parametrize("status", [302, 401, 403, 404, 429, 500, 503])
def test_a_refusal_removes_nothing(hk: Node, status: int) -> None:
    """An answer that is none is a failed try; a redirect is not followed."""
    run(hk, answer(feature()))
    why, line = run(hk, b"{}", status=status, location="http://127.0.0.1/")
    assert str(status) in why
    assert (held(hk), line.failures) == (["partner_gd:incident:1"], 1)


def test_what_is_compressed_is_not_taken(hk: Node) -> None:
    """Nobody asked for it, and it may be a bomb."""
    why, _ = run(hk, answer(feature()), **{"content-encoding": "gzip"})
    assert "compressed" in why


def test_their_word_ends_it(hk: Node) -> None:
    """When they say that the agreement has ended, what they gave goes."""
    run(hk, answer(feature()))
    body = {"code": "agreement-ended", "detail": "it ended"}
    _, line = run(hk, body, status=409)
    assert (held(hk), line.state, line.held) == ([], PartnerState.ENDED, 0)


def test_a_line_that_is_down_keeps_what_is_known(hk: Node) -> None:
    """After three tries it is down, with its reason; what was given keeps its age."""
    run(hk, answer(feature()))
    lines = [run(hk, b"{}", status=503)[1] for _ in range(3)]
    assert [line.state for line in lines] == [PartnerState.OK, PartnerState.OK, PartnerState.DOWN]
    assert lines[-1].received_at == NOW
    assert held(hk) == ["partner_gd:incident:1"]
    assert run(hk, answer(feature(), cursor="2-0~x"))[1].state is PartnerState.OK


def test_what_is_over_is_not_taken(hk: Node) -> None:
    """What has expired by our clock leaves, or never comes."""
    over = (NOW - timedelta(seconds=1)).isoformat()
    run(hk, answer(feature()))
    run(hk, answer(feature(expires_at=over), feature("incident:2", expires_at=over)))
    assert held(hk) == []


def test_never_over_what_is_ours(hk: Node) -> None:
    """An id of theirs stands under their feed alone, however it reads."""
    mine = Incident(
        id="incident:1", publisher="COP", incident_type="fire", status="verified", reported_at=NOW
    )
    hk.put(mine)
    before = hk.store.read(["incident:1"])
    run(hk, answer(feature("incident:1"), remove=["incident:1", "partner_gd:incident:1"]))
    assert hk.store.read(["incident:1"]) == before
    assert held(hk) == ["partner_gd:incident:1"]


def test_a_need_names_what_it_is_of_as_it_stands_here(hk: Node) -> None:
    """The id of what asks is that of the partner's thing here, never of one of ours."""
    need = feature("need:1", kind="need", subject="incident:1", item="pump", quantity=2)
    for name in ("incident_type", "status", "reported_at"):
        need["properties"].pop(name)
    need["properties"]["asked_at"] = "2026-09-08T04:00:00Z"
    run(hk, answer(need))
    stored = orjson.loads(hk.store.read(["partner_gd:need:1"])["partner_gd:need:1"].body)
    assert stored["subject"] == "partner_gd:incident:1"


def test_only_agreed_kinds_and_areas_are_taken(tmp_path: Path) -> None:
    """What leaves the agreed area is gone, whatever district it claims to lie in."""
    node = Node("hk", tmp_path)
    node.knows("gd", shares=[], takes=["incident"])
    text = (node.partners / "gd.toml").read_text()
    (node.partners / "gd.toml").write_text(f'{text}\nareas = ["NTH"]')
    far = {"type": "Point", "coordinates": [114.17, 22.28]}
    run(node, answer(feature(), feature("incident:2", geometry=far, district="NTH")))
    assert held(node) == ["partner_gd:incident:1"]
    run(node, answer(feature(geometry=far)))
    assert held(node) == []


def test_more_than_anybody_has_is_refused(hk: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """A partner cannot fill the picture."""
    monkeypatch.setattr(taking, "MOST_HELD", 3)
    run(hk, answer(feature("incident:0")))
    why, _ = run(hk, answer(*(feature(f"incident:{n}") for n in range(1, 5)), cursor="2-0~x"))
    assert "more than 3" in why
    assert held(hk) == ["partner_gd:incident:0"]


def test_more_than_anybody_has_is_refused_part_by_part(
    hk: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor by many answers of one run."""
    monkeypatch.setattr(taking, "MOST_HELD", 3)
    first = answer(feature("incident:1"), feature("incident:2"), more=True)
    why, _ = run(hk, first, answer(feature("incident:3"), feature("incident:4"), cursor="2-0~x"))
    assert "more than 3" in why
    assert held(hk) == ["partner_gd:incident:1", "partner_gd:incident:2"]
    why, _ = run(hk, answer(feature("incident:5"), remove=["incident:1"], cursor="2-0~x"))
    assert (why, held(hk)) == ("", ["partner_gd:incident:2", "partner_gd:incident:5"])


def test_more_bytes_than_anybody_has_are_refused(hk: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few things that are large fill the picture as well as many; less than before may come."""
    long, short = {"en": "x" * 3000}, {"en": "x" * 1000}
    run(hk, answer(*(feature(f"incident:{n}", description=long) for n in range(3))))
    monkeypatch.setattr(taking, "MOST_HELD_BYTES", 8_000)
    why, _ = run(hk, answer(feature("incident:3"), cursor="2-0~x"))
    assert "bytes" in why
    assert len(held(hk)) == 3
    why, _ = run(hk, answer(feature("incident:1", description=short), cursor="2-0~x"))
    assert why == ""


def test_what_is_to_go_out_goes_though_nothing_can_be_taken(hk: Node) -> None:
    """An answer that nobody here can read keeps no message back."""
    hk.put(_message("m1"))
    why, line = run(hk, b"[1]")
    assert "object" in why
    sent = decode(hk.store.read(["message:m1"])["message:m1"].body)
    assert isinstance(sent, Message)
    assert (sent.sent_at, line.waiting, line.failures) == (NOW, 0, 1)


class _Breaks(httpx.BaseTransport):
    """Gives nothing, and breaks at the message called m1."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        broken = request.headers.get("idempotency-key") == "hk-cop.live.m1"
        body = b"{}" if request.method == "POST" else orjson.dumps(answer())
        return httpx.Response(500 if broken else 200, stream=httpx.ByteStream(body))


def test_a_message_that_breaks_them_keeps_no_other_back(hk: Node) -> None:
    """It waits, and the line says so; the next ones arrive."""
    hk.put(_message("m1"), _message("m2"))
    done = exchange_with(hk.desk, partner_of(hk.desk.settings, "gd"), _Breaks())
    assert (done.sent, "500" in done.why) == (1, True)
    line = decode(hk.store.read(["partner:gd"])["partner:gd"].body)
    assert isinstance(line, Partner)
    assert (line.waiting, line.failures) == (1, 1)


def test_words_of_a_refusal_are_cleaned(hk: Node) -> None:
    """No control or direction character of theirs reaches the desk."""
    body = {"code": "x", "detail": "go\u202eaway\u0007"}
    why, line = run(hk, body, status=403)
    assert why == line.why == "they answered 403: goaway"


def _message(name: str) -> Message:
    return Message(
        id=f"message:{name}",
        publisher="COP",
        title={"en": name},
        observed_at=NOW,
        partner="partner:gd",
        direction="out",
        number=f"hk-cop.live.{name}",
    )


def test_a_part_that_was_not_confirmed_comes_again(hk: Node) -> None:
    """A crash between two parts repeats one of them, which changes nothing."""
    run(hk, answer(feature()))
    version = hk.store.read(["partner_gd:incident:1"])["partner_gd:incident:1"].version
    run(hk, answer(feature()))
    assert hk.store.read(["partner_gd:incident:1"])["partner_gd:incident:1"].version == version
