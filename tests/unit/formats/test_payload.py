"""Bytes to text, JSON and XML."""

import pytest

from cop.errors import PayloadError
from cop.formats.payload import (
    child_text,
    decode_text,
    fold_radicals,
    is_html,
    read_json,
    read_object,
    read_xml,
)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \r\n",
        b"\xef\xbb\xbf",
        b"<!DOCTYPE html><html></html>",
        b"\xef\xbb\xbf\n<HTML lang=en>",
        b"{",
        b'{"a":NaN}',
        b'{"a":1} x',
        b"[" * 200 + b"]" * 200,
        b'{"a":' * 90 + b"1" + b"}" * 90,
    ],
)
def test_json_that_is_none_is_refused(body: bytes) -> None:
    """Empty, a page, truncated, NaN, trailing bytes or absurd depth: each is a payload error."""
    with pytest.raises(PayloadError):
        read_json(body)


def test_json_with_mark_or_utf16_is_read() -> None:
    """A byte order mark, even doubled, and UTF-16 do not matter."""
    assert read_json(b"\xef\xbb\xbf\xef\xbb\xbf" + b'{"a":1}') == {"a": 1}
    assert read_json('{"a":"馬"}'.encode("utf-16")) == {"a": "馬"}


def test_json_array_is_no_object() -> None:
    """Where an object is expected an array is refused, not read as nothing."""
    with pytest.raises(PayloadError, match="object"):
        read_object(b"[]")


def test_radicals_are_folded_and_punctuation_is_not() -> None:
    """The radical for horse becomes the character; full-width marks stay full width."""
    assert fold_radicals("⾺頭圍道，（東行）") == "馬頭圍道，（東行）"
    assert read_json('{"a":"⾺"}'.encode()) == {"a": "馬"}
    assert read_xml("<a>⾺</a>".encode()).text == "馬"


@pytest.mark.parametrize(
    "body",
    [
        "暴雨".encode(),
        b"\xef\xbb\xbf" + "暴雨".encode(),
        "暴雨".encode("big5hkscs"),
        b"\xff\xfe\xff\xfe" + "暴雨".encode("utf-16-le"),
        b"\xfe\xff" + "暴雨".encode("utf-16-be"),
    ],
)
def test_text_is_decoded_from_what_publishers_send(body: bytes) -> None:
    """UTF-8, Big5 and UTF-16 with one or two marks give the same words."""
    assert decode_text(body) == "暴雨"


def test_utf16_without_mark_is_guessed() -> None:
    """Zero bytes in every other place give UTF-16 away."""
    assert decode_text("key\tname\tregion".encode("utf-16-le")) == "key\tname\tregion"


def test_page_is_told_from_xml() -> None:
    """Only documents that begin as a web page are one."""
    assert is_html(b"  <html>")
    assert is_html(b"<!-- moved --> <!-- again -->\n<!DOCTYPE HTML>")
    assert not is_html(b"<!---->" * 5000 + b"x")
    assert not is_html(b"<?xml version='1.0'?><htmlx/>")
    assert not is_html(b"<list><html/></list>")


@pytest.mark.parametrize(
    "body",
    [
        b"<a>",
        b"<a/><b/>",
        b"<a>&lol;</a>",
        b'<!DOCTYPE a [<!ENTITY lol "x">]><a>&lol;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<html><body/></html>",
        b"not xml",
        b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a [+ADwAIQ-ENTITY x "y">]><a/>',
    ],
)
def test_xml_that_is_broken_or_has_entities_is_refused(body: bytes) -> None:
    """Broken mark-up is not repaired and no document type or entity is let in."""
    with pytest.raises(PayloadError):
        read_xml(body)


def test_xml_root_is_checked_by_local_name() -> None:
    """White space before the declaration is forgiven, another root is not."""
    body = b'\n <?xml version="1.0" encoding="UTF-8"?><l:list xmlns:l="x"><m>1</m></l:list>'
    assert child_text(read_xml(body, root="list"), "m") == "1"
    with pytest.raises(PayloadError, match="root element is 'list'"):
        read_xml(body, root=("alert", "feed"))
