"""Every row the store keeps of a dataset, live or replaced since, for the rare questions that ask for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlmodel import Session, select

from cx.facts import blocks, mirror
from cx.facts.batch import ImportBatch
from cx.facts.datasets import Dataset

LACKING = pa.schema([("id", pa.int64()), ("by_batch", pa.int64())])


@contextmanager
def kept(session: Session, kind: Dataset, url: str | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB connection with the view `kept`: the mirror's columns, `superseded_by` (empty while live) and `demo`.

    It shows the store as `session` sees it, so within a write unit what the unit has changed already.
    """
    found = session.exec(select(ImportBatch.id, ImportBatch.demo).where(ImportBatch.dataset == kind.name, ImportBatch.answers > 0)).all()
    with ExitStack() as stack:
        bench = stack.enter_context(mirror.workbench(url))
        parts, gone = [], [LACKING.empty_table()]
        for number, demo in found:
            file = stack.enter_context(mirror.staging(url))
            if blocks.fetch(session, int(number or 0), file).stat().st_size:
                parts.append(f"SELECT *, {demo} AS demo FROM ({mirror.conformed(kind, file)})")
                gone.append(blocks.replaced(session, int(number or 0)))
        columns = ", ".join(f"NULL::{mirror.SQL[str(f.type)]} AS {f.name}" for f in kind.mirrored)
        source = " UNION ALL ".join(parts) or f"SELECT {columns}, false AS demo WHERE false"
        bench.register("gone", pa.concat_tables(gone))
        bench.execute(f"CREATE VIEW kept AS SELECT rows.*, gone.by_batch AS superseded_by FROM ({source}) AS rows LEFT JOIN gone USING (id)")
        yield bench


def without(session: Session, kind: Dataset, batch: ImportBatch, ids: Sequence[int], url: str | None = None) -> None:
    """Remove rows of a batch from the store for good; its mirror file is the caller's to bring in step."""
    number = int(batch.id or 0)
    leaving = pa.array(ids, pa.int64())
    since = blocks.replaced(session, number)
    with mirror.staging(url) as old, mirror.staging(url) as new, mirror.workbench(url) as bench:
        blocks.fetch(session, number, old)
        bench.register("leaving", pa.table({"id": leaving}))
        bench.execute(f"COPY ({mirror.conformed(kind, old)} WHERE id NOT IN (SELECT id FROM leaving) ORDER BY id) TO {mirror.quoted(new)} ({mirror.PARQUET})")
        batch.answers = pq.read_metadata(new).num_rows
        blocks.discard(session, number)
        if batch.answers:
            blocks.keep(session, number, new)
    left = since.filter(pc.invert(pc.is_in(since["id"], value_set=leaving)))
    for by in pc.unique(left["by_batch"]).to_pylist():
        blocks.mark(session, number, by, left.filter(pc.equal(left["by_batch"], by))["id"].combine_chunks())
    session.add(batch)
