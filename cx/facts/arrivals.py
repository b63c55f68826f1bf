"""Single arrivals: answers and rows that come one by one, or a few at once, share an open batch, so that files stay few.

Each arrival is one write unit that writes the small file of the open batch anew, with the new rows in it, into the store and
under the batch's next version into the mirror. So an answer is durable and seen as soon as its unit is committed, and the
batch is one like any other: it is undone, erased from and rebuilt in the same ways. After a thousand records or a week the
next one is opened.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy import func
from sqlmodel import Session, col, select

from cx.facts import blocks, mirror
from cx.facts.batch import ImportBatch, RejectedRecord
from cx.facts.batches import BUCKETS, Loaded, Origin, Part, Rejected, supersede
from cx.facts.datasets import Dataset, dataset
from cx.facts.first import distinct
from cx.facts.tombstone import sieve_in
from cx.store import audit
from cx.store.base import now
from cx.store.engine import store_url

MOST = 1_000  # records an open batch takes
LONGEST = timedelta(days=7)
ROOM = 20 * MOST  # row numbers kept free for a batch, since others are opened while it grows
COMPRESSION = "snappy"


@dataclass(frozen=True)
class Arrived:
    """What became of a record: the batch it counts in, and which of the five buckets."""

    batch: int
    status: str


def arrive(session: Session, name: str, rows: Sequence[Mapping[str, Any]], origin: Origin, url: str | None = None) -> Arrived:
    """Take one record, given as its fact rows, within the write unit of `session`.

    Each row has its `key` and columns of the dataset; moments are naive UTC. A live row of the same key is replaced: within
    the open batch its place is taken, as the last of several lines of one file counts; elsewhere it is superseded as by an
    import. The open batch is that of the same tool, source and survey. A record of somebody who was erased counts as excluded.
    """
    kind = dataset(name)
    schema = pa.schema([*kind.arrow, pa.field("key", pa.string()), pa.field("line", pa.int64())])
    given = pa.Table.from_pylist([{**dict.fromkeys(schema.names), **row, "line": 1} for row in rows], schema=schema)
    batch, counts, _ = _taken(session, kind, _One(given), origin, store_url(url))
    (status,) = counts
    audit.record(session, origin.actor, "answer", batch.dataset, batch.id, after={"survey": batch.survey, "records": batch.records, "status": status})
    return Arrived(int(batch.id or 0), status)


def join(session: Session, name: str, part: Part, origin: Origin, url: str | None = None) -> Loaded:
    """Take a few records at once, as intake delivers them, within the write unit of `session`; they count as if each had come by itself.

    What was rejected or excluded is counted, and rejects are kept, in the open batch too.
    """
    batch, counts, reasons = _taken(session, dataset(name), part, origin, store_url(url))
    audit.record(session, origin.actor, "import", name, batch.id, after={"source": batch.source, "survey": batch.survey, "records": part.records, **counts})
    inserted, updated, unchanged, excluded, rejected = (counts[bucket] for bucket in BUCKETS)
    return Loaded(int(batch.id or 0), name, part.records, inserted, updated, unchanged, excluded, rejected, inserted + updated, reasons)


@dataclass(frozen=True)
class _One:
    """One record as a part."""

    rows: pa.Table
    records: int = 1
    excluded: Mapping[str, int] = field(default_factory=dict)
    rejects: tuple[Rejected, ...] = ()


def _taken(session: Session, kind: Dataset, part: Part, origin: Origin, url: str) -> tuple[ImportBatch, Counter[str], dict[str, int]]:
    """The open batch with the part in it, how many of its records fell into each bucket, and why some were excluded."""
    (part,) = sieve_in(session, origin.demo).through([part])  # whoever was erased stays out
    given = _keyed(part.rows, origin.demo)
    counts = Counter({"excluded": sum(part.excluded.values()), "rejected": len(tuple(part.rejects))})
    batch = None
    if given:
        with mirror.enough_room(), mirror.workbench(url) as bench, mirror.staging(url) as whole, mirror.staging(url) as shown:
            known = _known(session, kind, [row["key"] for row in given], origin.demo, bench, url)
            statuses, last = _verdicts(given, known, kind)
            counts.update(statuses.values())
            fresh = pa.Table.from_pylist(last, schema=part.rows.schema)
            batch = _fitting(session, kind, origin, fresh, whole, url)
            if fresh.num_rows:
                _written(session, kind, batch, fresh, known, (whole, shown), bench, url)
    batch = batch or _open(session, kind, origin) or _opened(session, kind, origin)
    for reject in part.rejects:
        raw = reject.raw if isinstance(reject.raw, str) else json.dumps(reject.raw, ensure_ascii=False)
        session.add(RejectedRecord(batch_id=int(batch.id or 0), line=batch.records + reject.line, column=reject.column, value=reject.value[:500], reason=reject.reason, raw=raw))
    reasons = Counter(json.loads(batch.reasons or "{}")) + Counter(part.excluded)
    batch.reasons = json.dumps(dict(reasons), ensure_ascii=False)
    batch.records += part.records
    for status, n in counts.items():
        setattr(batch, status, getattr(batch, status) + n)
    batch.version = max(batch.version, 1)
    session.add(batch)
    mirror.sweep(session, url)
    return batch, +counts, dict(part.excluded)


def _keyed(rows: pa.Table, demo: bool) -> list[dict[str, Any]]:
    """The rows in the order they came; keys of the demo company never meet those of real records."""
    return [{**row, "key": f"demo:{row['key']}"} if demo else row for row in rows.to_pylist()]


def _verdicts(given: Sequence[Mapping[str, Any]], known: Mapping[str, Mapping[str, Any]], kind: Dataset) -> tuple[dict[int, str], list[Mapping[str, Any]]]:
    """Line -> bucket, and the rows to write: of several with one key the last counts, and only where it differs from what is live."""
    said: dict[int, set[str]] = {}
    latest: dict[str, Mapping[str, Any]] = {}
    for row in given:
        before = latest.get(row["key"], known.get(row["key"]))
        status = "inserted" if before is None else "unchanged" if _same(row, before, kind) else "updated"
        said.setdefault(row["line"], set()).add(status)
        latest[row["key"]] = row
    changed = [row for key, row in latest.items() if key not in known or not _same(row, known[key], kind)]
    return {line: statuses.pop() if len(statuses) == 1 else "updated" for line, statuses in said.items()}, changed


def _same(row: Mapping[str, Any], other: Mapping[str, Any], kind: Dataset) -> bool:
    return all(row[name] == other[name] for name in kind.arrow.names)


def _known(session: Session, kind: Dataset, keys: list[str], demo: bool, bench: duckdb.DuckDBPyConnection, url: str) -> dict[str, dict[str, Any]]:
    """Key -> the live row of it, with id and batch."""
    live = session.exec(select(ImportBatch).where(ImportBatch.dataset == kind.name, ImportBatch.live > 0, ImportBatch.demo == demo)).all()
    paths = mirror.ensure(kind.name, [mirror.File(int(b.id or 0), b.version, b.live) for b in live], url)
    if not paths:
        return {}
    found = bench.sql(f"SELECT * FROM {mirror.scan(paths)} WHERE key = ANY($keys::VARCHAR[])", params={"keys": keys}).to_arrow_table()
    return {row["key"]: row for row in found.to_pylist()}


def _open(session: Session, kind: Dataset, origin: Origin) -> ImportBatch | None:
    """The batch that still takes records of this tool, source and survey."""
    mine = select(ImportBatch).where(ImportBatch.dataset == kind.name, ImportBatch.tool == origin.tool, ImportBatch.source == origin.source, ImportBatch.survey == origin.survey, ImportBatch.demo == origin.demo)
    fits = mine.where(col(ImportBatch.undone_at).is_(None), ImportBatch.records < MOST, ImportBatch.created_at > now() - LONGEST)
    return session.exec(fits.order_by(col(ImportBatch.id).desc())).first()


def _opened(session: Session, kind: Dataset, origin: Origin) -> ImportBatch:
    """A new batch, with room for the numbers of all rows that it may take."""
    last = session.exec(select(func.max(ImportBatch.last_id)).where(ImportBatch.dataset == kind.name)).one()
    first = max(last if last is not None else -1, -1) + 1
    batch = ImportBatch(
        dataset=kind.name, source=origin.source, tool=origin.tool, survey=origin.survey, plan=origin.plan, actor=origin.actor, demo=origin.demo,
        version=0, first_id=first, last_id=first + ROOM - 1, repeats=False,
    )  # fmt: skip
    session.add(batch)
    session.flush()
    return batch


def _fitting(session: Session, kind: Dataset, origin: Origin, fresh: pa.Table, whole: Path, url: str) -> ImportBatch:
    """The open batch, its file fetched to `whole`, or a new one with an empty file.

    One in which a row of the same key was replaced by another batch since is closed: two batches that each replaced a row of
    the other could not be undone.
    """
    batch = _open(session, kind, origin)
    if batch is not None:
        blocks.fetch(session, int(batch.id or 0), whole)
        if not whole.stat().st_size:
            pq.write_table(kind.mirrored.empty_table(), whole)
        gone = blocks.replaced(session, int(batch.id or 0))["id"]
        held = pq.read_table(whole, columns=["id", "key"])
        mine = held.filter(pc.is_in(held["key"], value_set=fresh["key"].combine_chunks()))
        room = batch.last_id - (pc.max(held["id"]).as_py() or batch.first_id) > fresh.num_rows
        if room and not pc.any(pc.is_in(mine["id"], value_set=gone.combine_chunks())).as_py():
            return batch
    pq.write_table(kind.mirrored.empty_table(), whole)
    return _opened(session, kind, origin)


def _written(
    session: Session, kind: Dataset, batch: ImportBatch, fresh: pa.Table, known: Mapping[str, Mapping[str, Any]], files: tuple[Path, Path],
    bench: duckdb.DuckDBPyConnection, url: str,
) -> None:  # fmt: skip
    """Put the rows into the batch's file, in the store and in the mirror, and supersede what they replace elsewhere."""
    number, (whole, shown) = int(batch.id or 0), files
    held = bench.sql(mirror.conformed(kind, whole)).to_arrow_table()
    keys = fresh["key"].combine_chunks()
    last = pc.max(held["id"]).as_py() if held.num_rows else batch.first_id - 1
    count = fresh.num_rows
    own = {"id": pa.array(range(last + 1, last + 1 + count), pa.int64()), "batch_id": pa.array([number] * count, pa.int64()), "line": pc.add(fresh["line"].combine_chunks(), batch.records)}
    added = pa.table([own.get(f.name) if f.name in own else fresh[f.name] for f in kind.mirrored], schema=kind.mirrored)
    gone = blocks.replaced(session, number)["id"].combine_chunks()
    kept = pa.concat_tables([held.filter(pc.invert(pc.is_in(held["key"], value_set=keys))).cast(kind.mirrored), added])
    pq.write_table(kept, whole, compression=COMPRESSION)
    elsewhere = [row for key in keys.to_pylist() if (row := known.get(key)) and row["batch_id"] != number]
    if elsewhere:
        old = pa.table({"id": pa.array([r["id"] for r in elsewhere], pa.int64()), "batch_id": pa.array([r["batch_id"] for r in elsewhere], pa.int64())})
        supersede(session, kind, old, number, bench, url)
    blocks.keep(session, number, whole)
    live = kept.filter(pc.invert(pc.is_in(kept["id"], value_set=gone)))
    pq.write_table(live, shown, compression=COMPRESSION)
    batch.repeats = kind.name == "responses" and not distinct(shown, "customer_id, survey, question", bench, "customer_id IS NOT NULL AND score IS NOT NULL")
    batch.answers, batch.live, batch.version = kept.num_rows, live.num_rows, batch.version + 1
    span = pc.min_max(kept[kind.time]).as_py()
    batch.first_at, batch.last_at = (span[end] and span[end].replace(tzinfo=UTC) for end in ("min", "max"))
    mirror.publish(shown, kind.name, number, batch.version, url)
