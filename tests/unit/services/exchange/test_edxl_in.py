"""EDXL from others: what is understood of it, and whether it is for this operation."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cop.errors import PayloadError
from cop.formats.edxl.de import DE, MOST_CONTENTS
from cop.formats.edxl.rm import RMSG
from cop.formats.edxl.rm_read import FORMS
from cop.services.exchange.edxl_in import MOST_DEFECTS, not_for_us, understand

_at_any_speed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
_NAMES = st.sampled_from(
    [
        *("EDXLDistribution", "contentObject", "xmlContent", "embeddedXMLContent", "HAVE"),
        *("RequestResource", "ResourceInformation", "Quantity", "MeasuredQuantity", "Amount"),
        *("HospitalStatus", "Hospital", "Organization", "facility", "sitRep", "MessageID", "x"),
    ]
)
_documents = st.recursive(
    st.tuples(_NAMES, st.sampled_from(["", "1", "NaN", "-1e99", "2026-09-07T15:00:00Z", "💧"])).map(
        lambda one: f"<{one[0]}>{one[1]}</{one[0]}>"
    ),
    lambda inner: st.tuples(_NAMES, st.lists(inner, max_size=3)).map(
        lambda one: f"<{one[0]}>{''.join(one[1])}</{one[0]}>"
    ),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("status", "exercise", "ours"),
    [
        ("", False, False),
        ("", True, True),
        ("Actual", False, True),
        ("Actual", True, False),
        ("Exercise", True, True),
        ("Exercise", False, False),
        ("Test", False, False),
        ("Test", True, False),
        ("System", False, False),
        ("Real", False, False),
    ],
)
def test_an_envelope_asks_only_its_own_kind_of_operation(
    status: str, exercise: bool, ours: bool
) -> None:
    """What is real asks for nothing in an exercise, and the other way round.

    What does not say what it is asks for something in an exercise alone.
    """
    assert (not_for_us(status, exercise=exercise) == "") == ours


def test_what_is_told_of_a_document_has_a_bound() -> None:
    """However many documents are in an envelope, in one content or many, and whatever they lack."""
    request = "<RequestResource>" + "<ResourceInformation/>" * 5 + "</RequestResource>"
    content = f"<xmlContent><embeddedXMLContent>{request * 300}</embeddedXMLContent></xmlContent>"
    body = f'<EDXLDistribution xmlns="{DE}"><contentObject>{content}</contentObject>'
    found = understand(f"{body}</EDXLDistribution>".encode())
    assert len(found.parts) == MOST_CONTENTS
    assert "of 300 documents only" in " ".join(found.defects)
    assert "asks for 1000 resources" in found.defects[0]
    assert len(found.defects) == MOST_DEFECTS + 1
    assert found.defects[-1].startswith("and ")


@_at_any_speed
@given(_documents)
def test_any_tree_of_known_names_is_read_or_refused(document: str) -> None:
    """However the elements stand, what comes of it is what was understood, or words."""
    try:
        found = understand(document.encode())
    except PayloadError:
        return
    assert all(isinstance(words, str) and words for words in found.defects)


def test_an_envelope_in_an_envelope_is_kept_and_not_opened() -> None:
    """Envelopes are opened once: no chain of them keeps us busy."""
    inner = f'<EDXLDistribution xmlns="{DE}"/>'
    body = (
        f'<EDXLDistribution xmlns="{DE}"><contentObject><xmlContent><embeddedXMLContent>{inner}'
        "</embeddedXMLContent></xmlContent></contentObject></EDXLDistribution>"
    )
    found = understand(body.encode())
    assert any("not read here" in words for words in found.defects)


@pytest.mark.parametrize("form", sorted(FORMS))
def test_only_requests_ask_for_something(form: str) -> None:
    """Of the sixteen messages two ask for resources; the others are understood."""
    found = understand(f'<{form} xmlns="{RMSG}"/>'.encode())
    assert found.form == "edxl-rm"
    assert bool(found.asks) == (form in ("RequestResource", "RequisitionResource"))
    told = any("nothing is changed by" in words for words in found.defects)
    assert told != bool(found.asks), "what people must do by hand is said"


def test_what_is_no_message_of_theirs_is_told() -> None:
    """A message that resource messaging does not have is refused, with those that it has."""
    with pytest.raises(PayloadError, match="ReleaseResource"):
        understand(f'<RecallResource xmlns="{RMSG}"/>'.encode())
