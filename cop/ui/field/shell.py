"""The HTML of the phone's page: a frame that says something at once, then its scripts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from cop.model.text import Lang

_HEAD: Final = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<title>聯合運作平台 COP</title>
<meta name="robots" content="noindex">
<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#0d1319">
<meta name="theme-color" media="(prefers-color-scheme: light)" content="#ffffff">
<meta name="mobile-web-app-capable" content="yes">
<meta name="apple-mobile-web-app-capable" content="yes">
<meta name="apple-mobile-web-app-status-bar-style" content="black">
<meta name="apple-mobile-web-app-title" content="COP">
<meta name="format-detection" content="telephone=no">
<link rel="manifest" href="/field/manifest.webmanifest">
<link rel="icon" href="/field/icons/192.png" type="image/png">
<link rel="apple-touch-icon" href="/field/icons/192.png">
"""
_BODY: Final = """</head>
<body class="field">
<header id="f-head"><p id="f-exercise" hidden></p>
<div id="f-bar"><button id="f-back" type="button" hidden></button><h1 id="f-title">COP</h1>
<p id="f-link" role="status"></p></div>
<p id="f-age" hidden></p></header>
<p id="f-notice" role="alert" hidden></p>
<main id="f-main" tabindex="-1"><p class="f-loading">載入中 · Loading · 载入中</p></main>
<nav id="f-tabs" hidden></nav>
<div id="f-toast" role="status"></div>
<p id="f-said" class="f-said" role="status"></p>
<noscript><p class="f-loading">請啟用 JavaScript。 Allow JavaScript for this page.
请启用 JavaScript。</p></noscript>
"""


def shell(lang: Lang, config: Mapping[str, Any], script: str, styles: str) -> str:
    """Give the whole document in *lang*; *script* and *styles* are names of bundles.

    The duty is asked for while the scripts are still on their way.
    """
    told = orjson.dumps(config).decode().replace("<", "\\u003c")
    return (
        f'{_HEAD.replace("{lang}", lang)}<link rel="stylesheet" href="/field/{styles}">\n'
        '<link rel="preload" as="fetch" crossorigin="anonymous" href="/api/v1/me/duty">\n'
        f'<script src="/field/{script}" defer></script>\n'
        f'{_BODY}<script type="application/json" id="cop-config">{told}</script>\n'
        "</body>\n</html>\n"
    )
