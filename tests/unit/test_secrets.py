"""No secret stands in the tree: every text that is kept is looked through."""

from __future__ import annotations

import contextlib
import math
import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
SHAPES: Final = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{40,}"),
    "a key of a cloud": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a token of a forge": re.compile(
        r"\b(?:gh[pousr]_\w{36,}|github_pat_\w{22,}|glpat-[\w-]{20,})"
    ),
    "a token of a chat": re.compile(r"\bxox[abeoprs]-[\w-]{10,}"),
    "a key of an API": re.compile(r"\b(?:sk|rk|pk)_(?:live|test)_\w{16,}|\bAIza[\w-]{35}\b"),
    "a signed token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}"),
    "a password in an address": re.compile(
        r"\b[a-z][a-z0-9+]+://[^\s:/@'\"{}$<>]+:([^\s@/'\"{}$<>]{8,})@"
    ),
}
"""What is a secret by its shape."""
NAMED: Final = re.compile(
    r"(?i)\b\w*(?:secret|passw(?:or)?d|token|api_?key|private_?key)\w*[\"']?\s*[:=]\s*"
    r"[\"']([A-Za-z0-9+/_=-]{20,})[\"']"
)
"""What is called a secret and looks random."""
LEAST_ENTROPY: Final = 4.0
"""Bits a character of what is random; words and names have fewer."""
SKIPPED: Final = (".png", ".jpg", ".webp", ".onnx", ".gz", ".parquet", ".gpkg", ".lock", ".woff2")
PUBLISHED: Final = frozenset(
    {
        "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",  # RFC 8291, its example
        "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94",
    }
)
"""Keys that stand in the examples of standards."""


def kept() -> list[Path]:
    """List the files that are kept, or, where there is no git, all that may be."""
    listed = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        return [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    folders = ("assets", "bench", "cop", "deploy", "docs", "tests", "tools", "workers")
    found = [path for folder in folders for path in (ROOT / folder).rglob("*")]
    return [*found, *(path for path in ROOT.iterdir() if path.name != ".env")]


def entropy(words: str) -> float:
    """Give the bits a character of *words*."""
    size = len(words)
    return -sum(n / size * math.log2(n / size) for n in Counter(words).values())


def secrets_in(text: str) -> list[str]:
    """Say what in *text* is a secret, without repeating it whole."""
    found = []
    for what, shape in SHAPES.items():
        for match in shape.finditer(text):
            said = match[1] if match.lastindex else match[0]
            if said not in PUBLISHED:
                found.append(f"{what}: {said[:12]}…")
    found += [
        f"called a secret: {match[0][:40]}…"
        for match in NAMED.finditer(text)
        if match[1] not in PUBLISHED and entropy(match[1]) >= LEAST_ENTROPY
    ]
    return found


def test_no_secret_is_in_the_tree() -> None:
    """Nothing that is kept has the shape of a secret, or is called one and looks random."""
    found = {}
    for path in kept():
        # what others make meanwhile may be gone again
        with contextlib.suppress(FileNotFoundError):
            if path.suffix in SKIPPED or not path.is_file() or path.stat().st_size > 4_000_000:
                continue
            secrets = secrets_in(path.read_text("utf-8", errors="ignore"))
            if secrets:
                found[str(path.relative_to(ROOT))] = secrets
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN ~PRIVATE KEY-----\n" + "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg" * 2,
        "aws = AKIA~IOSFODNN7EXAMPLE",
        "ghp_~x8Kq2mVb7Nw4Rt9Lz3Jc6Hf1Dg5Sp0Ya2Qe4",
        "redis:~//web:9f8e7d6c5b4a@redis:6379/0",
        'CLIENT_SECRET = "q7Zr~4Tn9Wk2Bx8Vm5Lc1Jd6Hs3Pf0"',
        "eyJhbGciOiJIUzI1~NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
    ],
    ids=["key", "cloud", "forge", "address", "named", "signed"],
)
def test_a_secret_would_be_found(text: str) -> None:
    """Each sort of secret is noticed; here each is broken by a mark, or it would be one."""
    assert secrets_in(text.replace("~", ""))
