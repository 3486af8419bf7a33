"""Government press releases and news, and the shelters that they tell of."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Final

from cop.model.text import Lang, Text, text
from cop.reference.tables import default_sites, default_table
from workers.simulate.ask import Ask, local, say_in, xml
from workers.simulate.observatory_files import BOM
from workers.simulate.story import SYNTHETIC, Said, Sheltered, Story, latest
from workers.simulate.weather import place_of

KEPT: Final = timedelta(hours=36)
"""How long a release stays in the feed."""


def _table(shelters: Iterable[Sheltered], *, english: bool) -> str:
    lines = []
    for shelter in shelters:
        site = default_table("community_halls")[shelter.hall]
        lang: Lang = "en" if english else "zh-Hant"
        lines.append(f"{site.name[lang]}\t{site.words['address'][lang]}")
    return "\n".join(lines)


def _opened(at: datetime, shelters: list[Sheltered]) -> Said:
    return Said(
        at,
        text("HAD opens temporary shelters", "民政事務總署開放臨時庇護中心"),
        text(
            "The Home Affairs Department has opened the following temporary shelters for people"
            f" in need:\n\nName\tAddress\n{_table(shelters, english=True)}\n\n"
            "For enquiries, please contact the hotline on 2572 8427.",
            "民政事務總署已開放以下臨時庇護中心，供有需要的市民使用：\n\n名稱\t地址\n"
            f"{_table(shelters, english=False)}\n\n如有查詢，請致電熱線2572 8427。",
        ),
        SYNTHETIC,
    )


def _closed(at: datetime, shelters: list[Sheltered]) -> Said:
    halls = default_table("community_halls")
    names = [halls[shelter.hall].name for shelter in shelters]
    return Said(
        at,
        text("HAD closes temporary shelters", "民政事務總署關閉臨時庇護中心"),
        text(
            "\n".join(
                f"The temporary shelter at {n['en']} opened earlier has been closed." for n in names
            ),
            "\n".join(f"較早前已開放的{n['zh-Hant']}臨時庇護中心現已關閉。" for n in names),
        ),
        SYNTHETIC,
    )


def shelter_releases(story: Story) -> list[Said]:
    """Write a release for each time at which shelters open or close."""
    opening: dict[datetime, list[Sheltered]] = {}
    closing: dict[datetime, list[Sheltered]] = {}
    for shelter in story.shelters:
        opening.setdefault(shelter.start, []).append(shelter)
        closing.setdefault(shelter.end, []).append(shelter)
    releases = [_opened(at, shelters) for at, shelters in opening.items()]
    return releases + [_closed(at, shelters) for at, shelters in closing.items()]


def _html(body: str) -> str:
    return "<p>" + xml(body).replace("\n\n", "</p><p>").replace("\n", "<br />\n") + "</p>"


def _all(story: Story) -> list[Said]:
    return sorted([*story.releases, *shelter_releases(story)], key=lambda said: said.at)


def press(story: Story, ask: Ask) -> bytes:
    """Give the press releases of the last day and a half."""
    everything = _all(story)
    suffix = "p" if ask.lang != "en" else ""
    items = []
    for said in latest(everything, ask.at, KEPT):
        title, body = say_in(ask, said.title), say_in(ask, said.body)
        at = local(said.at)
        number = f"P{at:%Y%m%d}{90_000 + everything.index(said):05}"
        link = f"https://www.info.gov.hk/gia/general/{at:%Y%m/%d}/{number}{suffix}.htm"
        items.append(
            f"<item><title><![CDATA[{title}]]></title><link>{link}</link><guid>{link}</guid>"
            f"<pubDate>{format_datetime(at)}</pubDate>"
            f"<description><![CDATA[{_html(body)}]]></description></item>\n"
        )
    newest = max((said.at for said in everything if said.at <= ask.at), default=story.start)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
        "<title>Press releases</title><link>https://www.info.gov.hk/</link>"
        f"<lastBuildDate>{format_datetime(local(newest))}</lastBuildDate>{''.join(items)}</channel></rss>"
    ).encode()


def news(story: Story, ask: Ask) -> bytes:
    """Give the news site's articles; all of the scenario's are in one category."""
    items = []
    if "environment" in ask.path or "law_order" in ask.path:
        for number, said in enumerate(latest(story.releases, ask.at, KEPT)):
            title, body = say_in(ask, said.title), say_in(ask, said.body)
            at = local(said.at)
            identity = f"{at:%Y%m%d_%H%M%S}_{(hash_of(said.title) + number) % 900 + 100}"
            folder = "chi" if "/chi/" in ask.path else "eng"
            link = f"https://www.news.gov.hk/{folder}/{at:%Y/%m/%Y%m%d}/{identity}.html"
            midnight = format_datetime(at.replace(hour=0, minute=0, second=0))
            items.append(
                f"<item><objectId>{identity}</objectId><title><![CDATA[{title}]]></title>"
                f"<guid>{link}</guid><pubDate>{midnight}</pubDate>"
                f"<description><![CDATA[{_html(body)}]]></description></item>\n"
            )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
        f"<title>News</title><link>/</link>{''.join(items)}</channel></rss>"
    ).encode()


def hash_of(words: Text) -> int:
    """Give a number that belongs to *words*, the same in every process."""
    return sum(map(ord, "".join(words.values())))


def halls(_story: Story, ask: Ask) -> bytes:
    """Give the list of community halls; the cold and heat shelter lists have every fourth one."""
    sites = default_sites("community_halls")
    chosen = sites if "chcc" in ask.path else sites[::4]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["Name_Eng", "Name_Chi", "Address_Eng", "Address_Chi", "Latitude", "Longitude"])
    for site in chosen:
        lon, lat = place_of(site)
        address = site.words.get("address", {})
        names = [site.name["en"], site.name["zh-Hant"]]
        writer.writerow([*names, address.get("en", ""), address.get("zh-Hant", ""), lat, lon])
    return BOM + out.getvalue().encode()
