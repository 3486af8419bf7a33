"""What the makers of public documents are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cop.config import Settings
from cop.model.text import Lang
from cop.services.publishing.picture import PublicPicture
from cop.ui.public.block import Block


@dataclass(frozen=True, slots=True)
class Context:
    """One edition of the public picture, as all its documents show it.

    Attributes:
        picture: the facts.
        settings: of the operation.
        series: id of the run of versions; another series begins anew.
        version: number of the edition in its series.
        blocks: the page's text in each language.
        files: logical name of a bundle (`app.js`, `map.js`, `page.css`…) to its address.
    """

    picture: PublicPicture
    settings: Settings
    series: str
    version: int
    blocks: Mapping[Lang, tuple[Block, ...]]
    files: Mapping[str, str]
