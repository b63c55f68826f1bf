"""Carrying a plan out: from records to rows, with every record in exactly one bucket."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
import pyarrow as pa

from cx.facts.datasets import DATASETS
from cx.intake import answers, entries, events
from cx.intake.cells import nothing, repeated
from cx.intake.container import unpacked
from cx.intake.exclusions import reasons
from cx.intake.keys import Occurrences
from cx.intake.plan import Chunk, Column, Plan, Reject
from cx.intake.reader import Batch, batches

PIECE = 200_000
REPEATED = "repeats an earlier record"


def schema(dataset: str) -> pa.Schema:
    """What `Chunk.rows` holds: the dataset's columns, `key` and `line`."""
    return pa.schema([*DATASETS[dataset].arrow, ("key", pa.string()), ("line", pa.int64())])


def read(plan: Plan) -> Iterator[Chunk]:
    """The rows of the file in chunks of some hundred thousand records, in file order and constant memory.

    Each record gives rows, or is excluded with a reason, or is rejected with its first problem. Raises InputError where
    the plan still asks something or the file is no longer readable.
    """
    plan.check()
    counts = Occurrences()
    seen: set[str] = set()
    with unpacked(plan.source, plan.options.limit) as (_, text):
        runs = events.Runs(events.pairs(plan, text)) if events.single(plan.columns) else None
        for batch in batches(text, plan.layout):
            if batch.frame.height <= PIECE:
                yield chunk(plan, batch, counts, seen, runs)
                continue
            for at in range(0, batch.frame.height, PIECE):
                piece = batch.frame.slice(at, PIECE)
                yield chunk(plan, Batch(piece, batch.ragged if at == 0 else ()), counts, seen, runs)


def chunk(plan: Plan, batch: Batch, counts: Occurrences, seen: set[str], runs: events.Runs | None = None) -> Chunk:
    """Sort the records of one batch into their buckets and build the rows of the good ones."""
    frame = batch.frame
    left = _left_out(plan, frame)
    kept = frame.filter(left.is_null())
    excluded: dict[str, int] = dict(left.drop_nulls().value_counts(name="n").iter_rows())
    empty = 0
    if runs is not None:
        table, problems, halves = runs.rows(plan, kept, counts)
        excluded |= halves
    else:
        build = answers.rows if plan.dataset == "responses" and not any(c.field == "metric" for c in plan.columns) else entries.rows
        table, problems, empty = build(plan, kept, counts)
    if plan.once:
        table, repeated = _once(table, entries.IDENTITY[plan.dataset], seen)
        if repeated:
            excluded[REPEATED] = excluded.get(REPEATED, 0) + repeated
    if empty:
        excluded["empty"] = excluded.get("empty", 0) + empty
    rejects = [*batch.ragged, *_rejects(plan, kept, problems)]
    rejects.sort(key=lambda r: r.line)
    rows = table.select([*schema(plan.dataset).names]).to_arrow().cast(schema(plan.dataset))
    return Chunk(rows, batch.records, excluded, tuple(rejects))


def _left_out(plan: Plan, frame: pl.DataFrame) -> pl.Series:
    """Why each record is left out, null where it is not; a record without any filled cell is empty."""
    left = reasons(plan.exclusions, frame)
    blank = repeated(True, frame.height, pl.Boolean)
    for i in range(plan.layout.columns):
        blank = blank & frame[str(i)].str.contains(r"^\s*$")
        if not blank.any():
            return left
    return left.set(blank & left.is_null(), "empty")


def _once(table: pl.DataFrame, column: str, seen: set[str]) -> tuple[pl.DataFrame, int]:
    known = table[column].is_in(list(seen)) if seen else nothing(table.height)
    fresh = table.filter(~known.fill_null(False)).unique(subset=[column], keep="first", maintain_order=True)
    seen.update(fresh[column].drop_nulls().to_list())
    return fresh, table["line"].n_unique() - fresh["line"].n_unique()


def _rejects(plan: Plan, frame: pl.DataFrame, problems: list[tuple[Column, pl.Series, str]]) -> list[Reject]:
    """One Reject a record with a problem: the first column at fault, the others named in the reason."""
    found: dict[int, list[tuple[Column, str]]] = {}
    for column, bad, reason in problems:
        for at in bad.fill_null(False).arg_true().to_list():
            found.setdefault(at, []).append((column, reason))
    out: list[Reject] = []
    if not found:
        return out
    width = plan.layout.columns
    order = sorted(found)
    for at, row in zip(order, frame[order].iter_rows(), strict=True):
        cells = tuple(c if c is not None else "" for c in row[:width])
        column, reason = found[at][0]
        value = cells[column.members[0]] if column.members else ""
        others = [c.name for c, _ in found[at][1:]]
        out.append(Reject(row[width], column.name, value[:200], reason + (f" (also: {', '.join(others)})" if others else ""), cells))
    return out
