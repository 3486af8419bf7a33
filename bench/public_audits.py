"""What Lighthouse says of the public pages, where it and Node.js are there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from bench.figures import Figure

LIGHTHOUSE: Final = Path(".data/lighthouse/node_modules/.bin/lighthouse")
"""Where `deploy/lighthouse.sh` puts it."""
PAGES: Final = ("/tc/", "/en/", "/en/district/yuen-long/", "/en/data/")
_CATEGORIES: Final = ("performance", "accessibility", "best-practices", "seo")
_MOST_S: Final = 90
_CHROMIUM: Final = "--headless=new --no-sandbox --disable-gpu"


def audits(home: str) -> Iterator[Figure]:
    """Give the four scores of each page of the site at *home*, and what they were lowered by."""
    if not LIGHTHOUSE.exists() or shutil.which("node") is None:
        print(
            "   Lighthouse is not there (deploy/lighthouse.sh installs it): no scores", flush=True
        )
        return
    for path in PAGES:
        found = _audit(home + path)
        if found is None:
            print(f"   Lighthouse gave no scores of {path}", flush=True)
            continue
        for name in _CATEGORIES:
            category = found["categories"][name]
            score = (category["score"] or 0) * 100
            note = ", ".join(_lowering(found, category))
            yield Figure(f"Lighthouse, {path}: {name}", score, "of 100", note=note)


def _audit(url: str) -> dict[str, Any] | None:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        browser = shutil.which("chromium") or ""
        command = [
            *(str(LIGHTHOUSE), url, "--quiet", "--no-enable-error-reporting"),
            *("--output=json", f"--output-path={report}"),
            f"--only-categories={','.join(_CATEGORIES)}",
            f"--chrome-flags={_CHROMIUM}",
        ]
        environment = {**os.environ, "TMPDIR": folder}
        if browser:
            environment["CHROME_PATH"] = browser
        try:
            subprocess.run(command, env=environment, timeout=_MOST_S, check=True)
            found: dict[str, Any] = json.loads(report.read_bytes())
        except (subprocess.SubprocessError, OSError, ValueError):
            return None
    return found


def _lowering(found: dict[str, Any], category: dict[str, Any]) -> Iterator[str]:
    """Name what keeps *category* from 100."""
    for reference in category["auditRefs"]:
        audit = found["audits"][reference["id"]]
        if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
            words = audit.get("displayValue", "")
            yield f"{reference['id']} {words}".strip()
