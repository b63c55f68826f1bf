"""Fact rows in the store: what a batch brought is kept as one Parquet file, cut into pieces that any database can hold.

A row a record would cost more than reading and checking the file it comes from; a column store inside the store costs a
tenth of the time and of the space. The rows a batch brought never change: what replaces them is written beside them.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import delete, func, insert
from sqlmodel import Session, col, select

from cx.facts.block import FactBlock, Replacement

PIECE = 4 << 20


def keep(session: Session, batch: int, file: Path) -> None:
    """Put a batch's Parquet file into the store, in place of what was kept of it before."""
    connection = session.connection()
    connection.execute(delete(FactBlock).where(col(FactBlock.batch_id) == batch))
    with open(file, "rb") as source:
        for place, content in enumerate(iter(lambda: source.read(PIECE), b"")):
            connection.execute(insert(FactBlock), {"batch_id": batch, "place": place, "content": content})


def fetch(session: Session, batch: int, target: Path) -> Path:
    """Write the Parquet file of a batch, exactly as it was kept; returns `target`."""
    places = session.exec(select(FactBlock.id).where(FactBlock.batch_id == batch).order_by(col(FactBlock.place))).all()
    with open(target, "wb") as out:
        for place in places:
            out.write(session.exec(select(FactBlock.content).where(FactBlock.id == place)).one())
    return target


def discard(session: Session, batch: int) -> None:
    """Drop the rows of a batch, and which of them were replaced."""
    session.connection().execute(delete(FactBlock).where(col(FactBlock.batch_id) == batch))
    session.connection().execute(delete(Replacement).where(col(Replacement.batch_id) == batch))


def mark(session: Session, batch: int, by: int, ids: pa.Array) -> None:
    """Note that these rows of `batch` are replaced by the batch `by`."""
    out = io.BytesIO()
    pq.write_table(pa.table({"id": ids.sort()}), out, compression="zstd", use_dictionary=False, column_encoding={"id": "DELTA_BINARY_PACKED"})
    row = {"batch_id": batch, "by_batch": by, "rows": len(ids), "content": out.getvalue()}
    session.connection().execute(insert(Replacement), row)


def replaced(session: Session, batch: int) -> pa.Table:
    """The rows of a batch that are replaced: `id`, and `by_batch` that replaced each."""
    found = session.exec(select(Replacement).where(Replacement.batch_id == batch)).all()
    return pa.concat_tables([pa.table({"id": pa.array([], pa.int64()), "by_batch": pa.array([], pa.int64())}), *(_ids(one) for one in found)])


def replaced_by(session: Session, batch: int) -> Iterator[tuple[int, pa.Table]]:
    """The batches of which this one replaced rows, each with a table of their `id`; gone from the store once handed over."""
    found = session.exec(select(Replacement).where(Replacement.by_batch == batch).order_by(col(Replacement.batch_id), col(Replacement.id))).all()
    session.connection().execute(delete(Replacement).where(col(Replacement.by_batch) == batch))
    for owner in sorted({one.batch_id for one in found}):
        yield owner, pa.concat_tables([_ids(one).select(["id"]) for one in found if one.batch_id == owner])


def rows_replaced(session: Session, batch: int) -> int:
    """How many rows of a batch are replaced."""
    return int(session.exec(select(func.coalesce(func.sum(Replacement.rows), 0)).where(Replacement.batch_id == batch)).one())


def _ids(row: Replacement) -> pa.Table:
    table = pq.read_table(pa.BufferReader(row.content))
    return table.append_column("by_batch", pa.array([row.by_batch], pa.int64()).take(pa.array([0] * table.num_rows, pa.int64())))
