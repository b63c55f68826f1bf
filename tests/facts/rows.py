"""Small parts for loading, as intake would deliver them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cx.facts import history, mirror
from cx.facts.datasets import DATASETS
from cx.store.engine import reading


@dataclass(frozen=True)
class Bad:
    line: int
    column: str = "score"
    value: str = "x"
    reason: str = "is no number"
    raw: Mapping[str, str] = field(default_factory=lambda: {"score": "x"})


@dataclass(frozen=True)
class Part:
    rows: pa.Table
    records: int
    excluded: Mapping[str, int] = field(default_factory=dict)
    rejects: tuple[Bad, ...] = ()


def part(dataset: str, rows: Sequence[Mapping[str, Any]], excluded: Mapping[str, int] | None = None, rejects: tuple[Bad, ...] = ()) -> Part:
    """`rows` as dictionaries with `key`, optionally `line`, and any columns of the dataset."""
    kind = DATASETS[dataset]
    schema = pa.schema([*kind.arrow, pa.field("key", pa.string()), pa.field("line", pa.int64())])
    full = [{**dict.fromkeys(schema.names), "line": i, **row} for i, row in enumerate(rows, 1)]
    table = pa.Table.from_pylist(full, schema=schema)
    records = len({row["line"] for row in full}) + sum((excluded or {}).values()) + len(rejects)
    return Part(table, records, excluded or {}, rejects)


def answer(key: str, score: float | None = 9, at: datetime | None = None, **more: Any) -> dict[str, Any]:
    """One NPS answer."""
    moment = at or datetime(2026, 1, 15)
    return {"key": key, "survey": "Relationship", "question": "nps", "metric": "nps", "score": score, "scale_min": 0.0, "answered_at": moment, **more}


def live(url: str) -> dict[str, tuple[float, int]]:
    """What the store holds live, by key."""
    out: dict[str, tuple[float, int]] = {}
    for batch in history.batches(url):
        if not batch.live or batch.dataset != "responses":
            continue
        with reading(url) as session, mirror.staging(url) as file:
            mirror.export(session, DATASETS["responses"], batch.id, file, url)
            rows = pq.read_table(file).to_pylist()
        assert len(rows) == batch.live
        for row in rows:
            assert row["key"] not in out
            out[row["key"]] = (row["score"], row["batch_id"])
    return out


def mirrored(url: str) -> dict[str, tuple[float, int]]:
    """What the mirror holds, by key; its files are exactly those the store names."""
    named = {(b.id, b.version): b.live for b in history.batches(url) if b.live and b.dataset == "responses"}
    out: dict[str, tuple[float, int]] = {}
    for (batch, version), count in named.items():
        table = pq.read_table(mirror.path("responses", batch, version, url))
        assert table.num_rows == count
        for row in table.select(["key", "score", "batch_id"]).to_pylist():
            assert row["key"] not in out
            out[row["key"]] = (row["score"], row["batch_id"])
    return out
