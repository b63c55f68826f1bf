"""Taking a batch back, and what a batch's mirror file becomes when its live rows change.

Undo removes the rows of a batch and revives those it had replaced, wherever in the history the batch stands: what
another batch has replaced since stays replaced by that one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow.parquet as pq
from sqlalchemy import CursorResult, text
from sqlmodel import Session, select

from cx.errors import NotFoundError
from cx.facts import bulk, mirror
from cx.facts.batch import ImportBatch
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
        restored, removed = _unwind(session, kind, batch)
        batch.live, batch.undone_at = 0, now()
        batch.version += 1
        session.add(batch)
        names = ", ".join(f.name for f in kind.mirrored)
        for owner in sorted({row[1] for row in restored}):
            other = session.get_one(ImportBatch, owner)
            bench.register("back", mirror.arrow(kind, [f.name for f in kind.mirrored], [tuple(r) for r in restored if r[1] == owner]))
            sources = mirror.ensure(kind.name, [mirror.File(owner, other.version, other.live)], target) if other.live else []
            rows = " UNION ALL ".join([*(f"SELECT {names} FROM {mirror.scan([s])}" for s in sources), f"SELECT {names} FROM back"])
            revise(session, kind, other, f"SELECT * FROM ({rows}) ORDER BY id", bench, target)
            bench.unregister("back")
        audit.record(session, actor, "undo", kind.name, number, after={"restored": len(restored), "removed": removed})
        mirror.sweep(session, target)
        return Undone(number, len(restored), removed)


def _unwind(session: Session, kind: Dataset, batch: ImportBatch) -> tuple[list[tuple[Any, ...]], int]:
    """Relink the history around a batch and delete its rows; returns the rows made live and the number deleted."""
    table, mine = kind.table.__tablename__, {"batch": batch.id, "low": batch.first_id, "high": batch.last_id}
    if batch.live < batch.answers:  # some rows of this batch were replaced since: what they had replaced is replaced by the same
        chosen = f"SELECT key, superseded_by FROM {table} WHERE batch_id = :batch AND id BETWEEN :low AND :high AND superseded_by IS NOT NULL"
        later: dict[str, int] = {str(r.key): int(r.superseded_by) for r in _sql(session, chosen, **mine)}
        replaced = _sql(session, f"SELECT id, key FROM {table} WHERE superseded_by = :batch", batch=batch.id)
        earlier = [(int(r.id), str(r.key)) for r in replaced]
        for successor in sorted({later[key] for _, key in earlier if key in later}):
            bulk.mark(session, kind, [row for row, key in earlier if later.get(key) == successor], successor)
    removed = _sql(session, f"DELETE FROM {table} WHERE batch_id = :batch AND id BETWEEN :low AND :high", **mine).rowcount
    names = ", ".join(f.name for f in kind.mirrored)
    back = _sql(session, f"SELECT {names} FROM {table} WHERE superseded_by = :batch ORDER BY id", batch=batch.id).all()
    _sql(session, f"UPDATE {table} SET superseded_by = NULL WHERE superseded_by = :batch", batch=batch.id)
    return [tuple(row) for row in back], int(removed)


def _sql(session: Session, statement: str, **values: Any) -> CursorResult[Any]:
    return session.connection().execute(text(statement), values)


def drop_demo(actor: str = "", url: str | None = None) -> int:
    """Remove every batch of the demo company for good; returns how many rows went."""
    target, gone = store_url(url), 0
    with writing(target) as session:
        for batch in session.exec(select(ImportBatch).where(ImportBatch.demo == True)).all():  # noqa: E712
            table = DATASETS[batch.dataset].table.__tablename__
            span = {"batch": batch.id, "low": batch.first_id, "high": batch.last_id}
            gone += _sql(session, f"DELETE FROM {table} WHERE batch_id = :batch AND id BETWEEN :low AND :high", **span).rowcount
            _sql(session, "DELETE FROM rejected_record WHERE batch_id = :batch", batch=batch.id)
            session.delete(batch)
        audit.record(session, actor, "wipe", "demo", after={"rows": gone})
        session.flush()
        mirror.sweep(session, target, grace=0)
    return gone
