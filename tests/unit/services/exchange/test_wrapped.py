"""A document that a partner sends alone: what the desk reads of it."""

from __future__ import annotations

import pytest

from cop.model.entity import Severity
from cop.model.text import Text
from cop.services.exchange.wrapped import read_wrapped


def cap(*infos: str, status: str = "Actual") -> bytes:
    """Make a CAP message with *infos*."""
    inner = "".join(f"<info>{info}</info>" for info in infos)
    return (
        '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>GD-1</identifier>'
        "<sender>gd@example</sender><sent>2026-09-08T12:00:00+08:00</sent>"
        f"<status>{status}</status><msgType>Alert</msgType><scope>Private</scope>{inner}</alert>"
    ).encode()


SIMPLIFIED = "<language>zh-CN</language><event>泄洪</event>"
ENGLISH = "<language>en-US</language><event>Dam discharge</event>"


@pytest.mark.parametrize(
    ("infos", "title", "words", "severity"),
    [
        (
            (
                (
                    f"{SIMPLIFIED}<severity>Moderate</severity><headline>15时泄洪</headline>"
                    "<description>流量增加。</description><instruction>远离河岸。</instruction>"
                ),
                f"{ENGLISH}<severity>Severe</severity><headline>Discharge at 15:00</headline>",
            ),
            {"zh-Hans": "15时泄洪", "en": "Discharge at 15:00"},
            {"zh-Hans": "流量增加。\n\n远离河岸。"},
            Severity.SEVERE,
        ),
        ((ENGLISH,), {"en": "Dam discharge"}, {}, Severity.UNKNOWN),
        (
            ("<language>pt-PT</language><event>Descarga</event><description>15h</description>",),
            {"en": "Descarga"},
            {"en": "15h"},
            Severity.UNKNOWN,
        ),
        (
            (f"{ENGLISH}<headline>{'x' * 300}</headline><description>{'y' * 9000}</description>",),
            {"en": "x" * 200},
            {"en": "y" * 4000},
            Severity.UNKNOWN,
        ),
        ((), {"en": "CAP GD-1"}, {}, Severity.UNKNOWN),
    ],
    ids=["two-languages", "event-alone", "another-language", "long", "no-info"],
)
def test_a_warning_is_read_as_words(
    infos: tuple[str, ...], title: Text, words: Text, severity: Severity
) -> None:
    """Title and words stand in all its languages, with the worst severity that it names."""
    found = read_wrapped(cap(*infos))
    assert (found.title, found.words, found.severity) == (title, words, severity)
    assert found.number == "gd@example,GD-1,2026-09-08T12:00:00+08:00"
    assert found.defects == (() if infos else ("info is missing",))
