"""A copy of all stores on disk: one folder a service with a compressed file a table, and the manifest that ends it.

The files are PostgreSQL's own binary COPY format under gzip. The manifest is written last: a folder without one is no
copy.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from infra.errors import StackError
from infra.files import write_whole

MANIFEST = "manifest.json"


class CopyRefused(StackError):
    """No copy can be made there, or this one not be taken back; the message says why and what to do."""


class Table(BaseModel):
    """A table's file: its columns in order, its rows, and the SHA-256 of the compressed file (hex)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: Sequence[str]
    rows: int
    sha256: str


class Store(BaseModel):
    """A service's store: the migrations behind its schema (name → digest), where its events end, its last seal."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    migrations: Mapping[str, str]
    events: int
    last_position: int
    seal: str
    tables: Mapping[str, Table]

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(table.rows for table in self.tables.values())


class Manifest(BaseModel):
    """What a copy holds and of which instant."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    version: str
    made_at: datetime
    stores: Mapping[str, Store]


def file_of(folder: Path, service: str, table: str) -> Path:
    """Where a table's rows lie."""
    return folder / service / f"{table}.copy.gz"


def digest_of(file: Path) -> str:
    """The SHA-256 of what is on disk."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Makes a copy of what lies in the folder."""
    write_whole(folder / MANIFEST, manifest.model_dump_json(indent=1) + "\n", mode=0o600)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a copy. Raises CopyRefused."""
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except OSError as why:
        raise CopyRefused(
            f"{folder} không phải là bản sao lưu trọn vẹn: không đọc được {MANIFEST} ({why.strerror}).",
            f"{folder} is no whole copy: {MANIFEST} can't be read ({why.strerror}).",
        ) from why
    except ValidationError as why:
        fields = ", ".join(sorted({".".join(map(str, error["loc"])) for error in why.errors()}))
        raise CopyRefused(
            f"{folder / MANIFEST} không đúng dạng của phiên bản này: {fields}.",
            f"{folder / MANIFEST} is not as this version writes it: {fields}.",
        ) from why


def check_files(folder: Path, manifest: Manifest) -> Iterator[Path]:
    """Gives each file that is as the manifest says. Raises CopyRefused at the first that is not."""
    for service, store in manifest.stores.items():
        for name, table in store.tables.items():
            file = file_of(folder, service, name)
            if not file.is_file() or digest_of(file) != table.sha256:
                raise CopyRefused(
                    f"Tệp {file} thiếu hoặc khác với {MANIFEST}: bản sao lưu đã hỏng, dùng bản khác.",
                    f"The file {file} is missing or not as {MANIFEST} says: the copy is damaged, use another.",
                )
            yield file
