"""Removing everything the facts hold of one person: rows of every version, mirror files, kept rejects, remarks of the reader.

What is removed is found by the identifier alone (and those merged into it, and the e-mail address where a file without
identifiers used it as one). What merely names the person, in free text, is found by `named` and left to be decided.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import duckdb
import pyarrow as pa
import sqlalchemy as sa
from sqlmodel import Session, select

from cx.facts import blocks, mirror
from cx.facts.aliases import aliases
from cx.facts.batch import ImportBatch, RejectedRecord
from cx.facts.datasets import DATASETS, Dataset
from cx.facts.kept import kept, without
from cx.facts.reversal import revise
from cx.facts.tombstone import ERASED, bury, cells
from cx.store.engine import empty_log, engine, reading

PERSONAL = tuple(kind for kind in DATASETS.values() if "customer_id" in kind.types)
FREE = {"comment", "answer", "text", "subject", "name", "author", "properties", "url"}
SHORTEST = 5


@dataclass(frozen=True)
class Person:
    """Who is meant: the identifier asked for and all others of the same person; what they are called in free text."""

    customer: str
    identifiers: tuple[str, ...]
    names: tuple[str, ...] = ()

    @property
    def needles(self) -> tuple[str, ...]:
        """What free text is looked through for: identifiers, e-mail addresses, full names."""
        return tuple(dict.fromkeys(word for word in (*self.identifiers, *self.names) if len(word) >= SHORTEST))


def whole(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds any of the words standing by itself: C1 is not in C10, nor ann@x.org in joann@x.org. Case counts, but not in addresses and names.

    >>> bool(whole(["C1"]).search("see C1.")), bool(whole(["C1"]).search("see C10"))
    (True, False)
    """
    each = (f"(?i:{re.escape(one)})" if "@" in one or " " in one else re.escape(one) for one in words)
    return re.compile(rf"(?<![\w@.+-])(?:{'|'.join(each)})(?![\w@-]|\.\w)")


def person(session: Session, customer: str, url: str | None = None) -> Person:
    """All identifiers and names of a customer: those merged into one count as one person."""
    merged = dict(aliases(session))
    main = merged.get(customer, customer)
    own = [main, *sorted(one for one, into in merged.items() if into == main)]
    with kept(session, DATASETS["customers"], url) as bench:
        rows = _ask(bench, "SELECT DISTINCT name, email FROM kept WHERE customer_id IN $ids ORDER BY ALL", ids=own)
        emails = sorted({str(r["email"]).strip().lower() for r in rows if r["email"]})
        others = _ask(bench, "SELECT DISTINCT lower(email) AS email FROM kept WHERE lower(email) IN $emails AND customer_id NOT IN $ids", emails=emails, ids=own)
    shared = {r["email"] for r in others}
    identifiers = dict.fromkeys([*own, *(one for one in emails if one not in shared)])
    names = [str(r["name"]).strip() for r in rows if r["name"] and " " in str(r["name"]).strip()]
    return Person(main, tuple(identifiers), tuple(dict.fromkeys([*names, *(one for one in emails if one not in shared)])))


def held(session: Session, who: Person, url: str | None = None) -> dict[str, tuple[int, int]]:
    """Dataset -> (rows that are live, rows replaced since) of the person; datasets without any are left out."""
    out = {}
    for kind in PERSONAL:
        with kept(session, kind, url) as bench:
            (row,) = _ask(bench, "SELECT count(*) AS n, count(superseded_by) AS old FROM kept WHERE customer_id IN $ids", ids=who.identifiers)
        if row["n"]:
            out[kind.name] = (row["n"] - row["old"], row["old"])
    return out


def rows(session: Session, who: Person, kind: Dataset, url: str | None = None) -> list[dict[str, Any]]:
    """Every row of a dataset that belongs to the person, replaced ones included, the oldest first."""
    names = ["id", "batch_id", "key", "superseded_by", *kind.types, "properties"]
    with kept(session, kind, url) as bench:
        return _ask(bench, f"SELECT {', '.join(names)} FROM kept WHERE customer_id IN $ids ORDER BY id", ids=who.identifiers)


def rejects(session: Session, who: Person) -> list[RejectedRecord]:
    """Kept rejects of which a cell is one of the person's identifiers."""
    wanted = set(who.identifiers)  # addresses are in small letters there
    found: dict[int, RejectedRecord] = {}
    for one in who.identifiers:
        near = [sa.func.lower(column).contains(one.lower(), autoescape=True) for column in (RejectedRecord.raw, RejectedRecord.value)]
        for row in session.exec(select(RejectedRecord).where(sa.or_(*near))):
            if any(cell in wanted or ("@" in cell and cell.lower() in wanted) for cell in (*cells(row.raw), row.value.strip())):
                found[int(row.id or 0)] = row
    return list(found.values())


def forget(session: Session, who: Person, bench: duckdb.DuckDBPyConnection, url: str) -> tuple[str, dict[str, tuple[int, int]], int]:
    """Remove the person from the facts within the unit of `session`.

    Returns the hash that stands for them from now on, dataset -> (live, replaced) rows removed, and the rejects removed.
    """
    gone = held(session, who, url)
    demo, real = False, not gone
    touched: set[int] = set()
    for name in gone:
        kind = DATASETS[name]
        for number, ids in _by_batch(session, kind, who, url).items():
            batch = session.get_one(ImportBatch, number)
            demo, real = demo or batch.demo, real or not batch.demo
            touched.add(number)
            _leave(session, kind, batch, ids, bench, url)
    dropped = rejects(session, who)
    for reject in dropped:
        touched.add(reject.batch_id)
        _excluded(session.get_one(ImportBatch, reject.batch_id))
        session.delete(reject)
    for batch in session.exec(select(ImportBatch)):
        _unremarked(batch, who, int(batch.id or 0) in touched)
    marks = [bury(session, who.identifiers, kind) for kind, wanted in ((False, real), (True, demo)) if wanted]
    session.flush()
    return marks[0], gone, len(dropped)


def _by_batch(session: Session, kind: Dataset, who: Person, url: str) -> dict[int, list[int]]:
    """Batch -> rows of the person in it, replaced ones included."""
    out: dict[int, list[int]] = {}
    with kept(session, kind, url) as bench:
        for row in _ask(bench, "SELECT id, batch_id FROM kept WHERE customer_id IN $ids ORDER BY id", ids=who.identifiers):
            out.setdefault(int(row["batch_id"]), []).append(int(row["id"]))
    return out


def _leave(session: Session, kind: Dataset, batch: ImportBatch, ids: list[int], bench: duckdb.DuckDBPyConnection, url: str) -> None:
    """Remove rows of a batch and bring it in step: mirror file, count of live rows, span of time."""
    without(session, kind, batch, ids, url)
    sources = mirror.ensure(kind.name, [mirror.File(int(batch.id or 0), batch.version, batch.live)], url) if batch.live else []
    if sources:
        bench.register("leaving", pa.table({"id": pa.array(ids, pa.int64())}))
        revise(session, kind, batch, f"SELECT * FROM {mirror.scan(sources)} WHERE id NOT IN (SELECT id FROM leaving) ORDER BY {mirror.order(kind)}", bench, url)
        bench.unregister("leaving")
    batch.first_at, batch.last_at = _span(session, kind, batch, url)
    session.add(batch)


def _span(session: Session, kind: Dataset, batch: ImportBatch, url: str) -> tuple[datetime | None, datetime | None]:
    with mirror.staging(url) as file, mirror.workbench(url) as bench:
        if not blocks.fetch(session, int(batch.id or 0), file).stat().st_size:
            return None, None
        low, high = mirror.one(bench, f"SELECT min({kind.time}), max({kind.time}) FROM {mirror.scan([file])}")
    return low and low.replace(tzinfo=UTC), high and high.replace(tzinfo=UTC)


def _excluded(batch: ImportBatch) -> None:
    """One kept reject less: the record counts as excluded, as it would if the file came in again."""
    reasons = json.loads(batch.reasons or "{}")
    reasons[ERASED] = reasons.get(ERASED, 0) + 1
    batch.reasons = json.dumps(reasons, ensure_ascii=False)
    batch.rejected, batch.excluded = batch.rejected - 1, batch.excluded + 1


def _unremarked(batch: ImportBatch, who: Person, touched: bool) -> None:
    """Examples of cells that the reader kept beside its plan, and remarks that name the person, are blanked."""
    if batch.plan and (touched or (who.needles and whole(who.needles).search(batch.plan))):
        plan = json.loads(batch.plan)
        for column in plan.get("columns", []) if isinstance(plan, dict) else []:
            if isinstance(column, dict) and "example" in column:
                column["example"] = ""
        batch.plan = json.dumps(_blanked(plan, who.needles), ensure_ascii=False)
    if any(one in batch.warnings for one in who.needles):
        batch.warnings = json.dumps(_blanked(json.loads(batch.warnings), who.needles), ensure_ascii=False)


def _blanked(value: Any, needles: Iterable[str]) -> Any:
    if isinstance(value, dict):
        return {key: _blanked(one, needles) for key, one in value.items()}
    if isinstance(value, list):
        return [_blanked(one, needles) for one in value]
    return "" if isinstance(value, str) and any(one in value for one in needles) else value


def named(session: Session, who: Person, most: int = 50, url: str | None = None) -> list[dict[str, Any]]:
    """Live rows of others whose free text names the person: dataset, key, column, text. Nothing is done to them.

    To be asked after the person's own rows have gone, or those are among them.
    """
    found: list[dict[str, Any]] = []
    if not who.needles:
        return found
    pattern = whole(who.needles)
    for kind in DATASETS.values():
        own = "AND (customer_id IS NULL OR customer_id NOT IN $ids)" if "customer_id" in kind.types else ""
        with kept(session, kind, url) as bench:
            for column in [name for name in (*kind.types, "properties") if name in FREE]:
                near = " OR ".join(f"contains(lower({column}), $n{i})" for i in range(len(who.needles)))
                given: dict[str, Any] = {f"n{i}": needle.lower() for i, needle in enumerate(who.needles)} | ({"ids": who.identifiers} if own else {})
                query = f"SELECT key, {column} AS said FROM kept WHERE superseded_by IS NULL {own} AND ({near})"
                found += [{"dataset": kind.name, "key": r["key"], "column": column, "text": str(r["said"])[:300]} for r in _ask(bench, query, **given) if pattern.search(str(r["said"]))]
    unique = {(one["dataset"], one["key"], one["column"]): one for one in found}
    return list(unique.values())[:most]


def _ask(bench: duckdb.DuckDBPyConnection, query: str, **given: Any) -> list[dict[str, Any]]:
    """Rows of a query; lists among what is given stand for `IN`."""
    values = {name: list(value) if isinstance(value, list | tuple) else value for name, value in given.items()}
    for name in [n for n, v in values.items() if isinstance(v, list)]:
        query = query.replace(f" NOT IN ${name}", f" <> ALL(${name}::VARCHAR[])").replace(f" IN ${name}", f" = ANY(${name}::VARCHAR[])")
    return list(bench.sql(query, params=values).to_arrow_table().to_pylist())


def sweep(datasets: Iterable[str], url: str) -> None:
    """Remove the mirror files of these datasets that the store no longer names, and the pages of the log that still hold the rows.

    To be called after the unit is committed. What others are reading at the moment they keep until they close it.
    """
    with reading(url) as session:
        batches = list(session.exec(select(ImportBatch).where(ImportBatch.live > 0)))
    keep = {mirror.path(b.dataset, int(b.id or 0), b.version, url) for b in batches}
    for name in datasets:
        for file in (mirror.folder(url) / name).glob("*.parquet"):
            if file not in keep:
                file.unlink(missing_ok=True)
    for file in (mirror.folder(url) / ".staging").glob("*.parquet"):
        if time.time() - file.stat().st_mtime > mirror.GRACE_SECONDS and not _runs(file.name.partition("-")[0]):
            file.unlink(missing_ok=True)
    compact(url)


def _runs(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except ValueError:
        return False
    except (ProcessLookupError, PermissionError):
        return False
    return True


def compact(url: str) -> None:
    """Overwrite what deleting has left behind: SQLite's log is emptied, PostgreSQL's dead rows are vacuumed."""
    made = engine(url)
    if made.dialect.name == "postgresql":
        with made.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in ("fact_block", "fact_replacement", "rejected_record", "audit"):
                connection.exec_driver_sql(f"VACUUM {table}")
    else:
        empty_log(url)
