"""What browsers call themselves, in a few words that people recognise."""

from __future__ import annotations

import re
from typing import Final

MOST_CHARACTERS: Final = 80

_BROWSERS: Final = (  # most of them also call themselves the ones below
    ("Edge", re.compile(r"\bEdg(?:e|A|iOS)?/(\d{1,4})")),
    ("Samsung Internet", re.compile(r"\bSamsungBrowser/(\d{1,4})")),
    ("Opera", re.compile(r"\bOPR/(\d{1,4})")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS)/(\d{1,4})")),
    ("Chrome", re.compile(r"\b(?:Headless)?(?:Chrome|CriOS)/(\d{1,4})")),
    ("Safari", re.compile(r"\bVersion/(\d{1,4})[\d.]* (?:Mobile/\S+ )?Safari/")),
)
_SYSTEMS: Final = (
    ("Android", re.compile(r"\bAndroid\b")),
    ("iPhone", re.compile(r"\biPhone\b")),
    ("iPad", re.compile(r"\biPad\b")),
    ("Windows", re.compile(r"\bWindows\b")),
    ("ChromeOS", re.compile(r"\bCrOS\b")),
    ("macOS", re.compile(r"\bMac OS X\b")),
    ("Linux", re.compile(r"\bLinux\b")),
)


def name_browser(user_agent: str) -> str:
    """Give browser and system, such as `Chrome 143 · Android`, in at most 80 characters.

    A program that is no browser is called what it calls itself; "" where it says nothing.
    """
    browser = next(
        (f"{name} {found[1]}" for name, known in _BROWSERS if (found := known.search(user_agent))),
        "",
    )
    system = next((name for name, known in _SYSTEMS if known.search(user_agent)), "")
    words = " · ".join(filter(None, (browser, system))) if browser else user_agent
    return "".join(filter(str.isprintable, words)).strip()[:MOST_CHARACTERS]
