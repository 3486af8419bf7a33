"""What axe finds wrong with a page: the rules of WCAG that a machine can check, in both dresses."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page

from tests.browser.board import lasting

LANGS: Final = ("en", "zh-Hant", "zh-Hans")
ALL: Final = ("wcag22aa", "best-practice")
"""Rules that the field's and the public's pages keep besides."""

_AXE: Final = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
_RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")
_RUN: Final = """({ only, colours }) => axe.run(document, {
  runOnly: only,
  rules: colours === null ? {} : { "color-contrast": { enabled: colours } },
  resultTypes: ["violations"],
  preload: false,
}).then(({ violations }) => violations.map(({ id, nodes }) =>
  `${id}: ${nodes.slice(0, 4).map((n) => `${n.target.join(" ")} ${
    n.any.map((a) => a.message).join(" ").slice(0, 160)}`).join(" | ")}`))"""
_DRESS: Final = """async (theme) => {
  const frame = () => new Promise(requestAnimationFrame);
  if (window.cop?.setTheme) cop.setTheme(theme);
  await frame().then(frame); // in which the page hears what the device is set to
  const turning = document.getAnimations().filter((one) => one instanceof CSSTransition);
  await Promise.allSettled(turning.map((one) => one.finished));
  return document.documentElement.dataset.theme ?? theme;
}"""


def dress(page: Page, theme: str) -> None:
    """Let the page wear *theme*, "light" or "dark", and wait until no colour turns any more."""
    page.emulate_media(color_scheme="light" if theme == "light" else "dark")
    assert page.evaluate(_DRESS, theme) == theme


def broken(page: Page, *, colours: bool = True, also: Sequence[str] = ()) -> list[str]:
    """Give what axe finds wrong with the page, once nothing rises, glows or fades any more.

    All rules, and those *also*, are asked once; contrast in the light and in the dark dress, which
    the page then wears. Without *colours* contrast is left out: for what has been seen in another
    language.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE)
    rules: dict[str, Any] = {"only": [*_RULES, *also], "colours": colours}
    if not colours:
        return _found(page, rules)
    dress(page, "light")
    found = [f"light: {fault}" for fault in _found(page, rules)]
    dress(page, "dark")
    contrast = {"only": {"type": "rule", "values": ["color-contrast"]}, "colours": None}
    return found + [f"dark: {fault}" for fault in _found(page, contrast)]


def _found(page: Page, options: dict[str, Any]) -> list[str]:
    return lasting(lambda: page.evaluate(_RUN, options))
