"""Partners whose file is gone, or cannot be used any more."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cop.config import Settings
from cop.model.exchange import Partner, PartnerState
from cop.model.kinds import decode
from cop.model.record import put
from cop.store.memory import MemoryStore
from tests.integration.federating import incident, partner_file
from workers.exchange_gone import forget_partners

NOW = datetime(2026, 9, 7, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("files", "folder", "stays"),
    [
        ({"gd.toml": ""}, "", True),
        ({"gd.toml": "id ="}, "", True),
        ({"gd.toml": None, "mo.toml": "id ="}, "", True),
        ({}, "elsewhere", True),
        ({"gd.toml": None}, "", False),
    ],
    ids=["as-it-was", "a-typo", "gone-and-another-has-a-typo", "folder-not-mounted", "gone"],
)
def test_only_what_has_really_gone_is_forgotten(
    tmp_path: Path, files: dict[str, str | None], folder: str, *, stays: bool
) -> None:
    """What a partner gave stays while any file has a fault; its line is down then, and says why."""
    (tmp_path / "gd.toml").write_text(partner_file("gd", "https://gd.example", "gd"))
    for name, text in files.items():
        if text is None:
            (tmp_path / name).unlink()
        elif text:
            (tmp_path / name).write_text(text)
    store = MemoryStore()
    given = incident("a").model_copy(update={"id": "partner_gd:incident:a", "feed": "partner_gd"})
    line = Partner(id="partner:gd", publisher="COP", state=PartnerState.OK)
    store.write([put(line), put(given)], fetched_ms=1)
    settings = Settings(partners_dir=tmp_path / folder)
    assert forget_partners(settings, store, NOW) == (0 if stays else 1)
    assert bool(store.by_feed("partner_gd")) is stays
    known = store.read([line.id])
    assert bool(known) is stays
    if stays and (folder or files != {"gd.toml": ""}):
        said = decode(known[line.id].body)
        assert isinstance(said, Partner)
        assert (said.state, said.state_since) == (PartnerState.DOWN, NOW)
        assert "cannot be" in said.why
        assert forget_partners(settings, store, NOW) == 0
        assert store.read([line.id])[line.id].version == known[line.id].version
