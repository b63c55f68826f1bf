"""Taking rows in, and taking them back.

A batch is loaded in one transaction. Rows are staged in a Parquet file first; DuckDB then compares them with what is
live and decides for every record whether it is inserted, updated or unchanged; the rows that are new become one file,
which goes into the store and, the same bytes, into the mirror. Where nothing is live yet, one pass does (see `first`); taking back is in `reversal`.
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
from sqlalchemy import func
from sqlmodel import Session, select

from cx.errors import InputError
from cx.facts import blocks, mirror
from cx.facts.batch import ImportBatch, RejectedRecord
from cx.facts.datasets import Dataset, dataset
from cx.facts.first import Pass, Repeated, ahead, distinct
from cx.facts.reversal import Undone, drop_demo, revise, undo
from cx.facts.suspicion import suspicions
from cx.facts.tombstone import sieve, unchanged
from cx.store import audit
from cx.store.base import now
from cx.store.engine import store_url, writing

__all__ = ["BUCKETS", "Loaded", "Origin", "Part", "Rejected", "Undone", "drop_demo", "load", "revise", "supersede", "undo"]
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
    begun: datetime = field(default_factory=now)


@dataclass(frozen=True)
class Loaded:
    """What became of a file. `records` is the sum of the five counts; `answers` are the fact rows written; `warnings` what looks wrong in them."""

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
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Staged:
    file: Path
    rows: int
    records: int
    excluded: dict[str, int]
    rejects: list[Rejected]


def load(
    name: str,
    parts: Iterable[Part] | Callable[[], Iterable[Part]],
    origin: Origin | None = None,
    url: str | None = None,
    progress: Callable[[str, int], None] | None = None,
    dry_run: bool = False,
) -> Loaded:
    """Take the parts of a file into a dataset, all or nothing.

    `progress(phase, rows)` is called as it goes. With `dry_run` everything is done but kept. Raises InputError where not
    a single record could be used (every one was rejected or excluded), StoreError where the store cannot be written.
    `parts` may be a function that gives them, so that they can be read twice: the first batch of a dataset is then loaded
    in one pass, and once more the ordinary way where a key turns out to occur twice.
    """
    kind, origin, target = dataset(name), origin or Origin(), store_url(url)
    tell = progress or (lambda phase, rows: None)
    with mirror.enough_room():
        return _load(kind, parts, origin, target, tell, dry_run)


def _load(
    kind: Dataset, parts: Iterable[Part] | Callable[[], Iterable[Part]], origin: Origin, target: str, tell: Callable[[str, int], None], dry_run: bool
) -> Loaded:
    keeper = sieve(origin.demo, target)  # whoever was erased stays out
    if callable(parts):
        if not dry_run:
            straight = _first(kind, keeper.through(parts()), origin, target, tell)
            if straight is not None:
                return straight
        parts = parts()
    parts = keeper.through(parts)
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


def _first(kind: Dataset, parts: Iterable[Part], origin: Origin, url: str, tell: Callable[[str, int], None]) -> Loaded | None:
    """Load a batch where nothing is live yet, in one pass; None where something is, or a key occurs twice."""
    try:
        with mirror.staging(url) as fresh, mirror.workbench(url) as bench, writing(url) as session:
            if session.exec(
                select(ImportBatch.id).where(ImportBatch.dataset == kind.name, ImportBatch.live > 0, ImportBatch.demo == origin.demo)
            ).first():
                return None
            batch = _opened(session, kind, origin)
            writer = Pass(kind, batch, fresh)
            excluded: dict[str, int] = {}
            rejects: list[Rejected] = []
            records = 0
            for part in ahead(parts):
                rows = _keyed(kind, part, origin.demo)
                if rows.num_rows:
                    writer.take(rows)
                records += part.records
                for reason, count in part.excluded.items():
                    excluded[reason] = excluded.get(reason, 0) + count
                rejects.extend(part.rejects)
                tell("read", records)
            writer.close(bench)
            staged = _Staged(fresh, writer.written, records, excluded, rejects)
            if not writer.written:
                raise InputError(*_nothing(staged))
            batch.inserted = records - sum(excluded.values()) - len(rejects)
            if writer.low is not None:
                batch.first_at, batch.last_at = writer.low.replace(tzinfo=UTC), writer.high.replace(tzinfo=UTC)
            return _closed(session, kind, batch, staged, fresh, bench, origin, url)
    except Repeated:
        return None


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


def _keyed(kind: Dataset, part: Part, demo: bool) -> pa.Table:
    """The rows of a part in the dataset's order, `key` and `line` behind."""
    schema = pa.schema([*kind.arrow, pa.field("key", pa.string()), pa.field("line", pa.int64())])
    table = part.rows.select(schema.names).cast(schema)
    if demo:  # so that a real record never meets one of the demo company under the same key
        table = table.set_column(len(schema) - 2, schema.field("key"), pc.binary_join_element_wise("demo", table["key"], ":"))
    return table


def _stage(kind: Dataset, parts: Iterable[Part], target: Path, demo: bool, tell: Callable[[str, int], None]) -> _Staged:
    schema = pa.schema([*kind.arrow, pa.field("key", pa.string()), pa.field("line", pa.int64())])
    rows = records = 0
    excluded: dict[str, int] = {}
    rejects: list[Rejected] = []
    with pq.ParquetWriter(target, schema, compression="lz4") as writer:
        for part in parts:
            if part.rows.num_rows:
                writer.write_table(_keyed(kind, part, demo))
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
    batch = _opened(session, kind, origin)
    tell("compare", staged.rows)
    counts, old = _compare(session, kind, staged, origin.demo, bench, url)
    written = _fresh(kind, batch, fresh, bench)
    batch.inserted, batch.updated, batch.unchanged = counts["inserted"], counts["updated"], counts["unchanged"]
    if written:
        batch.first_at, batch.last_at = _span(kind, fresh, bench)
    tell("store", written)
    supersede(session, kind, old, batch.id or 0, bench, url)
    return _closed(session, kind, batch, staged, fresh, bench, origin, url, dry_run, written)


def _opened(session: Session, kind: Dataset, origin: Origin) -> ImportBatch:
    """A new batch whose rows follow those of all others."""
    unchanged(session, origin.begun)
    last = session.exec(select(func.max(ImportBatch.last_id)).where(ImportBatch.dataset == kind.name)).one()
    batch = ImportBatch(
        dataset=kind.name, source=origin.source, tool=origin.tool, survey=origin.survey, sha256=origin.sha256, plan=origin.plan, actor=origin.actor,
        demo=origin.demo, live=0, first_id=max(last if last is not None else -1, -1) + 1, warnings=json.dumps(list(origin.warnings), ensure_ascii=False),
    )  # fmt: skip
    session.add(batch)
    session.flush()
    return batch


def _closed(
    session: Session, kind: Dataset, batch: ImportBatch, staged: _Staged, fresh: Path, bench: duckdb.DuckDBPyConnection,
    origin: Origin, url: str, dry_run: bool = False, written: int | None = None,
) -> Loaded:  # fmt: skip
    """Counts, rejects, mirror file and audit entry of a batch whose rows are stored."""
    assert batch.id is not None
    answers = staged.rows if written is None else written
    batch.records, batch.excluded, batch.rejected = staged.records, sum(staged.excluded.values()), len(staged.rejects)
    batch.reasons = json.dumps(staged.excluded, ensure_ascii=False)
    batch.live = batch.answers = answers
    batch.last_id = batch.first_id + answers - 1
    batch.repeats = bool(answers) and kind.name == "responses" and not distinct(fresh, "customer_id, survey, question", bench, "customer_id IS NOT NULL AND score IS NOT NULL")
    for reject in staged.rejects:
        raw = reject.raw if isinstance(reject.raw, str) else json.dumps(reject.raw, ensure_ascii=False)
        row = RejectedRecord(batch_id=batch.id, line=reject.line, column=reject.column, value=reject.value[:500], reason=reject.reason, raw=raw)
        session.add(row)
    odd = suspicions(kind, fresh, _earlier(session, kind, batch, url), batch.created_at, bench) if answers else []
    batch.warnings = json.dumps([*origin.warnings, *odd], ensure_ascii=False)
    if answers and not dry_run:
        blocks.keep(session, batch.id, fresh)
        mirror.publish(fresh, kind.name, batch.id, 1, url)
    summary = {n: getattr(batch, n) for n in ("source", "tool", "survey", "records", *BUCKETS, "answers")}
    audit.record(session, origin.actor, "import", kind.name, batch.id, after=summary)
    counts = {name: getattr(batch, name) for name in ("records", *BUCKETS, "answers")}
    loaded = Loaded(batch=batch.id, dataset=kind.name, reasons=staged.excluded, warnings=tuple(odd), **counts)
    if dry_run:
        raise _DryRun(loaded)
    session.add(batch)
    mirror.sweep(session, url)
    return loaded


def _earlier(session: Session, kind: Dataset, batch: ImportBatch, url: str) -> list[Path]:
    """Mirror files of the survey's earlier batches, to hold a new one against."""
    if kind.name != "responses":
        return []
    same = select(ImportBatch).where(ImportBatch.dataset == kind.name, ImportBatch.live > 0, ImportBatch.demo == batch.demo, ImportBatch.id != batch.id)
    found = session.exec(same.where(ImportBatch.survey == batch.survey)).all()
    return [file for b in found if (file := mirror.path(kind.name, int(b.id or 0), b.version, url)).exists()]


def _compare(
    session: Session, kind: Dataset, staged: _Staged, demo: bool, bench: duckdb.DuckDBPyConnection, url: str
) -> tuple[dict[str, int], pa.Table]:
    """Decide about every staged record; leaves the view `chosen` (the rows to write) and returns counts and the replaced rows (id, batch_id)."""
    own = ", ".join(kind.arrow.names)
    bench.execute(f"CREATE VIEW staged AS SELECT * FROM {mirror.scan([staged.file])}")
    live = session.exec(select(ImportBatch).where(ImportBatch.dataset == kind.name, ImportBatch.live > 0, ImportBatch.demo == demo)).all()
    if not live and distinct(staged.file, "key", bench):
        bench.execute(
            f"CREATE VIEW chosen AS SELECT *, file_row_number AS place FROM read_parquet({mirror.quoted(staged.file)}, file_row_number=true)"
        )
        # every record either gave rows, or was excluded, or rejected
        return {"inserted": staged.records - sum(staged.excluded.values()) - len(staged.rejects), "updated": 0, "unchanged": 0}, pa.table({"id": pa.array([], pa.int64()), "batch_id": pa.array([], pa.int64())})
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
    old = bench.sql(
        "SELECT old_id::BIGINT AS id, old_batch::BIGINT AS batch_id FROM verdict WHERE last AND differs AND old_id IS NOT NULL"
    ).to_arrow_table()
    return {"inserted": 0, "updated": 0, "unchanged": 0} | dict(tally), old


def _fresh(kind: Dataset, batch: ImportBatch, target: Path, bench: duckdb.DuckDBPyConnection) -> int:
    own = ", ".join(kind.arrow.names)
    bench.execute(
        f"""COPY (SELECT (place + {batch.first_id})::BIGINT AS id, {batch.id}::BIGINT AS batch_id, key, line, {own}
        FROM chosen) TO {mirror.quoted(target)} ({mirror.PARQUET})"""
    )
    return pq.read_metadata(target).num_rows


def _span(kind: Dataset, file: Path, bench: duckdb.DuckDBPyConnection) -> tuple[datetime | None, datetime | None]:
    low, high = mirror.one(bench, f"SELECT min({kind.time}), max({kind.time}) FROM {mirror.scan([file])}")
    return (low.replace(tzinfo=UTC) if low else None, high.replace(tzinfo=UTC) if high else None)


def supersede(session: Session, kind: Dataset, old: pa.Table, by: int, bench: duckdb.DuckDBPyConnection, url: str) -> None:
    """Note that the rows `old` (id, batch_id) are replaced by the batch `by`, and give the batches they stood in their next version."""
    for number in sorted(pc.unique(old["batch_id"]).to_pylist()):
        ids = old.filter(pc.equal(old["batch_id"], number))["id"].combine_chunks()
        blocks.mark(session, number, by, ids)
        batch = session.get_one(ImportBatch, number)
        source = mirror.ensure(kind.name, [mirror.File(number, batch.version, batch.live)], url)
        bench.register("replaced", pa.table({"id": ids}))
        revise(session, kind, batch, f"SELECT * FROM {mirror.scan(source)} WHERE id NOT IN (SELECT id FROM replaced) ORDER BY {mirror.order(kind)}", bench, url)
        bench.unregister("replaced")
