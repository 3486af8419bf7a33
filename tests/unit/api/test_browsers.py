from __future__ import annotations

import pytest

from cop.api.browsers import name_browser

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/143.0.0.0 Safari/537.36",
            "Chrome 143 · Windows",
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/143.0 Safari/537.36 Edg/143.0",
            "Edge 143 · Windows",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 15) {WEBKIT} SamsungBrowser/28.0 Chrome/130.0 Mobile",
            "Samsung Internet 28 · Android",
        ),
        (
            f"Mozilla/5.0 (iPhone; like Mac OS X) {WEBKIT} Version/18.5 Mobile/15E148 Safari/604.1",
            "Safari 18 · iPhone",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox 140 · macOS",
        ),
        (
            f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} HeadlessChrome/143.0 Safari/537.36",
            "Chrome 143 · Linux",
        ),
        ("python-httpx/0.28.1", "python-httpx/0.28.1"),
        ("", ""),
        ("bell\x07 and\nline", "bell andline"),
    ],
)
def test_browsers_are_named_in_a_few_words(said: str, name: str) -> None:
    """People recognise their own browser; a program is called what it calls itself."""
    assert name_browser(said) == name


def test_nothing_long_is_kept() -> None:
    """Whatever is said, at most 80 characters of it are kept."""
    assert len(name_browser("x" * 5000)) == 80
