"""The folder of certificates and clients: what is made, what is read, what is refused."""

from __future__ import annotations

import hashlib
import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from cop.cli import main
from cop.config import Settings
from cop.errors import Misconfigured
from cop.launcher.checks import Verdict, _cot
from cop.model.access import Audience
from cop.services.cot.clients import Client, read_book, state_of
from cop.services.cot.server import tls_context
from cop.services.policy import Role
from tests.integration.cot_site import cli


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with an authority and one client."""
    there = tmp_path / "cot"
    cli("authority", "--host", "tak.example.hk", "--host", "127.0.0.1", "--dir", str(there))
    cli(
        *("certificate", "pump", "--resource", "resource:p", "--agency", "DSD", "--may-report"),
        *("--dir", str(there)),
    )
    return there


def der(folder: Path, name: str = "pump") -> bytes:
    """Give a client's certificate as TLS does."""
    body = (folder / "issued" / name / "client.pem").read_bytes()
    return x509.load_pem_x509_certificate(body).public_bytes(Encoding.DER)


def refused(*words: str) -> str:
    """Type a command that is refused; give its words."""
    answer = CliRunner().invoke(main, ["cot", *words])
    assert answer.exit_code == 1
    return answer.output


def test_two_commands_set_it_up(folder: Path) -> None:
    """What they made can be served with, and the client is who its file says."""
    context = tls_context(folder)
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert context.verify_mode is ssl.CERT_REQUIRED
    client = read_book(folder).find(der(folder))
    assert client == Client(
        cn="pump", agency="DSD", resource="resource:p", may_send=True, may_report=True
    )
    identity = client.identity()
    assert (identity.role, identity.name) == (Role.FIELD, "cot:pump")
    assert identity.belongs_to == {"resource:p"}
    assert "1 clients, 0 revoked" in cli("check", "--dir", str(folder))


def test_keys_are_for_their_owner_alone(folder: Path) -> None:
    """Nobody else on the machine can read one."""
    keys = [*folder.rglob("*.key"), *folder.rglob("*.p12")]
    assert len(keys) == 4
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys} == {0o600}
    assert {stat.S_IMODE(path.parent.stat().st_mode) for path in keys} == {0o700}


def test_the_bundle_opens_with_the_password_that_was_printed(tmp_path: Path) -> None:
    """It stands alone on the last line; in the bundle are key, certificate and authority."""
    cli("authority", "--dir", str(tmp_path))
    password = cli("certificate", "tablet", "--dir", str(tmp_path)).splitlines()[-1]
    bundle = (tmp_path / "issued" / "tablet" / "client.p12").read_bytes()
    key, certificate, more = pkcs12.load_key_and_certificates(bundle, password.encode())
    assert key is not None
    assert certificate is not None
    assert len(more) == 1
    assert password not in "".join(map(str, tmp_path.rglob("*")))


def test_the_server_is_called_as_was_said(folder: Path) -> None:
    """By name and by address; and made anew under the same authority."""
    first = x509.load_pem_x509_certificate((folder / "server.pem").read_bytes())
    names = first.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["tak.example.hk"]
    assert [str(one) for one in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]
    authority = (folder / "ca.pem").read_bytes()
    cli("authority", "--host", "other.example.hk", "--dir", str(folder))
    assert (folder / "ca.pem").read_bytes() == authority
    assert (folder / "server.pem").read_bytes() != first.public_bytes(Encoding.PEM)


def test_what_is_revoked_is_nobody(folder: Path) -> None:
    """By name, or by serial number; one after the other; revoking twice is as good."""
    cli("certificate", "second", "--dir", str(folder))
    cli("revoke", "pump", "--dir", str(folder))
    cli("revoke", "pump", "--dir", str(folder))
    assert read_book(folder).find(der(folder)) is None
    assert read_book(folder).find(der(folder, "second")) is not None
    serial = x509.load_der_x509_certificate(der(folder, "second")).serial_number
    cli("revoke", "--serial", f"{serial:x}", "--dir", str(folder))
    book = read_book(folder)
    assert book.find(der(folder, "second")) is None
    assert len(book.revoked) == 2


def test_the_revoked_may_be_a_list_of_numbers(folder: Path) -> None:
    """As some authorities print them, with colons, capitals and remarks."""
    serial = x509.load_der_x509_certificate(der(folder)).serial_number
    words = f"{serial:040X}"
    lines = ["# lost", ":".join(words[n : n + 2] for n in range(0, 40, 2)) + "  # 8 Sept", ""]
    (folder / "revoked.pem").write_text("\n".join(lines))
    assert read_book(folder).revoked == {serial}


@pytest.mark.parametrize(
    "body",
    [b"soon", b"-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n", b"\xff\xfe"],
    ids=["words", "no list", "no text"],
)
def test_a_list_that_cannot_be_read_lets_nobody_in(folder: Path, body: bytes) -> None:
    """Who is revoked cannot be told then."""
    (folder / "revoked.pem").write_bytes(body)
    with pytest.raises(Misconfigured, match=r"revoked\.pem"):
        read_book(folder)


def test_another_authoritys_list_is_none(folder: Path, tmp_path: Path) -> None:
    """It must be signed by the authority that signs the clients."""
    other = tmp_path / "other"
    cli("authority", "--dir", str(other))
    cli("revoke", "--serial", "1", "--dir", str(other))
    (folder / "revoked.pem").write_bytes((other / "revoked.pem").read_bytes())
    with pytest.raises(Misconfigured, match="signed"):
        read_book(folder)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "either cn or fingerprint"),
        ('cn = "a"\nfingerprint = "' + "0" * 64 + '"', "either cn or fingerprint"),
        ('cn = "a"\nkinds = ["order"]', "no events for order"),
        ('cn = "a"\nmay_send = true', "name the resource"),
        ('cn = "a"\nareas = [[1, 2, 1, 3]]', "west, south, east, north"),
        ('cn = "a"\nareas = [[nan, 2, 3, 4]]', "areas"),
        ('cn = "a"\naudience = "everybody"', "audience"),
        ('cn = "a"\nrate_per_s = 0', "rate_per_s"),
        ('cn = "a"\ngroup = "x"', "group"),
        ("cn = ", "no TOML"),
    ],
)
def test_a_file_that_cannot_be_used_takes_away_no_other(
    folder: Path, body: str, words: str
) -> None:
    """Its fault is said in words, by the reader and by both commands."""
    (folder / "clients" / "bad.toml").write_text(body)
    book = read_book(folder)
    assert list(book.clients) == ["pump"]
    (fault,) = book.faults
    assert words in str(fault)
    answer = CliRunner().invoke(main, ["cot", "check", "--dir", str(folder)])
    assert (answer.exit_code, words in answer.output) == (1, True)
    (finding,) = _cot(Settings(cot_dir=folder))
    assert (finding.verdict, words in finding.words) == (Verdict.MEND, True)


def test_the_fingerprint_comes_before_the_name(folder: Path) -> None:
    """A file for one certificate counts for it, whatever its name is."""
    digest = hashlib.sha256(der(folder)).hexdigest()
    (folder / "clients" / "one.toml").write_text(f'fingerprint = "{digest}"\naudience = "command"')
    client = read_book(folder).find(der(folder))
    assert client is not None
    assert client.audience is Audience.COMMAND


def test_plain_is_the_publics_unless_said(folder: Path) -> None:
    """And never what command sees."""
    assert read_book(folder).plain == Client(audience=Audience.PUBLIC)
    (folder / "plain.toml").write_text('cn = "x"\naudience = "command"')
    with pytest.raises(Misconfigured, match="without TLS"):
        read_book(folder)


def test_every_change_of_the_folder_is_noticed(folder: Path) -> None:
    """Of certificates, the revoked and clients; what is issued is none of it."""
    states = [state_of(folder)]
    for name in ("revoked.pem", "clients/new.toml", "plain.toml"):
        (folder / name).write_text("")
        states.append(state_of(folder))
    (folder / "clients" / "new.toml").unlink()
    states.append(state_of(folder))
    assert len(set(states)) == 5
    (folder / "issued" / "x").mkdir()
    assert state_of(folder) == states[-1]


def test_commands_say_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder, an authority, a good name, a certificate."""
    assert "COP_COT_DIR" in refused("check")
    monkeypatch.setenv("COP_COT_DIR", str(tmp_path))
    assert "cop cot authority" in refused("check")
    assert "cop cot authority" in refused("certificate", "a")
    assert "letters" in refused("certificate", "../a")
    assert "name the client" in refused("revoke")
    assert "is no certificate" in refused("revoke", "nobody")
    assert "hexadecimal" in refused("revoke", "--serial", "soon")
    cli("authority")
    assert "resource" in refused("certificate", "b", "--resource", "nonsense")
    assert not (tmp_path / "clients" / "b.toml").exists()
    (tmp_path / "clients" / "a.toml").unlink(missing_ok=True)
    cli("certificate", "a")
    assert "there already" in refused("certificate", "a")


def test_doctor_looks_at_it(folder: Path) -> None:
    """Nothing where it is not set up; good where all is; a certificate that ends soon is told."""
    assert _cot(Settings()) == []
    (finding,) = _cot(Settings(cot_dir=folder))
    assert (finding.verdict, finding.words) == (Verdict.GOOD, "1 clients")
    (folder / "server.key").unlink()
    (finding,) = _cot(Settings(cot_dir=folder))
    assert finding.verdict is Verdict.BROKEN


def test_certificates_have_an_end(folder: Path) -> None:
    """A client's holds a year unless said otherwise, and is good for nothing but being a client."""
    certificate = x509.load_der_x509_certificate(der(folder))
    left = certificate.not_valid_after_utc - datetime.now(UTC)
    assert timedelta(days=364) < left <= timedelta(days=365)
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert [one._name for one in usage] == ["clientAuth"]
