"""Messages that are no XML as they stand."""

from __future__ import annotations

import pytest

from cop.errors import PayloadError
from cop.formats.cap_repair import read_repaired


@pytest.mark.parametrize("name", ["undefined", "punycode", "idna", "unicode_escape", "hex"])
def test_a_message_in_no_encoding_of_text_is_read_as_what_it_is(name: str) -> None:
    """Python decodes by names that are no encodings: a message that names one is read leniently."""
    body = f'<?xml version="1.0" encoding="{name}"?><alert><note>caf\xe9</note></alert>'
    root, changes = read_repaired(body.encode("latin-1"))
    assert root.findtext("note") == "café"
    assert any("not as" in change for change in changes)
    with pytest.raises(PayloadError):
        read_repaired(f'<?xml version="1.0" encoding="{name}"?>\xff'.encode("latin-1"))
