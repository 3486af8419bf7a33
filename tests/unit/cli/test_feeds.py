from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cop.cli import main
from workers.registry import feed_keys, find_feed

AQHI = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>AQHI</title>
<lastBuildDate>Tue, 08 Sep 2026 09:30:00 +0800</lastBuildDate>
<item><title>Tap Mun : 3 : Low</title><guid>1</guid>
<pubDate>Tue, 08 Sep 2026 09:30:00 +0800</pubDate>
<description><![CDATA[<p>Tap Mun - General Stations: 3 Low - Tue, 08 Sep 2026 09:30</p>]]>
</description></item></channel></rss>
"""


def cop(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, list(arguments))


def test_lists_every_feed() -> None:
    """The list shows every feed with its promise."""
    shown = cop("feeds", "list")
    assert shown.exit_code == 0
    assert [line.split()[0] for line in shown.output.splitlines()[1:]] == list(feed_keys())
    assert "STALE AFTER" in shown.output.splitlines()[0]


def test_lists_as_json() -> None:
    """For machines the list is one JSON array, with the addresses."""
    rows = {row["key"]: row for row in json.loads(cop("feeds", "list", "--json").output)}
    assert rows.keys() == set(feed_keys())
    feed = find_feed("epd_aqhi")
    assert rows["epd_aqhi"]["every_s"] == feed.every.total_seconds()
    assert rows["epd_aqhi"]["sources"] == [source.url for source in feed.sources]


def test_parses_a_file(tmp_path: Path) -> None:
    """A file becomes one GeoJSON FeatureCollection with a report of every row."""
    file = tmp_path / "aqhi.xml"
    file.write_text(AQHI)
    answer = cop("feeds", "parse", "epd_aqhi", str(file), "--at", "2026-09-08T01:40:00Z")
    assert answer.exit_code == 0, answer.output
    collection = json.loads(answer.output)
    assert collection["type"] == "FeatureCollection"
    assert collection["report"] == {"taken": 1, "ignored": [], "refused": []}
    (feature,) = collection["features"]
    assert feature["type"] == "Feature"
    assert feature["id"].startswith("epd_aqhi:")
    assert feature["properties"]["kind"] == "observation"
    assert feature["properties"]["observed_at"] == "2026-09-08T01:30:00Z"


@pytest.mark.parametrize(
    ("body", "arguments", "reason"),
    [
        (AQHI[:200], ("parse", "epd_aqhi", "rss.en={file}"), ""),
        ("<html>", ("parse", "epd_aqhi", "rss.en={file}"), "web page"),
        (AQHI, ("parse", "epd_aqhi", "{file}.missing"), "No such file"),
        (AQHI, ("parse", "epd_aqhi", "{file}", "--at", "noon"), "not a time"),
        (AQHI, ("parse", "epd_aqhi", "{file}", "--at", "2026-09-08T01:40:00"), "add the zone"),
        (AQHI, ("parse", "epd_aqi", "{file}"), "did you mean epd_aqhi"),
    ],
)
def test_says_why_not(tmp_path: Path, body: str, arguments: tuple[str, ...], reason: str) -> None:
    """What cannot be parsed gives one line and exit code 1, without a traceback."""
    file = tmp_path / "aqhi.xml"
    file.write_text(body)
    answer = cop("feeds", *(argument.format(file=file) for argument in arguments))
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: ")
    assert reason in answer.output
    assert len(answer.output.splitlines()) == 1
