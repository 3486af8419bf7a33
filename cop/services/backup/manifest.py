"""What a backup says of itself, and whether that is true."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final, Literal
from zipfile import BadZipFile, ZipFile

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from cop.errors import Misconfigured
from cop.store.format import FORMAT as STORED_FORMAT

FORMAT: Final = 1
"""Of the archive: what stands in it under which name."""

MANIFEST: Final = "manifest.json"
ACCOUNTS: Final = "redis/accounts.resp"
DATA: Final = "data/"
"""Below this are the files of the data directory."""

CHUNK: Final = 1024 * 1024
_MOST_MANIFEST_BYTES: Final = 256 * 1024 * 1024


def operation_member(operation: str) -> str:
    """Name the part of the archive that is what Redis held of *operation*."""
    return f"redis/operation/{operation}.resp"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Content(_Part):
    """Size and SHA-256, hexadecimal, of one part of the archive."""

    bytes: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class OperationCopy(_Part):
    """One operation.

    Attributes:
        format: in which its store was.
        cursor: of the last event in the copy; everything in Redis is as it was then.
        journal_number, journal_hash: of the journal's last entry in it.
        entities: how many stand on the picture.
    """

    format: int = Field(ge=1)
    cursor: str = Field(pattern=r"^\d{1,20}-\d{1,20}$")
    journal_number: int = Field(ge=0)
    journal_hash: str
    entities: int = Field(ge=0)


class Manifest(_Part):
    """What is in a backup.

    Attributes:
        format: of the archive.
        made_at: the real time at which it was begun.
        program: version of the program that made it.
        operations: by id.
        files: by name in the archive, all but the manifest.
    """

    kind: Literal["cop-backup"] = "cop-backup"
    format: int = FORMAT
    made_at: AwareDatetime
    program: str
    operations: dict[str, OperationCopy]
    files: dict[str, Content]


class _Heading(BaseModel):
    """As much of any manifest as tells whether the rest can be read."""

    kind: Literal["cop-backup"]
    format: int


def read_checked(archive: ZipFile) -> Manifest:
    """Give the manifest of *archive*, all of which has been read and compared with it.

    Raises:
        Misconfigured: it is no backup, one of a newer program, or not whole.
    """
    try:
        manifest = _read(archive)
        for name, content in manifest.files.items():
            if _content(archive, name, content.bytes) != content:
                raise Misconfigured(f"the backup is damaged: {name} is not what was written")
    except (BadZipFile, KeyError, OSError, EOFError, ValueError) as error:
        raise Misconfigured(f"the backup is damaged, or is none: {error}") from error
    return manifest


def _read(archive: ZipFile) -> Manifest:
    if archive.getinfo(MANIFEST).file_size > _MOST_MANIFEST_BYTES:
        raise Misconfigured("this is no backup: its manifest is too long")
    body = archive.read(MANIFEST)
    try:
        heading = _Heading.model_validate_json(body)
        if heading.format != FORMAT:
            raise Misconfigured(
                f"this backup has format {heading.format}, and this program reads format {FORMAT}:"
                " take the program that made it"
            )
        manifest = Manifest.model_validate_json(body)
    except ValidationError as error:
        raise Misconfigured("the backup is damaged, or is none: no manifest") from error
    for operation, copy in manifest.operations.items():
        if copy.format > STORED_FORMAT:
            raise Misconfigured(
                f"operation {operation!r} was stored by a newer program (format {copy.format},"
                f" this one knows up to {STORED_FORMAT}): take that one"
            )
    wanted = {ACCOUNTS, *map(operation_member, manifest.operations)}
    other = [name for name in manifest.files if name not in wanted and not _is_data(name)]
    names = archive.namelist()
    if other or not wanted <= manifest.files.keys():
        raise Misconfigured("the backup is damaged: its manifest does not fit a backup")
    if len(names) != len(set(names)) or set(names) != {MANIFEST, *manifest.files}:
        raise Misconfigured("the backup is damaged: it holds other parts than its manifest names")
    return manifest


def _is_data(name: str) -> bool:
    """Tell whether *name* is a file below the data directory, and stays there."""
    parts = PurePosixPath(name).parts
    plain = name == "/".join(parts) and not {"..", "."} & set(parts)
    return name.startswith(DATA) and len(parts) > 1 and plain and "\\" not in name


def data_path(data: Path, name: str) -> Path:
    """Give where the part *name* of the archive belongs below the data directory *data*."""
    return data.joinpath(*PurePosixPath(name).parts[1:])


def _content(archive: ZipFile, name: str, most: int) -> Content:
    """Read one part; no more of it than it may have."""
    seen, size = hashlib.sha256(), 0
    for piece in pieces(archive, name):
        size += len(piece)
        seen.update(piece)
        if size > most:
            break
    return Content(bytes=size, sha256=seen.hexdigest())


def pieces(archive: ZipFile, name: str) -> Iterator[bytes]:
    """Give the bytes of one part, bit by bit."""
    with archive.open(name) as part:
        while piece := part.read(CHUNK):
            yield piece
