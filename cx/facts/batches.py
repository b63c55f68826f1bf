"""Taking rows in, and taking them back.

A batch is loaded in one transaction. Rows are staged in a Parquet file first; DuckDB then compares them with what is
live and decides for every record whether it is inserted, updated or unchanged; the rows that are new go into the store
and, the same file, into the mirror. Undo removes the rows of a batch and revives those it had replaced, wherever in the
history the batch stands: what another batch has replaced since stays replaced by that one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy import CursorResult, func, text
from sqlmodel import Session, select

from cx.errors import InputError, NotFoundError
from cx.facts import bulk, mirror
from cx.facts.batch import ImportBatch, RejectedRecord
from cx.facts.datasets import DATASETS, Dataset, dataset
from cx.store import audit
from cx.store.base import now
from cx.store.engine import store_url, writing

BUCKETS = ("inserted", "updated", "unchanged", "excluded", "rejected")


class Rejected(Protocol):
    """A record that cannot be taken, as intake reports it."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def raw(self) -> Any: ...


class Part(Protocol):
    """A stretch of a file as intake delivers it: `rows` has the columns of the dataset's Arrow schema plus `key` and `line`."""

    @property
    def rows(self) -> pa.Table: ...
    @property
    def records(self) -> int: ...
    @property
    def excluded(self) -> Mapping[str, int]: ...
    @property
    def rejects(self) -> Iterable[Rejected]: ...


@dataclass(frozen=True)
class Origin:
    """Where a batch comes from: file, tool, survey, fingerprint, how it was read, who brought it."""

    source: str = ""
    tool: str = ""
    survey: str = ""
    sha256: str = ""
    plan: str = ""
    actor: str = ""
    demo: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Loaded:
    """What became of a file. `records` is the sum of the five counts; `answers` are the fact rows written."""

    batch: int
    dataset: str
    records: int
    inserted: int
    updated: int
    unchanged: int
    excluded: int
    rejected: int
    answers: int
    reasons: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Undone:
    """What an undo did: rows made live again, rows removed."""

    batch: int
    restored: int
    removed: int


@dataclass(frozen=True)
class _Staged:
    file: Path
    rows: int
    records: int
    excluded: dict[str, int]
    rejects: list[Rejected]


def load(
    name: str,
    parts: Iterable[Part],
    origin: Origin | None = None,
    url: str | None = None,
    progress: Callable[[str, int], None] | None = None,
    dry_run: bool = False,
) -> Loaded:
    """Take the parts of a file into a dataset, all or nothing.

    `progress(phase, rows)` is called as it goes. With `dry_run` everything is done but kept. Raises InputError where not
    a single record could be used (every one was rejected or excluded), StoreError where the store cannot be written.
    """
    kind, origin, target = dataset(name), origin or Origin(), store_url(url)
    tell = progress or (lambda phase, rows: None)
    with mirror.staging(target) as incoming, mirror.staging(target) as fresh:
        staged = _stage(kind, parts, incoming, origin.demo, tell)
        if not staged.rows:
            raise InputError(*_nothing(staged))
        with mirror.workbench(target) as bench:
            try:
                with writing(target) as session:
                    return _write(session, kind, staged, fresh, origin, bench, target, tell, dry_run)
            except _DryRun as done:
                return done.loaded


class _DryRun(Exception):
    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded


def _nothing(staged: _Staged) -> tuple[str, str, str]:
    said = [f"{count} {reason}" for reason, count in staged.excluded.items()]
    if staged.rejects:
        first = staged.rejects[0]
        said.append(f"{len(staged.rejects)} rejected, the first in record {first.line}: {first.column} {first.value!r} {first.reason}")
    found = f"found {staged.records} records of which none can be used ({'; '.join(said)})" if staged.records else "found no records"
    left = [reason for reason in staged.excluded if reason in ("preview", "test", "partial", "spam")]
    mend = f"include them on purpose (--include {left[0]})" if left and not staged.rejects else "correct the file or how its columns are read"
    return "expected at least one usable record", found, f"{mend}; nothing was stored"


def _stage(kind: Dataset, parts: Iterable[Part], target: Path, demo: bool, tell: Callable[[str, int], None]) -> _Staged:
    schema = pa.schema([*kind.arrow, pa.field("key", pa.string()), pa.field("line", pa.int64())])
    rows = records = 0
    excluded: dict[str, int] = {}
    rejects: list[Rejected] = []
    with pq.ParquetWriter(target, schema, compression="lz4") as writer:
        for part in parts:
            if part.rows.num_rows:
                table = part.rows.select(schema.names).cast(schema)
                if demo:  # so that a real record never meets one of the demo company under the same key
                    table = table.set_column(len(schema) - 2, schema.field("key"), pc.binary_join_element_wise("demo", table["key"], ":"))
                writer.write_table(table)
            rows += part.rows.num_rows
            records += part.records
            for reason, count in part.excluded.items():
                excluded[reason] = excluded.get(reason, 0) + count
            rejects.extend(part.rejects)
            tell("read", records)
    return _Staged(target, rows, records, excluded, rejects)


def _write(
    session: Session, kind: Dataset, staged: _Staged, fresh: Path, origin: Origin, bench: duckdb.DuckDBPyConnection,
    url: str, tell: Callable[[str, int], None], dry_run: bool,
) -> Loaded:  # fmt: skip
    batch = ImportBatch(
        dataset=kind.name, source=origin.source, tool=origin.tool, survey=origin.survey, sha256=origin.sha256, plan=origin.plan, actor=origin.actor,
        demo=origin.demo, records=staged.records, excluded=sum(staged.excluded.values()), rejected=len(staged.rejects), live=0,
        reasons=json.dumps(staged.excluded, ensure_ascii=False), warnings=json.dumps(list(origin.warnings), ensure_ascii=False),
    )  # fmt: skip
    session.add(batch)
    session.flush()
    assert batch.id is not None
    tell("compare", staged.rows)
    counts, old = _compare(session, kind, staged, origin.demo, bench, url)
    base = session.exec(select(func.max(ImportBatch.last_id)).where(ImportBatch.dataset == kind.name)).one()
    batch.first_id = max(base if base is not None else -1, -1) + 1
    written = _fresh(kind, batch, fresh, bench)
    batch.last_id = batch.first_id + written - 1
    batch.live = batch.answers = written
    batch.inserted, batch.updated, batch.unchanged = counts["inserted"], counts["updated"], counts["unchanged"]
    batch.repeats = bool(written) and kind.name == "responses" and _repeats(fresh, bench)
    if written:
        batch.first_at, batch.last_at = _span(kind, fresh, bench)
    for reject in staged.rejects:
        raw = reject.raw if isinstance(reject.raw, str) else json.dumps(reject.raw, ensure_ascii=False)
        session.add(
            RejectedRecord(batch_id=batch.id, line=reject.line, column=reject.column, value=reject.value[:500], reason=reject.reason, raw=raw)
        )
    tell("store", written)
    _supersede(session, kind, old, batch.id, bench, url)
    if written:
        bulk.insert(session, kind, fresh, bench, tell)
        if not dry_run:
            mirror.publish(fresh, kind.name, batch.id, 1, url)
    summary = {n: getattr(batch, n) for n in ("source", "tool", "survey", "records", *BUCKETS, "answers")}
    audit.record(session, origin.actor, "import", kind.name, batch.id, after=summary)
    loaded = Loaded(
        batch.id, kind.name, batch.records, batch.inserted, batch.updated, batch.unchanged, batch.excluded, batch.rejected, written, staged.excluded
    )
    if dry_run:
        raise _DryRun(loaded)
    mirror.sweep(session, url)
    return loaded


def _compare(
    session: Session, kind: Dataset, staged: _Staged, demo: bool, bench: duckdb.DuckDBPyConnection, url: str
) -> tuple[dict[str, int], list[tuple[int, int]]]:
    """Decide about every staged record; leaves the view `chosen` (the rows to write) and returns counts and replaced (id, batch)."""
    own = ", ".join(kind.arrow.names)
    bench.execute(f"CREATE VIEW staged AS SELECT * FROM {mirror.scan([staged.file])}")
    total, distinct = mirror.one(bench, "SELECT count(*), count(DISTINCT key) FROM staged")
    live = session.exec(select(ImportBatch).where(ImportBatch.dataset == kind.name, ImportBatch.live > 0, ImportBatch.demo == demo)).all()
    if total == distinct and not live:
        bench.execute(
            f"CREATE VIEW chosen AS SELECT *, file_row_number AS place FROM read_parquet({mirror.quoted(staged.file)}, file_row_number=true)"
        )
        return {"inserted": mirror.one(bench, "SELECT count(DISTINCT line) FROM staged")[0], "updated": 0, "unchanged": 0}, []
    paths = mirror.ensure(kind.name, [mirror.File(int(b.id or 0), b.version, b.live) for b in live], url)
    known = (
        f"SELECT id, batch_id, key, ({own}) AS content FROM {mirror.scan(paths)}"
        if paths
        else "SELECT 0 AS id, 0 AS batch_id, '' AS key, NULL AS content WHERE false"
    )
    bench.execute(
        f"""CREATE TABLE verdict AS
        WITH known AS ({known}),
        here AS (SELECT key, line, ({own}) AS content, lag(({own})) OVER w AS previous, row_number() OVER w AS nth,
                 row_number() OVER (PARTITION BY key ORDER BY line DESC) AS back
                 FROM staged WINDOW w AS (PARTITION BY key ORDER BY line))
        SELECT here.key, here.line, known.id AS old_id, known.batch_id AS old_batch, here.back = 1 AS last,
            known.id IS NULL OR here.content IS DISTINCT FROM known.content AS differs,
            CASE WHEN nth > 1 AND here.content IS NOT DISTINCT FROM previous THEN 'unchanged' WHEN nth > 1 THEN 'updated'
                 WHEN known.id IS NULL THEN 'inserted' WHEN here.content IS NOT DISTINCT FROM known.content THEN 'unchanged'
                 ELSE 'updated' END AS status
        FROM here LEFT JOIN known USING (key)"""
    )
    bench.execute(
        "CREATE TABLE chosen AS SELECT staged.*, row_number() OVER (ORDER BY line, key) - 1 AS place "
        "FROM staged JOIN verdict USING (key, line) WHERE verdict.last AND verdict.differs ORDER BY place"
    )
    tally = bench.execute(
        """SELECT status, count(*) FROM (
            SELECT line, CASE WHEN count(DISTINCT status) > 1 THEN 'updated' ELSE min(status) END AS status FROM verdict GROUP BY line) GROUP BY status"""
    ).fetchall()
    old = bench.execute("SELECT old_id, old_batch FROM verdict WHERE last AND differs AND old_id IS NOT NULL").fetchall()
    return {"inserted": 0, "updated": 0, "unchanged": 0} | dict(tally), [(int(a), int(b)) for a, b in old]


def _fresh(kind: Dataset, batch: ImportBatch, target: Path, bench: duckdb.DuckDBPyConnection) -> int:
    own = ", ".join(kind.arrow.names)
    bench.execute(
        f"""COPY (SELECT (place + {batch.first_id})::BIGINT AS id, {batch.id}::BIGINT AS batch_id, key, line, {own}
        FROM chosen) TO {mirror.quoted(target)} ({mirror.PARQUET})"""
    )
    return pq.read_metadata(target).num_rows


def _repeats(file: Path, bench: duckdb.DuckDBPyConnection) -> bool:
    return bool(
        mirror.one(
            bench,
            f"SELECT count(*) > count(DISTINCT (customer_id, survey, question)) FROM {mirror.scan([file])} WHERE customer_id IS NOT NULL AND score IS NOT NULL",
        )[0]
    )


def _span(kind: Dataset, file: Path, bench: duckdb.DuckDBPyConnection) -> tuple[datetime | None, datetime | None]:
    low, high = mirror.one(bench, f"SELECT min({kind.time}), max({kind.time}) FROM {mirror.scan([file])}")
    return (low.replace(tzinfo=UTC) if low else None, high.replace(tzinfo=UTC) if high else None)


def _supersede(session: Session, kind: Dataset, old: list[tuple[int, int]], by: int, bench: duckdb.DuckDBPyConnection, url: str) -> None:
    if not old:
        return
    bulk.mark(session, kind, [row for row, _ in old], by)
    bench.register("replaced", pa.table({"id": pa.array([row for row, _ in old], pa.int64())}))
    for number in sorted({batch for _, batch in old}):
        batch = session.get_one(ImportBatch, number)
        source = mirror.ensure(kind.name, [mirror.File(number, batch.version, batch.live)], url)
        kept = f"SELECT * FROM {mirror.scan(source)} WHERE id NOT IN (SELECT id FROM replaced) ORDER BY id"
        revise(session, kind, batch, kept, bench, url)


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
