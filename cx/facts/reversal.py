"""Taking a batch back, and what a batch's mirror file becomes when its live rows change.

Undo removes the rows of a batch and revives those it had replaced, wherever in the history the batch stands: what
another batch has replaced since stays replaced by that one.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy import delete
from sqlmodel import Session, col, select

from cx.errors import NotFoundError
from cx.facts import blocks, mirror
from cx.facts.batch import ImportBatch, RejectedRecord
from cx.facts.datasets import DATASETS, Dataset
from cx.store import audit
from cx.store.base import now
from cx.store.engine import store_url, writing


@dataclass(frozen=True)
class Undone:
    """What an undo did: rows made live again, rows removed."""

    batch: int
    restored: int
    removed: int


def revise(session: Session, kind: Dataset, batch: ImportBatch, rows: str, bench: duckdb.DuckDBPyConnection, url: str) -> None:
    """Give a batch its next version, holding what the SQL `rows` selects."""
    assert batch.id is not None
    batch.version += 1
    with mirror.staging(url) as staged:
        bench.execute(f"COPY ({rows}) TO {mirror.quoted(staged)} ({mirror.PARQUET})")
        batch.live = pq.read_metadata(staged).num_rows
        if batch.live:
            mirror.publish(staged, kind.name, batch.id, batch.version, url)
    session.add(batch)


def undo(number: int, actor: str = "", url: str | None = None) -> Undone:
    """Take a batch back: its rows go, what it had replaced is live again (or is replaced by whoever replaced it since).

    Raises NotFoundError where there is no such batch or it was undone before.
    """
    target = store_url(url)
    with mirror.workbench(target) as bench, writing(target) as session:
        batch = session.get(ImportBatch, number)
        if batch is None:
            raise NotFoundError(f"There is no batch {number}; `batches` lists them.")
        if batch.undone_at is not None:
            raise NotFoundError(f"Batch {number} was undone before, on {batch.undone_at:%d %b %Y at %H:%M} UTC.")
        kind = DATASETS[batch.dataset]
        restored, removed = _unwind(session, kind, number, bench, target), batch.answers
        blocks.discard(session, number)
        batch.live, batch.undone_at = 0, now()
        batch.version += 1
        session.add(batch)
        audit.record(session, actor, "undo", kind.name, number, after={"restored": restored, "removed": removed})
        mirror.sweep(session, target)
        return Undone(number, restored, removed)


def _unwind(session: Session, kind: Dataset, number: int, bench: duckdb.DuckDBPyConnection, url: str) -> int:
    """Give back what a batch had replaced: live, or replaced by whichever batch replaced this one's row since; returns how many are live."""
    restored, names = 0, ", ".join(f.name for f in kind.mirrored)
    bench.execute("CREATE TABLE later (key VARCHAR, by_batch BIGINT)")
    since = blocks.replaced(session, number)
    if since.num_rows:
        with mirror.staging(url) as mine:
            blocks.fetch(session, number, mine)
            bench.register("since", since)
            bench.execute(f"INSERT INTO later SELECT key, by_batch FROM {mirror.scan([mine])} JOIN since USING (id)")
    for owner, ids in blocks.replaced_by(session, number):
        other = session.get_one(ImportBatch, owner)
        with mirror.staging(url) as whole:
            blocks.fetch(session, owner, whole)
            bench.register("ids", ids)
            bench.execute(
                f"CREATE OR REPLACE TABLE freed AS SELECT kept.*, by_batch FROM ({mirror.conformed(kind, whole)}) AS kept JOIN ids USING (id) LEFT JOIN later USING (key)"
            )
        claimed = bench.sql("SELECT id, by_batch FROM freed WHERE by_batch IS NOT NULL").to_arrow_table()
        for successor in pc.unique(claimed["by_batch"]).to_pylist():
            blocks.mark(session, owner, successor, claimed.filter(pc.equal(claimed["by_batch"], successor))["id"].combine_chunks())
        back = ids.num_rows - claimed.num_rows
        if back:
            sources = mirror.ensure(kind.name, [mirror.File(owner, other.version, other.live)], url) if other.live else []
            parts = [*(f"SELECT {names} FROM {mirror.scan([s])}" for s in sources), f"SELECT {names} FROM freed WHERE by_batch IS NULL"]
            revise(session, kind, other, f"SELECT * FROM ({' UNION ALL '.join(parts)}) ORDER BY {mirror.order(kind)}", bench, url)
            restored += back
    return restored


def drop_demo(actor: str = "", url: str | None = None) -> int:
    """Remove every batch of the demo company for good; returns how many rows went."""
    target, gone = store_url(url), 0
    with writing(target) as session:
        found = session.exec(select(ImportBatch).where(ImportBatch.demo == True)).all()  # noqa: E712
        for batch in found:
            blocks.discard(session, batch.id or 0)
            session.connection().execute(delete(RejectedRecord).where(col(RejectedRecord.batch_id) == batch.id))
            gone += 0 if batch.undone_at else batch.answers
        for batch in found:
            session.delete(batch)
        audit.record(session, actor, "wipe", "demo", after={"rows": gone})
        session.flush()
        mirror.sweep(session, target, grace=0)
    return gone
