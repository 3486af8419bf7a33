"""Organisations and their LEIs: what is written is checked, and a fault takes away no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from cop.config import Settings
from cop.launcher.checks import Verdict, _organisations
from cop.model.publisher import PUBLISHERS
from cop.services.exchange.organisations import FILE, lei_of, organisations_of

LEI = "00EXAMPLE00000000159"


def settings(folder: Path, written: str | None = None, **more: str) -> Settings:
    """Give settings of a data directory in which *written* stands."""
    if written is not None:
        (folder / FILE).write_text(written, "utf-8")
    return Settings.model_validate({"data_dir": folder, "organisation": "SB", **more})


def test_without_a_file_nobody_has_one(tmp_path: Path) -> None:
    """Every organisation is there, none with an LEI, and nothing is at fault."""
    known = organisations_of(settings(tmp_path))
    assert set(known) == set(PUBLISHERS)
    assert all(one.lei is None for one in known.values())
    assert known.faults == ()
    assert "lei" not in known["HKO"].shown()


def test_what_is_written_is_given(tmp_path: Path) -> None:
    """An LEI may be written with blanks and in small letters; our own is a setting."""
    made = settings(tmp_path, 'HKO = "00example 000000001 59"\n', lei=LEI)
    assert lei_of(made, "HKO") == LEI
    assert lei_of(made, "SB") == LEI
    assert lei_of(made, "COP") == LEI
    assert lei_of(made, "HA") is None
    assert lei_of(made, "nobody") is None
    assert organisations_of(made)["HKO"].shown()["lei"] == LEI


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('HA = "00EXAMPLE00000000158"', "check digits"),
        ('HA = "00EXAMPLE"', "18 letters or digits"),
        ("HA = 7", "in quotes"),
        ('HAA = "00EXAMPLE00000000159"', "no organisation with this code"),
        ("HA = [", "is no TOML"),
    ],
    ids=["digits", "short", "number", "code", "toml"],
)
def test_a_wrong_one_is_told_and_not_used(tmp_path: Path, line: str, told: str) -> None:
    """A fault is told in words; what stands beside it, in a file that is one, is used."""
    known = organisations_of(settings(tmp_path, f'HKO = "{LEI}"\n{line}\n'))
    assert told in " ".join(map(str, known.faults))
    assert known["HA"].lei is None
    assert (known["HKO"].lei == LEI) == (told != "is no TOML")


def test_a_wrong_one_of_our_own_is_told(tmp_path: Path) -> None:
    """A setting that is no LEI is not sent."""
    made = settings(tmp_path, lei="x")
    assert lei_of(made, "SB") is None
    assert "COP_LEI" in str(organisations_of(made).faults[0])


def test_a_file_that_changes_is_read_again(tmp_path: Path) -> None:
    """Whoever mends the file need not start anything anew."""
    made = settings(tmp_path)
    assert lei_of(made, "HKO") is None
    (tmp_path / FILE).write_text(f'HKO = "{LEI}"', "utf-8")
    assert lei_of(made, "HKO") == LEI


def test_the_doctor_tells_which_are_wrong(tmp_path: Path) -> None:
    """Whoever asks the doctor hears of each that is not used, and how many are."""
    wrong = _organisations(settings(tmp_path, 'HKO = "x"\n'))
    assert [finding.verdict for finding in wrong] == [Verdict.MEND]
    assert "HKO" in wrong[0].words
    (tmp_path / FILE).write_text(f'HKO = "{LEI}"\n', "utf-8")
    [right] = _organisations(settings(tmp_path))
    assert right.words == "1 with an LEI"
    (tmp_path / FILE).unlink()
    assert _organisations(settings(tmp_path)) == []
