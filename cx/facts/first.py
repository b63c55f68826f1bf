"""The first batch of a dataset, loaded in one pass.

Where nothing is live there is nothing to compare with: rows go from the reader straight into the store and the mirror
file, while the reader works ahead. That no key occurs twice is left to the database's own index; where one does, the
unit is rolled back and the file takes the ordinary way, which knows what to do with it.
"""

from __future__ import annotations

import io
import queue
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from sqlmodel import Session

from cx.facts.batch import ImportBatch
from cx.facts.datasets import Dataset

T = TypeVar("T")
AHEAD = 2
REPEATED = (sqlite3.IntegrityError, psycopg.errors.UniqueViolation)
_END = object()


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
    """Writes the rows of one new batch into the store and its mirror file, a table at a time."""

    def __init__(self, session: Session, kind: Dataset, batch: ImportBatch, file: Path) -> None:
        self.session, self.kind, self.batch, self.written = session, kind, batch, 0
        self.writer = pq.ParquetWriter(file, kind.mirrored, compression="snappy")
        self.low: Any = None
        self.high: Any = None
        self.raw: Any = session.connection().connection.dbapi_connection

    def take(self, rows: pa.Table) -> None:
        """Write the rows; raises one of REPEATED where a key occurs a second time."""
        n = rows.num_rows
        first = self.batch.first_id + self.written
        columns = {"id": pa.array(np.arange(first, first + n)), "batch_id": pa.array(np.full(n, self.batch.id or 0, dtype="int64"))}
        table = pa.table([columns.get(f.name) if f.name in columns else rows[f.name] for f in self.kind.mirrored], schema=self.kind.mirrored)
        self.writer.write_table(table)
        if self.session.connection().dialect.name == "postgresql":
            self._copy(table)
        else:
            self._insert(table)
        seen = pc.min_max(table[self.kind.time]).as_py()
        self.low = min((v for v in (self.low, seen["min"]) if v is not None), default=None)
        self.high = max((v for v in (self.high, seen["max"]) if v is not None), default=None)
        self.written += n

    def close(self) -> None:
        """Finish the mirror file."""
        self.writer.close()

    def _insert(self, table: pa.Table) -> None:
        names, values, constant = [], [], {}
        for name in table.column_names:
            column = table[name]
            if column.null_count == len(column):
                continue
            if not column.null_count and name not in ("id", "key") and pc.all(pc.equal(column, column[0])).as_py():
                constant[name] = column[0].as_py()
                continue
            names.append(name)
            values.append((pc.strftime(column, "%Y-%m-%d %H:%M:%S") if pa.types.is_timestamp(column.type) else column).to_pylist())
        marks = ["?"] * len(names) + [literal(v) for v in constant.values()]
        self.raw.executemany(
            f"INSERT INTO {self.kind.table.__tablename__} ({', '.join([*names, *constant])}) VALUES ({', '.join(marks)})", zip(*values, strict=True)
        )

    def _copy(self, table: pa.Table) -> None:
        out = io.BytesIO()
        pa_csv.write_csv(table, out, pa_csv.WriteOptions(include_header=False, quoting_style="all_valid"))
        with (
            self.raw.cursor() as cursor,
            cursor.copy(f"COPY {self.kind.table.__tablename__} ({', '.join(table.column_names)}) FROM STDIN (FORMAT csv)") as copy,
        ):
            copy.write(out.getvalue())


def literal(value: Any) -> str:
    """A value as SQLite's SQL writes it; text as bytes in hexadecimal, so that nothing in it can be read as SQL."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, (int, float)):
        return repr(value)
    shown = value.strftime("%Y-%m-%d %H:%M:%S.%f").rjust(26, "0") if hasattr(value, "strftime") else str(value)
    return f"CAST(X'{shown.encode().hex()}' AS TEXT)"
