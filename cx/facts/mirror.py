"""The columnar mirror: one immutable Parquet file a live batch, named by the batch and its version.

    mirror/<dataset>/<batch>-<version>.parquet

The mirror is right exactly when its files are those the store names. A file is written whole under another name, made
durable, then renamed; a file nobody names is litter. Losing the folder costs time and no data: it is rebuilt from the store.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
from sqlmodel import Session, select

from cx.errors import StoreError
from cx.facts import blocks
from cx.facts.batch import ImportBatch
from cx.facts.datasets import DATASETS, Dataset
from cx.settings import settings
from cx.store.engine import FULL, database_file, reading, store_url, writing

GRACE_SECONDS = 600
FULL_DISK = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
MEMORY = "700MB"
# How DuckDB calls the types of a fact column.
SQL = {"string": "VARCHAR", "double": "DOUBLE", "int64": "BIGINT", "bool": "BOOLEAN", "timestamp[us]": "TIMESTAMP"}
GROUP = 30_720  # rows that are read or left out together
PARQUET = f"FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE {GROUP}"


@dataclass(frozen=True)
class File:
    """One mirror file as the store names it."""

    batch: int
    version: int
    live: int


def folder(url: str | None = None) -> Path:
    """Where the mirror of a store lives: beside its SQLite file, or in the data folder under the store's fingerprint."""
    file = database_file(url)
    if file is not None:
        return file.parent / f"{file.stem}.mirror"
    return settings().data_dir / f"mirror-{hashlib.sha256(store_url(url).encode()).hexdigest()[:12]}"


def path(dataset: str, batch: int, version: int, url: str | None = None) -> Path:
    """The file of one version of one batch."""
    return folder(url) / dataset / f"{batch}-{version}.parquet"


@contextmanager
def staging(url: str | None = None) -> Iterator[Path]:
    """A file to write to that no reader sees; removed afterwards if it is still there."""
    place = folder(url) / ".staging"
    place.mkdir(parents=True, exist_ok=True)
    file = place / f"{os.getpid()}-{uuid.uuid4().hex}.parquet"
    try:
        yield file
    finally:
        file.unlink(missing_ok=True)


def publish(staged: Path, dataset: str, batch: int, version: int, url: str | None = None) -> Path:
    """Make a staged file durable and give it its name."""
    target = path(dataset, batch, version, url)
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(staged, "rb") as handle:
        os.fsync(handle.fileno())
    os.replace(staged, target)
    directory = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
    return target


@contextmanager
def workbench(url: str | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB connection for bulk work, of bounded memory, that spills beside the mirror."""
    place = folder(url) / ".staging"
    place.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(place / f"spill-{os.getpid()}")})
    try:
        connection.execute("SET preserve_insertion_order=true; SET TimeZone='UTC'; SET enable_progress_bar=false")
        yield connection
    finally:
        connection.close()


@contextmanager
def enough_room() -> Iterator[None]:
    """Where the disk is full while files are written, say so in one sentence: StoreError."""
    try:
        yield
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        if getattr(error, "errno", None) in FULL_DISK or "No space left" in str(error) or "File too large" in str(error):
            raise StoreError(FULL) from error
        raise


def one(bench: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    """The only row of a query; the result is read to its end, which DuckDB wants before the connection is used again."""
    (row,) = bench.execute(query).fetchall()
    return tuple(row)


def quoted(value: str | Path) -> str:
    """A string literal of SQL."""
    return "'" + str(value).replace("'", "''") + "'"


def scan(paths: Iterable[Path]) -> str:
    """The SQL that reads these Parquet files as one table."""
    return f"read_parquet([{', '.join(quoted(p) for p in paths)}])"


def order(dataset: Dataset) -> str:
    """How the rows of a file that is written anew are sorted: by time, so that those of a period lie together."""
    return f"{dataset.time}, id"


def scattered(kind: Dataset, file: Path) -> bool:
    """Whether the groups of rows of a file lie over one another in time: half of them, or more, share their middle with another."""
    spans = spread(kind, file)
    over = sorted(sum(low <= first + (last - first) / 2 <= high for low, high in spans) for first, last in spans)
    return bool(over) and over[len(over) // 2] > 1


def spread(kind: Dataset, file: Path) -> list[tuple[datetime, datetime]]:
    """The first and the last moment of each group of rows, where the file says so."""
    held = pq.read_metadata(file)
    place = held.schema.names.index(kind.time)
    told = [held.row_group(i).column(place).statistics for i in range(held.num_row_groups)]
    return [(one.min, one.max) for one in told if one is not None and one.has_min_max]


def shown(batches: Iterable[ImportBatch]) -> list[ImportBatch]:
    """The live batches that count: the demo company's only while there is nothing else, so that it never mixes with real data."""
    live = [b for b in batches if b.live > 0]
    real = [b for b in live if not b.demo]
    return real or live


def ensure(dataset: str, wanted: Iterable[File], url: str | None = None) -> list[Path]:
    """The paths of these files, rebuilding those that are not there or were written before a column came to the dataset."""
    paths = []
    for file in wanted:
        target = path(dataset, file.batch, file.version, url)
        if not target.exists() or not _complete(target, dataset):
            rebuild(DATASETS[dataset], file, url)
        paths.append(target)
    return paths


@lru_cache(maxsize=4096)
def _complete(file: Path, dataset: str) -> bool:
    return pq.read_schema(file).names == DATASETS[dataset].mirrored.names


def rebuild(dataset: Dataset, file: File, url: str | None = None) -> None:
    """Write the file of one batch from the store."""
    with reading(url) as session, staging(url) as staged:
        batch = session.get(ImportBatch, file.batch)
        if batch is None or batch.version != file.version:
            return  # the batch moved on while we looked; the caller reads the list again
        export(session, dataset, file.batch, staged, url)
        publish(staged, dataset.name, file.batch, file.version, url)
        _complete.cache_clear()


def export(session: Session, dataset: Dataset, batch: int, target: Path, url: str | None = None) -> None:
    """Write the live rows of a batch, as the store keeps them, to a Parquet file."""
    blocks.fetch(session, batch, target)
    gone = blocks.replaced(session, batch)
    if not gone.num_rows and pq.read_schema(target).names == dataset.mirrored.names and not scattered(dataset, target):
        return
    with staging(url) as kept, workbench(url) as bench:
        bench.register("gone", gone)
        bench.execute(f"COPY ({conformed(dataset, target)} WHERE id NOT IN (SELECT id FROM gone) ORDER BY {order(dataset)}) TO {quoted(kept)} ({PARQUET})")
        os.replace(kept, target)


def conformed(dataset: Dataset, file: Path) -> str:
    """The SQL that reads a kept file with the columns the dataset has now; those it lacks are empty."""
    there = set(pq.read_schema(file).names)
    columns = ", ".join(f.name if f.name in there else f"NULL::{SQL[str(f.type)]} AS {f.name}" for f in dataset.mirrored)
    return f"SELECT {columns} FROM {scan([file])}"


def sweep(session: Session, url: str | None = None, grace: float = GRACE_SECONDS) -> int:
    """Remove files that the store does not name and nobody has touched for `grace` seconds; returns how many."""
    named = {(b.dataset, b.id, b.version) for b in session.exec(select(ImportBatch).where(ImportBatch.live > 0))}
    keep = {path(dataset, int(batch or 0), version, url) for dataset, batch, version in named}
    limit, removed = time.time() - grace, 0
    for file in folder(url).glob("*/*.parquet") if folder(url).exists() else ():
        if file not in keep and file.stat().st_mtime <= limit:
            file.unlink(missing_ok=True)
            removed += 1
    return removed


def discard(url: str | None = None) -> None:
    """Remove the mirror whole: of another state of the store it may hold other rows under the same names."""
    shutil.rmtree(folder(url), ignore_errors=True)
    _complete.cache_clear()


def recover(url: str | None = None) -> int:
    """Clean up after a crash: under the writer's lock nothing can be half done, so every file that is not named may go."""
    with writing(url) as session:
        return sweep(session, url, grace=0) if folder(url).exists() else 0
