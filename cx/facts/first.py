"""The first batch of a dataset, loaded in one pass.

Where nothing is live there is nothing to compare with: rows go from the reader straight into the file that store and
mirror share, while the reader works ahead. Where a key turns out to occur twice the unit is rolled back, and the file
takes the ordinary way, which knows what to do with it.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cx.facts.batch import ImportBatch
from cx.facts.datasets import Dataset
from cx.facts.mirror import one, scan

T = TypeVar("T")
AHEAD = 2
_END = object()


class Repeated(Exception):
    """A key occurs a second time."""


def ahead(items: Iterable[T]) -> Iterator[T]:
    """The items, the next ones made in a thread of their own while one is worked on."""
    line: queue.Queue[Any] = queue.Queue(AHEAD)
    stop = threading.Event()

    def put(value: Any) -> None:
        while not stop.is_set():
            try:
                line.put(value, timeout=0.1)
                return
            except queue.Full:
                continue

    def work() -> None:
        try:
            for item in items:
                put((item, None))
                if stop.is_set():
                    return
        except BaseException as error:  # carried to the thread that waits, and raised there
            put((None, error))
        else:
            put((_END, None))

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    try:
        while True:
            item, error = line.get()
            if error is not None:
                raise error
            if item is _END:
                return
            yield item
    finally:
        stop.set()
        worker.join()


class Pass:
    """Writes the rows of one new batch into its file, a table at a time."""

    def __init__(self, kind: Dataset, batch: ImportBatch, file: Path) -> None:
        self.kind, self.batch, self.file, self.written = kind, batch, file, 0
        self.writer = pq.ParquetWriter(file, kind.mirrored, compression="snappy")
        self.low: Any = None
        self.high: Any = None
        self.last: str | None = ""  # the greatest key so far; None once they no longer ascend

    def take(self, rows: pa.Table) -> None:
        """Write the rows."""
        n = rows.num_rows
        first = self.batch.first_id + self.written
        columns = {"id": pa.array(np.arange(first, first + n)), "batch_id": pa.array(np.full(n, self.batch.id or 0, dtype="int64"))}
        table = pa.table([columns.get(f.name) if f.name in columns else rows[f.name] for f in self.kind.mirrored], schema=self.kind.mirrored)
        self.writer.write_table(table)
        self.last = _ascending(table["key"], self.last)
        seen = pc.min_max(table[self.kind.time]).as_py()
        self.low = min((v for v in (self.low, seen["min"]) if v is not None), default=None)
        self.high = max((v for v in (self.high, seen["max"]) if v is not None), default=None)
        self.written += n

    def close(self, bench: duckdb.DuckDBPyConnection) -> None:
        """Finish the file; raises Repeated where a key occurs a second time."""
        self.writer.close()
        if self.written and self.last is None and not distinct(self.file, "key", bench):
            raise Repeated


def _ascending(keys: pa.ChunkedArray, after: str | None) -> str | None:
    """The last key where each is greater than the one before, the first greater than `after`; else None."""
    if after is None or keys[0].as_py() <= after or (not pc.all(pc.less(keys[:-1], keys[1:])).as_py() and len(keys) > 1):
        return None
    return str(keys[-1].as_py())


def distinct(file: Path, columns: str, bench: duckdb.DuckDBPyConnection, where: str = "true") -> bool:
    """Whether no two rows of a Parquet file agree in these columns. By a hash of 64 bits: true is certain, false almost."""
    return bool(one(bench, f"SELECT count(*) = count(DISTINCT hash({columns})) FROM {scan([file])} WHERE {where}")[0])
