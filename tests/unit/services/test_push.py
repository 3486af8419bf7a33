"""Push messages: encrypted for one browser, proved to be ours, sent only where that is trusted."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import http_ece
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.jwk import ECKey
from pydantic import SecretStr

from cop.config import Settings
from cop.errors import Misconfigured
from cop.model.entity import Severity
from cop.services.push import (
    Message,
    NotTrusted,
    check_endpoint,
    check_keys,
    encrypt,
    headers_of,
)
from cop.services.push_keys import PushKey, decode, encode, new_push_key, open_push_key
from tests.browsers import Browser, subscription

HOSTS = Settings().push_hosts
CONTACT = "mailto:duty@cop.example"
AT = datetime(2026, 9, 7, 12, tzinfo=UTC)


def key_of(words: str) -> ec.EllipticCurvePrivateKey:
    """Read a private key of P-256 from its 32 bytes."""
    return ec.derive_private_key(int.from_bytes(decode(words)), ec.SECP256R1())


def settings(key: str, contact: str = CONTACT) -> Settings:
    """Give settings with a key."""
    return Settings(push_key=SecretStr(key), push_contact=contact)


def test_the_example_of_the_standard() -> None:
    """The message of RFC 8291, section 5, comes out byte for byte."""
    sealed = encrypt(
        b"When I grow up, I want to be a watermelon",
        p256dh="BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNto"
        "IAiw4",
        auth="BTBZMqHH6r4Tts7J_aSIgg",
        sender=key_of("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
        salt=decode("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert encode(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmY"
        "WAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexS"
        "gSxsj_Qulcy4a-fN"
    )


def test_only_the_browser_reads_it() -> None:
    """Each message is sealed anew; the browser's keys open it, those of another do not."""
    mine, other = Browser(), Browser()
    sealed = [encrypt(b"hello", p256dh=mine.p256dh, auth=mine.auth) for _ in range(2)]
    assert [mine.open(each) for each in sealed] == [b"hello", b"hello"]
    assert sealed[0] != sealed[1]
    with pytest.raises(http_ece.ECEException):
        other.open(sealed[0])


def test_what_a_message_says() -> None:
    """What it is about and how bad, and no words; every message is of one length."""
    order = Message(type="order", id="order:1", severity=Severity.EXTREME, at=AT)
    task = Message(
        type="assignment",
        id="assignment:0123456789abcdef",
        severity=Severity.UNKNOWN,
        at=AT,
        exercise=True,
    )
    assert orjson.loads(order.encode()) == {
        "type": "order",
        "id": "order:1",
        "severity": "Extreme",
        "at": "2026-09-07T12:00:00Z",
    }
    assert orjson.loads(task.encode())["exercise"] is True
    assert len(order.encode()) == len(task.encode()) == 256


@pytest.mark.parametrize(
    ("kind", "severity", "urgency"),
    [
        ("order", Severity.EXTREME, "high"),
        ("assignment", Severity.SEVERE, "high"),
        ("assignment", Severity.MODERATE, "normal"),
        ("order", Severity.UNKNOWN, "normal"),
        ("roll_call", Severity.UNKNOWN, "high"),
    ],
)
def test_how_urgent_it_is(kind: str, severity: Severity, urgency: str) -> None:
    """The worst, and a roll call, wake a phone that saves its battery."""
    message = Message(type=kind, id="order:1", severity=severity, at=AT)  # type: ignore[arg-type]
    assert message.urgency == urgency


def test_the_topic_is_of_one_thing_and_one_browser() -> None:
    """A newer push of a thing replaces the older, and no service sees who got the same."""
    key = PushKey(ec.generate_private_key(ec.SECP256R1()), CONTACT)
    mine, other = subscription("chan", Browser()), subscription("wong", Browser())
    one, two = (
        Message(type="order", id=f"order:{each}", severity=Severity.MINOR, at=AT) for each in "12"
    )
    topics = [headers_of(key, to, what)["Topic"] for to in (mine, other) for what in (one, two)]
    assert headers_of(key, mine, one)["Topic"] == topics[0]
    assert len(set(topics)) == 4
    assert all(len(topic) == 32 for topic in topics)
    assert headers_of(key, mine, one)["TTL"] == "3600"


def test_push_services_can_tell_that_it_is_us() -> None:
    """The proof is signed by our key, for that service alone, for less than a day, and reused."""
    private, public = new_push_key()
    key = open_push_key(settings(private))
    assert key is not None
    assert key.public == public
    to = subscription("chan", Browser(), "https://updates.push.services.mozilla.com/wpush/v2/x")
    message = Message(type="order", id="order:1", severity=Severity.MINOR, at=AT)
    given = headers_of(key, to, message)["Authorization"]
    scheme, _, rest = given.partition(" ")
    parts = dict(part.split("=", 1) for part in rest.split(", "))
    token = jwt.decode(parts["t"], ECKey.import_key(private), algorithms=["ES256"])
    assert (scheme, parts["k"]) == ("vapid", public)
    assert token.claims["aud"] == "https://updates.push.services.mozilla.com"
    assert token.claims["sub"] == CONTACT
    assert time.time() < token.claims["exp"] < time.time() + 86_400
    assert headers_of(key, to, message)["Authorization"] == given
    assert key.authorization("https://fcm.googleapis.com") != given


def test_a_key_is_taken_in_either_form(tmp_path: Path) -> None:
    """PEM or the 32 bytes, from the setting or from a file; without one there is none."""
    private, public = new_push_key()
    number = key_of_pem(private).private_numbers().private_value
    raw = encode(number.to_bytes(32))
    file = tmp_path / "push.pem"
    file.write_text(private)
    for given in (
        settings(private),
        settings(raw),
        Settings(push_key_file=file, push_contact=CONTACT),
    ):
        key = open_push_key(given)
        assert key is not None
        assert key.public == public
    assert open_push_key(Settings()) is None


def key_of_pem(pem: str) -> ec.EllipticCurvePrivateKey:
    """Read a private key from PEM."""
    key = ECKey.import_key(pem).private_key
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def pem_of(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    """Write a private key as PEM."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.mark.parametrize(
    "words",
    [
        "short",
        encode(bytes(32)),
        encode(b"\xff" * 32),
        "not!base64",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
        pem_of(ec.generate_private_key(ec.SECP384R1())),
        pem_of(rsa.generate_private_key(65537, 2048)),
    ],
)
def test_what_is_no_key_is_told_without_it(words: str) -> None:
    """A start with a wrong key fails in words that do not hold it."""
    with pytest.raises(Misconfigured, match="cop keys push") as told:
        open_push_key(settings(words))
    assert words not in str(told.value)


def test_somebody_must_be_reachable(tmp_path: Path) -> None:
    """A key without a contact, and a file that is not there, are told at the start."""
    with pytest.raises(Misconfigured, match="COP_PUSH_CONTACT"):
        open_push_key(settings(new_push_key()[0], ""))
    with pytest.raises(Misconfigured, match="COP_PUSH_KEY_FILE"):
        open_push_key(Settings(push_key_file=tmp_path / "none", push_contact=CONTACT))


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc:def",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://web.push.apple.com/abc?x=1",
        "https://wns2-par02p.notify.windows.com/w/?token=abc%2f",
    ],
)
def test_push_services_are_trusted(endpoint: str) -> None:
    """The services of the common browsers are."""
    check_endpoint(endpoint, HOSTS)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/fcm/send/abc",
        "https://fcm.googleapis.com:443/fcm/send/abc",
        "https://fcm.googleapis.com:8443/fcm/send/abc",
        "https://me@fcm.googleapis.com/fcm/send/abc",
        "https://me:you@fcm.googleapis.com/fcm/send/abc",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evilfcm.googleapis.com/x",
        "https://push.apple.com.evil.example/x",
        "https://evilpush.apple.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://localhost/x",
        "https://fcm.googleapis.com/x#part",
        "https://fcm.googleapis.com\\@evil.example/x",
        "https://evil.example\\.push.apple.com/x",
        "https://fcm.googleapis.com/a b",
        "https://fcm.googleapis.com/\r\nX: y",
        "https://fcm.googleapis.com/é",
        "https://fcm.googleapis.com/" + "x" * 1000,
        "https://.notify.windows.com/x",
        "https://a..notify.windows.com/x",
        "https://" + "a" * 64 + ".notify.windows.com/x",
        "https://-a.notify.windows.com/x",
        "https://a*.notify.windows.com/x",
        "https://xn--a.notify.windows.com/x",
        "//fcm.googleapis.com/x",
        "https://",
        "https://[/x",
        "",
    ],
)
def test_nothing_else_is_sent_to(endpoint: str) -> None:
    """No other host, port, scheme or sign-in, and nothing that two programs read differently."""
    with pytest.raises(NotTrusted):
        check_endpoint(endpoint, HOSTS)


def test_keys_are_a_point_and_sixteen_bytes() -> None:
    """What nothing can be encrypted for is refused when it is given."""
    browser = Browser()
    check_keys(browser.p256dh, browser.auth)
    off = encode(b"\x04" + bytes(64))
    for p256dh, auth in [
        (off, browser.auth),
        (browser.p256dh[:-4], browser.auth),
        ("", browser.auth),
        (browser.p256dh, encode(bytes(15))),
        (browser.p256dh, "!"),
        ("é", browser.auth),
    ]:
        with pytest.raises(NotTrusted):
            check_keys(p256dh, auth)
